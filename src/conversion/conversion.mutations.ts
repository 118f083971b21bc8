import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { ConvertLeadInput } from './conversion.inputs.ts';
import { ConvertLeadPayload } from './conversion.payload.ts';
import { convertLeadPayload } from './converted-lead-payload.ts';
import { convertByPlan, convertLead } from './conversion.service.ts';

@Resolver()
export class ConversionMutations {
  @Mutation(() => ConvertLeadPayload, {
    description:
      'Converts a lead into an account, a contact and an opportunity, all or nothing. Right: `lead:convert`.',
  })
  async convertLead(
    @Arg('input', () => ConvertLeadInput, { description: 'The lead, and what it is to become.' })
    input: ConvertLeadInput,
    @Ctx() context: Context,
  ): Promise<ConvertLeadPayload> {
    const { principal, organization, tokenSecret } = context;
    const byPlan = input.planToken !== null && input.planToken !== undefined;
    const { result, userErrors } = await orUserErrors(
      context.write((tx) =>
        byPlan
          ? convertByPlan(tx, principal, organization, input, tokenSecret)
          : convertLead(tx, principal, organization, input),
      ),
    );
    return convertLeadPayload(context, result, userErrors);
  }
}
