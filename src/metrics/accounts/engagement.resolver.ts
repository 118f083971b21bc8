import sql, { type Sql } from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { contactOrders } from '../../contacts/contact.filter.ts';
import { ContactOrderField } from '../../contacts/contact.inputs.ts';
import { contactSource } from '../../contacts/contact.queries.ts';
import { ContactConnection, contactList } from '../../contacts/contact.type.ts';
import type { Context } from '../../graphql/context.ts';
import { loadPage, loadPageOf } from '../../graphql/load.ts';
import { orders } from '../../graphql/order.ts';
import { pageRequest } from '../../graphql/page.ts';
import { metricDefinition, metricDescription } from '../catalogue.ts';
import type { DealSet } from '../deals/deal-set.ts';
import { SalesMetrics } from '../deals/sales-metrics.type.ts';
import { loadMetricSettings } from '../metric-view.ts';
import { ContactRateMetric, EngagementMetric, RateRecordsArgs } from './account-metric.types.ts';
import { engagementDefinitions } from './engagement-definitions.ts';
import { engagementByGroup, type EngagementValue, isEngaged, isOfGroup } from './engagement.queries.ts';
import { loadSelected } from './selected-values.ts';

@Resolver(() => SalesMetrics)
class EngagementResolver {
  @FieldResolver(() => EngagementMetric, {
    description: metricDescription(engagementDefinitions.engagement),
  })
  async engagement(@Root() { origin }: SalesMetrics, @Ctx() context: Context): Promise<EngagementMetric> {
    const settings = await loadMetricSettings(context);
    const { set, name, group } = origin;
    const { minutes, people, trend, contacts, engagedContacts } = await loadSelected<
      DealSet,
      'all',
      { all: EngagementValue }
    >(context, `${name} engagement`, { source: set, key: 'all', group }, async (of, _keys, groups) => {
      const valueOf = await engagementByGroup(context.snapshot, of, settings, groups);
      return (one) => ({ all: valueOf(one) });
    });
    const penetration = {
      value: contacts === 0 ? null : engagedContacts / contacts,
      ...{ numerator: engagedContacts, denominator: contacts },
      ...{ definition: metricDefinition('penetration'), origin },
    };
    return { minutes, people, trend, penetration, definition: metricDefinition('engagement') };
  }
}

@Resolver(() => ContactRateMetric)
class ContactRateResolver {
  @FieldResolver(() => ContactConnection, { description: 'Exactly the contacts it counts, by name.' })
  async records(
    @Root() { origin: { set, name, group } }: ContactRateMetric,
    @Args(() => RateRecordsArgs) { inNumerator = null, ...args }: RateRecordsArgs,
    @Ctx() context: Context,
  ): Promise<ContactConnection> {
    const settings = await loadMetricSettings(context);
    const counted = (of: Sql) => {
      const engaged = isEngaged(set, settings, of);
      const part = inNumerator === null ? sql`true` : inNumerator ? engaged : sql`not ${engaged}`;
      return sql`${isOfGroup(set, of)} and ${part}`;
    };
    const request = pageRequest(args, orders(null, contactOrders, { field: ContactOrderField.NAME }));
    const source = (condition: Sql) => contactSource(set.view.organization.id, condition);
    if (group === '') return loadPage(context, contactList, source(counted(sql`''`)), request);
    const list = { ...args, inNumerator };
    return loadPageOf(context, `${name} penetration records`, list, group, contactList, () => ({
      source: source(sql`true`),
      link: counted,
      request,
      parentType: 'text',
    }));
  }
}

export const engagementResolvers = [EngagementResolver, ContactRateResolver];
