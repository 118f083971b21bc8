import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/database/database.ts';
import type { Tenant } from '../../src/database/tenant.ts';
import type { Deal } from './oracle.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Auckland',
  'America/Sao_Paulo',
];

/** Few days, so that windows, close dates and creations often meet; around changes of the clocks and a leap day. */
const days = [
  '2018-11-03', '2018-11-04', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-30', '2024-03-31', '2024-04-01',
  '2024-11-02', '2024-11-03', '2024-11-04', '2024-12-31', '2025-01-01',
]; // prettier-ignore

const day = fc.constantFrom(...days);

const instant = fc
  .tuple(day, fc.integer({ min: -14, max: 26 }), fc.constantFrom(-1, 0, 1, 30 * 60 * 1000))
  .map(([date, hours, milliseconds]) => new Date(Date.parse(date) + hours * 3_600_000 + milliseconds));

const amount = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 5, arbitrary: fc.bigInt(-50n, 5_000n) },
  { weight: 2, arbitrary: fc.bigInt(-(10n ** 13n), 10n ** 15n) },
);

const outcome = fc.constantFrom(
  { isClosed: false, isWon: false },
  { isClosed: true, isWon: true },
  { isClosed: true, isWon: true },
  { isClosed: true, isWon: false },
);

export function anyDeals(accountIds: string[], home: string): fc.Arbitrary<Deal[]> {
  const deal = fc
    .record({
      accountId: fc.constantFrom(...accountIds, null),
      amount,
      currency: fc.constantFrom(home, home, home, home, 'EUR', 'USD', 'JPY', 'KWD'),
      probability: fc.integer({ min: 0, max: 100 }),
      forecastCategory: fc.constantFrom(
        'PIPELINE',
        'BEST_CASE',
        'MOST_LIKELY',
        'COMMIT',
        'CLOSED',
        'OMITTED',
      ),
      closeDate: day,
      createdAt: instant,
      outcome,
      isDeleted: fc.constantFrom(false, false, false, false, true),
    })
    .map(({ outcome, ...rest }) => ({ id: uuidv7(), ...rest, ...outcome }));
  return fc.array(deal, { maxLength: 40, size: 'max' });
}

export const anyWindow = fc
  .record({
    from: fc.option(day),
    to: fc.option(day),
    timeZone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  })
  .map(({ from, to, timeZone }) =>
    from !== null && to !== null && to < from ? { from: to, to: from, timeZone } : { from, to, timeZone },
  );

/** A deal that matters in no way but what a test says about it. */
export function someDeal(given: Partial<Deal>): Deal {
  return {
    id: uuidv7(),
    accountId: null,
    amount: 100_00n,
    currency: 'EUR',
    probability: 50,
    forecastCategory: 'PIPELINE',
    closeDate: '2026-02-01',
    createdAt: new Date('2026-01-01T12:00:00Z'),
    isClosed: given.isWon ?? false,
    isWon: false,
    isDeleted: false,
    ...given,
  };
}

/** Makes these the organisation's only opportunities. */
export async function storeDeals(database: Database, tenant: Tenant, deals: Deal[]): Promise<void> {
  const rows = deals.map((deal) => ({ ...deal, amount: deal.amount?.toString() ?? null }));
  await database.write(tenant, async (tx) => {
    await tx.query(sql`delete from opportunity where organization_id = ${tenant.organizationId}`);
    await tx.query(sql`
      insert into opportunity (organization_id, id, account_id, name, name_key, stage_id, stage_position, amount, currency,
        probability, forecast_category, close_date, closed_at, is_closed, is_won, deleted_at, created_at, updated_at)
      select ${tenant.organizationId}, d.id, d."accountId", 'Deal', 'deal', s.id, s.position, d.amount, d.currency,
        d.probability, d."forecastCategory", d."closeDate", case when d."isClosed" then d."createdAt" end,
        d."isClosed", d."isWon", case when d."isDeleted" then d."createdAt" end, d."createdAt", d."createdAt"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(id uuid, "accountId" uuid, amount bigint, currency text,
        probability smallint, "forecastCategory" text, "closeDate" date, "createdAt" timestamptz,
        "isClosed" boolean, "isWon" boolean, "isDeleted" boolean)
      join stage s on s.organization_id = ${tenant.organizationId} and s.position = 1`);
  });
}

export async function storeAccounts(database: Database, tenant: Tenant, names: string[]): Promise<string[]> {
  const ids = names.map(() => uuidv7());
  await database.write(tenant, (tx) =>
    tx.query(sql`
      insert into account (organization_id, id, name, name_key, match_key, created_at, updated_at)
      select ${tenant.organizationId}, n.id, n.name, lower(n.name), lower(n.name), now(), now()
      from unnest(${ids}::uuid[], ${names}::text[]) as n(id, name)`),
  );
  return ids;
}
