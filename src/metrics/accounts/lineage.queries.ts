import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import { count, sum } from '../aggregates.ts';
import { dealRows } from '../deals/deal-rows.ts';
import type { DealSet } from '../deals/deal-set.ts';
import { deal, type DealTerms } from '../deals/deal-terms.ts';
import { type AmountValue, exactMoney, type RateValue } from '../deals/deal-shapes.ts';
import type { MetricSettings } from '../metric-settings.ts';
import { lineageDefinition, type LineageKey } from './lineage-definitions.ts';

export type LineageValues = Record<LineageKey, AmountValue | RateValue>;

type Row = { group: string; currency: string | null } & Record<string, string | null>;

/** The aggregates of a metric over `deal`, with its numerator's flag as a column of `part`. */
function columnsOf(key: LineageKey): Record<string, Sql> {
  const part = raw(`part."${key}"`);
  if (lineageDefinition(key).shape === 'rate')
    return { numerator: count(sql`${deal.created} and ${part}`), denominator: count(deal.created) };
  return {
    count: count(part),
    amount: sum(deal.amount, part),
    amountMissing: count(sql`${part} and ${deal.amountMissing}`),
  };
}

/** One statement for the given metrics of all groups of a set that have deals. */
export async function lineageByGroup(
  snapshot: Snapshot,
  set: DealSet,
  settings: MetricSettings,
  keys: readonly LineageKey[],
): Promise<(group: string) => LineageValues> {
  const { view } = set;
  const counted = (terms: DealTerms) =>
    sql`(${join(
      keys.map((key) => lineageDefinition(key).counted(terms, view)),
      ' or ',
    )})`;
  const parts = keys.map((key) => sql`${lineageDefinition(key).isIn(view, settings)} as ${raw(`"${key}"`)}`);
  const rowsOf = (condition: typeof counted, amounts: 'comparable' | 'own') =>
    sql`(${dealRows(set, condition, amounts)}) deal cross join lateral (select ${join(parts)}) part`;
  const columns = (pick: (key: LineageKey, column: string, value: Sql) => Sql) =>
    join(
      keys.flatMap((key) =>
        Object.entries(columnsOf(key)).map(
          ([column, value]) => sql`${pick(key, column, value)} as ${raw(`"${key}.${column}"`)}`,
        ),
      ),
    );
  const totals = sql`
    select deal.k as "group", null::text as currency, ${columns((_key, _column, value) => value)}
    from ${rowsOf(counted, 'comparable')} group by 1`;
  const inOtherCurrencies = sql`
    select deal.k, deal.currency, ${columns((key, column, value) =>
      key === 'leadSourcedRevenue' && column !== 'amountMissing' ? value : sql`null`,
    )}
    from ${rowsOf((terms) => sql`${terms.unconverted} and ${counted(terms)}`, 'own')} group by 1, 2`;
  const rows = await snapshot.query<Row>(
    keys.includes('leadSourcedRevenue') ? sql`${totals} union all ${inOtherCurrencies}` : totals,
  );
  const groups = Map.groupBy(rows, (row) => row.group);
  return (group) =>
    Object.fromEntries(
      keys.map((key) => [key, valueOf(key, groups.get(group) ?? [], view.organization.currency)]),
    ) as LineageValues;
}

function valueOf(key: LineageKey, rows: Row[], currency: string): AmountValue | RateValue {
  const total = rows.find((row) => row.currency === null);
  const cell = (column: string) => total?.[`${key}.${column}`] ?? '0';
  if (lineageDefinition(key).shape === 'rate') {
    const [numerator, denominator] = [cell('numerator'), cell('denominator')];
    const value = Number(denominator) === 0 ? null : Number(numerator) / Number(denominator);
    return { value, numerator, denominator };
  }
  const others = rows.filter((row) => row.currency !== null && Number(row[`${key}.count`]) > 0);
  return {
    count: Number(cell('count')),
    amount: exactMoney(cell('amount'), currency),
    amountMissing: Number(cell('amountMissing')),
    unconverted: others
      .sort((a, b) => (a.currency! < b.currency! ? -1 : 1))
      .map((row) => exactMoney(row[`${key}.amount`]!, row.currency!)),
  };
}
