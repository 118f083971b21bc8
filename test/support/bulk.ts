import sql, { type Sql } from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import type { World } from './world.ts';

export interface Bulk {
  accounts: number;
  /** Per account. */
  contacts?: number;
  opportunities?: number;
  leads?: number;
  /** The opportunities' history, one version each; with it unless false. */
  versions?: boolean;
}

/** UUIDs that tell kind and number, so that rows of bulk data are deterministic under their organisation. */
const id = (kind: number, number: string) =>
  `('00000000-0000-7000-800${kind}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

interface Statement {
  text: string;
  values: unknown[];
}

/**
 * Many rows by a few statements: accounts `Account 1…n` in 20 industries, 5 tiers (one in six without), their contacts,
 * opportunities over the ten standard stages, and unconverted leads matched to them.
 */
export function bulkStatements({ organizationId: org, userId }: Tenant, bulk: Bulk): Statement[] {
  const { accounts, contacts = 0, opportunities = 0, leads = 0, versions = true } = bulk;
  const statements: (Statement | false)[] = [
    {
      text: `insert into account (organization_id, id, name, name_key, match_key, domain, industry, industry_key, employees,
        annual_revenue, annual_revenue_currency, tier, is_target, owner_id, created_at, updated_at)
      select $1, ${id(1, 'n')}, 'Account ' || n, 'account ' || n, 'account ' || n, 'account' || n || '.example', 'Industry ' || n % 20,
        'industry ' || n % 20, n % 1000, case when n % 7 > 0 then n * 100 end, case when n % 7 > 0 then 'EUR' end,
        case when n % 6 > 0 then n % 6 end, n % 3 = 0, case when n % 100 = 0 then $3::uuid end,
        timestamptz '2024-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute'
      from generate_series(1, $2::int) n`,
      values: [org, accounts, userId],
    },
    contacts > 0 && {
      text: `insert into contact (organization_id, id, account_id, first_name, last_name, name_key, email, email_key, title, title_key,
        source, owner_id, created_at, updated_at)
      select $1, ${id(2, 'n')}, ${id(1, '(n - 1) / $3 + 1')}, 'First' || n, 'Last' || n, 'first' || n || ' last' || n,
        'p' || n || '@account' || (n - 1) / $3 + 1 || '.example', 'p' || n || '@account' || (n - 1) / $3 + 1 || '.example',
        'Title ' || n % 50, 'title ' || n % 50, 'Web', case when n % 100 = 0 then $4::uuid end,
        timestamptz '2024-01-01' + n * interval '1 second', timestamptz '2025-01-01' + n * interval '1 second'
      from generate_series(1, $2::int * $3::int) n`,
      values: [org, accounts, contacts, userId],
    },
    opportunities > 0 && {
      text: `insert into opportunity (organization_id, id, account_id, name, name_key, stage_id, stage_position, amount, currency,
        probability, forecast_category, close_date, closed_at, is_closed, is_won, owner_id, source, source_key, created_at, updated_at)
      select $1, ${id(3, 'n')}, ${id(1, '(n - 1) / $3 + 1')}, 'Deal ' || n, 'deal ' || n, s.id, s.position,
        case when n % 11 > 0 then n % 5000 * 100 end, 'EUR', s.probability, s.forecast_category, date '2024-01-01' + n % 1000,
        case when s.is_closed then timestamptz '2026-01-01' end, s.is_closed, s.is_won, case when n % 100 = 0 then $4::uuid end,
        'Source ' || n % 30, 'source ' || n % 30, timestamptz '2023-12-01' + n % 1000 * interval '1 day',
        timestamptz '2026-01-01'
      from generate_series(1, $2::int * $3::int) n
      join stage s on s.organization_id = $1 and s.position = (n::bigint * 7919) % 10 + 1`,
      values: [org, accounts, opportunities, userId],
    },
    opportunities > 0 &&
      versions && {
        text: `insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from)
      select $1, ${id(5, 'row_number() over (order by id)')}, id, stage_id, amount, currency, probability, forecast_category, close_date,
        is_closed, is_won, created_at from opportunity where organization_id = $1`,
        values: [org],
      },
    leads > 0 && {
      text: `insert into lead (organization_id, id, first_name, last_name, name_key, company, company_key, match_key, email, email_key,
        domain, status_id, source, source_key, score, matched_account_id, match_method, match_score, owner_id, created_at, updated_at)
      select $1, ${id(4, 'n')}, 'Lead' || n, 'Person' || n, 'lead' || n || ' person' || n, a.name, a.name_key, a.match_key,
        'l' || n || '@' || a.domain, 'l' || n || '@' || a.domain, a.domain, s.id, 'Source ' || n % 30, 'source ' || n % 30,
        case when n % 5 > 0 then n % 100 end, a.id, 'DOMAIN', 1, case when n % 100 = 0 then $4::uuid end,
        timestamptz '2024-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute'
      from generate_series(1, $2::int * $3::int) n
      join account a on a.organization_id = $1 and a.id = ${id(1, '(n - 1) / $3 + 1')}
      join lead_status s on s.organization_id = $1 and s.position = n % 2 + 1`,
      values: [org, accounts, leads, userId],
    },
  ];
  return statements.filter((statement) => statement !== false);
}

export async function fillBulk(world: World, tenant: Tenant, bulk: Bulk): Promise<void> {
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`set local statement_timeout = 0`);
    for (const statement of bulkStatements(tenant, bulk)) await tx.query(statement as Sql);
  });
  await world.owner.query('analyze account, contact, opportunity, opportunity_version, lead');
}
