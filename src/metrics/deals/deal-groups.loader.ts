import sql from 'sql-template-tag';
import type { Context } from '../../graphql/context.ts';
import { dateIn } from '../../identity/fiscal-calendar.ts';
import { endOf, periodsOf, spanOf, startOfPeriod } from '../metric-periods.ts';
import { journeyStages } from '../accounts/journey.queries.ts';
import { MetricDimension } from '../metric.enums.ts';
import { loadMetricSettings, metricView } from '../metric-view.ts';
import type { DealMetricKey } from './deal-definitions.ts';
import {
  groupRequest,
  requireCustomField,
  requireDimensions,
  requireGroupCount,
  OTHERS,
} from '../grouping.ts';
import { groupedSet } from './deal-dimensions.ts';
import { dealGroups, type GroupRequest, othersSet } from './deal-groups.queries.ts';
import { comparedSet, salesMetrics } from './deal-metrics.loader.ts';
import { dealMetricsByKey, type DealValues } from './deal-metrics.queries.ts';
import type { DealSelection } from './deal-selection.ts';
import type { DealSet } from './deal-set.ts';
import { scopeSet } from './deal-sets.ts';
import { comparable, metricColumn } from './metric-column.ts';
import type { MetricGroupsArgs, MetricSeriesArgs } from './metric-group.inputs.ts';
import { type MetricGroup, metricKey, type MetricPoint, OTHER_KEY } from './metric-group.type.ts';
import { targetsIn } from '../targets/window-targets.queries.ts';

/** What says which groups there are when no metric of the catalogue is selected. */
const ANY: DealMetricKey[] = ['openPipeline', 'won', 'lost'];

export async function loadMetricGroups(
  context: Context,
  { by, customField, orderBy, having, first, scope, ...viewed }: MetricGroupsArgs,
  { keys: selected, compared, unconverted, others, comparedOthers, engagement }: DealSelection,
): Promise<MetricGroup[]> {
  requireDimensions(by, customField != null);
  const custom = customField
    ? await requireCustomField(context, customField.record, customField.key, 'customField.key')
    : null;
  const { organization } = context;
  const view = metricView(context, viewed);
  const set = groupedSet(scopeSet(context, scope, view), {
    by,
    custom,
    fiscalYearStartMonth: organization.fiscalYearStartMonth,
    journeyStages: by.includes(MetricDimension.JOURNEY_STAGE)
      ? journeyStages(view, await loadMetricSettings(context))
      : null,
  });
  const { chosenBy, orderedBy, ...chosen } = groupRequest(
    { having, orderBy },
    {
      columnOf: metricColumn,
      comparable: (column, value) => comparable(column, value, organization.currency),
    },
  );
  const keys = new Set([
    ...(selected.length > 0 ? selected : ANY),
    ...[...chosenBy, ...orderedBy].map(({ key }) => key),
  ]);
  const window = view.window.compared;
  const request: GroupRequest = {
    ...chosen,
    keys: [...keys],
    havingKeys: [...new Set(chosenBy.map(({ key }) => key))],
    ofAll: others,
    accounts: (engagement && set.accounts) || null,
    compared:
      window && (compared.length > 0 || comparedOthers) && !set.period
        ? { set: comparedSet(set, window), keys: compared, ofAll: comparedOthers }
        : null,
    first: requireGroupCount(first),
  };
  const groups = await dealGroups(context.snapshot, set, { ...request, unconverted });
  const names = groups.flatMap(({ group }) => group ?? []);
  const othersOf = groups.some(({ group }) => group === null) && othersSet(set, request, names);
  const metrics = await salesMetrics(
    context,
    groups.map(({ group }) =>
      group === null ? { set: othersOf as DealSet, group: OTHERS } : { set, group },
    ),
    request.keys,
    new Map(groups.map(({ group, values }) => [group ?? OTHERS, values])),
  );
  return groups.map(({ group, labels }, index) => ({
    key: group === null ? OTHER_KEY : metricKey(by, group, labels),
    metrics: metrics[index]!,
  }));
}

export async function loadMetricSeries(
  context: Context,
  { interval, scope, ...viewed }: MetricSeriesArgs,
  { keys, unconverted }: DealSelection,
): Promise<MetricPoint[]> {
  const { fiscalYearStartMonth } = context.organization;
  const view = metricView(context, viewed);
  const periods = periodsOf(view.window, interval, fiscalYearStartMonth);
  const startOf = startOfPeriod(interval, fiscalYearStartMonth);
  const { timeZone } = view.window;
  const whole = scopeSet(context, scope, view);
  const set: DealSet = {
    ...whole,
    isOne: false,
    linkedTo: undefined,
    spans: periods.map((period) => spanOf(period, timeZone)),
    key: (period) => sql`${period}::text`,
    period: {
      // the first period is cut to the window
      startOf: (date) => sql`greatest(${startOf(date)}, ${view.window.from}::date)`,
      ends: periods.map((period) => {
        const at = endOf(period, timeZone, view.moment);
        return { start: period.from, endInstant: at.toISOString(), today: dateIn(timeZone, at) };
      }),
    },
    targets: whole.targets && {
      ...whole.targets,
      among: (targets, group) =>
        targetsIn(
          whole.targets!.among(targets, ''),
          periods.find(({ from }) => from === group)!,
        ),
    },
  };
  const values: Map<string, DealValues> = await dealMetricsByKey(context.snapshot, set, keys, unconverted);
  const metrics = await salesMetrics(
    context,
    periods.map(({ from }) => ({ set, group: from })),
    keys,
    values,
  );
  return periods.map(({ from, to }, index) => ({ from, to, metrics: metrics[index]! }));
}
