import sql, { join, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import { type GroupCondition, type GroupOrder, groupOrder, OTHERS, othersKey, passing } from '../grouping.ts';
import type { LeadMetricKey } from './lead-definitions.ts';
import {
  emptyLeadValues,
  type GroupRow,
  labelsOf,
  leadMetricsByGroup,
  leadValues,
  type LeadValues,
  metricColumns,
  valuesOf,
} from './lead-metrics.queries.ts';
import { leadRows, populationsIn } from './lead-rows.ts';
import type { LeadSet } from './lead-set.ts';
import { lead } from './lead-terms.ts';

export interface LeadGroupRequest {
  /** A group is what has leads that one of these metrics is about. */
  keys: readonly LeadMetricKey[];
  having: GroupCondition[];
  /** The metrics of these conditions. */
  havingKeys: readonly LeadMetricKey[];
  orderBy: GroupOrder;
  first: number;
}

interface LeadValuesOfGroup {
  /** Null: all groups beyond the first ones together. */
  group: string | null;
  labels: (string | null)[];
  values: LeadValues;
}

type LabelledRow = GroupRow & { total: string };

/** The first groups of a set in order, and all others as one: by a statement of their own, if there are any. */
export async function leadGroups(
  snapshot: Snapshot,
  set: LeadSet,
  request: LeadGroupRequest,
): Promise<LeadValuesOfGroup[]> {
  const { keys, first } = request;
  const rows = await snapshot.query<LabelledRow>(firstGroups(set, request));
  const groups: LeadValuesOfGroup[] = rows.map((row) => ({
    group: row.group,
    labels: labelsOf(set).map((index) => row[`label${index}`] as string | null),
    values: valuesOf(set, keys, row),
  }));
  if (Number(rows[0]?.total ?? 0) <= first) return groups;
  const others = othersSet(
    set,
    request,
    rows.map(({ group }) => group),
  );
  const values = (await leadMetricsByGroup(snapshot, others, keys)).get(OTHERS);
  return [...groups, { group: null, labels: [], values: values ?? emptyLeadValues(set, keys) }];
}

function firstGroups(set: LeadSet, { keys, having, orderBy, first }: LeadGroupRequest): Sql {
  return leadValues(set, keys, {
    select: sql`, count(*) over () as total`,
    rest: sql`where ${passing(having)} order by ${groupOrder(orderBy, labelsOf(set).length)} limit ${first}`,
  });
}

/** The set with all but the first groups as one, named `OTHERS`; those are in none. */
export function othersSet(set: LeadSet, request: LeadGroupRequest, names: string[]): LeadSet {
  return {
    ...set,
    beside: undefined,
    labels: () => [],
    key: (period) =>
      othersKey(set.key(period), names, request.having.length === 0 ? null : passingGroups(set, request)),
  };
}

/** The groups that pass all conditions: of no other numbers than theirs. */
function passingGroups(set: LeadSet, { keys, having, havingKeys }: LeadGroupRequest): Sql {
  const columns = metricColumns(havingKeys);
  const populations = populationsIn(metricColumns(keys)).map((population) => lead[population]);
  return sql`
    select g."group" from (
      select found.k as "group", ${columns}
      from (${leadRows(set, join([columns, ...populations]))}) found group by found.k) g
    where ${passing(having)}`;
}
