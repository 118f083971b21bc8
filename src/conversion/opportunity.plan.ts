import sql from 'sql-template-tag';
import type { AccountEntity } from '../accounts/account.entity.ts';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import { textKey } from '../database/text-key.ts';
import { fromMinor } from '../graphql/money.ts';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { fiscalQuarterEnd } from '../identity/fiscal-calendar.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import type { OpportunityEntity } from '../opportunities/opportunity.entity.ts';
import { ConversionOutcome, ConversionTarget, FieldOutcome } from './conversion.enums.ts';
import type { ConversionRecords, ConversionSettings, PlannedStage } from './conversion-records.ts';
import type { CustomDrafts } from './custom-drafts.ts';
import type { TargetMappings } from './field-mapping.ts';
import { merge, NO_SOURCE, type PlannedField } from './merge.ts';
import type { MergePolicies } from './merge-policy.ts';
import type { OpportunityChoice } from './targets.ts';

type OpportunityDraft = Extract<OpportunityChoice, { kind: 'create' }>['draft'];

/** What a new opportunity needs beyond what comes from the lead. */
export type NewOpportunity = Pick<
  OpportunityEntity,
  | 'name'
  | 'stageId'
  | 'stagePosition'
  | 'amount'
  | 'currency'
  | 'probability'
  | 'forecastCategory'
  | 'closeDate'
  | 'closedAt'
  | 'isClosed'
  | 'isWon'
>;

interface OpportunityMerge {
  /** Columns the lead fills. */
  values: Partial<OpportunityEntity>;
  /** The part the contact is said to play. */
  role: BuyingRole | null;
}

export type OpportunityPlan = OpportunityMerge &
  (
    | { outcome: ConversionOutcome.CREATED; existing: null; created: NewOpportunity }
    | {
        outcome: ConversionOutcome.MERGED | ConversionOutcome.ATTACHED;
        existing: OpportunityEntity;
        created: null;
      }
  );

interface Planning {
  records: ConversionRecords;
  lead: LeadEntity;
  settings: ConversionSettings;
  mappings: TargetMappings;
  policies: MergePolicies;
  customDrafts: CustomDrafts;
  fields: PlannedField[];
  settled: PlannedField[];
}

/** The opportunity a conversion starts or joins; null when there is to be none. */
export async function planOpportunity(
  planning: Planning,
  target: OpportunityChoice,
  account: { existing: AccountEntity | null; values: Partial<AccountEntity> },
  currency: string,
  at: Date,
): Promise<OpportunityPlan | null> {
  const { lead, settings, fields, settled, mappings, policies, customDrafts } = planning;
  const existing =
    target.kind === 'existing' ? await opportunityToJoin(planning, target, account.existing) : null;
  const merged = merge({
    target: ConversionTarget.OPPORTUNITY,
    mappings: mappings.OPPORTUNITY,
    lead,
    existing,
    draft: customDrafts.OPPORTUNITY,
    policies: policies.OPPORTUNITY,
    shown: { campaignId: await campaignNames(planning, existing) },
  });
  if (target.kind === 'none') {
    fields.push(...merged.fields.map(dropped));
    return null;
  }
  fields.push(...merged.fields);
  const { values } = merged;
  if (target.kind === 'create') {
    const { draft } = target;
    const company = lead.company ?? account.existing?.name ?? account.values.name ?? '';
    const created = newOpportunity(draft, company, settings, currency, at);
    settled.push(...settledFields(draft, created, settings));
    return { outcome: ConversionOutcome.CREATED, existing: null, values, role: draft.role, created };
  }
  const isWritten = Object.keys(values).length > 0;
  return {
    outcome: isWritten ? ConversionOutcome.MERGED : ConversionOutcome.ATTACHED,
    existing: existing!,
    values,
    role: target.role,
    created: null,
  };
}

/** Names of the campaigns that the lead and the opportunity come from. */
async function campaignNames(
  { records: { tx }, lead, settings }: Planning,
  existing: OpportunityEntity | null,
): Promise<Map<unknown, string>> {
  const names = new Map<unknown, string>();
  if (lead.campaignId && settings.campaignName) names.set(lead.campaignId, settings.campaignName);
  if (existing?.campaignId && existing.campaignId !== lead.campaignId) {
    const [campaign] = await tx.query<{ name: string }>(sql`
      select name from campaign where organization_id = ${tx.tenant.organizationId} and id = ${existing.campaignId}`);
    if (campaign) names.set(existing.campaignId, campaign.name);
  }
  return names;
}

/** What a new opportunity gets apart from the lead's values. */
function settledFields(
  draft: OpportunityDraft,
  { name, stageId, closeDate, amount, currency }: NewOpportunity,
  { stages }: ConversionSettings,
): PlannedField[] {
  const filled = (field: keyof OpportunityDraft, next: string, ownDefault: string): PlannedField => ({
    ...{ target: ConversionTarget.OPPORTUNITY, field, ...NO_SOURCE, current: null, next },
    outcome: FieldOutcome.FILLED,
    reason: draft[field] === undefined ? `Default: ${ownDefault}` : 'The input gives the value',
  });
  const stage = stages.find(({ id }) => id === stageId)!;
  return [
    filled('name', name, 'the company and a hyphen'),
    filled('stage', stage.name, 'the first open stage'),
    filled('closeDate', closeDate, 'the last day of the fiscal quarter'),
    ...(amount === null || amount === undefined
      ? []
      : [filled('amount', `${fromMinor(amount, currency)}`, 'none')]),
  ];
}

function dropped(field: PlannedField): PlannedField {
  return { ...field, next: null, outcome: FieldOutcome.DROPPED, reason: 'There is no opportunity' };
}

async function opportunityToJoin(
  { records }: Planning,
  { id, isShared }: Extract<OpportunityChoice, { kind: 'existing' }>,
  account: AccountEntity | null,
): Promise<OpportunityEntity> {
  const path = ['opportunity', 'existing', 'id'];
  const opportunity = await records.opportunity(id);
  if (!opportunity) throw notFound(path, 'There is no such opportunity');
  if (!account || opportunity.accountId !== account.id)
    throw new Refusal({
      code: UserErrorCode.OPPORTUNITY_NOT_IN_ACCOUNT,
      message: `The opportunity does not belong to ${account ? account.name : 'the new account'}`,
      path,
    });
  if (opportunity.isClosed && !isShared)
    throw new Refusal({ code: UserErrorCode.OPPORTUNITY_CLOSED, message: 'The opportunity is closed', path });
  return opportunity;
}

function newOpportunity(
  draft: OpportunityDraft,
  company: string,
  settings: ConversionSettings,
  currency: string,
  at: Date,
): NewOpportunity {
  const stage = stageFor(settings.stages, draft.stage);
  return {
    name: draft.name ?? `${company}-`,
    stageId: stage.id,
    stagePosition: stage.position,
    amount: draft.amount?.amount ?? null,
    currency: draft.amount?.currency ?? currency,
    probability: stage.probability,
    forecastCategory: stage.forecastCategory,
    closeDate: draft.closeDate ?? fiscalQuarterEnd(at, settings),
    closedAt: stage.isClosed ? at : null,
    isClosed: stage.isClosed,
    isWon: stage.isWon,
  };
}

function stageFor(stages: PlannedStage[], name: string | undefined): PlannedStage {
  const stage =
    name === undefined
      ? stages.find(({ isClosed }) => !isClosed)
      : stages.find(({ nameKey }) => nameKey === textKey(name));
  if (stage) return stage;
  const path = ['opportunity', 'create', 'stage'];
  if (name === undefined) throw invalidInput(path, 'The organisation has no open stage');
  throw new Refusal({
    code: UserErrorCode.INVALID_INPUT,
    message: `${name} is not a stage`,
    path,
    allowed: stages.map((one) => one.name),
  });
}
