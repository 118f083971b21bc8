import sql from 'sql-template-tag';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { searchedText } from '../graphql/errors.ts';
import { compileFilter, everything } from '../graphql/filter.ts';
import { decodeId } from '../graphql/ids.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { orders } from '../graphql/order.ts';
import { pageRequest } from '../graphql/page.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { opportunityFilter, opportunityOrders } from '../opportunities/opportunity.filter.ts';
import { NestedOpportunitiesArgs, OpportunityOrderField } from '../opportunities/opportunity.inputs.ts';
import { opportunitySource } from '../opportunities/opportunity.queries.ts';
import { OpportunityConnection, opportunityList } from '../opportunities/opportunity.type.ts';
import { CampaignMemberConnection, memberList } from './campaign-member.type.ts';
import { campaignFilter, campaignOrders } from './campaign.filter.ts';
import { CampaignKey, CampaignOrderField, CampaignsArgs } from './campaign.inputs.ts';
import {
  campaignByExternalId,
  campaignsByIds,
  campaignSource,
  memberOrder,
  memberSource,
} from './campaign.queries.ts';
import { Campaign, CampaignConnection, campaignList } from './campaign.type.ts';

const byName = { field: CampaignOrderField.NAME };

@Resolver(() => Campaign)
export class CampaignResolver {
  @Query(() => Campaign, {
    nullable: true,
    description: 'One campaign; null when there is none by that key.',
  })
  campaign(
    @Arg('by', () => CampaignKey, { description: 'How to find it.' }) by: CampaignKey,
    @Ctx() context: Context,
  ): Promise<Campaign | null> | null {
    return by.id != null
      ? loadById(context, 'Campaign', campaignsByIds, decodeId('Campaign', by.id, 'by.id'))
      : campaignByExternalId(
          context.snapshot,
          context.organization.id,
          searchedText(by.externalId!, 'by.externalId'),
        );
  }

  @Query(() => CampaignConnection, { description: 'All campaigns, page by page.' })
  campaigns(
    @Args(() => CampaignsArgs) args: CampaignsArgs,
    @Ctx() context: Context,
  ): Promise<CampaignConnection> {
    const condition = compileFilter(args.filter, campaignFilter, context.organization);
    const request = pageRequest(args, orders(args.orderBy, campaignOrders, byName));
    return loadPage(context, campaignList, campaignSource(context.organization.id, condition), request);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person responsible; null when nobody is.' })
  owner(@Root() campaign: Campaign, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, campaign.ownerUuid);
  }

  @FieldResolver(() => CampaignMemberConnection, { description: 'The people in it, latest first.' })
  members(
    @Root() campaign: Campaign,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<CampaignMemberConnection> {
    return loadPageOf(context, 'Campaign.members', args, campaign.uuid, memberList, () => ({
      source: memberSource(context.organization.id, everything),
      link: (parent) => sql`t.campaign_id = ${parent}`,
      request: pageRequest(args, memberOrder),
    }));
  }

  @FieldResolver(() => OpportunityConnection, {
    description:
      'Deals whose primary campaign it is, open and closed; by close date unless ordered otherwise.',
  })
  opportunities(
    @Root() campaign: Campaign,
    @Args(() => NestedOpportunitiesArgs) args: NestedOpportunitiesArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    return loadPageOf(context, 'Campaign.opportunities', args, campaign.uuid, opportunityList, () => ({
      source: opportunitySource(
        context.organization.id,
        compileFilter(args.filter, opportunityFilter, context.organization, 'opportunities.filter'),
      ),
      link: (parent) => sql`t.campaign_id = ${parent}`,
      request: pageRequest(
        args,
        orders(args.orderBy, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE }),
      ),
    }));
  }
}
