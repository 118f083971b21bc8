import type { AccountEntity } from '../accounts/account.entity.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import { textKey } from '../database/text-key.ts';
import { requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  type DuplicateCandidateData,
  notFound,
  Refusal,
  UserErrorCode,
  type UserErrorData,
} from '../graphql/user-error.ts';
import type { LeadHandoffEntity } from '../handoffs/handoff.entity.ts';
import { handoffsOf } from '../handoffs/pending-handoff.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { requireUnconverted } from '../leads/converted-lead.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { planAccount } from './account.plan.ts';
import { planContact } from './contact.plan.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { ConversionRecords, ConversionSettings } from './conversion-records.ts';
import { readCustomDrafts } from './custom-drafts.ts';
import { mappingsByTarget } from './field-mapping.ts';
import type { PlannedField } from './merge.ts';
import { type MergePolicies, readMergePolicies } from './merge-policy.ts';
import { newOwner, ownerFields } from './new-owner.ts';
import { type OpportunityPlan, planOpportunity } from './opportunity.plan.ts';
import type { Planning, RecordPlan } from './planning.ts';
import { readTargets } from './targets.ts';

/** Everything a conversion is going to do, decided before the first write. */
export interface ConversionPlan {
  lead: LeadEntity;
  /** The lead's afterwards. */
  status: { id: string; name: string };
  /** What of the lead is pending: the conversion accepts it when its receiver converts, else withdraws it. */
  handoff: LeadHandoffEntity | null;
  /** UUID of who handed it over, by the last hand-off that was accepted. */
  handedOverBy: string | null;
  /** UUID of the owner of what is created. */
  ownerId: string;
  account: RecordPlan<AccountEntity>;
  contact: RecordPlan<ContactEntity>;
  opportunity: OpportunityPlan | null;
  /** What becomes of each of the lead's values. */
  fields: PlannedField[];
  /** What else a new record gets: by the input, or by default. */
  settled: PlannedField[];
  /** Records found in the search for one to join, whatever came of it. */
  candidates: { account: DuplicateCandidateData[]; contact: DuplicateCandidateData[] };
  settings: ConversionSettings;
  /** What the input said of fields of existing records; of the others the mapping does. */
  policies: MergePolicies;
  allowDuplicate: boolean;
  warnings: UserErrorData[];
}

/**
 * Decides what converting a lead does, or refuses it; writes nothing. Through locking records the plan holds until the
 * end of the transaction; through others it is a preview of what would be done now.
 */
export async function planConversion(
  records: ConversionRecords,
  principal: Pick<Principal, 'userId'>,
  organization: Organization,
  input: ConvertLeadInput,
  at: Date,
): Promise<ConversionPlan> {
  const targets = readTargets(input, organization.currency);
  const lead = await convertibleLead(records, input);
  const settings = await records.settings(lead.campaignId ?? null);
  const mappings = mappingsByTarget(settings.fieldMappings, settings.customFields);
  const policies = readMergePolicies(input, mappings);
  const customDrafts = readCustomDrafts(targets, settings.customFields);
  const status = convertedStatus(settings, input.convertedStatus);
  const { pending: handoff, handedOverBy } = await handoffsOf(records.tx, lead.id);
  const ownerId = await newOwner(records, principal, { lead, handoff }, input.owner);
  const planning: Planning = {
    ...{ records, input, mappings, policies, customDrafts, lead, settings },
    ...{ fields: [], settled: [], warnings: [], candidates: { account: [], contact: [] } },
  };
  const account = await planAccount(planning, targets.account);
  const contact = await planContact(planning, targets.contact, account.existing);
  const choice = records.opportunityAt(account.existing, targets.opportunity);
  const opportunity = await planOpportunity(planning, choice, account, organization.currency, at);
  const { fields, candidates, warnings } = planning;
  const settled = [...planning.settled, ...ownerFields(planning, ownerId, { account, contact, opportunity })];
  return {
    ...{ lead, status, handoff, handedOverBy, ownerId, account, contact, opportunity },
    ...{ fields, settled, candidates, settings, policies, warnings },
    allowDuplicate: input.allowDuplicate ?? false,
  };
}

async function convertibleLead(records: ConversionRecords, input: ConvertLeadInput): Promise<LeadEntity> {
  const lead = await records.lead(decodeIdOrRefuse('Lead', input.lead, 'lead'));
  if (!lead) throw notFound('lead', 'There is no such lead');
  await requireUnconverted(records.tx, lead);
  requireVersion(lead, input.ifVersion);
  return lead;
}

function convertedStatus(
  settings: ConversionSettings,
  name: string | null | undefined,
): ConversionPlan['status'] {
  const { convertedStatuses: statuses } = settings;
  const status =
    name === null || name === undefined
      ? statuses[0]
      : statuses.find(({ nameKey }) => nameKey === textKey(name));
  if (status) return status;
  throw new Refusal({
    code: UserErrorCode.INVALID_CONVERTED_STATUS,
    message: name ? `${name} is not a lead status flagged converted` : 'No lead status is flagged converted',
    path: ['convertedStatus'],
    allowed: statuses.map((one) => one.name),
  });
}
