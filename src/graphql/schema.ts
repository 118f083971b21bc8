import 'reflect-metadata';
import {
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildSchema, type ContainerType, getMetadataStorage, type NonEmptyArray } from 'type-graphql';
import { AccountMutations } from '../accounts/account.mutations.ts';
import { AccountResolver } from '../accounts/account.resolver.ts';
import {
  ContactActivitiesResolver,
  LeadActivitiesResolver,
  OpportunityActivitiesResolver,
} from '../activities/activity-lists.resolver.ts';
import { ActivityMutations } from '../activities/activity.mutations.ts';
import { ActivityResolver } from '../activities/activity.resolver.ts';
import {
  CampaignMemberResolver,
  ContactCampaignsResolver,
  LeadCampaignsResolver,
  OpportunityCampaignResolver,
} from '../campaigns/campaign-member.resolver.ts';
import { CampaignMutations } from '../campaigns/campaign.mutations.ts';
import { CampaignResolver } from '../campaigns/campaign.resolver.ts';
import { ContactMutations } from '../contacts/contact.mutations.ts';
import { ContactResolver } from '../contacts/contact.resolver.ts';
import {
  DuplicateCandidateResolver,
  DuplicateFoundErrorResolver,
  LeadConvertedErrorResolver,
} from '../conversion/conversion-error.type.ts';
import { AccountLineageResolver } from '../conversion/account-lineage.resolver.ts';
import { ActorResolver, AuditResolver } from '../conversion/audit.resolver.ts';
import { ConversionBatchMutations } from '../conversion/conversion-batch.mutations.ts';
import { ConversionMutations } from '../conversion/conversion.mutations.ts';
import { FieldMappingResolver } from '../conversion/field-mapping.resolver.ts';
import { ConversionJobMutations } from '../conversion-jobs/job.mutations.ts';
import { ConversionJobLineResolver, ConversionJobResolver } from '../conversion-jobs/job.resolver.ts';
import { LeadConversionsResolver } from '../conversion/lead-conversions.resolver.ts';
import { LineageResolver } from '../conversion/lineage.resolver.ts';
import { PreviewResolver } from '../conversion/preview.resolver.ts';
import { ProposalMutations } from '../conversion/proposal.mutations.ts';
import {
  ConversionProposalResolver,
  LeadProposalsResolver,
  ProposalResolver,
  ProposalStateErrorResolver,
} from '../conversion/proposal.resolver.ts';
import { RevertMutations } from '../conversion/revert.mutations.ts';
import { RevertBlockerResolver } from '../conversion/revert.type.ts';
import { CustomFieldResolver } from '../custom-fields/custom-field.resolver.ts';
import { HandoffMutations } from '../handoffs/handoff.mutations.ts';
import { HandoffErrorResolver, HandoffResolver, LeadHandoffsResolver } from '../handoffs/handoff.resolver.ts';
import { QueueMutations } from '../identity/queue.mutations.ts';
import { SettingsMutations } from '../identity/settings.mutations.ts';
import { UserMutations } from '../identity/user.mutations.ts';
import { OrganizationResolver, ViewerResolver } from '../identity/viewer.resolver.ts';
import { LeadBatchMutations } from '../leads/lead-batch.mutations.ts';
import { LeadMutations } from '../leads/lead.mutations.ts';
import { AccountMatchResolver, LeadResolver } from '../leads/lead.resolver.ts';
import { MergeMutations } from '../merging/merge.mutations.ts';
import {
  AccountMergedFromResolver,
  ContactMergedFromResolver,
  MergedRecordResolver,
} from '../merging/merged-from.resolver.ts';
import { accountMetricResolvers } from '../metrics/accounts/account-metrics.resolver.ts';
import { dealMetricResolvers } from '../metrics/deals/deal-metrics.resolver.ts';
import { metricGroupResolvers } from '../metrics/deals/metric-groups.resolver.ts';
import { CampaignInfluenceResolver } from '../metrics/attribution/attribution.resolver.ts';
import { CampaignMetricsResolver } from '../metrics/attribution/campaign-metrics.resolver.ts';
import { MovementChangeResolver, MovementResolver } from '../metrics/movement/movement.resolver.ts';
import { StageMetricsResolver } from '../metrics/stages/stage-metrics.resolver.ts';
import { leadGroupResolvers } from '../metrics/leads/lead-groups.resolver.ts';
import { leadMetricResolvers } from '../metrics/leads/lead-metrics.resolver.ts';
import { MetricDefinitionsResolver } from '../metrics/metric-definitions.resolver.ts';
import { ExchangeRateResolver } from '../metrics/rates/exchange-rate.resolver.ts';
import { MetricSettingsResolver } from '../metrics/settings/metric-settings.resolver.ts';
import { SalesTargetResolver } from '../metrics/targets/sales-target.resolver.ts';
import { ContactRoleMutations } from '../opportunities/contact-role.mutations.ts';
import { OpportunityMutations } from '../opportunities/opportunity.mutations.ts';
import {
  OpportunityContactRoleResolver,
  OpportunityResolver,
  StageVisitResolver,
} from '../opportunities/opportunity.resolver.ts';

const resolvers: NonEmptyArray<Function> = [
  ViewerResolver,
  OrganizationResolver,
  CustomFieldResolver,
  FieldMappingResolver,
  AccountResolver,
  ContactResolver,
  OpportunityResolver,
  OpportunityContactRoleResolver,
  StageVisitResolver,
  LeadResolver,
  AccountMatchResolver,
  LineageResolver,
  AuditResolver,
  ActorResolver,
  AccountLineageResolver,
  LeadConversionsResolver,
  ConversionMutations,
  ConversionBatchMutations,
  ConversionJobMutations,
  ConversionJobResolver,
  ConversionJobLineResolver,
  PreviewResolver,
  ProposalMutations,
  ProposalResolver,
  ConversionProposalResolver,
  LeadProposalsResolver,
  ProposalStateErrorResolver,
  RevertMutations,
  RevertBlockerResolver,
  MergeMutations,
  AccountMergedFromResolver,
  ContactMergedFromResolver,
  MergedRecordResolver,
  ActivityResolver,
  LeadActivitiesResolver,
  ContactActivitiesResolver,
  OpportunityActivitiesResolver,
  ActivityMutations,
  CampaignResolver,
  CampaignMemberResolver,
  LeadCampaignsResolver,
  ContactCampaignsResolver,
  OpportunityCampaignResolver,
  CampaignMutations,
  MetricDefinitionsResolver,
  MetricSettingsResolver,
  SalesTargetResolver,
  ExchangeRateResolver,
  ...dealMetricResolvers,
  ...metricGroupResolvers,
  StageMetricsResolver,
  MovementResolver,
  MovementChangeResolver,
  CampaignInfluenceResolver,
  CampaignMetricsResolver,
  ...leadMetricResolvers,
  ...leadGroupResolvers,
  ...accountMetricResolvers,
  AccountMutations,
  ContactMutations,
  LeadMutations,
  LeadBatchMutations,
  HandoffResolver,
  LeadHandoffsResolver,
  HandoffMutations,
  HandoffErrorResolver,
  SettingsMutations,
  QueueMutations,
  UserMutations,
  OpportunityMutations,
  ContactRoleMutations,
  LeadConvertedErrorResolver,
  DuplicateCandidateResolver,
  DuplicateFoundErrorResolver,
];

/** Inputs of which exactly one field must be given. TypeGraphQL has no option for it. */
const ONE_OF = new Set([
  'AccountKey',
  'ContactKey',
  'OpportunityKey',
  'LeadKey',
  'CampaignKey',
  'AccountTarget',
  'ContactTarget',
  'OpportunityTarget',
]);

/** Resolvers have no state: one instance each. TypeGraphQL's own container searches a list per call. */
class Instances implements ContainerType {
  private readonly instances = new Map<unknown, object>();

  get<T extends object>(type: new () => T): T {
    let instance = this.instances.get(type);
    if (!instance) this.instances.set(type, (instance = new type()));
    return instance as T;
  }
}

export async function buildKontorSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers,
    container: new Instances() as ContainerType,
    validate: false,
    disableInferringDefaultValues: true,
    skipCheck: false,
  });
  for (const type of Object.values(schema.getTypeMap())) {
    // set before the first validation, which is what enforces it
    if (isInputObjectType(type) && ONE_OF.has(type.name)) type.isOneOf = true;
  }
  // TypeGraphQL makes these asynchronous, and compiled queries do not wait for the type of a row
  const { interfaceTypes, unions } = getMetadataStorage();
  for (const { name, resolveType } of [...interfaceTypes, ...unions]) {
    const type = schema.getType(name);
    if (isAbstractType(type) && resolveType) type.resolveType = resolveType as typeof type.resolveType;
  }
  return schema;
}

/** The schema as text, sorted, as committed in `schema/schema.graphql`. */
export function printKontorSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

export async function printSchemaText(): Promise<string> {
  return printKontorSchema(await buildKontorSchema());
}
