import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { ConvertLeadInput } from './conversion.inputs.ts';
import { ConvertLeadPayload } from './conversion.payload.ts';
import { conversionsByIds } from './conversion.queries.ts';
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
    const [conversion, lead, account, contact, opportunity] = await Promise.all([
      loadById(context, 'LeadConversion', conversionsByIds, result?.conversionId ?? null),
      loadById(context, 'Lead', leadsByIds, result?.leadId ?? null),
      loadById(context, 'Account', accountsByIds, result?.accountId ?? null),
      loadById(context, 'Contact', contactsByIds, result?.contactId ?? null),
      loadById(context, 'Opportunity', opportunitiesByIds, result?.opportunityId ?? null),
    ]);
    return { conversion, lead, account, contact, opportunity, warnings: result?.warnings ?? [], userErrors };
  }
}
