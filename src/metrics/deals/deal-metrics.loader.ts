import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Context } from '../../graphql/context.ts';
import { ratio } from '../../graphql/exact-decimal.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadPage, loadPageOf } from '../../graphql/load.ts';
import { fromMinor } from '../../graphql/money.ts';
import { orders } from '../../graphql/order.ts';
import { pageRequest } from '../../graphql/page.ts';
import { opportunityFilter, opportunityOrders } from '../../opportunities/opportunity.filter.ts';
import { OpportunityOrderField } from '../../opportunities/opportunity.inputs.ts';
import { opportunitySource } from '../../opportunities/opportunity.queries.ts';
import { type OpportunityConnection, opportunityList } from '../../opportunities/opportunity.type.ts';
import { dateIn } from '../../identity/fiscal-calendar.ts';
import { metricDefinition } from '../catalogue.ts';
import { endOf } from '../metric-periods.ts';
import type { MetricWindow } from '../metric-window.ts';
import type { Metric } from '../metric.types.ts';
import { rowsOfRate } from '../rate-part.ts';
import type { RateRecordsArgs } from '../records.inputs.ts';
import { setName } from '../set-name.ts';
import { dealDefinition, type DealMetricKey } from './deal-definitions.ts';
import { dealMetricsByKey, type DealValues, emptyValues } from './deal-metrics.queries.ts';
import type { DealOrigin } from './deal-origin.ts';
import type { DealSelection } from './deal-selection.ts';
import type { DealTerms } from './deal-terms.ts';
import { amongByGroup, countedByGroup, isAmong, isCounted } from './deal-rows.ts';
import type { DealSet } from './deal-set.ts';
import type { RateValue } from './deal-shapes.ts';
import { type SalesTarget, targetOf, targetsWithin } from '../targets/window-targets.queries.ts';
import type { SalesMetrics } from './sales-metrics.type.ts';

/** One SQL for the selected metrics of all parents of an operation, per set of arguments, which `name` tells. */
export function loadMetricsByParent(
  context: Context,
  name: string,
  { keys, unconverted }: DealSelection,
  makeSet: (parents: readonly string[]) => DealSet,
  parent: string,
): Promise<SalesMetrics> {
  return context
    .loader(
      `${name} ${keys.join()} ${unconverted}`,
      () =>
        new DataLoader<string, SalesMetrics>(async (parents) => {
          const set = makeSet(parents);
          const values = await dealMetricsByKey(context.snapshot, set, keys, unconverted);
          return salesMetrics(
            context,
            parents.map((group) => ({ set, group })),
            keys,
            values,
          );
        }),
    )
    .load(parent);
}

export async function loadMetricsOfSet(
  context: Context,
  { keys, unconverted }: DealSelection,
  set: DealSet,
): Promise<SalesMetrics> {
  const values = await dealMetricsByKey(context.snapshot, set, keys, unconverted);
  const [metrics] = await salesMetrics(context, [{ set, group: '' }], keys, values);
  return metrics!;
}

/** The values as clients see them; those of a group without deals are empty ones. */
export async function salesMetrics(
  { snapshot }: Context,
  origins: DealOrigin[],
  keys: readonly DealMetricKey[],
  values: Map<string, DealValues>,
): Promise<SalesMetrics[]> {
  const set = origins[0]?.set;
  if (!set) return [];
  const targets = keys.includes('coverage') && set.targets ? await targetsWithin(snapshot, set.view) : [];
  const empty = emptyValues(set, keys);
  return origins.map((origin) => {
    const own = { ...(values.get(origin.group) ?? empty) };
    if (own.coverage) own.coverage = withTarget(own.coverage as RateValue, targets, origin);
    const metrics: Record<string, unknown> = { origin, scopeNote: null, forecast: {} };
    for (const [key, value] of Object.entries(own)) {
      const { path, shape } = dealDefinition(key as DealMetricKey);
      const metric =
        shape === 'count'
          ? (value as { count: number }).count
          : { ...value, definition: metricDefinition(key), origin };
      if (path) (metrics.forecast as Record<string, unknown>)[path.split('.')[1]!] = metric;
      else metrics[key] = metric;
    }
    return metrics as unknown as SalesMetrics;
  });
}

function withTarget(coverage: RateValue, targets: SalesTarget[], { set, group }: DealOrigin): RateValue {
  const target = set.targets ? targetOf(set.targets, targets, group) : 0n;
  const denominator = fromMinor(String(target), set.view.organization.currency);
  return { ...coverage, denominator, value: ratio(coverage.numerator, denominator) };
}

/** The same metrics of the window to compare with; null without one, and of periods, which stand beside each other. */
export function loadComparison(
  context: Context,
  { set, group }: DealOrigin,
  { keys, unconverted }: DealSelection,
): Promise<SalesMetrics> | null {
  const { view, period } = set;
  const window = view.window.compared;
  if (!window || period) return null;
  return context
    .loader(`${setName(set)} comparison ${keys.join()} ${unconverted}`, () => {
      const compared = comparedSet(set, window);
      return new DataLoader<string, SalesMetrics>(async (groups) =>
        salesMetrics(
          context,
          groups.map((one) => ({ set: compared, group: one })),
          keys,
          await dealMetricsByKey(context.snapshot, compared, keys, unconverted),
        ),
      );
    })
    .load(group);
}

/** The set as of the end of the window it is compared with. */
export function comparedSet(set: DealSet, window: MetricWindow): DealSet {
  const { view } = set;
  const end = endOf({ from: window.from!, to: window.to! }, window.timeZone, view.moment);
  return {
    ...set,
    linkedTo: undefined,
    view: { ...view, window },
    period: {
      startOf: () => sql`null::date`,
      ends: [{ start: window.from!, endInstant: end.toISOString(), today: dateIn(window.timeZone, end) }],
    },
  };
}

/** Of what a metric counts: of a rate those in its numerator (true), the others (false), or all (null). */
function countedOf(key: DealMetricKey, inNumerator: boolean | null): (terms: DealTerms) => Sql {
  const definition = dealDefinition(key);
  const { counted } = definition;
  if (inNumerator === null || definition.shape !== 'rate') return counted;
  return (of) => sql`(${counted(of)} and ${rowsOfRate(definition.part(of), inNumerator)})`;
}

/** A page of exactly the opportunities a metric counts, as far as they satisfy the filter; by close date. */
export function loadRecords(
  context: Context,
  { definition, origin: { set, group, counted, part } }: Metric,
  args: RateRecordsArgs,
): Promise<OpportunityConnection> {
  const key = definition.key as DealMetricKey;
  const { inNumerator = null } = args;
  const { organization } = set.view;
  const order = orders(args.orderBy, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE });
  const request = pageRequest(args, order);
  const filtered = compileFilter(args.filter, opportunityFilter, organization, 'records.filter');
  const rows = counted && ((of: DealSet) => counted(of, inNumerator));
  if (group === '') {
    const condition = rows
      ? isAmong(set, rows, sql`''`)
      : isCounted(set, countedOf(key, inNumerator), sql`''`);
    const source = opportunitySource(organization.id, sql`${condition} and ${filtered}`);
    return loadPage(context, opportunityList, source, request);
  }
  return loadPageOf(context, `${setName(set)} ${key} ${part} records`, args, group, opportunityList, () => ({
    source: opportunitySource(organization.id, filtered),
    request,
    ...(rows ? amongByGroup(set, rows) : countedByGroup(set, countedOf(key, inNumerator))),
  }));
}
