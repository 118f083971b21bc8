import type { GraphQLResolveInfo } from 'graphql';
import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import { Campaign } from '../../campaigns/campaign.type.ts';
import type { Context } from '../../graphql/context.ts';
import { parseId } from '../../graphql/ids.ts';
import { loadMetricsByParent } from '../deals/deal-metrics.loader.ts';
import { selectedMetrics } from '../deals/deal-selection.ts';
import { setByColumn } from '../deals/deal-sets.ts';
import { SalesMetrics } from '../deals/sales-metrics.type.ts';
import { ViewArgs } from '../metric.inputs.ts';
import { metricView } from '../metric-view.ts';

@Resolver(() => Campaign)
export class CampaignMetricsResolver {
  @FieldResolver(() => SalesMetrics, {
    description:
      'Metrics over all opportunities whose primary campaign this is, whatever pages lists show. What it did for others tells `campaignInfluence`.',
  })
  metrics(
    @Root() campaign: Campaign,
    @Args(() => ViewArgs) args: ViewArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    return loadMetricsByParent(
      context,
      `Campaign.metrics ${JSON.stringify(args)}`,
      selectedMetrics(info),
      (ids) => setByColumn(metricView(context, args), sql`t.campaign_id`, ids),
      parseId(campaign.id)!.uuid,
    );
  }
}
