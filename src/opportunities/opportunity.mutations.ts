import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  CreateOpportunityInput,
  CreateOpportunityPayload,
  MoveOpportunityInput,
  MoveOpportunityPayload,
  UpdateOpportunityInput,
  UpdateOpportunityPayload,
} from './opportunity.mutation-inputs.ts';
import { opportunitiesByIds } from './opportunity.queries.ts';
import { createOpportunity, moveOpportunity, updateOpportunity } from './opportunity.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { opportunity: await loadById(context, 'Opportunity', opportunitiesByIds, result), userErrors };
}

@Resolver()
export class OpportunityMutations {
  @Mutation(() => CreateOpportunityPayload, {
    description: 'Makes an opportunity. Right: `opportunity:write`.',
  })
  createOpportunity(
    @Arg('input', () => CreateOpportunityInput, { description: 'The opportunity.' })
    input: CreateOpportunityInput,
    @Ctx() context: Context,
  ): Promise<CreateOpportunityPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => createOpportunity(tx, principal, organization, input));
  }

  @Mutation(() => UpdateOpportunityPayload, {
    description:
      'Changes an opportunity; only what is given, and not its stage: `moveOpportunity` does that. Right: `opportunity:write`.',
  })
  updateOpportunity(
    @Arg('input', () => UpdateOpportunityInput, { description: 'The changes.' })
    input: UpdateOpportunityInput,
    @Ctx() context: Context,
  ): Promise<UpdateOpportunityPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateOpportunity(tx, principal, organization, input));
  }

  @Mutation(() => MoveOpportunityPayload, {
    description:
      'Moves a deal to a stage, with history: on, back, to won or lost, or open again. Right: `opportunity:write`.',
  })
  moveOpportunity(
    @Arg('input', () => MoveOpportunityInput, { description: 'Where to.' }) input: MoveOpportunityInput,
    @Ctx() context: Context,
  ): Promise<MoveOpportunityPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => moveOpportunity(tx, principal, organization, input));
  }
}
