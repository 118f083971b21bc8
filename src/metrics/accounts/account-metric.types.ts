import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MetricDefinition } from '../metric.types.ts';
import type { DealOrigin } from '../deals/deal-origin.ts';
import type { CoverageKey } from './coverage-definitions.ts';
import type { AccountSet } from './coverage.queries.ts';

const share = 'Numerator ÷ denominator: 0.6 is 60 %. Null when the denominator is 0.';

/** What a coverage is of. */
export interface CoverageOrigin {
  set: AccountSet;
  group: string;
}

@ObjectType('AccountRateMetric', { simpleResolvers: true, description: 'A share of target accounts.' })
export class AccountRateMetric {
  key!: CoverageKey;
  origin!: CoverageOrigin;

  @Field(() => Float, { nullable: true, description: share })
  value!: number | null;

  @Field(() => Int, { description: 'The part.' })
  numerator!: number;

  @Field(() => Int, { description: 'The whole.' })
  denominator!: number;

  @Field(() => MetricDefinition, { description: 'What this metric is: formula, unit, value over no rows.' })
  definition!: MetricDefinition;
}

@ObjectType('ContactRateMetric', { simpleResolvers: true, description: 'A share of contacts.' })
export class ContactRateMetric {
  origin!: DealOrigin;

  @Field(() => Float, { nullable: true, description: share })
  value!: number | null;

  @Field(() => Int, { description: 'The part: a number of contacts.' })
  numerator!: number;

  @Field(() => Int, { description: 'The whole: a number of contacts.' })
  denominator!: number;

  @Field(() => MetricDefinition, { description: 'What this metric is: formula, unit, value over no rows.' })
  definition!: MetricDefinition;
}

@ObjectType('EngagementMetric', {
  simpleResolvers: true,
  description: 'What the people of a set of accounts did of their own accord.',
})
export class EngagementMetric {
  origin!: DealOrigin;

  @Field(() => Int, { description: 'Minutes in the window; 0 over nothing.' })
  minutes!: number;

  @Field(() => Int, {
    description: 'People (contacts and unconverted leads) with more than 0 minutes in the window.',
  })
  people!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Change against the window before it (as compare PREVIOUS): 0.5 is half as many minutes more. Null when that has none, or the window is open-ended.',
  })
  trend!: number | null;

  @Field(() => ContactRateMetric, {
    description: 'Contacts with more than 0 minutes in the window ÷ contacts.',
  })
  penetration!: ContactRateMetric;

  @Field(() => MetricDefinition, { description: 'What this metric is: formula, unit, value over no rows.' })
  definition!: MetricDefinition;
}
