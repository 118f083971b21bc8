import { Field, Int, ObjectType } from 'type-graphql';
import { metricDescription } from '../catalogue.ts';
import { AmountMetric, DurationMetric, MoneyMetric, RateMetric } from '../metric.types.ts';
import { overviewDefinitions } from '../overview-definitions.ts';
import { dealDefinition, dealMetricKeys } from './deal-definitions.ts';
import type { DealOrigin } from './deal-origin.ts';

const TYPES = {
  amount: AmountMetric,
  rate: RateMetric,
  money: MoneyMetric,
  duration: DurationMetric,
  count: Int,
};

@ObjectType('Forecast', {
  simpleResolvers: true,
  description: 'Opportunities by forecast category, of those with closeDate in the window.',
})
export class Forecast {}

@ObjectType('SalesMetrics', {
  simpleResolvers: true,
  description:
    'Pipeline and outcome of a set of opportunities. Metrics that are not selected are not computed.',
})
export class SalesMetrics {
  /** What they are of. */
  origin!: DealOrigin;

  @Field(() => String, {
    nullable: true,
    description:
      'Which records the caller may not read are left out; null: the caller may read all of the organisation.',
  })
  scopeNote!: string | null;
}

/** One field per entry of the catalogue, described by it. */
for (const key of dealMetricKeys) {
  const metric = dealDefinition(key);
  const [type, field] = metric.path ? [Forecast, metric.path.split('.')[1]!] : [SalesMetrics, key];
  Field(() => TYPES[metric.shape], { description: metricDescription(metric) })(type.prototype, field);
}

Field(() => Forecast, { description: metricDescription(overviewDefinitions.forecast) })(
  SalesMetrics.prototype,
  'forecast',
);
