import { ArgsType, Field } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { MetricScope, WindowInput } from '../metric.inputs.ts';

@ArgsType()
export class MovementArgs {
  @Field(() => DateTimeScalar, { description: 'The moment the movement starts from; not after `to`.' })
  from!: string;

  @Field(() => DateTimeScalar, { description: 'The moment it leads to; now when it has not come yet.' })
  to!: string;

  @Field(() => MetricScope, {
    nullable: true,
    description:
      'Which opportunities; all of the organisation when omitted. What changes (stage, amount, close date, …) is judged as it was at `to`, so that the same deals are looked at all the way.',
  })
  scope?: MetricScope | null;

  @Field(() => WindowInput, {
    nullable: true,
    description:
      'Only deals with a close date in this window are in the pipeline, and those whose close date moves in or out of it are pulledIn and pushedOut. Omitted: all. A window by name is relative to `to`.',
  })
  closing?: WindowInput | null;
}
