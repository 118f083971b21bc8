import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  CreateLeadInput,
  CreateLeadPayload,
  UpdateLeadInput,
  UpdateLeadPayload,
} from './lead.mutation-inputs.ts';
import { leadsByIds } from './lead.queries.ts';
import { createLead, updateLead } from './lead.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { lead: await loadById(context, 'Lead', leadsByIds, result), userErrors };
}

@Resolver()
export class LeadMutations {
  @Mutation(() => CreateLeadPayload, {
    description: 'Makes a lead and finds the account it may belong to. Right: `lead:write`.',
  })
  createLead(
    @Arg('input', () => CreateLeadInput, { description: 'The lead.' }) input: CreateLeadInput,
    @Ctx() context: Context,
  ): Promise<CreateLeadPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => createLead(tx, principal, organization, input));
  }

  @Mutation(() => UpdateLeadPayload, {
    description:
      'Changes a lead that is not converted; only what is given. Its account is looked for anew. Right: `lead:write`.',
  })
  updateLead(
    @Arg('input', () => UpdateLeadInput, { description: 'The changes.' }) input: UpdateLeadInput,
    @Ctx() context: Context,
  ): Promise<UpdateLeadPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateLead(tx, principal, organization, input));
  }
}
