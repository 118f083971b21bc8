import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { ConvertLeadInput } from './conversion.inputs.ts';
import { previewConversion, type Preview } from './frozen-plan.ts';
import { type LeadConversionPlan, PreviewLeadConversionPayload } from './preview.type.ts';

@Resolver()
export class PreviewResolver {
  @Query(() => PreviewLeadConversionPayload, {
    description:
      'What `convertLead` with this input would do now: writes nothing, for everybody who may read. Right: `read`.',
  })
  async previewLeadConversion(
    @Arg('input', () => ConvertLeadInput, {
      description: 'As for `convertLead`, without `planToken`; `idempotencyKey` does nothing here.',
    })
    input: ConvertLeadInput,
    @Ctx() context: Context,
  ): Promise<PreviewLeadConversionPayload> {
    const { principal, organization, database, tokenSecret } = context;
    const { result, userErrors } = await orUserErrors(
      database.plan(principal, (tx) => previewConversion(tx, principal, organization, input, tokenSecret)),
    );
    return { plan: result && (await shown(context, result)), userErrors };
  }
}

async function shown(context: Context, { plan, planToken }: Preview): Promise<LeadConversionPlan> {
  const { fields, settled, candidates } = plan;
  const [account, contact, opportunity] = await Promise.all([
    loadById(context, 'Account', accountsByIds, plan.account.existing?.id ?? null),
    loadById(context, 'Contact', contactsByIds, plan.contact.existing?.id ?? null),
    loadById(context, 'Opportunity', opportunitiesByIds, plan.opportunity?.existing?.id ?? null),
  ]);
  return {
    planToken,
    accountOutcome: plan.account.outcome,
    account,
    contactOutcome: plan.contact.outcome,
    contact,
    opportunityOutcome: plan.opportunity?.outcome ?? null,
    opportunity,
    fields: [...fields, ...settled],
    accountCandidates: candidates.account,
    contactCandidates: candidates.contact,
  };
}
