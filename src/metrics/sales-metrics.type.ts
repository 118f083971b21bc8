import { Field, ObjectType } from 'type-graphql';
import { MetricUnit } from './metric.enums.ts';
import {
  AmountMetric,
  DurationMetric,
  type MetricDefinition,
  MoneyMetric,
  RateMetric,
} from './metric.types.ts';
import {
  type MetricDefinitionEntry,
  type metricDefinitions,
  type MetricKey,
  metricDefinition,
  metricKeys,
} from './metric-definitions.ts';

const TYPES = { amount: AmountMetric, rate: RateMetric, money: MoneyMetric, duration: DurationMetric };

type SalesMetricFields = {
  [K in MetricKey]: InstanceType<(typeof TYPES)[(typeof metricDefinitions)[K]['shape']]>;
};

@ObjectType('SalesMetrics', {
  simpleResolvers: true,
  description:
    'Pipeline and outcome of a set of opportunities. Metrics that are not selected are not computed.',
})
export class SalesMetrics implements SalesMetricFields {
  openPipeline!: AmountMetric;
  weightedPipeline!: AmountMetric;
  pipelineCreated!: AmountMetric;
  won!: AmountMetric;
  lost!: AmountMetric;
  winRate!: RateMetric;
  winRateByValue!: RateMetric;
  averageDealSize!: MoneyMetric;
  medianDealSize!: MoneyMetric;
  salesCycle!: DurationMetric;
  velocity!: MoneyMetric;
}

const UNITS: Record<MetricUnit, string> = {
  [MetricUnit.COUNT]: 'records',
  [MetricUnit.MONEY]: "money in the organisation's currency",
  [MetricUnit.RATIO]: 'ratio (0.6 is 60 %)',
  [MetricUnit.DAYS]: 'days',
  [MetricUnit.MONEY_PER_DAY]: "money per day in the organisation's currency",
  [MetricUnit.MINUTES]: 'minutes',
};

function description(metric: MetricDefinitionEntry): string {
  return `${metric.formula}\n\nUnit: ${UNITS[metric.unit]}. Over no rows: ${emptyValue(metric)}.`;
}

/** Sums and counts of nothing are 0; rates, averages and medians of nothing do not exist. */
function emptyValue(metric: MetricDefinitionEntry): string {
  return metric.shape === 'amount' ? '0' : 'null';
}

/** One field per entry of the catalogue, described by it. */
for (const key of metricKeys) {
  const metric = metricDefinition(key);
  Field(() => TYPES[metric.shape], { description: description(metric) })(SalesMetrics.prototype, key);
}

const published = new Map<MetricKey, MetricDefinition>(
  metricKeys.map((key) => {
    const metric = metricDefinition(key);
    const { label, formula, unit } = metric;
    return [key, { key, label, formula, unit, emptyValue: emptyValue(metric) }];
  }),
);

/** The catalogue as clients read it. */
export function publishedDefinition(key: MetricKey): MetricDefinition {
  return published.get(key)!;
}
