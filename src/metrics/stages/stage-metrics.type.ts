import { Field, Float, ObjectType } from 'type-graphql';
import { Stage } from '../../opportunities/stage.type.ts';
import { DurationMetric, MetricDefinition, RateMetric } from '../metric.types.ts';

@ObjectType('StageConversion', {
  simpleResolvers: true,
  description: 'How many deals that came into one stage went on to another.',
})
export class StageConversion {
  @Field(() => Stage, { description: 'The stage they entered in the window.' })
  from!: Stage;

  @Field(() => Stage, { description: 'The stage they reached later, or went beyond.' })
  to!: Stage;

  @Field(() => RateMetric, {
    description: 'Those that reached it ÷ those that entered; `records` lists all that entered.',
  })
  rate!: RateMetric;
}

@ObjectType('StageDuration', { simpleResolvers: true, description: 'How long deals were in a stage.' })
export class StageDuration {
  @Field(() => Stage, { description: 'The stage.' })
  stage!: Stage;

  @Field(() => DurationMetric, {
    description: 'Days per deal that entered it in the window, all such visits of a deal together.',
  })
  duration!: DurationMetric;
}

@ObjectType('ThreadingMetric', {
  simpleResolvers: true,
  description: 'How many people are in the deals of the open pipeline.',
})
export class ThreadingMetric {
  @Field(() => Float, {
    nullable: true,
    description: 'Mean number of contacts per deal; null without open deals.',
  })
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The middle number of contacts per deal, or the mean of the two in the middle; null without open deals.',
  })
  median!: number | null;

  @Field(() => RateMetric, {
    description: 'Deals with at least two contacts ÷ all of the open pipeline, which `records` lists.',
  })
  multiThreadedShare!: RateMetric;

  @Field(() => MetricDefinition, { description: 'What this metric is: formula, unit, value over no rows.' })
  definition!: MetricDefinition;
}
