import sql from 'sql-template-tag';
import { customFieldsOf } from '../../custom-fields/custom-field.queries.ts';
import type { Context } from '../../graphql/context.ts';
import { badInput } from '../../graphql/errors.ts';
import { OrderDirection } from '../../graphql/filter.types.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../../graphql/page.ts';
import { dateIn } from '../../identity/fiscal-calendar.ts';
import { endOf, periodsOf, spanOf, startOfPeriod } from '../metric-periods.ts';
import { journeyStages } from '../accounts/journey.queries.ts';
import { MetricDimension } from '../metric.enums.ts';
import { loadMetricSettings, metricView } from '../metric-view.ts';
import type { DealMetricKey } from './deal-definitions.ts';
import { requireDimensions } from '../grouping.ts';
import { groupedSet } from './deal-dimensions.ts';
import {
  dealGroups,
  type GroupCondition,
  type GroupRequest,
  OTHERS,
  othersSet,
} from './deal-groups.queries.ts';
import { comparedSet, salesMetrics } from './deal-metrics.loader.ts';
import { dealMetricsByKey, type DealValues } from './deal-metrics.queries.ts';
import type { DealSelection } from './deal-selection.ts';
import type { DealSet } from './deal-set.ts';
import { scopeSet } from './deal-sets.ts';
import { comparable, metricColumn } from './metric-column.ts';
import type { MetricGroupsArgs, MetricSeriesArgs } from './metric-group.inputs.ts';
import { type MetricGroup, metricKey, type MetricPoint, OTHER_KEY } from './metric-group.type.ts';
import { targetsIn, wholeTarget } from './sales-targets.queries.ts';

/** What says which groups there are when no metric of the catalogue is selected. */
const ANY: DealMetricKey[] = ['openPipeline', 'won', 'lost'];

export async function loadMetricGroups(
  context: Context,
  { by, customField, orderBy, having, first, scope, ...viewed }: MetricGroupsArgs,
  { keys: selected, compared, unconverted, others }: DealSelection,
): Promise<MetricGroup[]> {
  requireDimensions(by, customField != null);
  if (customField) await requireCustomField(context, customField);
  const { organization } = context;
  const view = metricView(context, viewed);
  const set = groupedSet(scopeSet(context, scope, view), {
    by,
    custom: customField ?? null,
    fiscalYearStartMonth: organization.fiscalYearStartMonth,
    journeyStages: by.includes(MetricDimension.JOURNEY_STAGE)
      ? journeyStages(view, await loadMetricSettings(context))
      : null,
  });
  const keys = selected.length > 0 ? selected : ANY;
  const request = {
    ...groupRequest({ orderBy, having, first }, keys, organization.currency),
    ofAll: others,
    compared:
      view.window.compared && compared.length > 0 && !set.period
        ? { set: comparedSet(set, view.window.compared), keys: compared }
        : null,
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

async function requireCustomField(
  { snapshot, organization }: Context,
  { record, key }: NonNullable<MetricGroupsArgs['customField']>,
): Promise<void> {
  const fields = await customFieldsOf(snapshot, organization.id);
  const known = fields
    .filter(({ recordType }) => recordType === (record as string))
    .map((field) => field.key);
  if (!known.includes(key))
    throw badInput(
      'customField.key',
      `is no custom field of ${record}: ${known.join(', ') || 'there is none'}`,
    );
}

function groupRequest(
  { orderBy, having, first }: Pick<MetricGroupsArgs, 'orderBy' | 'having' | 'first'>,
  selected: DealMetricKey[],
  currency: string,
): Omit<GroupRequest, 'ofAll' | 'compared'> {
  const size = first ?? DEFAULT_GROUPS;
  if (size < 1 || size > MAX_GROUPS) throw badInput('first', `must be 1 to ${MAX_GROUPS}, got ${size}`);
  const keys = new Set(selected);
  const order = orderBy && metricColumn(orderBy.metric, 'orderBy.metric');
  if (order) keys.add(order.key);
  const conditions = (having ?? []).flatMap(({ metric, gt, gte, lt, lte }, index): GroupCondition[] => {
    const column = metricColumn(metric, `having[${index}].metric`);
    keys.add(column.key);
    const bounds = { '>': gt, '>=': gte, '<': lt, '<=': lte };
    return (Object.keys(bounds) as (keyof typeof bounds)[]).flatMap((comparison) => {
      const bound = bounds[comparison];
      if (bound == null) return [];
      const value = comparable(column, bound, currency, `having[${index}]`);
      return { column: column.column, comparison, value };
    });
  });
  return {
    keys: [...keys],
    having: conditions,
    orderBy: order ? { column: order.column, descending: orderBy!.direction !== OrderDirection.ASC } : null,
    first: size,
  };
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
    targetOf:
      whole.targetOf &&
      ((targets, group) =>
        wholeTarget(
          targetsIn(
            targets,
            periods.find(({ from }) => from === group)!,
          ),
        )),
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
