import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { MAX_BATCH } from '../graphql/batch-mode.ts';
import { orBatchErrors } from '../graphql/batch-refusal.ts';
import type { Context } from '../graphql/context.ts';
import { ConvertLeadsInput, ConvertLeadsPayload } from './conversion-batch.inputs.ts';
import { convertLeads } from './conversion-batch.service.ts';
import { convertLeadPayload } from './converted-lead-payload.ts';

@Resolver()
export class ConversionBatchMutations {
  @Mutation(() => ConvertLeadsPayload, {
    description: `Converts up to ${MAX_BATCH} leads in one transaction. Right: \`lead:convert\`.`,
  })
  async convertLeads(
    @Arg('input', () => ConvertLeadsInput, { description: 'The leads, and what they are to become.' })
    input: ConvertLeadsInput,
    @Ctx() context: Context,
  ): Promise<ConvertLeadsPayload> {
    const { principal, organization, tokenSecret } = context;
    const { outcomes, userErrors } = await orBatchErrors(
      context.write((tx) => convertLeads(tx, principal, organization, input, tokenSecret)),
    );
    const results = outcomes.map(async (outcome, index) => ({
      clientRef: input.items[index]!.clientRef ?? null,
      payload: await ('errors' in outcome
        ? convertLeadPayload(context, null, outcome.errors)
        : convertLeadPayload(context, outcome, [])),
    }));
    return { results: await Promise.all(results), userErrors };
  }
}
