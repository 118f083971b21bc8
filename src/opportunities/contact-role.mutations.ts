import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  AddOpportunityContactInput,
  OpportunityContactPayload,
  RemoveOpportunityContactInput,
  UpdateOpportunityContactInput,
} from './contact-role.inputs.ts';
import {
  addOpportunityContact,
  removeOpportunityContact,
  updateOpportunityContact,
} from './contact-role.service.ts';
import { opportunitiesByIds } from './opportunity.queries.ts';

async function written(
  context: Context,
  write: (tx: Transaction) => Promise<string>,
): Promise<OpportunityContactPayload> {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { opportunity: await loadById(context, 'Opportunity', opportunitiesByIds, result), userErrors };
}

@Resolver()
export class ContactRoleMutations {
  @Mutation(() => OpportunityContactPayload, {
    description:
      "Gives a person at the deal's account a part in the deal. The first one is its main contact. Right: `opportunity:write`.",
  })
  addOpportunityContact(
    @Arg('input', () => AddOpportunityContactInput, { description: 'The deal, the person and the part.' })
    input: AddOpportunityContactInput,
    @Ctx() context: Context,
  ): Promise<OpportunityContactPayload> {
    return written(context, (tx) => addOpportunityContact(tx, context.principal, input));
  }

  @Mutation(() => OpportunityContactPayload, {
    description:
      "Changes a person's part in a deal, or makes them its main contact. Right: `opportunity:write`.",
  })
  updateOpportunityContact(
    @Arg('input', () => UpdateOpportunityContactInput, { description: 'The changes.' })
    input: UpdateOpportunityContactInput,
    @Ctx() context: Context,
  ): Promise<OpportunityContactPayload> {
    return written(context, (tx) => updateOpportunityContact(tx, context.principal, input));
  }

  @Mutation(() => OpportunityContactPayload, {
    description:
      "Ends a person's part in a deal. Of the others, who came first becomes the main contact; an import does not bring the part back. Right: `opportunity:write`.",
  })
  removeOpportunityContact(
    @Arg('input', () => RemoveOpportunityContactInput, { description: 'The deal and the person.' })
    input: RemoveOpportunityContactInput,
    @Ctx() context: Context,
  ): Promise<OpportunityContactPayload> {
    return written(context, (tx) => removeOpportunityContact(tx, context.principal, input));
  }
}
