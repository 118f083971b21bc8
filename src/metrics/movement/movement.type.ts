import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../../graphql/connection.ts';
import { Money } from '../../graphql/money.type.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { metricDescription } from '../catalogue.ts';
import { Metric, MetricDefinition } from '../metric.types.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import {
  movementDefinitions,
  movementKey,
  type MovementName,
  movementNames,
} from './movement-definitions.ts';
import type { MovementRequest } from './movement.queries.ts';

@ObjectType('MovementChange', {
  simpleResolvers: true,
  description: 'What one step of a deal adds to a movement; of start and end, what the deal was then.',
})
export class MovementChange {
  opportunityUuid!: string;

  @Field(() => DateTimeScalar, {
    description: 'When the deal took the step; of start and end, since when it was as it is counted.',
  })
  at!: string;

  @Field(() => Int, {
    description: 'What it adds to `count`: 1, 0, or −1 for a deal that is no longer omitted.',
  })
  count!: number;

  @Field(() => Money, {
    description:
      "What it adds to `amount`, or in another currency without a rate to that one of `unconverted`. 0 in the organisation's currency without an amount.",
  })
  amount!: Money;
}

export const MovementChangeConnection = connectionOf(
  'MovementChange',
  () => MovementChange,
  'changes of a movement',
);
export type MovementChangeConnection = InstanceType<typeof MovementChangeConnection>;

export function toMovementChange(row: ListRow): MovementChange {
  const { opportunityUuid, at, count, value, currency } = row as ListRow &
    MovementChange & { value: string; currency: string };
  return { opportunityUuid, at, count, amount: exactMoney(String(value), currency) };
}

@ObjectType('Movement', {
  simpleResolvers: true,
  description: 'One way in which the open pipeline changed, or what it was at one of the moments.',
})
export class Movement extends Metric {
  request!: MovementRequest;
  name!: MovementName;

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

  @Field(() => Int, { description: 'How many of the deals had no amount then: they add 0.' })
  amountMissing!: number;

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
