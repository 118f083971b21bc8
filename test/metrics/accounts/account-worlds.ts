import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../../src/database/database.ts';
import type { Tenant } from '../../../src/database/tenant.ts';
import type { AccountWorld } from './oracle.ts';

/** Few days, so that windows and moments often meet; around changes of the clocks, ends of months and a leap day. */
export const days = [
  '2023-11-29', '2023-11-30', '2023-12-31', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-30', '2024-03-31',
  '2024-05-29', '2024-05-30', '2024-05-31',
]; // prettier-ignore

const day = fc.constantFrom(...days);

/** Often the same instants, or three months apart: equal timestamps and beginnings of engagement matter. */
export const instant = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('2023-11-29', '2024-02-29', '2024-05-31').map(Date.parse) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(day, fc.constantFrom(-1, 0, 1, 12, 22, 23), fc.constantFrom(-1, 0, 0, 0, 1))
      .map(([date, hours, milliseconds]) => Date.parse(date) + hours * 3_600_000 + milliseconds),
  },
);

/** When records were created: most of them before anything happens. */
const since = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Date.parse('2023-11-28')) },
  { weight: 1, arbitrary: instant },
);

/** Now, or a moment at which something may happen; later ones, which have more to tell, more often. */
export const anyMoment = fc.oneof(
  fc.constant(null),
  instant,
  fc.constantFrom('2024-02-29', '2024-05-31').map(Date.parse),
  fc.constant(Date.parse('2024-05-31T12:00:00Z')),
);

const oneIn = (n: number) => fc.integer({ min: 1, max: n }).map((value) => value === n);
export const WON = 9;
export const LOST = 10;
const role = fc.constantFrom(null, 'CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER', 'USER', 'BLOCKER');
const ids = (count: number) => Array.from({ length: count }, () => uuidv7());

/** Worlds over the same records' ids: five accounts, eight contacts, five leads, six deals; some deals are these people's. */
export function anyAccountWorld(ownerIds: string[] = []): fc.Arbitrary<AccountWorld> {
  const [accountIds, contactIds, leadIds, dealIds] = [ids(5), ids(8), ids(5), ids(6)];
  const account = fc.constantFrom(...accountIds);
  // some accounts have many people, so that engagement comes together
  const employer = fc.constantFrom(...accountIds, ...accountIds.slice(0, 2), accountIds[0]!, accountIds[0]!);
  const contact = fc.constantFrom(...contactIds);
  const lead = fc.constantFrom(...leadIds);
  const each = <T>(of: string[], one: fc.Arbitrary<T>) =>
    fc.tuple(...of.map((id) => one.map((rest) => ({ ...rest, id }))));
  const many = <T>(one: fc.Arbitrary<T>, maxLength: number) =>
    fc.array(one, { maxLength, size: 'max' }).map((rows) => rows.map((row) => ({ ...row, id: uuidv7() })));
  const version = fc.record({
    // open, won and lost alike; stages skipped, and come back to
    stage: fc.constantFrom(1, 2, 3, 8, WON, WON, WON, WON, LOST, LOST, LOST, LOST),
    category: fc.constantFrom('PIPELINE', 'PIPELINE', 'OMITTED'),
    amount: fc.option(fc.bigInt(-50n, 5_000n), { freq: 4 }),
    currency: fc.constantFrom('EUR', 'EUR', 'USD', 'JPY'),
    closeDate: day,
    from: instant,
  });
  return fc
    .record({
      accounts: each(accountIds, fc.record({ isTarget: fc.boolean(), isDeleted: oneIn(8), at: since })),
      contacts: each(
        contactIds,
        fc.record({ accountId: fc.option(employer, { freq: 6 }), role, isDeleted: oneIn(6), at: since }),
      ),
      leads: each(
        leadIds,
        fc.record({
          accountId: fc.option(employer, { freq: 6 }),
          convertedAt: fc.option(instant, { freq: 1 }),
          isDeleted: oneIn(6),
          at: since,
        }),
      ),
      activities: many(
        fc.record({
          type: fc.constantFrom('PAGE_VIEW', 'EMAIL', 'REPLY', 'DOWNLOAD', 'WEBINAR', 'EVENT', 'CALL'),
          direction: fc.constantFrom('INBOUND', 'INBOUND', 'INBOUND', 'INBOUND', 'INBOUND', 'OUTBOUND', null),
          minutes: fc.constantFrom(null, null, 0, 0, 1, 9, 10, 60, 99, 100),
          isOpen: oneIn(8),
          at: instant,
          leadId: fc.option(lead, { freq: 1 }),
          contactId: fc.option(contact, { freq: 3 }),
          accountId: fc.option(account, { freq: 1 }),
        }),
        40,
      ),
      people: fc.uniqueArray(fc.constantFrom(...contactIds, ...leadIds), { maxLength: 6 }),
      memberships: fc.array(instant, { minLength: 13, maxLength: 13 }),
      deals: each(
        dealIds,
        fc.record({
          accountId: fc.option(account, { freq: 6 }),
          isDeleted: oneIn(8),
          ownerId: fc.constantFrom(null, ...ownerIds),
          isOfCampaign: fc.boolean(),
          states: fc.uniqueArray(version, {
            minLength: 1,
            maxLength: 4,
            size: 'max',
            selector: ({ from }) => from,
          }),
        }),
      ),
      roles: fc.uniqueArray(
        fc.record({ dealId: fc.constantFrom(...dealIds), contactId: contact, role, at: instant }),
        { maxLength: 8, selector: ({ dealId, contactId }) => dealId + contactId },
      ),
      conversions: many(
        fc.record({
          leadId: lead,
          accountId: account,
          dealId: fc.option(fc.constantFrom(...dealIds), { freq: 4 }),
          at: instant,
          revertedAt: fc.option(instant, { freq: 1 }),
        }),
        10,
      ),
      rates: fc.uniqueArray(
        fc.record({
          currency: fc.constantFrom('USD', 'USD', 'JPY'),
          from: day,
          thousandths: fc.bigInt(1n, 3_000n),
        }),
        { maxLength: 3, selector: ({ currency, from }) => `${currency} ${from}` },
      ),
    })
    .map(({ people, memberships, deals, roles, conversions, ...rest }) => ({
      ...rest,
      members: people.map((id, index) => ({
        id: uuidv7(),
        contactId: contactIds.includes(id) ? id : null,
        leadId: leadIds.includes(id) ? id : null,
        at: memberships[index]!,
      })),
      deals: deals.map(({ states, ...deal }) => {
        const versions = states
          .toSorted((a, b) => a.from - b.from)
          .map((version) => ({ ...version, isClosed: version.stage >= WON, isWon: version.stage === WON }));
        return { ...deal, at: versions[0]!.from, versions };
      }),
      roles: roles.map((one) => ({ ...one, id: uuidv7() })),
      // a lead has one conversion that stands
      conversions: conversions.map((one, index) =>
        one.revertedAt === null &&
        conversions.findIndex((other) => other.leadId === one.leadId && other.revertedAt === null) < index
          ? { ...one, revertedAt: one.at }
          : one,
      ),
    }));
}

/** Makes these the organisation's only records. */
export async function storeAccountWorld(
  database: Database,
  tenant: Tenant,
  world: AccountWorld,
): Promise<void> {
  const id = tenant.organizationId;
  const date = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const rows = (of: object[]) =>
    JSON.stringify(
      of.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]: [string, unknown]) => [
            key,
            typeof value === 'number' && /at$|^from$|^until$/i.test(key)
              ? date(value)
              : typeof value === 'bigint'
                ? value.toString()
                : value,
          ]),
        ),
      ),
    );
  const deals = world.deals.map(({ versions, ...deal }) => ({ ...versions.at(-1)!, ...deal }));
  const versions = world.deals.flatMap((deal) =>
    deal.versions.map((one, index) => ({
      ...one,
      dealId: deal.id,
      until: deal.versions[index + 1]?.from ?? null,
      id: uuidv7(),
    })),
  );
  await database.write(tenant, async (tx) => {
    await tx.query(sql`delete from activity where organization_id = ${id}`);
    await tx.query(sql`delete from lead_conversion where organization_id = ${id}`);
    await tx.query(sql`delete from opportunity where organization_id = ${id}`);
    await tx.query(sql`delete from campaign where organization_id = ${id}`);
    await tx.query(sql`delete from exchange_rate where organization_id = ${id}`);
    await tx.query(sql`delete from lead where organization_id = ${id}`);
    await tx.query(sql`delete from contact where organization_id = ${id}`);
    await tx.query(sql`delete from account where organization_id = ${id}`);
    await tx.query(sql`
      insert into account (organization_id, id, name, name_key, match_key, is_target, deleted_at, created_at, updated_at)
      select ${id}, r.id, 'A', 'a', 'a', r."isTarget", case when r."isDeleted" then r.at end, r.at, r.at
      from jsonb_to_recordset(${rows(world.accounts)}::jsonb) r(id uuid, "isTarget" boolean, "isDeleted" boolean, at timestamptz)`);
    await tx.query(sql`
      insert into contact (organization_id, id, account_id, last_name, name_key, buying_role, deleted_at, created_at, updated_at)
      select ${id}, r.id, r."accountId", 'C', 'c', r.role, case when r."isDeleted" then r.at end, r.at, r.at
      from jsonb_to_recordset(${rows(world.contacts)}::jsonb) r(id uuid, "accountId" uuid, role text, "isDeleted" boolean, at timestamptz)`);
    await tx.query(sql`
      insert into lead (organization_id, id, last_name, name_key, status_id, matched_account_id, is_converted, converted_at,
        deleted_at, created_at, updated_at)
      select ${id}, r.id, 'L', 'l', s.id, r."accountId", r."convertedAt" is not null, r."convertedAt",
        case when r."isDeleted" then r.at end, r.at, r.at
      from jsonb_to_recordset(${rows(world.leads)}::jsonb) r(id uuid, "accountId" uuid, "convertedAt" timestamptz,
        "isDeleted" boolean, at timestamptz)
      join lateral (select s.id from lead_status s where s.organization_id = ${id}
        and s.is_converted = (r."convertedAt" is not null) order by s.position limit 1) s on true`);
    const campaignId = uuidv7();
    await tx.query(sql`
      insert into campaign (organization_id, id, name, name_key, created_at, updated_at)
      select ${id}, ${campaignId}::uuid, 'M', 'm', now(), now()`);
    await tx.query(sql`
      insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
      select ${id}, gen_random_uuid(), r.currency, r."from", r.thousandths / 1000.0, r.thousandths / 1000.0, now(), now()
      from jsonb_to_recordset(${rows(world.rates)}::jsonb) r(currency text, "from" date, thousandths bigint)`);
    await tx.query(sql`
      insert into opportunity (organization_id, id, account_id, owner_id, campaign_id, name, name_key, stage_id, stage_position,
        amount, currency, probability, forecast_category, close_date, closed_at, is_closed, is_won, deleted_at, created_at,
        updated_at)
      select ${id}, r.id, r."accountId", r."ownerId", case when r."isOfCampaign" then ${campaignId}::uuid end, 'D', 'd', s.id,
        s.position, r.amount, r.currency, 50, r.category, r."closeDate", case when r."isClosed" then r."from" end,
        r."isClosed", r."isWon", case when r."isDeleted" then r.at end, r.at, r.at
      from jsonb_to_recordset(${rows(deals)}::jsonb) r(id uuid, "accountId" uuid, "ownerId" uuid, "isOfCampaign" boolean,
        stage int, amount bigint, currency text, category text, "closeDate" date, "isClosed" boolean, "isWon" boolean,
        "isDeleted" boolean, at timestamptz, "from" timestamptz)
      join stage s on s.organization_id = ${id} and s.position = r.stage`);
    await tx.query(sql`
      insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from, valid_to)
      select ${id}, r.id, r."dealId", s.id, r.amount, r.currency, 50, r.category, r."closeDate", r."isClosed", r."isWon",
        r."from", r.until
      from jsonb_to_recordset(${rows(versions)}::jsonb) r(id uuid, "dealId" uuid, stage int, amount bigint, currency text,
        category text, "closeDate" date, "isClosed" boolean, "isWon" boolean, "from" timestamptz, until timestamptz)
      join stage s on s.organization_id = ${id} and s.position = r.stage`);
    await tx.query(sql`
      insert into opportunity_contact_role (organization_id, id, opportunity_id, contact_id, role, created_at)
      select ${id}, r.id, r."dealId", r."contactId", r.role, r.at
      from jsonb_to_recordset(${rows(world.roles)}::jsonb) r(id uuid, "dealId" uuid, "contactId" uuid, role text, at timestamptz)`);
    await tx.query(sql`
      insert into campaign_member (organization_id, id, campaign_id, lead_id, contact_id, created_at)
      select ${id}, r.id, ${campaignId}::uuid, r."leadId", r."contactId", r.at
      from jsonb_to_recordset(${rows(world.members)}::jsonb) r(id uuid, "leadId" uuid, "contactId" uuid, at timestamptz)`);
    await tx.query(sql`
      insert into activity (organization_id, id, type, direction, minutes, occurred_at, is_open, lead_id, contact_id,
        account_id, created_at, updated_at)
      select ${id}, r.id, r.type, r.direction, r.minutes, r.at, r."isOpen", r."leadId", r."contactId", r."accountId", r.at, r.at
      from jsonb_to_recordset(${rows(world.activities)}::jsonb) r(id uuid, type text, direction text, minutes integer,
        at timestamptz, "isOpen" boolean, "leadId" uuid, "contactId" uuid, "accountId" uuid)`);
    await tx.query(sql`
      insert into lead_conversion (organization_id, id, lead_id, account_id, opportunity_id, converted_at, reverted_at)
      select ${id}, r.id, r."leadId", r."accountId", r."dealId", r.at, r."revertedAt"
      from jsonb_to_recordset(${rows(world.conversions)}::jsonb) r(id uuid, "leadId" uuid, "accountId" uuid, "dealId" uuid,
        at timestamptz, "revertedAt" timestamptz)`);
  });
}
