import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { campaignsByIds } from '../../campaigns/campaign.queries.ts';
import { Campaign } from '../../campaigns/campaign.type.ts';
import type { Context } from '../../graphql/context.ts';
import { loadById } from '../../graphql/load.ts';
import { queuesByIds, usersByIds } from '../../identity/identity.queries.ts';
import { Queue, User } from '../../identity/user.type.ts';
import { loadLeadStatuses } from '../../leads/lead.queries.ts';
import { LeadStatus } from '../../leads/lead.type.ts';
import { LeadGroup, LeadGroupKey } from './lead-group.type.ts';
import { loadLeadGroups } from './lead-groups.loader.ts';
import { LeadGroupsArgs } from './lead-metrics.inputs.ts';
import { selectedLeadMetrics } from './lead-selection.ts';
import { groupsCost } from '../metric-costs.ts';

@Resolver()
class LeadGroupsResolver {
  @Query(() => [LeadGroup], {
    complexity: groupsCost,
    description:
      'The same metrics by group, computed from the rows: the groups add up to the whole. A group is there if one of the metrics selected or named by having and orderBy is about one of its leads; a metric of `comparison`, in the window compared with.',
  })
  leadGroups(
    @Args(() => LeadGroupsArgs) args: LeadGroupsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LeadGroup[]> {
    return loadLeadGroups(context, args, {
      own: selectedLeadMetrics(info, 'metrics'),
      compared: selectedLeadMetrics(info, 'metrics', 'comparison'),
    });
  }
}

@Resolver(() => LeadGroupKey)
class LeadGroupKeyResolver {
  @FieldResolver(() => LeadStatus, { nullable: true, description: 'Their status.' })
  async status(@Root() { statusUuid }: LeadGroupKey, @Ctx() context: Context): Promise<LeadStatus | null> {
    if (statusUuid === null) return null;
    return (await loadLeadStatuses(context)).find(({ uuid }) => uuid === statusUuid) ?? null;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who owns them; null: no person.' })
  owner(@Root() { ownerUuid }: LeadGroupKey, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, ownerUuid);
  }

  @FieldResolver(() => Campaign, { nullable: true, description: 'Their campaign; null: none.' })
  campaign(@Root() { campaignUuid }: LeadGroupKey, @Ctx() context: Context): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, campaignUuid);
  }

  @FieldResolver(() => Queue, { nullable: true, description: 'The queue that owns them; null: none.' })
  queue(@Root() { queueUuid }: LeadGroupKey, @Ctx() context: Context): Promise<Queue | null> | null {
    return loadById(context, 'Queue', queuesByIds, queueUuid);
  }
}

export const leadGroupResolvers = [LeadGroupsResolver, LeadGroupKeyResolver];
