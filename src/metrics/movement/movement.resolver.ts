import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ForwardPageArgs } from '../../graphql/connection.ts';
import type { Context } from '../../graphql/context.ts';
import { loadById } from '../../graphql/load.ts';
import { NestedOpportunitiesArgs } from '../../opportunities/opportunity.inputs.ts';
import { opportunitiesByIds } from '../../opportunities/opportunity.queries.ts';
import { Opportunity, OpportunityConnection } from '../../opportunities/opportunity.type.ts';
import { loadRecords } from '../deals/deal-metrics.loader.ts';
import { MovementArgs } from './movement.inputs.ts';
import { loadMovementChanges, loadPipelineMovement } from './movement.loader.ts';
import { Movement, MovementChange, MovementChangeConnection, PipelineMovement } from './movement.type.ts';
import { metricsCost } from '../metric-costs.ts';

@Resolver(() => Movement)
export class MovementResolver {
  @Query(() => PipelineMovement, {
    complexity: metricsCost,
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

  @FieldResolver(() => MovementChangeConnection, {
    description:
      'What `count`, `amount` and `unconverted` are the sums of, in time: each step of a deal, by how much it changed what.',
  })
  changes(
    @Root() movement: Movement,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<MovementChangeConnection> {
    return loadMovementChanges(context, movement, args);
  }
}

@Resolver(() => MovementChange)
export class MovementChangeResolver {
  @FieldResolver(() => Opportunity, { description: 'The deal, as it is now.' })
  opportunity(
    @Root() { opportunityUuid }: MovementChange,
    @Ctx() context: Context,
  ): Promise<Opportunity | null> | null {
    return loadById(context, 'Opportunity', opportunitiesByIds, opportunityUuid);
  }
}
