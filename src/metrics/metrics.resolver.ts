import type { GraphQLResolveInfo } from 'graphql';
import sql, { type Sql } from 'sql-template-tag';
import { Args, type ClassType, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { accountFilter } from '../accounts/account.filter.ts';
import { Account } from '../accounts/account.type.ts';
import { accountSource } from '../accounts/account.queries.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { compileFilter } from '../graphql/filter.ts';
import { opportunityFilter } from '../opportunities/opportunity.filter.ts';
import { OpportunityConnection } from '../opportunities/opportunity.type.ts';
import { metricKeys } from './metric-definitions.ts';
import { AccountMetricsArgs, type MetricScope, MetricsArgs } from './metric.inputs.ts';
import { selectedMetrics } from './metric-selection.ts';
import {
  AmountMetric,
  DurationMetric,
  type Metric,
  MetricDefinition,
  MoneyMetric,
  RateMetric,
} from './metric.types.ts';
import { loadAccountMetrics, loadRecords, loadScopeMetrics } from './metrics.loader.ts';
import { publishedDefinition, SalesMetrics } from './sales-metrics.type.ts';

@Resolver()
class MetricsResolver {
  @Query(() => SalesMetrics, {
    description:
      'Metrics over all opportunities of the organisation, or of a scope, whatever pages lists show.',
  })
  metrics(
    @Args(() => MetricsArgs) { scope, window }: MetricsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    return loadScopeMetrics(context, window, selectedMetrics(info), inScope(scope, context));
  }

  @Query(() => [MetricDefinition], { description: 'The catalogue: every metric with its formula and unit.' })
  metricDefinitions(): MetricDefinition[] {
    return metricKeys.map(publishedDefinition);
  }
}

function inScope(scope: MetricScope | null | undefined, { organization }: Context): Sql {
  const own = compileFilter(scope?.opportunity, opportunityFilter, organization, 'scope.opportunity');
  if (!scope?.account) return own;
  const condition = compileFilter(scope.account, accountFilter, organization, 'scope.account');
  const accounts = accountSource(organization.id, condition);
  return sql`${own} and t.account_id in (select t.id from account t where ${accounts.where})`;
}

@Resolver(() => Account)
class AccountMetricsResolver {
  @FieldResolver(() => SalesMetrics, {
    description:
      "Metrics over all opportunities of this account (not its children's), whatever pages lists show.",
  })
  metrics(
    @Root() account: Account,
    @Args(() => AccountMetricsArgs) { window }: AccountMetricsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SalesMetrics> {
    return loadAccountMetrics(context, window, selectedMetrics(info), account.uuid);
  }
}

function recordsOf(type: ClassType<Metric>, nullable = false, remark = '') {
  @Resolver(() => type)
  class RecordsResolver {
    @FieldResolver(() => OpportunityConnection, {
      nullable,
      description: `Exactly the opportunities it counts, by close date.${remark}`,
    })
    records(
      @Root() metric: Metric,
      @Args(() => ForwardPageArgs) args: ForwardPageArgs,
      @Ctx() context: Context,
    ): Promise<OpportunityConnection> {
      return loadRecords(context, metric, args);
    }
  }
  return RecordsResolver;
}

export const metricResolvers = [
  MetricsResolver,
  AccountMetricsResolver,
  recordsOf(AmountMetric),
  recordsOf(RateMetric),
  recordsOf(MoneyMetric),
  recordsOf(DurationMetric, true, ' Null for durations of anything but opportunities.'),
];
