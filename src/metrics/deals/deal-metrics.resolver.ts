import type { GraphQLResolveInfo } from 'graphql';
import sql from 'sql-template-tag';
import { Args, type ClassType, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../../accounts/account.type.ts';
import type { Context } from '../../graphql/context.ts';
import { User } from '../../identity/user.type.ts';
import { parseId } from '../../graphql/ids.ts';
import { NestedOpportunitiesArgs } from '../../opportunities/opportunity.inputs.ts';
import { OpportunityConnection } from '../../opportunities/opportunity.type.ts';
import { metricsCost } from '../metric-costs.ts';
import { AccountMetricsArgs, MetricsArgs, ViewArgs } from '../metric.inputs.ts';
import { AmountMetric, DurationMetric, type Metric, MoneyMetric, RateMetric } from '../metric.types.ts';
import { metricView } from '../metric-view.ts';
import { RateRecordsArgs } from '../records.inputs.ts';
import { loadComparison, loadMetricsByParent, loadMetricsOfSet, loadRecords } from './deal-metrics.loader.ts';
import { selectedMetrics } from './deal-selection.ts';
import { scopeSet, setByAccount, setByColumn, setByFamily } from './deal-sets.ts';
import { SalesMetrics } from './sales-metrics.type.ts';
import { targetsOfOwner } from '../targets/window-targets.queries.ts';

@Resolver()
class SalesMetricsResolver {
  @Query(() => SalesMetrics, {
    complexity: metricsCost,
    description:
      'Metrics over all opportunities of the organisation, or of a scope, whatever pages lists show.',
  })
  metrics(
    @Args(() => MetricsArgs) { scope, ...args }: MetricsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    const set = scopeSet(context, scope, metricView(context, args));
    return loadMetricsOfSet(context, selectedMetrics(info), set);
  }
}

@Resolver(() => Account)
class AccountMetricsResolver {
  @FieldResolver(() => SalesMetrics, {
    description: 'Metrics over all opportunities of this account, whatever pages lists show.',
  })
  metrics(
    @Root() account: Account,
    @Args(() => AccountMetricsArgs) { includeChildren, ...args }: AccountMetricsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    return loadMetricsByParent(
      context,
      `Account.metrics ${JSON.stringify({ includeChildren, ...args })}`,
      selectedMetrics(info),
      (ids) => {
        const view = metricView(context, args);
        return includeChildren ? setByFamily(view, ids) : setByAccount(view, ids);
      },
      account.uuid,
    );
  }
}

@Resolver(() => User)
class UserMetricsResolver {
  @FieldResolver(() => SalesMetrics, {
    description: 'Metrics over all opportunities this person owns, whatever pages lists show.',
  })
  metrics(
    @Root() user: User,
    @Args(() => ViewArgs) args: ViewArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    return loadMetricsByParent(
      context,
      `User.metrics ${JSON.stringify(args)}`,
      selectedMetrics(info),
      (ids) => ({
        ...setByColumn(metricView(context, args), sql`t.owner_id`, ids),
        targets: { among: targetsOfOwner, isOfPeople: true },
      }),
      parseId(user.id)!.uuid,
    );
  }
}

@Resolver(() => SalesMetrics)
class ComparisonResolver {
  @FieldResolver(() => SalesMetrics, {
    nullable: true,
    description:
      'The same of the window that `window.compare` names: what was created and closed in it, as known now (or asOf); current-state values as of its end. Null when nothing is to be compared, and of periods.',
  })
  comparison(
    @Root() { origin }: SalesMetrics,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> | null {
    return loadComparison(context, origin, selectedMetrics(info));
  }
}

const RATE_REMARK = ' Of a rate these are the denominator’s; `inNumerator` tells the parts apart.';

function recordsOf(
  type: ClassType<Metric>,
  argsType: () => ClassType<NestedOpportunitiesArgs> = () => NestedOpportunitiesArgs,
  { nullable = false, remark = '' } = {},
) {
  @Resolver(() => type)
  class RecordsResolver {
    @FieldResolver(() => OpportunityConnection, {
      nullable,
      description: `Exactly the opportunities it counts, by close date.${remark}`,
    })
    records(
      @Root() metric: Metric,
      @Args(argsType) args: NestedOpportunitiesArgs,
      @Ctx() context: Context,
    ): Promise<OpportunityConnection> | null {
      return nullable && !metric.origin ? null : loadRecords(context, metric, args);
    }
  }
  return RecordsResolver;
}

export const dealMetricResolvers = [
  SalesMetricsResolver,
  AccountMetricsResolver,
  UserMetricsResolver,
  ComparisonResolver,
  recordsOf(AmountMetric),
  recordsOf(RateMetric, () => RateRecordsArgs, { remark: RATE_REMARK }),
  recordsOf(MoneyMetric),
  recordsOf(DurationMetric, undefined, {
    nullable: true,
    remark: ' Null for durations of anything but opportunities.',
  }),
];
