import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import { type GroupCondition, type GroupOrder, groupOrder, OTHERS, othersKey, passing } from '../grouping.ts';
import type { DealMetricKey } from './deal-definitions.ts';
import {
  countedBy,
  type DealValues,
  foreignRows,
  type GroupRow,
  metricColumns,
  readGroups,
} from './deal-metrics.queries.ts';
import { DEAL_COLUMNS, dealRows } from './deal-rows.ts';
import type { DealSet } from './deal-set.ts';
import { termNames } from './deal-terms.ts';

export interface GroupRequest {
  keys: readonly DealMetricKey[];
  /** A group is what has deals that one of the metrics counts; with metrics of other families, what has deals. */
  ofAll: boolean;
  having: GroupCondition[];
  /** The metrics of these conditions. */
  havingKeys: readonly DealMetricKey[];
  /** Groups that have deals only in the window to compare with are groups, too: when metrics of it are asked for. */
  compared: { set: DealSet; keys: readonly DealMetricKey[]; ofAll: boolean } | null;
  orderBy: GroupOrder;
  first: number;
}

interface DealGroup {
  /** Null: all groups beyond the first ones together. */
  group: string | null;
  labels: (string | null)[];
  values: DealValues;
}

const countedIn = ({ keys, ofAll }: Pick<GroupRequest, 'keys' | 'ofAll'>) =>
  ofAll ? () => sql`true` : countedBy(keys);

/** The deals of all groups: those of the compared window without terms, so that they make groups and count in none. */
function groupRows(set: DealSet, request: GroupRequest): Sql {
  const rows = dealRows(set, countedIn(request));
  if (!request.compared) return rows;
  const told = labels(set, (index) => [`c.label${index}`, `c.sort${index}`]).flat();
  const columns = [...DEAL_COLUMNS.map((column) => `c.${column}`), ...termNames.map(() => 'null'), ...told];
  return sql`${rows} union all
    select ${raw(columns.join(', '))} from (${dealRows(request.compared.set, countedIn(request.compared))}) c`;
}

type LabelledRow = GroupRow & { total: string } & Record<`label${number}`, string | null>;

/**
 * The first groups of a set in order, and all others as one. One statement for the groups; a second one only when there
 * are others, or amounts in other currencies to list.
 */
export async function dealGroups(
  snapshot: Snapshot,
  set: DealSet,
  request: GroupRequest & { unconverted: boolean },
): Promise<DealGroup[]> {
  const { keys, first } = request;
  const rows = await snapshot.query<LabelledRow>(firstGroups(set, request));
  const total = Number(rows[0]?.total ?? 0);
  const names = rows.map((row) => row.group);
  const rest = total > 0 ? restOf(set, request, names, total > first) : null;
  const more = rest ? await snapshot.query<GroupRow>(rest) : [];
  const values = readGroups([...rows, ...more], set, keys);
  const groups: DealGroup[] = rows.map((row) => ({
    group: row.group,
    labels: labels(set, (index) => row[`label${index}`] ?? null),
    values: values.get(row.group)!,
  }));
  const others = values.get(OTHERS);
  return others ? [...groups, { group: null, labels: [], values: others }] : groups;
}

/** One for each dimension of a set. */
function labels<T>(set: DealSet, of: (index: number) => T): T[] {
  return (set.labels?.(empty) ?? []).map((_, index) => of(index));
}

function firstGroups(set: DealSet, request: GroupRequest): Sql {
  const { keys, having, orderBy, first } = request;
  const told = labels(set, (index) =>
    raw(`min(deal.label${index}) as label${index}, min(deal.sort${index}) as sort${index}`),
  );
  return sql`
    select g.*, null::text as currency, count(*) over () as total from (
      select deal.k as "group", ${join([...told, metricColumns(keys)])}
      from (${groupRows(set, request)}) deal
      group by deal.k) g
    where ${passing(having)}
    order by ${groupOrder(orderBy, told.length)}
    limit ${first}`;
}

/** The totals of the others, and sums in other currencies of the first groups and of the others. */
function restOf(
  set: DealSet,
  request: GroupRequest & { unconverted: boolean },
  names: string[],
  hasOthers: boolean,
): Sql | null {
  const { keys, having, unconverted } = request;
  const isFirst = sql`deal.k = any(${names}::text[])`;
  const passes = having.length === 0 ? empty : sql`and deal.k in (${passingGroups(set, request)})`;
  const among = hasOthers ? sql`(${isFirst} or true ${passes})` : isFirst;
  const foreign =
    unconverted && foreignRows(set, keys, sql`case when ${isFirst} then deal.k else ${OTHERS} end`, among);
  if (!hasOthers) return foreign || null;
  const totals = sql`
    select ${OTHERS} as "group", null::text as currency, ${metricColumns(keys)}
    from (${dealRows(set, countedIn(request))}) deal
    where not ${isFirst} ${passes}`;
  return foreign ? sql`${totals} union all ${foreign}` : totals;
}

function passingGroups(set: DealSet, request: GroupRequest): Sql {
  const { havingKeys, having } = request;
  return sql`
    select g."group" from (
      select deal.k as "group", ${metricColumns(havingKeys)} from (${groupRows(set, request)}) deal group by deal.k) g
    where ${passing(having)}`;
}

/** The set with all but the first groups as one, named `OTHERS`. */
export function othersSet(set: DealSet, request: GroupRequest, names: string[]): DealSet {
  return {
    ...set,
    labels: undefined,
    targetOf: undefined,
    key: (period) =>
      othersKey(set.key(period), names, request.having.length === 0 ? null : passingGroups(set, request)),
  };
}
