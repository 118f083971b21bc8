import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { customFieldsOf } from '../../custom-fields/custom-field.queries.ts';
import { CustomRecordType } from '../../custom-fields/custom-field.enums.ts';
import { campaignsByIds } from '../../campaigns/campaign.queries.ts';
import { Campaign } from '../../campaigns/campaign.type.ts';
import type { Context } from '../../graphql/context.ts';
import { badInput } from '../../graphql/errors.ts';
import { OrderDirection } from '../../graphql/filter.types.ts';
import { loadById } from '../../graphql/load.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../../graphql/page.ts';
import { queuesByIds, usersByIds } from '../../identity/identity.queries.ts';
import { Queue, User } from '../../identity/user.type.ts';
import { loadLeadStatuses } from '../../leads/lead.queries.ts';
import { LeadStatus } from '../../leads/lead.type.ts';
import { leadDefinitions, type LeadMetricKey } from './lead-definitions.ts';
import { groupLabel, isPeriod, keyValues, requireDimensions } from '../grouping.ts';
import { groupedLeads } from './lead-dimensions.ts';
import { LeadGroup, LeadGroupKey } from './lead-group.type.ts';
import { LeadDimension, type LeadGroupOrder, LeadGroupsArgs } from './lead-metrics.inputs.ts';
import { leadMetrics } from './lead-metrics.loader.ts';
import { leadMetricsByGroup, type LeadGroupsRequest } from './lead-metrics.queries.ts';
import { selectedLeadMetrics } from './lead-selection.ts';
import { leadScopeSet } from './lead-sets.ts';

function order(given: LeadGroupOrder | null | undefined): LeadGroupsRequest['orderBy'] {
  if (!given) return null;
  if (!Object.hasOwn(leadDefinitions, given.metric))
    throw badInput('orderBy.metric', `is no metric of leads: ${given.metric}`);
  return { key: given.metric as LeadMetricKey, descending: given.direction !== OrderDirection.ASC };
}

async function requireCustomField(context: Context, key: string): Promise<void> {
  const fields = await customFieldsOf(context.snapshot, context.organization.id);
  if (!fields.some((field) => field.recordType === CustomRecordType.LEAD && field.key === key))
    throw badInput('customField', `is no custom field of leads: ${key}`);
}

@Resolver()
class LeadGroupsResolver {
  @Query(() => [LeadGroup], {
    description:
      'The same metrics by group, computed from the rows: the groups add up to the whole. A group is there if one of the selected metrics is about one of its leads.',
  })
  async leadGroups(
    @Args(() => LeadGroupsArgs) { by, scope, customField = null, orderBy, first, ...args }: LeadGroupsArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LeadGroup[]> {
    const size = first ?? DEFAULT_GROUPS;
    if (size < 1 || size > MAX_GROUPS) throw badInput('first', `must be 1 to ${MAX_GROUPS}, got ${size}`);
    const { fiscalYearStartMonth } = context.organization;
    const grouping = { by, customField, fiscalYearStartMonth };
    requireDimensions(by, customField !== null);
    if (customField !== null) await requireCustomField(context, customField);
    const request = { orderBy: order(orderBy), first: size };
    const selected = selectedLeadMetrics(info, 'metrics');
    // groups without metrics are those of the leads there are
    const keys = new Set<LeadMetricKey>(selected.length === 0 ? ['leadsCreated'] : selected);
    if (request.orderBy) keys.add(request.orderBy.key);
    const set = groupedLeads(await leadScopeSet(context, scope, args), grouping);
    const name = `leadGroups ${JSON.stringify({ by, customField, scope, ...args })}`;
    const groups = await leadMetricsByGroup(context.snapshot, set, [...keys], request);
    return groups.map(({ group, labels, values }) => ({
      key: groupKey(by, group, labels),
      metrics: leadMetrics({ set, name, group }, values),
    }));
  }
}

function groupKey(by: LeadDimension[], group: string, labels: (string | null)[]): LeadGroupKey {
  const values = keyValues(group);
  const at = (of: (dimension: LeadDimension) => boolean, from = values) => from[by.findIndex(of)] ?? null;
  const of = (wanted: LeadDimension, from = values) => at((dimension) => dimension === wanted, from);
  return {
    label: groupLabel(by, values, labels),
    source: of(LeadDimension.SOURCE, labels),
    statusUuid: of(LeadDimension.STATUS),
    ownerUuid: of(LeadDimension.OWNER),
    queueUuid: of(LeadDimension.QUEUE),
    campaignUuid: of(LeadDimension.CAMPAIGN),
    customValue: of(LeadDimension.CUSTOM_FIELD),
    period: at(isPeriod),
  };
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
