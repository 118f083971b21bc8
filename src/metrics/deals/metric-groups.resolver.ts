import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../../accounts/account.queries.ts';
import { Account } from '../../accounts/account.type.ts';
import { campaignsByIds } from '../../campaigns/campaign.queries.ts';
import { Campaign } from '../../campaigns/campaign.type.ts';
import type { Context } from '../../graphql/context.ts';
import { loadById } from '../../graphql/load.ts';
import { usersByIds } from '../../identity/identity.queries.ts';
import { User } from '../../identity/user.type.ts';
import { loadStage } from '../../opportunities/stage.queries.ts';
import { Stage } from '../../opportunities/stage.type.ts';
import { loadMetricGroups, loadMetricSeries } from './deal-groups.loader.ts';
import { selectedMetrics } from './deal-selection.ts';
import { MetricGroupsArgs, MetricSeriesArgs } from './metric-group.inputs.ts';
import { MetricGroup, MetricKey, MetricPoint } from './metric-group.type.ts';
import { groupsCost, seriesCost } from '../metric-costs.ts';

@Resolver()
class MetricGroupsResolver {
  @Query(() => [MetricGroup], {
    complexity: groupsCost,
    description:
      'The metrics of opportunities with something in common: by tier, owner, month, … Computed from the rows, never from other groups. With `engagement` selected and all dimensions of accounts, accounts without opportunities make groups, too.',
  })
  metricGroups(
    @Args(() => MetricGroupsArgs) args: MetricGroupsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MetricGroup[]> {
    return loadMetricGroups(context, args, selectedMetrics(info, 'metrics'));
  }

  @Query(() => [MetricPoint], {
    complexity: seriesCost,
    description: 'The metrics of each period of a window, in time; periods without anything, too.',
  })
  metricSeries(
    @Args(() => MetricSeriesArgs) args: MetricSeriesArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MetricPoint[]> {
    return loadMetricSeries(context, args, selectedMetrics(info, 'metrics'));
  }
}

@Resolver(() => MetricKey)
class MetricKeyResolver {
  @FieldResolver(() => Account, { nullable: true, description: 'The account.' })
  account(@Root() key: MetricKey, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, key.accountUuid);
  }

  @FieldResolver(() => User, { nullable: true, description: "The opportunities' owner." })
  owner(@Root() key: MetricKey, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, key.ownerUuid);
  }

  @FieldResolver(() => Campaign, { nullable: true, description: "The opportunities' primary campaign." })
  campaign(@Root() key: MetricKey, @Ctx() context: Context): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, key.campaignUuid);
  }

  @FieldResolver(() => Stage, { nullable: true, description: "The opportunities' stage." })
  stage(@Root() key: MetricKey, @Ctx() context: Context): Promise<Stage> | null {
    return key.stageUuid === null ? null : loadStage(context, key.stageUuid);
  }
}

export const metricGroupResolvers = [MetricGroupsResolver, MetricKeyResolver];
