import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { MAX_BATCH } from '../graphql/batch-mode.ts';
import { orBatchErrors } from '../graphql/batch-refusal.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { CreateLeadsInput, CreateLeadsPayload } from './lead-batch.inputs.ts';
import { createLeads } from './lead-batch.service.ts';
import { leadsByIds } from './lead.queries.ts';

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
    const { outcomes, userErrors } = await orBatchErrors(making);
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
