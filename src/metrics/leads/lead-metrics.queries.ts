import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { Money } from '../../graphql/money.type.ts';
import { dealRows } from '../deals/deal-rows.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import { leadDefinition, type LeadMetricKey } from './lead-definitions.ts';
import { leadRows } from './lead-rows.ts';
import type { LeadSet } from './lead-set.ts';
import { type Cells, columnsOf, type LeadMetricValue, valueOf } from './lead-shapes.ts';
import { lead } from './lead-terms.ts';

export type LeadValues = Partial<Record<LeadMetricKey, LeadMetricValue>>;

export type GroupRow = { group: string; without_rate?: Record<string, string> | null } & Cells;

/** The columns of all metrics, each named `"<metric>.<column>"`. */
export function metricColumns(keys: readonly LeadMetricKey[]): Sql {
  return join(
    keys.flatMap((key) =>
      Object.entries(columnsOf(leadDefinition(key))).map(
        ([column, value]) => sql`${value} as ${raw(`"${key}.${column}"`)}`,
      ),
    ),
  );
}

/** The parts of its groups' keys, by number. */
export const labelsOf = (set: LeadSet) => set.labels(empty).map((_, index) => index);

/** One statement for all groups of a set that have leads counted by one of the metrics. */
export async function leadMetricsByGroup(
  snapshot: Snapshot,
  set: LeadSet,
  keys: readonly LeadMetricKey[],
): Promise<Map<string, LeadValues>> {
  if (keys.length === 0) return new Map();
  const rows = await snapshot.query<GroupRow>(leadValues(set, keys));
  return new Map(rows.map((row) => [row.group, valuesOf(set, keys, row)]));
}

/** The values of each group as a row `g`, and with each what `select` adds; `rest` chooses among them. */
export function leadValues(
  set: LeadSet,
  keys: readonly LeadMetricKey[],
  { select = empty, rest = empty }: { select?: Sql; rest?: Sql } = {},
): Sql {
  const columns = metricColumns(keys);
  const labels = labelsOf(set).map((index) =>
    raw(`min(found.label${index}) as label${index}, min(found.sort${index}) as sort${index}`),
  );
  const counted = keys.find((key) => leadDefinition(key).shape === 'amount');
  const foreign = counted && leadDefinition(counted).counted;
  const asked = foreign ? sql`${columns} ${foreign} ${lead.unconverted} ${lead.opportunity_id}` : columns;
  return sql`
    with found as (${leadRows(set, asked)})
    select g.*${foreign ? sql`, f.amounts as without_rate` : empty} ${select}
    from (
      select found.k as "group", ${join([...labels, columns])} from found
      where found.k is not null group by found.k) g
    ${foreign ? sql`left join (${foreignAmounts(set, foreign)}) f on f.k = g."group"` : empty}
    ${rest}`;
}

/** Per group the sums of the amounts that have no rate, by currency. */
function foreignAmounts(set: LeadSet, counted: Sql): Sql {
  return sql`
      select o.k, jsonb_object_agg(o.currency, o.total) as amounts
      from (
        select found.k, deal.currency, sum(deal.amount)::text as total
        from found
        join (${dealRows(set.deals, ({ unconverted }) => unconverted, 'own')}) deal on deal.id = ${lead.opportunity_id}
        where ${counted} and ${lead.unconverted}
        group by found.k, deal.currency) o
      group by o.k`;
}

export function valuesOf(set: LeadSet, keys: readonly LeadMetricKey[], row: GroupRow): LeadValues {
  const { currency } = set.view.organization;
  const foreign = Object.entries(row.without_rate ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([other, total]): Money => exactMoney(total, other));
  const values = keys.map((key) => {
    const metric = leadDefinition(key);
    const cells = Object.fromEntries(
      Object.keys(columnsOf(metric)).map((column) => [column, row[`${key}.${column}`] ?? null]),
    );
    return [key, valueOf(metric, cells, foreign, currency)];
  });
  return Object.fromEntries(values) as LeadValues;
}

/** The values over no leads. */
export function emptyLeadValues(set: LeadSet, keys: readonly LeadMetricKey[]): LeadValues {
  return valuesOf(set, keys, { group: '' } as GroupRow);
}
