import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../../src/database/database.ts';
import type { Tenant } from '../../../src/database/tenant.ts';
import { textKeyOrNull } from '../../../src/database/text-key.ts';
import { decimal, DIGITS } from './fractions.ts';
import { type Deal, latest, type OracleWorld, type Rate } from './oracle-world.ts';

const EMPTIED = ['opportunity', 'account', 'campaign', 'sales_target', 'exchange_rate', 'custom_field'];

/** When the deal was closed for good: where the last run of closed versions begins. */
function closedAt({ versions }: Deal): Date | null {
  if (!versions.at(-1)!.isClosed) return null;
  return versions[versions.findLastIndex(({ isClosed }) => !isClosed) + 1]!.from;
}

function pushes({ versions }: Deal): number {
  return versions.filter(({ closeDate }, index) => index > 0 && closeDate > versions[index - 1]!.closeDate)
    .length;
}

/** What amounts in minor units are multiplied by. */
function minorRate({ currency, millionths }: Rate, home: string): string {
  const digits = 6 + DIGITS[currency]! - DIGITS[home]!;
  return decimal(millionths, digits);
}

const json = (rows: unknown[]) =>
  JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Makes these the organisation's only records. */
export async function storeWorld(database: Database, tenant: Tenant, world: OracleWorld): Promise<void> {
  const organization = tenant.organizationId;
  const deals = world.deals.map((deal) => ({
    ...deal,
    ...latest(deal),
    sourceKey: textKeyOrNull(deal.source),
    custom: deal.segment === null ? {} : { segment: deal.segment },
    closedAt: closedAt(deal),
    pushes: pushes(deal),
    updatedAt: deal.versions.at(-1)!.from,
  }));
  const versions = world.deals.flatMap((deal) =>
    deal.versions.map((version, index) => ({
      ...version,
      id: uuidv7(),
      deal: deal.id,
      until: deal.versions[index + 1]?.from ?? null,
    })),
  );
  const accounts = world.accounts.map((account) => ({
    ...account,
    industryKey: textKeyOrNull(account.industry),
    custom: account.region === null ? {} : { region: account.region },
  }));
  const rates = world.rates.map((rate) => ({
    ...rate,
    id: uuidv7(),
    rate: decimal(rate.millionths, 6),
    minorRate: minorRate(rate, world.currency),
  }));
  const targets = world.targets.map((target) => ({ ...target, id: uuidv7() }));
  await database.write(tenant, async (tx) => {
    await tx.query(sql`
      update account set parent_id = null, merged_into_id = null where organization_id = ${organization}`);
    for (const table of EMPTIED)
      await tx.query(sql`delete from ${raw(table)} where organization_id = ${organization}`);
    await tx.query(sql`
      insert into app_user (organization_id, id, name, role, team, created_at, updated_at)
      select ${organization}, u.id, u.name, 'AE', u.team, now(), now()
      from jsonb_to_recordset(${json(world.users)}::jsonb) as u(id uuid, name text, team text)
      on conflict (organization_id, id) do nothing`);
    await tx.query(sql`
      insert into custom_field (organization_id, id, record_type, key, label, type, position, created_at, updated_at)
      values (${organization}, ${uuidv7()}, 'OPPORTUNITY', 'segment', 'Segment', 'TEXT', 1, now(), now()),
        (${organization}, ${uuidv7()}, 'ACCOUNT', 'region', 'Region', 'TEXT', 1, now(), now())`);
    await tx.query(sql`
      insert into account (organization_id, id, name, name_key, match_key, industry, industry_key, country, type, tier, parent_id,
        custom_fields, merged_into_id, deleted_at, created_at, updated_at)
      select ${organization}, a.id, a.name, lower(a.name), lower(a.name), a.industry, a."industryKey", a.country, a.type, a.tier,
        a."parentId", a.custom, a."mergedIntoId", case when a."mergedIntoId" is not null then now() end, now(), now()
      from jsonb_to_recordset(${json(accounts)}::jsonb) as a(id uuid, name text, industry text, "industryKey" text, country text,
        type text, tier smallint, "parentId" uuid, custom jsonb, "mergedIntoId" uuid)`);
    await tx.query(sql`
      insert into campaign (organization_id, id, name, name_key, created_at, updated_at)
      select ${organization}, c.id, c.name, lower(c.name), now(), now()
      from jsonb_to_recordset(${json(world.campaigns)}::jsonb) as c(id uuid, name text)`);
    await tx.query(sql`
      insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
      select ${organization}, r.id, r.currency, r."from", r.rate, r."minorRate", now(), now()
      from jsonb_to_recordset(${json(rates)}::jsonb) as r(id uuid, currency text, "from" date, rate numeric, "minorRate" numeric)`);
    await tx.query(sql`
      insert into sales_target (organization_id, id, owner_id, starts_on, ends_on, amount, created_at, updated_at)
      select ${organization}, t.id, t."ownerId", t."from", t."to", t.amount, now(), now()
      from jsonb_to_recordset(${json(targets)}::jsonb) as t(id uuid, "ownerId" uuid, "from" date, "to" date, amount bigint)`);
    await tx.query(sql`
      insert into opportunity (organization_id, id, account_id, name, name_key, stage_id, stage_position, amount, currency,
        probability, forecast_category, close_date, closed_at, is_closed, is_won, owner_id, campaign_id, source, source_key,
        custom_fields, push_count, deleted_at, created_at, updated_at)
      select ${organization}, d.id, d."accountId", 'Deal', 'deal', s.id, s.position, d.amount, d.currency, d.probability,
        d.category, d."closeDate", d."closedAt", d."isClosed", d."isWon", d."ownerId", d."campaignId", d.source, d."sourceKey",
        d.custom, d.pushes, case when d."isDeleted" then d."updatedAt" end, d."createdAt", d."updatedAt"
      from jsonb_to_recordset(${json(deals)}::jsonb) as d(id uuid, "accountId" uuid, stage integer, amount bigint, currency text,
        probability smallint, category text, "closeDate" date, "closedAt" timestamptz, "isClosed" boolean, "isWon" boolean,
        "ownerId" uuid, "campaignId" uuid, source text, "sourceKey" text, custom jsonb, pushes integer, "isDeleted" boolean,
        "createdAt" timestamptz, "updatedAt" timestamptz)
      join stage s on s.organization_id = ${organization} and s.position = d.stage`);
    await tx.query(sql`
      insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from, valid_to)
      select ${organization}, v.id, v.deal, s.id, v.amount, v.currency, v.probability, v.category, v."closeDate", v."isClosed",
        v."isWon", v."from", v.until
      from jsonb_to_recordset(${json(versions)}::jsonb) as v(id uuid, deal uuid, stage integer, amount bigint, currency text,
        probability smallint, category text, "closeDate" date, "isClosed" boolean, "isWon" boolean, "from" timestamptz,
        until timestamptz)
      join stage s on s.organization_id = ${organization} and s.position = v.stage`);
  });
}
