import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { NestedOpportunitiesArgs } from '../../opportunities/opportunity.inputs.ts';
import { OpportunityConnection } from '../../opportunities/opportunity.type.ts';
import { loadRecords } from '../deals/deal-metrics.loader.ts';
import { MovementArgs } from './movement.inputs.ts';
import { loadPipelineMovement } from './movement.loader.ts';
import { Movement, PipelineMovement } from './movement.type.ts';

@Resolver(() => Movement)
export class MovementResolver {
  @Query(() => PipelineMovement, {
    description:
      'How the open pipeline changed from one moment to another, step by step through the history of each deal: it balances to the cent.',
  })
  pipelineMovement(
    @Args(() => MovementArgs) args: MovementArgs,
    @Ctx() context: Context,
  ): Promise<PipelineMovement> {
    return loadPipelineMovement(context, args);
  }

  @FieldResolver(() => OpportunityConnection, {
    description: 'Exactly the deals it is about, each once, by their close date now.',
  })
  records(
    @Root() movement: Movement,
    @Args(() => NestedOpportunitiesArgs) args: NestedOpportunitiesArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    return loadRecords(context, movement, args);
  }
}
