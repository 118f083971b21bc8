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
  /** Rows of accounts that make groups without any deal, too. */
  accounts: Sql | null;
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

/** The deals of all groups; deals of the compared window, and accounts, without terms: they make groups and count in none. */
function groupRows(set: DealSet, request: GroupRequest): Sql {
  const told = labels(set, (index) => [`c.label${index}`, `c.sort${index}`]).flat();
  const columns = [...DEAL_COLUMNS, ...termNames].map((column) => (column === 'k' ? 'c.k' : 'null'));
  const uncounted = (rows: Sql) => sql`select ${raw([...columns, ...told].join(', '))} from (${rows}) c`;
  const { compared, accounts } = request;
  const rows = [dealRows(set, countedIn(request))];
  if (compared) rows.push(uncounted(dealRows(compared.set, countedIn(compared))));
  if (accounts) rows.push(uncounted(accounts));
  return join(rows, ' union all ');
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
  const passing = request.having.length === 0 ? null : passingGroups(set, request);
  const keyOf = (key: Sql) => othersKey(key, names, passing);
  return {
    ...set,
    labels: undefined,
    targets: undefined,
    key: (period) => keyOf(set.key(period)),
    accounts:
      set.accounts &&
      sql`
      select a.* from (select ${keyOf(sql`c.k`)} as k, c.account_id from (${set.accounts}) c) a where a.k is not null`,
  };
}
