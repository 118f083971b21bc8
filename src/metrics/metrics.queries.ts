import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import { deal, dealRows, dealTerms, type DealView } from './deal-terms.ts';
import { type MetricKey, metricDefinition } from './metric-definitions.ts';
import { type Cells, columnsOf, exactMoney, type MetricValue, valueOf } from './metric-shapes.ts';

export type MetricValues = Partial<Record<MetricKey, MetricValue>>;

/** One statement for all accounts: each has values, also without any opportunity. */
export async function metricsOfAccounts(
  snapshot: Snapshot,
  view: DealView,
  keys: readonly MetricKey[],
  accountIds: readonly string[],
): Promise<Map<string, MetricValues>> {
  if (keys.length === 0) return new Map(accountIds.map((id) => [id, {}]));
  const counted = countedBy(view, keys);
  const parents = sql`unnest(${accountIds}::uuid[]) as parent(id)`;
  const totals = sql`
    select parent.id as parent, null::text as currency, ${totalColumns(keys)}
    from ${parents} left join (${dealRows(view, counted)}) deal on deal.account_id = parent.id
    group by parent.id`;
  const foreign = sql`
    select parent.id, deal.currency, ${foreignColumns(keys)}
    from ${parents} join (${dealRows(view, counted, 'own')}) deal on deal.account_id = parent.id
    where ${deal.unconverted}
    group by parent.id, deal.currency`;
  const rows = await snapshot.query<MetricRow>(withForeign(totals, foreign, keys));
  const byAccount = Map.groupBy(rows, (row) => row.parent);
  return new Map(accountIds.map((id) => [id, readRows(byAccount.get(id)!, view, keys)]));
}

/** One statement over all opportunities that satisfy `among`, a condition on the alias `t`. */
export async function metricsOfScope(
  snapshot: Snapshot,
  view: DealView,
  keys: readonly MetricKey[],
  among: Sql,
): Promise<MetricValues> {
  if (keys.length === 0) return {};
  const counted = sql`${among} and ${countedBy(view, keys)}`;
  const totals = sql`
    select null::text as parent, null::text as currency, ${totalColumns(keys)}
    from (${dealRows(view, counted)}) deal`;
  const foreign = sql`
    select null, deal.currency, ${foreignColumns(keys)}
    from (${dealRows(view, counted, 'own')}) deal
    where ${deal.unconverted}
    group by deal.currency`;
  return readRows(await snapshot.query<MetricRow>(withForeign(totals, foreign, keys)), view, keys);
}

/** Null currency: the totals, comparable amounts only. Else the sums of the amounts in that currency. */
type MetricRow = { parent: string; currency: string | null } & Cells;

/** Rows no metric asked for are not read. */
function countedBy(view: DealView, keys: readonly MetricKey[]): Sql {
  const terms = dealTerms(view);
  return sql`(${join(
    keys.map((key) => metricDefinition(key).counted(terms)),
    ' or ',
  )})`;
}

function columns(
  keys: readonly MetricKey[],
  select: (key: MetricKey, column: string, value: Sql) => Sql,
): Sql {
  return join(
    keys.flatMap((key) =>
      Object.entries(columnsOf(metricDefinition(key))).map(
        ([column, value]) => sql`${select(key, column, value)} as ${raw(`"${key}.${column}"`)}`,
      ),
    ),
  );
}

function totalColumns(keys: readonly MetricKey[]): Sql {
  return columns(keys, (_key, _column, value) => value);
}

const listsForeign = (key: MetricKey) => metricDefinition(key).shape === 'amount';

/** The same sums over amounts in one other currency; aligned with the totals for the union. */
function foreignColumns(keys: readonly MetricKey[]): Sql {
  return columns(keys, (key, column, value) =>
    listsForeign(key) && (column === 'amount' || column === 'count') ? value : sql`null`,
  );
}

function withForeign(totals: Sql, foreign: Sql, keys: readonly MetricKey[]): Sql {
  return keys.some(listsForeign) ? sql`${totals} union all ${foreign}` : totals;
}

function readRows(rows: MetricRow[], view: DealView, keys: readonly MetricKey[]): MetricValues {
  const totals = rows.find((row) => row.currency === null)!;
  const foreign = rows
    .filter((row) => row.currency !== null)
    .sort((a, b) => (a.currency! < b.currency! ? -1 : 1));
  const values: MetricValues = {};
  for (const key of keys) {
    const metric = metricDefinition(key);
    const unconverted = foreign
      .filter((row) => Number(row[`${key}.count`]) > 0)
      .map((row) => exactMoney(String(row[`${key}.amount`]), row.currency!));
    values[key] = valueOf(metric, cellsOf(totals, key), unconverted, view.organization.currency);
  }
  return values;
}

function cellsOf(row: MetricRow, key: MetricKey): Cells {
  const columns = Object.keys(columnsOf(metricDefinition(key)));
  return Object.fromEntries(columns.map((column) => [column, row[`${key}.${column}`] ?? null]));
}
