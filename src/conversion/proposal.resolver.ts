import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { compileFilter, everything } from '../graphql/filter.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import type { UserErrorData } from '../graphql/user-error.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { Actor, type ActorData } from './audit.type.ts';
import { conversionsByIds, loadCurrentConversion } from './conversion.queries.ts';
import { LeadConversion } from './conversion.type.ts';
import { LeadConversionPlan } from './preview.type.ts';
import { ProposalState } from './proposal.enums.ts';
import { ConversionProposalsArgs, proposalFilter } from './proposal.inputs.ts';
import {
  latestProposed,
  loadOpenProposal,
  loadProposalOf,
  longestWaiting,
  proposalsByIds,
  proposalSource,
} from './proposal.queries.ts';
import {
  ConversionProposal,
  ConversionProposalConnection,
  proposalList,
  ProposalStateError,
} from './proposal.type.ts';
import { shownPlan } from './proposed-plan.ts';

@Resolver(() => ConversionProposal)
export class ProposalResolver {
  @Query(() => ConversionProposalConnection, {
    description: 'Proposals to convert leads. `state: OPEN` gives those to review, longest waiting first.',
  })
  conversionProposals(
    @Args(() => ConversionProposalsArgs) args: ConversionProposalsArgs,
    @Ctx() context: Context,
  ): Promise<ConversionProposalConnection> {
    const { organization } = context;
    const { state } = args;
    const condition = compileFilter(args.filter, proposalFilter, organization);
    const ofState = state ? sql`t.state = ${state} and ${condition}` : condition;
    const order = state === ProposalState.OPEN ? longestWaiting : latestProposed;
    const source = proposalSource(organization.id, ofState);
    return loadPage(context, proposalList, source, pageRequest(args, order));
  }

  @FieldResolver(() => Lead, { description: 'The lead to convert.' })
  lead(@Root() proposal: ConversionProposal, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, proposal.leadUuid);
  }

  @FieldResolver(() => LeadConversionPlan, {
    description:
      'What approving it does: fields and outcomes as they were frozen, the records as they are now (candidates that are gone are left out).',
  })
  plan(@Root() proposal: ConversionProposal, @Ctx() context: Context): Promise<LeadConversionPlan> {
    return shownPlan(context, proposal);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who approved or rejected it; null for an open or expired one.',
  })
  reviewedBy(@Root() proposal: ConversionProposal, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, proposal.reviewedByUuid);
  }

  @FieldResolver(() => LeadConversion, {
    nullable: true,
    description: 'The conversion it was approved for; null unless it was.',
  })
  conversion(
    @Root() proposal: ConversionProposal,
    @Ctx() context: Context,
  ): Promise<LeadConversion | null> | null {
    return loadById(context, 'LeadConversion', conversionsByIds, proposal.conversionUuid);
  }
}

@Resolver(() => LeadConversion)
export class ConversionProposalResolver {
  @FieldResolver(() => ConversionProposal, {
    nullable: true,
    description: 'The proposal that was approved; null for a conversion without one.',
  })
  proposal(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<ConversionProposal | null> {
    return loadProposalOf(context, conversion.uuid);
  }

  @FieldResolver(() => Actor, {
    nullable: true,
    description:
      'Who proposed it; null for a conversion without a proposal. `convertedBy` is who approved it.',
  })
  async proposedBy(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<ActorData | null> {
    return (await loadProposalOf(context, conversion.uuid))?.proposedBy ?? null;
  }
}

@Resolver(() => Lead)
export class LeadProposalsResolver {
  @FieldResolver(() => ConversionProposal, {
    nullable: true,
    description: 'The proposal to convert it that waits for its review; null: none does.',
  })
  openProposal(@Root() lead: Lead, @Ctx() context: Context): Promise<ConversionProposal | null> {
    return loadOpenProposal(context, lead.uuid);
  }

  @FieldResolver(() => ConversionProposalConnection, {
    description: 'All proposals to convert it, latest first.',
  })
  proposals(
    @Root() lead: Lead,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ConversionProposalConnection> {
    return loadPageOf(context, 'Lead.proposals', args, lead.uuid, proposalList, () => ({
      source: proposalSource(context.organization.id, everything),
      link: (parent) => sql`t.lead_id = ${parent}`,
      request: pageRequest(args, latestProposed),
    }));
  }
}

@Resolver(() => ProposalStateError)
export class ProposalStateErrorResolver {
  @FieldResolver(() => ConversionProposal, { nullable: true, description: 'The proposal, as it is now.' })
  proposal(@Root() error: UserErrorData, @Ctx() context: Context): Promise<ConversionProposal | null> | null {
    return loadById(context, 'ConversionProposal', proposalsByIds, error.proposalId!);
  }

  @FieldResolver(() => LeadConversion, {
    nullable: true,
    description: 'The conversion of its lead that stands, by this proposal or without it; null: none.',
  })
  async conversion(@Root() error: UserErrorData, @Ctx() context: Context): Promise<LeadConversion | null> {
    const proposal = await loadById(context, 'ConversionProposal', proposalsByIds, error.proposalId!);
    return proposal && loadCurrentConversion(context, proposal.leadUuid);
  }
}
