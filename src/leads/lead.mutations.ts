import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { MatchLeadInput, MatchLeadPayload } from './account-match.inputs.ts';
import { matchLead } from './account-match.service.ts';
import { AssignLeadInput } from './lead-assignment.inputs.ts';
import { assignLead } from './lead-assignment.service.ts';
import {
  CreateLeadInput,
  CreateLeadPayload,
  UpdateLeadInput,
  UpdateLeadPayload,
} from './lead.mutation-inputs.ts';
import { leadsByIds } from './lead.queries.ts';
import { QualifyLeadInput, QualifyLeadPayload } from './lead-qualification.inputs.ts';
import { qualifyLead } from './lead-qualification.service.ts';
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
      'Changes a lead that is not converted; only what is given. Its account is looked for anew, unless it was chosen by `matchLead`. Right: `lead:write`.',
  })
  updateLead(
    @Arg('input', () => UpdateLeadInput, { description: 'The changes.' }) input: UpdateLeadInput,
    @Ctx() context: Context,
  ): Promise<UpdateLeadPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateLead(tx, principal, organization, input));
  }

  @Mutation(() => QualifyLeadPayload, {
    description:
      'Notes that a lead is marketing-qualified, accepted by sales or sales-qualified, disqualifies it with a reason, or recycles it. Right: `lead:write`.',
  })
  qualifyLead(
    @Arg('input', () => QualifyLeadInput, { description: 'What it has reached.' }) input: QualifyLeadInput,
    @Ctx() context: Context,
  ): Promise<QualifyLeadPayload> {
    return written(context, (tx) => qualifyLead(tx, context.principal, input));
  }

  @Mutation(() => CreateLeadPayload, {
    description: 'Gives a lead to a person, to a queue or to nobody. Right: `lead:write`.',
  })
  assignLead(
    @Arg('input', () => AssignLeadInput, { description: 'Whose it is.' }) input: AssignLeadInput,
    @Ctx() context: Context,
  ): Promise<CreateLeadPayload> {
    return written(context, (tx) => assignLead(tx, context.principal, input));
  }

  @Mutation(() => MatchLeadPayload, {
    description:
      'Says which account a lead belongs to, whatever the matching finds; or leaves it to the matching again. A conversion with `matchOrCreate` uses that account. Right: `lead:write`.',
  })
  matchLead(
    @Arg('input', () => MatchLeadInput, { description: 'Which account.' }) input: MatchLeadInput,
    @Ctx() context: Context,
  ): Promise<MatchLeadPayload> {
    return written(context, (tx) => matchLead(tx, context.principal, input));
  }
}
