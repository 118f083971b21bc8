import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { ConvertLeadInput } from './conversion.inputs.ts';
import { ConvertLeadPayload } from './conversion.payload.ts';
import { convertLeadPayload } from './converted-lead-payload.ts';
import { ReviewConversionInput } from './proposal.inputs.ts';
import { proposalsByIds } from './proposal.queries.ts';
import { ProposeConversionPayload, RejectConversionPayload } from './proposal.type.ts';
import { proposeConversion } from './propose.service.ts';
import { approveConversion, rejectConversion } from './review.service.ts';

@Resolver()
export class ProposalMutations {
  @Mutation(() => ProposeConversionPayload, {
    description:
      'Proposes to convert a lead, for a person to approve: freezes the plan and converts nothing. Your own open proposal for the lead is replaced; that of somebody else only if its plan no longer holds (PROPOSAL_OPEN). Right: `lead:write`, programs included.',
  })
  async proposeConversion(
    @Arg('input', () => ConvertLeadInput, {
      description:
        "As for `convertLead`. Without `owner`, what a lead nobody owns becomes is its approver's.",
    })
    input: ConvertLeadInput,
    @Ctx() context: Context,
  ): Promise<ProposeConversionPayload> {
    const { principal, organization, tokenSecret } = context;
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => proposeConversion(tx, principal, organization, input, tokenSecret)),
    );
    return { proposal: await loadById(context, 'ConversionProposal', proposalsByIds, result), userErrors };
  }

  @Mutation(() => ConvertLeadPayload, {
    description:
      'Converts a lead exactly as proposed. If that would do something else by now, nothing is converted (PLAN_EXPIRED) and the proposal expires. For persons only; for another one than the proposer if the `reviewPolicy` says so. Right: `lead:convert`.',
  })
  async approveConversion(
    @Arg('input', () => ReviewConversionInput, { description: 'The proposal to approve.' })
    input: ReviewConversionInput,
    @Ctx() context: Context,
  ): Promise<ConvertLeadPayload> {
    const { principal, organization } = context;
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => approveConversion(tx, principal, organization, input)),
    );
    return result && 'expired' in result
      ? convertLeadPayload(context, null, result.expired)
      : convertLeadPayload(context, result, userErrors);
  }

  @Mutation(() => RejectConversionPayload, {
    description:
      'Decides that a lead is not to be converted as proposed. For persons only. Right: `lead:convert`.',
  })
  async rejectConversion(
    @Arg('input', () => ReviewConversionInput, { description: 'The proposal to reject, and why.' })
    input: ReviewConversionInput,
    @Ctx() context: Context,
  ): Promise<RejectConversionPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => rejectConversion(tx, context.principal, input)),
    );
    return { proposal: await loadById(context, 'ConversionProposal', proposalsByIds, result), userErrors };
  }
}
