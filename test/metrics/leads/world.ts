import fc from 'fast-check';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../../src/database/database.ts';
import type { Tenant } from '../../../src/database/tenant.ts';
import { textKey } from '../../../src/database/text-key.ts';
import type { Organization } from '../../../src/identity/organization.service.ts';
import type { World } from '../../support/world.ts';
import type { Activity, Contact, Conversion, Deal, Handoff, Lead, Rows, Status } from './oracle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Few days, so that what happens often meets; around changes of the clocks and a leap day. */
export const days = [
  '2018-11-03', '2018-11-04', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-30', '2024-03-31', '2024-04-01',
  '2024-11-02', '2024-11-03', '2024-11-04', '2024-12-31', '2025-01-01',
]; // prettier-ignore
const day = fc.constantFrom(...days);

export const instant = fc
  .tuple(day, fc.integer({ min: -14, max: 26 }), fc.constantFrom(-1, 0, 1, 30 * MINUTE))
  .map(([date, hours, milliseconds]) => new Date(Date.parse(date) + hours * HOUR + milliseconds));

/** After everything of a world has happened. */
export const anyNow = fc
  .constantFrom(
    ...['2025-01-04T05:00:00Z', '2025-01-20T23:30:00Z', '2025-03-20T12:00:00.001Z', '2025-06-01T00:00:00Z'],
  )
  .map((text) => new Date(text));

export const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Asia/Beirut', 'Pacific/Auckland'];

export const anyWindow = fc
  .record({
    from: fc.option(day),
    to: fc.option(day),
    timeZone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  })
  .map(({ from, to, timeZone }) =>
    from !== null && to !== null && to < from ? { from: to, to: from, timeZone } : { from, to, timeZone },
  );

export interface LeadWorld {
  organization: Organization & { tenant: Tenant; adminId: string };
  statuses: Status[];
  users: { id: string; name: string }[];
  queueIds: string[];
  campaigns: { id: string; name: string }[];
  accountIds: string[];
}

/** An organisation with what leads refer to. */
export async function leadWorld(world: World, settings: { timeZone?: string } = {}): Promise<LeadWorld> {
  const organization = await world.organization({ currency: 'EUR', ...settings });
  const { tenant, id } = organization;
  const [users, queues, campaigns, accounts] = [
    ['Ada', 'Bo'],
    ['North', 'South'],
    ['Fair', 'Mail'],
    ['Acme'],
  ].map((names) => names.map((name) => ({ id: uuidv7(), name }))) as [
    LeadWorld['users'],
    LeadWorld['users'],
    LeadWorld['users'],
    LeadWorld['users'],
  ];
  const insert = (table: string, columns: string, values: string, of: LeadWorld['users']) =>
    world.database.write(tenant, (tx) =>
      tx.query(sql`
        insert into ${raw(table)} (organization_id, id, name, created_at, updated_at${raw(columns)})
        select ${id}, n.id, n.name, now(), now()${raw(values)}
        from jsonb_to_recordset(${JSON.stringify(of)}::jsonb) as n(id uuid, name text)`),
    );
  await insert('app_user', ', role', `, 'SDR'`, users);
  await insert('queue', '', '', queues);
  await insert('campaign', ', name_key', ', lower(n.name)', campaigns);
  await insert('account', ', name_key, match_key', ', lower(n.name), lower(n.name)', accounts);
  const statuses = await world.database.read(tenant, (snapshot) =>
    snapshot.query<Status>(sql`
      select s.id, s.name, s.position, s.is_closed as "isClosed" from lead_status s
      where s.organization_id = ${id} order by s.position`),
  );
  const ids = (of: LeadWorld['users']) => of.map((one) => one.id);
  return { organization, statuses, users, queueIds: ids(queues), campaigns, accountIds: ids(accounts) };
}

const idOf = <T>(arbitrary: fc.Arbitrary<T>) => arbitrary.map((rest) => ({ id: uuidv7(), ...rest }));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });
const emails = ['ann@x.example', 'ANN@X.example', 'bob@x.example', 'cy@x.example'];
/** Not labelled, labelled "unknown", and one source in several spellings. */
const sources = [null, null, 'Unknown', 'unknown', 'Web', 'WEB', 'Méssé', 'messe'];
const after = [-1, 0, 299_999, 300_000, 900_000, 3_600_000, 3_600_001, 3 * HOUR, 26 * HOUR];

export function anyRows({ statuses, users, queueIds, campaigns, accountIds }: LeadWorld): fc.Arbitrary<Rows> {
  const user = fc.constantFrom(...users.map(({ id }) => id));
  const contactIds = Array.from({ length: 3 }, () => uuidv7());
  const dealIds = Array.from({ length: 3 }, () => uuidv7());
  const activityAt = (at: fc.Arbitrary<Date>): fc.Arbitrary<Activity> =>
    fc.record({
      type: fc.constantFrom('EMAIL', 'CALL', 'MEETING', 'PAGE_VIEW', 'TASK'),
      direction: fc.constantFrom('OUTBOUND' as const, 'OUTBOUND' as const, 'INBOUND' as const, null),
      isOpen: fc.constantFrom(false, false, false, true),
      ownerId: fc.oneof({ weight: 3, arbitrary: user }, { weight: 1, arbitrary: fc.constant(null) }),
      occurredAt: at,
      contactId: sometimes(fc.constantFrom(...contactIds)),
    });
  const contact = (id: string): fc.Arbitrary<Contact> =>
    fc.record({
      id: fc.constant(id),
      email: sometimes(fc.constantFrom(...emails)),
      createdAt: instant,
      isDeleted: fc.constantFrom(false, false, false, true),
      activities: fc.array(
        activityAt(instant).map((one) => ({ ...one, contactId: id })),
        { maxLength: 3 },
      ),
    });
  const deal = (id: string): fc.Arbitrary<Deal> =>
    fc.record({
      id: fc.constant(id),
      isDeleted: fc.constantFrom(false, false, false, false, true),
      closeDate: day,
      versions: fc
        .uniqueArray(
          fc.record({
            from: instant,
            amount: sometimes(fc.bigInt(-50n, 10n ** 13n)),
            currency: fc.constantFrom('EUR', 'EUR', 'USD', 'CHF'),
            isWon: fc.boolean(),
          }),
          { selector: ({ from }) => +from, minLength: 1, maxLength: 3 },
        )
        .map((versions) => versions.toSorted((a, b) => +a.from - +b.from)),
    });
  const conversion: fc.Arbitrary<Omit<Conversion, 'id' | 'convertedAt' | 'revertedAt'>> = fc.record({
    accountId: sometimes(fc.constantFrom(...accountIds)),
    contactId: sometimes(fc.constantFrom(...contactIds)),
    opportunityId: sometimes(fc.constantFrom(...dealIds)),
    accountOutcome: fc.constantFrom('CREATED' as const, 'MERGED' as const, 'ATTACHED' as const, null),
    isImported: fc.constantFrom(false, false, true),
  });
  /** Several leads at once: which of them led to an opportunity first, ids tell. */
  const together = fc.constantFrom('2024-03-01T10:00:00Z', '2024-11-03T05:00:00Z').map((at) => new Date(at));
  /** Converted, undone, converted again, …: in time, and possibly standing. */
  const conversions = fc
    .tuple(
      fc.uniqueArray(fc.oneof(instant, together), { maxLength: 4, selector: (at) => +at }),
      fc.array(conversion, { minLength: 2, maxLength: 2 }),
    )
    .map(([instants, drafts]) => {
      const times = instants.toSorted((a, b) => +a - +b);
      return drafts.flatMap((draft, index) =>
        times[2 * index] === undefined
          ? []
          : [
              {
                id: uuidv7(),
                ...draft,
                convertedAt: times[2 * index]!,
                revertedAt: times[2 * index + 1] ?? null,
              },
            ],
      );
    });
  const handoff: fc.Arbitrary<Handoff> = idOf(
    fc.record({
      handedAt: instant,
      decision: fc.constantFrom('ACCEPTED' as const, 'BOUNCED' as const, 'WITHDRAWN' as const, null),
      wait: fc.constantFrom(0, 5 * MINUTE, HOUR, 2 * HOUR, 50 * HOUR),
    }),
  ).map(({ wait, ...one }) => ({
    ...one,
    decidedAt: one.decision === null ? null : new Date(+one.handedAt + wait),
  }));
  const lead: fc.Arbitrary<Lead> = instant.chain((createdAt) =>
    idOf(
      fc.record({
        createdAt: fc.constant(createdAt),
        isEstimated: fc.constantFrom(false, false, true),
        isDeleted: fc.constantFrom(false, false, false, false, false, true),
        status: fc.constantFrom(...statuses),
        source: fc.constantFrom(...sources),
        owner: fc.constantFrom(
          ...[...users, null].map((one) => ({ ownerId: one?.id ?? null, queueId: null })),
          ...queueIds.map((queueId) => ({ ownerId: null, queueId })),
        ),
        campaignId: sometimes(fc.constantFrom(...campaigns.map(({ id }) => id))),
        color: fc.constantFrom('red', 'blue', null),
        mqlAt: sometimes(instant),
        salAt: sometimes(instant),
        sqlAt: sometimes(instant),
        matchedAccountId: fc.constantFrom(...accountIds, null),
        email: sometimes(fc.constantFrom(...emails)),
        conversions,
        activities: fc.array(
          activityAt(
            fc.oneof(
              instant,
              fc.constantFrom(...after).map((later) => new Date(+createdAt + later)),
            ),
          ),
          { maxLength: 3 },
        ),
        handoffs: fc
          .array(handoff, { maxLength: 3 })
          // at most one may be pending
          .map((all) =>
            all.filter(
              (one, index) =>
                one.decision !== null || index === all.findIndex(({ decision }) => decision === null),
            ),
          ),
      }),
    ).map(({ owner, ...rest }) => ({ ...rest, ...owner })),
  );
  return fc.record({
    leads: fc.array(lead, { maxLength: 25, size: 'max' }),
    contacts: fc.tuple(...contactIds.map(contact)),
    deals: fc.tuple(...dealIds.map(deal)),
    rates: fc.subarray([
      { currency: 'USD', from: '2024-03-01', hundredths: 91n },
      { currency: 'USD', from: '2024-11-03', hundredths: 250n },
      { currency: 'CHF', from: '2018-01-01', hundredths: 107n },
    ]),
  });
}

/** A lead that matters in no way but what a test says about it. */
export function someLead({ statuses, accountIds }: LeadWorld, given: Partial<Lead> = {}): Lead {
  return {
    id: uuidv7(),
    createdAt: new Date('2026-01-05T09:00:00Z'),
    isEstimated: false,
    isDeleted: false,
    status: statuses[0]!,
    source: null,
    ownerId: null,
    queueId: null,
    campaignId: null,
    color: null,
    mqlAt: null,
    salAt: null,
    sqlAt: null,
    matchedAccountId: accountIds[0]!,
    email: null,
    conversions: [],
    activities: [],
    handoffs: [],
    ...given,
  };
}

export function someConversion(given: Partial<Conversion> = {}): Conversion {
  return {
    id: uuidv7(),
    accountId: null,
    contactId: null,
    opportunityId: null,
    accountOutcome: null,
    convertedAt: new Date('2026-01-10T09:00:00Z'),
    revertedAt: null,
    isImported: false,
    ...given,
  };
}

export const onlyLeads = (leads: Lead[]): Rows => ({ leads, contacts: [], deals: [], rates: [] });

/** Makes these the organisation's only leads, contacts, opportunities and rates. */
export async function storeRows(
  database: Database,
  { organization, users }: LeadWorld,
  rows: Rows,
): Promise<void> {
  const { tenant, id } = organization;
  const { leads, contacts, deals, rates } = rows;
  const json = (value: unknown) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  const activities = [
    ...leads.flatMap((lead) => lead.activities.map((one) => ({ ...one, id: uuidv7(), leadId: lead.id }))),
    ...contacts.flatMap((contact) =>
      contact.activities.map((one) => ({ ...one, id: uuidv7(), leadId: null })),
    ),
  ];
  const leadRows = leads.map((lead) => {
    const standing = lead.conversions.find(({ revertedAt }) => revertedAt === null);
    return {
      ...lead,
      statusId: lead.status.id,
      sourceKey: lead.source === null ? null : textKey(lead.source),
      convertedAt: standing?.convertedAt ?? null,
      customFields: lead.color === null ? {} : { color: lead.color },
    };
  });
  const versions = deals.flatMap((deal) =>
    deal.versions.map((version, index) => ({
      ...version,
      id: uuidv7(),
      dealId: deal.id,
      closeDate: deal.closeDate,
      until: deal.versions[index + 1]?.from ?? null,
    })),
  );
  const current = deals.map((deal) => ({
    ...deal,
    createdAt: deal.versions[0]!.from,
    ...deal.versions.at(-1),
  }));
  await database.write(tenant, async (tx) => {
    for (const table of [
      ...[
        'activity',
        'lead_handoff',
        'lead_conversion',
        'opportunity_version',
        'opportunity',
        'lead',
        'contact',
      ],
      'exchange_rate',
    ])
      await tx.query(sql`delete from ${raw(table)} where organization_id = ${id}`);
    await tx.query(sql`
      insert into contact (organization_id, id, last_name, name_key, email, email_key, deleted_at, created_at, updated_at)
      select ${id}, c.id, 'Contact', 'contact', c.email, lower(c.email), case when c."isDeleted" then c."createdAt" end,
        c."createdAt", c."createdAt"
      from jsonb_to_recordset(${json(contacts)}::jsonb) as c(id uuid, email text, "createdAt" timestamptz, "isDeleted" boolean)`);
    await tx.query(sql`
      insert into lead (organization_id, id, last_name, name_key, email, email_key, status_id, source, source_key, owner_id,
        queue_id, campaign_id, mql_at, sal_at, sql_at, matched_account_id, is_converted, converted_at, custom_fields,
        created_at_estimated, deleted_at, created_at, updated_at)
      select ${id}, l.id, 'Lead', 'lead', l.email, lower(l.email), l."statusId", l.source, l."sourceKey", l."ownerId",
        l."queueId", l."campaignId", l."mqlAt", l."salAt", l."sqlAt", l."matchedAccountId", l."convertedAt" is not null,
        l."convertedAt", l."customFields", l."isEstimated", case when l."isDeleted" then l."createdAt" end, l."createdAt",
        l."createdAt"
      from jsonb_to_recordset(${json(leadRows)}::jsonb) as l(id uuid, email text, "statusId" uuid, source text,
        "sourceKey" text, "ownerId" uuid, "queueId" uuid, "campaignId" uuid, "mqlAt" timestamptz, "salAt" timestamptz,
        "sqlAt" timestamptz, "matchedAccountId" uuid, "convertedAt" timestamptz, "customFields" jsonb,
        "isEstimated" boolean, "isDeleted" boolean, "createdAt" timestamptz)`);
    await tx.query(sql`
      insert into opportunity (organization_id, id, name, name_key, stage_id, stage_position, amount, currency, probability,
        forecast_category, close_date, closed_at, is_closed, is_won, deleted_at, created_at, updated_at)
      select ${id}, d.id, 'Deal', 'deal', s.id, s.position, d.amount, d.currency, 50, 'PIPELINE', d."closeDate",
        case when d."isWon" then d."createdAt" end, d."isWon", d."isWon", case when d."isDeleted" then d."createdAt" end,
        d."createdAt", d."createdAt"
      from jsonb_to_recordset(${json(current)}::jsonb) as d(id uuid, amount bigint, currency text, "closeDate" date,
        "isWon" boolean, "isDeleted" boolean, "createdAt" timestamptz)
      join stage s on s.organization_id = ${id} and s.position = 1`);
    await tx.query(sql`
      insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from, valid_to)
      select ${id}, v.id, v."dealId", s.id, v.amount, v.currency, 50, 'PIPELINE', v."closeDate", v."isWon", v."isWon",
        v."from", v.until
      from jsonb_to_recordset(${json(versions)}::jsonb) as v(id uuid, "dealId" uuid, amount bigint, currency text,
        "closeDate" date, "isWon" boolean, "from" timestamptz, until timestamptz)
      join stage s on s.organization_id = ${id} and s.position = 1`);
    await tx.query(sql`
      insert into lead_conversion (organization_id, id, lead_id, account_id, contact_id, opportunity_id, account_outcome,
        converted_at, reverted_at, is_imported)
      select ${id}, c.id, c."leadId", c."accountId", c."contactId", c."opportunityId", c."accountOutcome", c."convertedAt",
        c."revertedAt", c."isImported"
      from jsonb_to_recordset(${json(leads.flatMap((lead) => lead.conversions.map((one) => ({ ...one, leadId: lead.id }))))}::jsonb)
        as c(id uuid, "leadId" uuid, "accountId" uuid, "contactId" uuid, "opportunityId" uuid, "accountOutcome" text,
        "convertedAt" timestamptz, "revertedAt" timestamptz, "isImported" boolean)`);
    await tx.query(sql`
      insert into lead_handoff (organization_id, id, lead_id, to_user_id, handed_at, decision, decided_at, reason, created_at,
        updated_at)
      select ${id}, h.id, h."leadId", ${users[0]!.id}, h."handedAt", h.decision, h."decidedAt",
        case when h.decision = 'BOUNCED' then 'No' end, h."handedAt", h."handedAt"
      from jsonb_to_recordset(${json(leads.flatMap((lead) => lead.handoffs.map((one) => ({ ...one, leadId: lead.id }))))}::jsonb)
        as h(id uuid, "leadId" uuid, "handedAt" timestamptz, decision text, "decidedAt" timestamptz)`);
    await tx.query(sql`
      insert into activity (organization_id, id, type, direction, is_open, owner_id, lead_id, contact_id, occurred_at,
        created_at, updated_at)
      select ${id}, a.id, a.type, a.direction, a."isOpen", a."ownerId", a."leadId", a."contactId", a."occurredAt",
        a."occurredAt", a."occurredAt"
      from jsonb_to_recordset(${json(activities)}::jsonb) as a(id uuid, type text, direction text, "isOpen" boolean,
        "ownerId" uuid, "leadId" uuid, "contactId" uuid, "occurredAt" timestamptz)`);
    await tx.query(sql`
      insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
      select ${id}, gen_random_uuid(), r.currency, r."from", r.hundredths / 100.0, r.hundredths / 100.0, now(), now()
      from jsonb_to_recordset(${json(rates)}::jsonb) as r(currency text, "from" date, hundredths bigint)`);
  });
}
