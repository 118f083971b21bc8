import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Money } from '../graphql/money.type.ts';
import { DecimalScalar } from '../graphql/scalars.ts';
import { MetricUnit } from './metric.enums.ts';
import type { DealOrigin } from './deals/deal-origin.ts';

@ObjectType('MetricDefinition', {
  simpleResolvers: true,
  description: 'What a metric is, from the same catalogue that computes it.',
})
export class MetricDefinition {
  @Field(() => String, { description: 'Stable name: `winRate`.' })
  key!: string;

  @Field(() => String, { description: 'Name to show: `Win rate`.' })
  label!: string;

  @Field(() => String, { description: 'How it is computed, in words.' })
  formula!: string;

  @Field(() => MetricUnit, { description: 'What its value is measured in.' })
  unit!: MetricUnit;

  @Field(() => String, { description: 'The value over no rows: `0`, `null` or, of a journey stage, `NONE`.' })
  emptyValue!: string;
}

/** What all metrics over opportunities have in common. */
export abstract class Metric {
  definition!: MetricDefinition;
  /** Where the value came from: tells `records` what was counted. */
  origin!: DealOrigin;
}

const definition = { description: 'What this metric is: formula, unit, value over no rows.' };

@ObjectType('AmountMetric', {
  simpleResolvers: true,
  description: 'A number of opportunities and the sum of their amounts; both 0 over no rows.',
})
export class AmountMetric extends Metric {
  @Field(() => Int, { description: 'How many, whether they have an amount or not, in any currency.' })
  count!: number;

  @Field(() => Money, {
    description:
      "Sum of the amounts in the organisation's currency; others are converted at the rate of their close date.",
  })
  amount!: Money;

  @Field(() => Int, { description: 'How many of them have no amount: counted, summed as 0.' })
  amountMissing!: number;

  @Field(() => [Money], {
    description:
      'Sums per other currency that has no rate by the close date, so that they are not in `amount`: a missing rate is never taken for 1. Ordered by currency.',
  })
  unconverted!: Money[];

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('RateMetric', { simpleResolvers: true, description: 'A part of a whole.' })
export class RateMetric extends Metric {
  @Field(() => Float, {
    nullable: true,
    description: 'Numerator ÷ denominator: 0.6 is 60 %. Null when the denominator is 0.',
  })
  value!: number | null;

  @Field(() => DecimalScalar, {
    description: "The part: a number of records, or money in the organisation's currency.",
  })
  numerator!: string;

  @Field(() => DecimalScalar, { description: 'The whole, in the same unit as the part.' })
  denominator!: string;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('MoneyMetric', {
  simpleResolvers: true,
  description: "A derived amount in the organisation's currency.",
})
export class MoneyMetric extends Metric {
  @Field(() => Money, {
    nullable: true,
    description: 'The amount; null where there is nothing to derive it from.',
  })
  value!: Money | null;

  @Field(() => Int, { description: 'How many opportunities it is derived from.' })
  count!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('DurationMetric', {
  simpleResolvers: true,
  description: 'Days from one date to another, over many records.',
})
export class DurationMetric extends Metric {
  @Field(() => Float, { nullable: true, description: 'Mean, in days; null over no rows.' })
  meanDays!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The middle one, or the mean of the two in the middle, in days; null over no rows.',
  })
  medianDays!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Nearest rank: the fewest days that at least 90 % did not exceed; null over no rows.',
  })
  p90Days!: number | null;

  @Field(() => Int, { description: 'How many were measured.' })
  count!: number;

  @Field(() => Int, { description: 'How many of them are negative: they are in the mean and the median.' })
  negative!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}
