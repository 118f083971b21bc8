import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { conversionsByIds } from './conversion.queries.ts';
import { RevertConversionInput } from './revert.inputs.ts';
import { revertConversion } from './revert.service.ts';
import { RevertConversionPayload } from './revert.type.ts';

@Resolver()
export class RevertMutations {
  @Mutation(() => RevertConversionPayload, {
    description:
      'Undoes a conversion exactly, as long as nothing was built on it: fields, activities and campaign memberships go back, records it created are deleted, the lead can be converted again. Right: `lead:convert`.',
  })
  async revertConversion(
    @Arg('input', () => RevertConversionInput, { description: 'The conversion, and why.' })
    input: RevertConversionInput,
    @Ctx() context: Context,
  ): Promise<RevertConversionPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => revertConversion(tx, context.principal, input)),
    );
    const [conversion, lead] = await Promise.all([
      loadById(context, 'LeadConversion', conversionsByIds, result?.conversionId ?? null),
      loadById(context, 'Lead', leadsByIds, result?.leadId ?? null),
    ]);
    return { conversion, lead, userErrors };
  }
}
