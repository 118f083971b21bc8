import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { MAX_BATCH } from '../graphql/batch-mode.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { CreateLeadsInput, CreateLeadsPayload } from './lead-batch.inputs.ts';
import { BatchRefusal, createLeads, type ItemOutcome } from './lead-batch.service.ts';
import { leadsByIds } from './lead.queries.ts';

const ABORTED: UserErrorData = {
  code: UserErrorCode.BATCH_ABORTED,
  message: 'Not made, since another lead of the batch was refused',
};

/** What became of each item, and what is to be said of the batch as a whole. */
async function outcomesOf(
  making: Promise<ItemOutcome[]>,
): Promise<{ outcomes: ItemOutcome[]; userErrors: UserErrorData[] }> {
  try {
    return { outcomes: await making, userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const refused = error instanceof BatchRefusal ? error.outcomes : [];
    const outcomes = refused.map((errors) => ({ errors: errors.length > 0 ? errors : [ABORTED] }));
    return { outcomes, userErrors: error.errors };
  }
}

@Resolver()
export class LeadBatchMutations {
  @Mutation(() => CreateLeadsPayload, {
    description: `Makes up to ${MAX_BATCH} leads in one transaction and finds their accounts. Right: \`lead:write\`.`,
  })
  async createLeads(
    @Arg('input', () => CreateLeadsInput, { description: 'The leads.' }) input: CreateLeadsInput,
    @Ctx() context: Context,
  ): Promise<CreateLeadsPayload> {
    const { principal, organization } = context;
    const making = context.write((tx) => createLeads(tx, principal, organization, input));
    const { outcomes, userErrors } = await outcomesOf(making);
    const results = outcomes.map(async (outcome, index) => ({
      clientRef: input.items[index]!.clientRef ?? null,
      payload:
        'id' in outcome
          ? { lead: await loadById(context, 'Lead', leadsByIds, outcome.id), userErrors: [] }
          : { lead: null, userErrors: outcome.errors },
    }));
    return { results: await Promise.all(results), userErrors };
  }
}
