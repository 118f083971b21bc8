import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { Money } from '../../graphql/money.type.ts';
import { dealRows } from '../deals/deal-rows.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import { leadDefinition, type LeadMetricKey } from './lead-definitions.ts';
import { leadRows } from './lead-rows.ts';
import type { LeadSet } from './lead-set.ts';
import { type Cells, columnsOf, type LeadMetricValue, orderColumnOf, valueOf } from './lead-shapes.ts';
import { lead } from './lead-terms.ts';

export type LeadValues = Partial<Record<LeadMetricKey, LeadMetricValue>>;

/** Which groups, and in what order; no metric: by what they are called. */
export interface LeadGroupsRequest {
  orderBy: { key: LeadMetricKey; descending: boolean } | null;
  first: number;
}

export interface LeadValuesOfGroup {
  group: string;
  labels: (string | null)[];
  values: LeadValues;
}

type GroupRow = { group: string; without_rate?: Record<string, string> | null } & Cells;

/** The columns of all metrics, each named `"<metric>.<column>"`. */
function metricColumns(keys: readonly LeadMetricKey[]): Sql {
  return join(
    keys.flatMap((key) =>
      Object.entries(columnsOf(leadDefinition(key))).map(
        ([column, value]) => sql`${value} as ${raw(`"${key}.${column}"`)}`,
      ),
    ),
  );
}

/** The parts of its groups' keys, by number. */
const labelsOf = (set: LeadSet) => set.labels(empty).map((_, index) => index);

/** One statement for all groups of a set that have leads counted by one of the metrics. */
export async function leadMetricsByGroup(
  snapshot: Snapshot,
  set: LeadSet,
  keys: readonly LeadMetricKey[],
  request: LeadGroupsRequest | null = null,
): Promise<LeadValuesOfGroup[]> {
  if (keys.length === 0) return [];
  const rows = await snapshot.query<GroupRow>(statement(set, keys, request));
  return rows.map((row) => ({
    group: row.group,
    labels: labelsOf(set).map((index) => row[`label${index}`] as string | null),
    values: valuesOf(set, keys, row),
  }));
}

function statement(set: LeadSet, keys: readonly LeadMetricKey[], request: LeadGroupsRequest | null): Sql {
  const columns = metricColumns(keys);
  const labels = labelsOf(set).map((index) =>
    raw(`min(found.label${index}) as label${index}, min(found.sort${index}) as sort${index}`),
  );
  const counted = keys.find((key) => leadDefinition(key).shape === 'amount');
  const foreign = counted && leadDefinition(counted).counted;
  const asked = foreign ? sql`${columns} ${foreign} ${lead.unconverted} ${lead.opportunity_id}` : columns;
  return sql`
    with found as (${leadRows(set, asked)})
    select g.*${foreign ? sql`, f.amounts as without_rate` : empty}
    from (
      select found.k as "group", ${join([...labels, columns])} from found group by found.k) g
    ${foreign ? sql`left join (${foreignAmounts(set, foreign)}) f on f.k = g."group"` : empty}
    ${request ? ordered(set, request) : empty}`;
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

function ordered(set: LeadSet, { orderBy, first }: LeadGroupsRequest): Sql {
  const sorts = labelsOf(set).map((index) => `sort${index} nulls last`);
  const metric =
    orderBy &&
    `"${orderBy.key}.${orderColumnOf(leadDefinition(orderBy.key))}" ${orderBy.descending ? 'desc' : 'asc'} nulls last`;
  return sql`order by ${raw([...(metric ? [metric] : []), ...sorts, '"group"'].join(', '))} limit ${first}`;
}

function valuesOf(set: LeadSet, keys: readonly LeadMetricKey[], row: GroupRow): LeadValues {
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
