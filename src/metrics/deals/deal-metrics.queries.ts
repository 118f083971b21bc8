import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { Money } from '../../graphql/money.type.ts';
import { dealDefinition, type DealMetricKey } from './deal-definitions.ts';
import { dealRows } from './deal-rows.ts';
import type { DealSet } from './deal-set.ts';
import { deal, type DealTerms } from './deal-terms.ts';
import { type Cells, columnsOf, emptyCells, exactMoney, type MetricValue, valueOf } from './deal-shapes.ts';

export type DealValues = Partial<Record<DealMetricKey, MetricValue>>;

/** Null currency: the group's totals, comparable amounts only. Else the sums of its amounts in that currency. */
export type GroupRow = { group: string; currency: string | null } & Cells;

/** Rows no metric asked for are not read. */
export function countedBy(keys: readonly DealMetricKey[]): (terms: DealTerms) => Sql {
  const conditions = new Set(keys.map((key) => dealDefinition(key).counted));
  return (terms) =>
    sql`(${join(
      [...conditions].map((counted) => counted(terms)),
      ' or ',
    )})`;
}

/** The columns of all metrics, each named `"<metric>.<column>"`. */
export function metricColumns(
  keys: readonly DealMetricKey[],
  select: (key: DealMetricKey, column: string, value: Sql) => Sql = (_key, _column, value) => value,
): Sql {
  return join(
    keys.flatMap((key) =>
      Object.entries(columnsOf(dealDefinition(key))).map(
        ([column, value]) => sql`${select(key, column, value)} as ${raw(`"${key}.${column}"`)}`,
      ),
    ),
  );
}

/** At the end of a period a deal may be open that was closed since: derived from both, it is one opportunity. */
const eachOnce = (key: DealMetricKey, column: string, value: Sql) =>
  key === 'velocity' && column === 'count'
    ? sql`count(distinct deal.id) filter (where ${dealDefinition(key).counted(deal)})`
    : value;

const listsForeign = (key: DealMetricKey) => dealDefinition(key).shape === 'amount';

/** The sums over amounts that can't be converted, by currency; aligned with the totals for a union. Null: none of interest. */
export function foreignRows(
  set: DealSet,
  keys: readonly DealMetricKey[],
  group: Sql,
  among: Sql,
): Sql | null {
  if (!keys.some(listsForeign)) return null;
  const columns = metricColumns(keys, (key, column, value) =>
    listsForeign(key) && (column === 'amount' || column === 'count') ? value : sql`null`,
  );
  return sql`
    select ${group} as "group", deal.currency, ${columns}
    from (${dealRows(set, (terms) => sql`${terms.unconverted} and ${countedBy(keys)(terms)}`, 'own')}) deal
    where ${among}
    group by 1, deal.currency`;
}

/** One statement for all groups of a set that have deals counted by one of the metrics. */
export async function dealMetricsByKey(
  snapshot: Snapshot,
  set: DealSet,
  keys: readonly DealMetricKey[],
  listsUnconverted = true,
): Promise<Map<string, DealValues>> {
  if (keys.length === 0) return new Map();
  // grouping by what is one value for all would sort them all
  const [group, grouped] = set.isOne ? [sql`''`, empty] : [sql`deal.k`, sql`group by 1`];
  const totals = sql`
    select ${group} as "group", null::text as currency, ${metricColumns(keys, set.period?.ends && eachOnce)}
    from (${dealRows(set, countedBy(keys))}) deal
    ${grouped}`;
  const foreign = listsUnconverted ? foreignRows(set, keys, group, sql`true`) : null;
  const rows = await snapshot.query<GroupRow>(foreign ? sql`${totals} union all ${foreign}` : totals);
  return readGroups(rows, set, keys);
}

/** By group; amounts in other currencies in their order. */
export function readGroups(
  rows: GroupRow[],
  { view }: Pick<DealSet, 'view'>,
  keys: readonly DealMetricKey[],
): Map<string, DealValues> {
  const { currency } = view.organization;
  const groups = new Map<string, DealValues>();
  for (const [group, own] of Map.groupBy(rows, (row) => row.group)) {
    const totals = own.find((row) => row.currency === null);
    if (!totals) continue;
    const foreign = own
      .filter((row) => row.currency !== null)
      .sort((a, b) => (a.currency! < b.currency! ? -1 : 1));
    const values = keys.map((key) => {
      const metric = dealDefinition(key);
      const columns = Object.keys(columnsOf(metric));
      const cells = Object.fromEntries(columns.map((column) => [column, totals[`${key}.${column}`] ?? null]));
      const unconverted: Money[] = foreign
        .filter((row) => Number(row[`${key}.count`]) > 0)
        .map((row) => exactMoney(String(row[`${key}.amount`]), row.currency!));
      return [key, valueOf(metric, cells, unconverted, currency)];
    });
    groups.set(group, Object.fromEntries(values) as DealValues);
  }
  return groups;
}

/** The values over no deals. */
export function emptyValues({ view }: Pick<DealSet, 'view'>, keys: readonly DealMetricKey[]): DealValues {
  return Object.fromEntries(
    keys.map((key) => {
      const metric = dealDefinition(key);
      return [key, valueOf(metric, emptyCells(metric), [], view.organization.currency)];
    }),
  );
}
