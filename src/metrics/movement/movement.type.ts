import { Field, Int, ObjectType } from 'type-graphql';
import { Money } from '../../graphql/money.type.ts';
import { metricDescription } from '../catalogue.ts';
import { Metric, MetricDefinition } from '../metric.types.ts';
import { movementDefinitions, movementKey, movementNames } from './movement-definitions.ts';

@ObjectType('Movement', {
  simpleResolvers: true,
  description: 'One way in which the open pipeline changed, or what it was at one of the moments.',
})
export class Movement extends Metric {
  @Field(() => Int, {
    description:
      'By how much the number of deals in the pipeline changed: a deal that was reopened twice counts twice; 0 of what leaves the number as it is.',
  })
  count!: number;

  @Field(() => Int, { description: 'How many deals it is about: those that `records` lists.' })
  deals!: number;

  @Field(() => Money, {
    description:
      "The amount in the organisation's currency; others are converted at the rate of the close date the deal had then. Deals without amount add 0.",
  })
  amount!: Money;

  @Field(() => [Money], {
    description:
      'Amounts per other currency that has no rate by the close date, so that they are not in `amount`; the balance holds for each of them, too. Ordered by currency.',
  })
  unconverted!: Money[];

  @Field(() => MetricDefinition, { description: 'What this movement is.' })
  declare definition: MetricDefinition;
}

@ObjectType('PipelineMovement', {
  simpleResolvers: true,
  description:
    'How the open pipeline at one moment became that of another: start + created + reopened + pulledIn + increased − decreased − pushedOut − won − lost − omitted = end, for `count`, `amount` and each unconverted currency.',
})
export class PipelineMovement {}

for (const name of movementNames)
  Field(() => Movement, { description: metricDescription(movementDefinitions[movementKey(name)]) })(
    PipelineMovement.prototype,
    name,
  );
