import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { campaignsByIds } from '../../campaigns/campaign.queries.ts';
import { Campaign } from '../../campaigns/campaign.type.ts';
import type { Context } from '../../graphql/context.ts';
import { loadById } from '../../graphql/load.ts';
import { NestedOpportunitiesArgs } from '../../opportunities/opportunity.inputs.ts';
import { OpportunityConnection } from '../../opportunities/opportunity.type.ts';
import { loadRecords } from '../deals/deal-metrics.loader.ts';
import { InfluenceArgs } from './attribution.inputs.ts';
import { loadCampaignInfluence } from './attribution.loader.ts';
import { CampaignInfluence } from './attribution.type.ts';
import { groupsCost } from '../metric-costs.ts';

@Resolver(() => CampaignInfluence)
export class CampaignInfluenceResolver {
  @Query(() => [CampaignInfluence], {
    complexity: groupsCost,
    description:
      'What campaigns stand for in the deals won in the window and in the open pipeline, by a model of attribution: the campaigns that touched one of them, the most won first, all beyond `first` as one (OTHER), and what none touched (UNATTRIBUTED) last. Together the rows are all these deals, to the cent.',
  })
  campaignInfluence(
    @Args(() => InfluenceArgs) args: InfluenceArgs,
    @Ctx() context: Context,
  ): Promise<CampaignInfluence[]> {
    return loadCampaignInfluence(context, args);
  }

  @FieldResolver(() => Campaign, {
    nullable: true,
    description: 'The campaign; null of OTHER and UNATTRIBUTED.',
  })
  campaign(
    @Root() { campaignUuid }: CampaignInfluence,
    @Ctx() context: Context,
  ): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, campaignUuid);
  }

  @FieldResolver(() => OpportunityConnection, {
    description:
      'Exactly the deals it touched (of OTHER those that any of the others did, of UNATTRIBUTED those none did), by close date.',
  })
  records(
    @Root() influence: CampaignInfluence,
    @Args(() => NestedOpportunitiesArgs) args: NestedOpportunitiesArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    return loadRecords(context, influence, args);
  }
}
