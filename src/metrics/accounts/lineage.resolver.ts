import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { metricDefinition, metricDescription } from '../catalogue.ts';
import { countedRows } from '../deals/deal-rows.ts';
import type { DealSet } from '../deals/deal-set.ts';
import type { DealTerms } from '../deals/deal-terms.ts';
import { SalesMetrics } from '../deals/sales-metrics.type.ts';
import { AmountMetric, RateMetric } from '../metric.types.ts';
import { loadMetricSettings } from '../metric-view.ts';
import { rowsOfRate } from '../rate-part.ts';
import { lineageDefinition, type LineageKey, lineageKeys } from './lineage-definitions.ts';
import { lineageByGroup, type LineageValues } from './lineage.queries.ts';
import { loadSelected } from './selected-values.ts';

/** One field per entry of the catalogue, described by it. */
function lineageField(key: LineageKey) {
  const metric = lineageDefinition(key);

  @Resolver(() => SalesMetrics)
  class LineageFieldResolver {
    @FieldResolver(() => (metric.shape === 'rate' ? RateMetric : AmountMetric), {
      description: metricDescription(metric),
    })
    async [key](@Root() { origin }: SalesMetrics, @Ctx() context: Context): Promise<unknown> {
      const settings = await loadMetricSettings(context);
      const { set } = origin;
      const value = await loadSelected<LineageKey, LineageValues>(
        context,
        'lineage',
        { set, key, group: origin.group },
        (keys) => lineageByGroup(context.snapshot, set, settings, keys),
      );
      const counted = (terms: DealTerms) => metric.counted(terms, set.view);
      const isIn = metric.isIn(set.view, settings);
      const rows = (of: DealSet, inNumerator: boolean | null) =>
        countedRows(counted, rowsOfRate(isIn, inNumerator))(of);
      return { ...value, definition: metricDefinition(key), origin: { ...origin, counted: rows } };
    }
  }
  return LineageFieldResolver;
}

export const lineageResolvers = lineageKeys.map(lineageField);
