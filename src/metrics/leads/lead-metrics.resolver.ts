import type { GraphQLResolveInfo } from 'graphql';
import sql from 'sql-template-tag';
import { Args, type ClassType, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { parseId } from '../../graphql/ids.ts';
import { User } from '../../identity/user.type.ts';
import { LeadConnection } from '../../leads/lead.type.ts';
import { metricsCost } from '../metric-costs.ts';
import { ViewArgs } from '../metric.inputs.ts';
import { DurationMetric } from '../metric.types.ts';
import { LeadRecordsArgs } from '../records.inputs.ts';
import { LeadMetricsArgs } from './lead-metrics.inputs.ts';
import {
  loadLeadComparison,
  loadLeadMetrics,
  loadLeadMetricsByParent,
  loadLeadRecords,
} from './lead-metrics.loader.ts';
import {
  CountMetric,
  LeadAmountMetric,
  type LeadMetric,
  LeadMetrics,
  LeadRateMetric,
  ResponseMetric,
  WaitMetric,
} from './lead-metrics.type.ts';
import type { LeadOrigin } from './lead-origin.ts';
import { selectedLeadMetrics } from './lead-selection.ts';
import { leadsByColumn } from './lead-set.ts';
import { leadScopeSet } from './lead-sets.ts';

@Resolver()
class LeadMetricsResolver {
  @Query(() => LeadMetrics, {
    complexity: metricsCost,
    description: 'Metrics over all leads of the organisation, or of a scope, whatever pages lists show.',
  })
  async leadMetrics(
    @Args(() => LeadMetricsArgs) { scope, ...args }: LeadMetricsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LeadMetrics> {
    const set = await leadScopeSet(context, scope, args);
    return loadLeadMetrics(context, selectedLeadMetrics(info), set);
  }
}

@Resolver(() => User)
class UserLeadMetricsResolver {
  @FieldResolver(() => LeadMetrics, {
    description: 'Metrics over all leads this person owns now, whatever pages lists show.',
  })
  leadMetrics(
    @Root() user: User,
    @Args(() => ViewArgs) args: ViewArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LeadMetrics> {
    return loadLeadMetricsByParent(
      context,
      `User.leadMetrics ${JSON.stringify(args)}`,
      selectedLeadMetrics(info),
      async (ids) => leadsByColumn(await leadScopeSet(context, null, args), sql`t.owner_id`, ids),
      parseId(user.id)!.uuid,
    );
  }
}

@Resolver(() => LeadMetrics)
class LeadComparisonResolver {
  @FieldResolver(() => LeadMetrics, {
    nullable: true,
    description:
      'The same of the window that `window.compare` names: what was created, converted and handed over in it, as known now (or asOf); current-state values (open leads, ageing, ambiguity) as of its end. Null when nothing is to be compared, and of periods.',
  })
  comparison(
    @Root() { origin }: LeadMetrics,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LeadMetrics> | null {
    return loadLeadComparison(context, origin, selectedLeadMetrics(info));
  }
}

function leadRecordsOf(type: ClassType<LeadMetric>, what: string) {
  @Resolver(() => type)
  class LeadRecordsResolver {
    @FieldResolver(() => LeadConnection, { description: `Exactly the leads ${what}, oldest first.` })
    records(
      @Root() metric: LeadMetric,
      @Args(() => LeadRecordsArgs) args: LeadRecordsArgs,
      @Ctx() context: Context,
    ): Promise<LeadConnection> {
      return loadLeadRecords(context, metric, metric.origin, args);
    }
  }
  return LeadRecordsResolver;
}

@Resolver(() => LeadRateMetric)
class LeadPartResolver {
  @FieldResolver(() => LeadConnection, { description: 'Exactly the leads of the numerator, oldest first.' })
  numeratorRecords(
    @Root() metric: LeadRateMetric,
    @Args(() => LeadRecordsArgs) args: LeadRecordsArgs,
    @Ctx() context: Context,
  ): Promise<LeadConnection> {
    return loadLeadRecords(context, metric, metric.origin, args, true);
  }
}

@Resolver(() => DurationMetric)
class DurationLeadsResolver {
  @FieldResolver(() => LeadConnection, {
    nullable: true,
    description: 'Exactly the leads it measures, oldest first. Null for durations of anything but leads.',
  })
  leadRecords(
    @Root() metric: DurationMetric & { leadOrigin?: LeadOrigin },
    @Args(() => LeadRecordsArgs) args: LeadRecordsArgs,
    @Ctx() context: Context,
  ): Promise<LeadConnection> | null {
    return metric.leadOrigin ? loadLeadRecords(context, metric, metric.leadOrigin, args) : null;
  }
}

export const leadMetricResolvers = [
  LeadMetricsResolver,
  UserLeadMetricsResolver,
  LeadComparisonResolver,
  leadRecordsOf(CountMetric, 'it counts'),
  leadRecordsOf(LeadRateMetric, 'of the denominator'),
  leadRecordsOf(ResponseMetric, 'that were answered, which it measures'),
  leadRecordsOf(WaitMetric, 'it measures'),
  leadRecordsOf(LeadAmountMetric, 'that led to the opportunities first'),
  LeadPartResolver,
  DurationLeadsResolver,
];
