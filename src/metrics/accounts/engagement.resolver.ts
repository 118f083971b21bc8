import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { activityOrder, activitySource } from '../../activities/activity.queries.ts';
import { ActivityConnection, activityList } from '../../activities/activity.type.ts';
import { contactFilter, contactOrders } from '../../contacts/contact.filter.ts';
import { ContactOrderField } from '../../contacts/contact.inputs.ts';
import { contactSource } from '../../contacts/contact.queries.ts';
import { ContactConnection, contactList } from '../../contacts/contact.type.ts';
import { ForwardPageArgs } from '../../graphql/connection.ts';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadPage, loadPageOf } from '../../graphql/load.ts';
import { orders } from '../../graphql/order.ts';
import { pageRequest } from '../../graphql/page.ts';
import { metricDefinition, metricDescription } from '../catalogue.ts';
import { SalesMetrics } from '../deals/sales-metrics.type.ts';
import { loadMetricSettings } from '../metric-view.ts';
import { rowsOfRate } from '../rate-part.ts';
import { ContactRecordsArgs } from '../records.inputs.ts';
import { ContactRateMetric, EngagementMetric } from './account-metric.types.ts';
import { engagementDefinitions } from './engagement-definitions.ts';
import {
  engagementByGroup,
  engagementByParent,
  type EngagementValue,
  isEngaged,
  isEngagement,
  isOfGroup,
} from './engagement.queries.ts';
import { setName } from '../set-name.ts';
import { loadSelected } from './selected-values.ts';

@Resolver(() => SalesMetrics)
class EngagementResolver {
  @FieldResolver(() => EngagementMetric, {
    description: metricDescription(engagementDefinitions.engagement),
  })
  async engagement(@Root() { origin }: SalesMetrics, @Ctx() context: Context): Promise<EngagementMetric> {
    const settings = await loadMetricSettings(context);
    const { set, group } = origin;
    const { minutes, people, trend, contacts, engagedContacts } = await loadSelected<
      'all',
      { all: EngagementValue }
    >(context, 'engagement', { set, key: 'all', group }, async (_keys, groups) => {
      const valueOf = await engagementByGroup(context.snapshot, set, settings, groups);
      return (one) => ({ all: valueOf(one) });
    });
    const penetration = {
      value: contacts === 0 ? null : engagedContacts / contacts,
      ...{ numerator: engagedContacts, denominator: contacts },
      ...{ definition: metricDefinition('penetration'), origin },
    };
    return { minutes, people, trend, penetration, definition: metricDefinition('engagement'), origin };
  }
}

@Resolver(() => EngagementMetric)
class EngagementRecordsResolver {
  @FieldResolver(() => ActivityConnection, {
    description:
      'Exactly the activities whose minutes it adds up, those of 0 minutes among them, latest first.',
  })
  async records(
    @Root() { origin: { set, group } }: EngagementMetric,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ActivityConnection> {
    const settings = await loadMetricSettings(context);
    const { id } = set.view.organization;
    const request = pageRequest(args, activityOrder);
    const { ofAll, ...linking } = engagementByParent(set, (accounts, of) =>
      isEngagement(set, settings, accounts, of),
    );
    if (group === '') return loadPage(context, activityList, activitySource(id, ofAll()), request);
    return loadPageOf(context, `${setName(set)} engagement records`, args, group, activityList, () => ({
      source: activitySource(id, sql`true`),
      request,
      ...linking,
    }));
  }
}

@Resolver(() => ContactRateMetric)
class ContactRateResolver {
  @FieldResolver(() => ContactConnection, { description: 'Exactly the contacts it counts, by name.' })
  async records(
    @Root() { origin: { set, group } }: ContactRateMetric,
    @Args(() => ContactRecordsArgs) args: ContactRecordsArgs,
    @Ctx() context: Context,
  ): Promise<ContactConnection> {
    const settings = await loadMetricSettings(context);
    const { organization } = set.view;
    const { ofAll, ...linking } = engagementByParent(set, (accounts, of) => {
      const isInNumerator = isEngaged(set, settings, accounts, of);
      return sql`${isOfGroup(set, accounts, of)} and ${rowsOfRate(isInNumerator, args.inNumerator ?? null)}`;
    });
    const order = orders(args.orderBy, contactOrders, { field: ContactOrderField.NAME });
    const request = pageRequest(args, order);
    const filtered = compileFilter(args.filter, contactFilter, organization, 'records.filter');
    if (group === '') {
      const source = contactSource(organization.id, sql`${ofAll()} and ${filtered}`);
      return loadPage(context, contactList, source, request);
    }
    return loadPageOf(context, `${setName(set)} penetration records`, args, group, contactList, () => ({
      source: contactSource(organization.id, filtered),
      request,
      ...linking,
    }));
  }
}

export const engagementResolvers = [EngagementResolver, EngagementRecordsResolver, ContactRateResolver];
