import type { Context } from '../../graphql/context.ts';
import {
  groupRequest,
  requireCustomField,
  requireDimensions,
  requireGroupCount,
  OTHERS,
} from '../grouping.ts';
import { comparable, leadColumn } from './lead-column.ts';
import type { LeadMetricKey } from './lead-definitions.ts';
import { groupedLeads } from './lead-dimensions.ts';
import { type LeadGroup, leadGroupKey, OTHER_KEY } from './lead-group.type.ts';
import { leadGroups, type LeadGroupRequest, othersSet } from './lead-groups.queries.ts';
import type { LeadGroupsArgs } from './lead-metrics.inputs.ts';
import { leadMetrics } from './lead-metrics.loader.ts';
import { metricColumns } from './lead-metrics.queries.ts';
import { populationsIn } from './lead-rows.ts';
import { comparedLeads, type LeadSet } from './lead-set.ts';
import { leadScopeSet } from './lead-sets.ts';

/** What says which groups there are when no metric is selected. */
const ANY: LeadMetricKey[] = ['leadsCreated'];

interface Selected {
  own: LeadMetricKey[];
  /** Below `comparison`. */
  compared: LeadMetricKey[];
}

export async function loadLeadGroups(
  context: Context,
  { by, scope, customField = null, orderBy, having, first, ...viewed }: LeadGroupsArgs,
  selected: Selected,
): Promise<LeadGroup[]> {
  const { organization } = context;
  requireDimensions(by, customField !== null);
  const chosen = groupRequest(
    { having, orderBy },
    {
      columnOf: leadColumn,
      comparable: (column, value) => comparable(column, value, organization.currency),
    },
  );
  const size = requireGroupCount(first);
  const custom =
    customField === null ? null : await requireCustomField(context, 'LEAD', customField, 'customField');
  const { fiscalYearStartMonth } = organization;
  const set = groupedLeads(await leadScopeSet(context, scope, viewed), {
    by,
    custom,
    fiscalYearStartMonth,
  });
  const keys = selected.own.length > 0 ? selected.own : ANY;
  const { chosenBy, orderedBy, ...rest } = chosen;
  const request: LeadGroupRequest = {
    ...rest,
    keys: [...new Set([...keys, ...[...chosenBy, ...orderedBy].map(({ key }) => key)])],
    havingKeys: [...new Set(chosenBy.map(({ key }) => key))],
    first: size,
  };
  const listed = besideCompared(set, selected.compared);
  const groups = await leadGroups(context.snapshot, listed, request);
  const names = groups.flatMap(({ group }) => group ?? []);
  const others = othersSet(listed, request, names);
  return groups.map(({ group, labels, values }) =>
    group === null
      ? {
          key: OTHER_KEY,
          metrics: leadMetrics({ set: others, group: OTHERS }, values),
        }
      : { key: leadGroupKey(by, group, labels), metrics: leadMetrics({ set, group }, values) },
  );
}

/** With the groups that only have leads in the window to compare with, as far as metrics are selected of it. */
function besideCompared(set: LeadSet, keys: LeadMetricKey[]): LeadSet {
  const compared = keys.length > 0 ? comparedLeads(set) : null;
  if (!compared) return set;
  return { ...set, beside: { set: compared, populations: populationsIn(metricColumns(keys)) } };
}
