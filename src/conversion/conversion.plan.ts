import {
  accountCandidates,
  type CompanyKeys,
  isExact,
  type AccountCandidate,
} from '../accounts/account-candidates.queries.ts';
import type { AccountEntity } from '../accounts/account.entity.ts';
import { companyMatchKey } from '../accounts/company.ts';
import { contactCandidates } from '../contacts/contact-candidates.queries.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import { textKey } from '../database/text-key.ts';
import { requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  type DuplicateCandidateData,
  invalidInput,
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
import { MatchMethod } from '../leads/lead.enums.ts';
import { ConversionOutcome, ConversionTarget } from './conversion.enums.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { ConversionRecords, ConversionSettings } from './conversion-records.ts';
import { type Candidate, candidateData, joinedInstead, refuseTie, warnOrRefuse } from './duplicates.ts';
import { type CustomDrafts, readCustomDrafts } from './custom-drafts.ts';
import { mappingsByTarget, type TargetMappings } from './field-mapping.ts';
import { merge, type PlannedField } from './merge.ts';
import { type MergePolicies, readMergePolicies } from './merge-policy.ts';
import { newOwner, ownerFields } from './new-owner.ts';
import { type OpportunityPlan, planOpportunity } from './opportunity.plan.ts';
import { readTargets, type RecordTarget } from './targets.ts';

/** What becomes of one record: `existing` is null for a new one, `values` are the columns to write. */
export interface RecordPlan<Row> {
  outcome: ConversionOutcome;
  existing: Row | null;
  values: Partial<Row>;
}

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
  /** What the input, or the organisation, said of fields of existing records. */
  policies: MergePolicies;
  allowDuplicate: boolean;
  warnings: UserErrorData[];
}

interface Planning extends Pick<
  ConversionPlan,
  'lead' | 'settings' | 'fields' | 'settled' | 'candidates' | 'warnings'
> {
  records: ConversionRecords;
  input: ConvertLeadInput;
  mappings: TargetMappings;
  policies: MergePolicies;
  customDrafts: CustomDrafts;
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
  const opportunity = await planOpportunity(planning, choice, account, organization, at);
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

function outcomeOf(existing: object | null, values: object): ConversionOutcome {
  if (!existing) return ConversionOutcome.CREATED;
  return Object.keys(values).length > 0 ? ConversionOutcome.MERGED : ConversionOutcome.ATTACHED;
}

async function planAccount(
  planning: Planning,
  target: RecordTarget<AccountEntity>,
): Promise<ConversionPlan['account']> {
  const { lead, records } = planning;
  const existing = await accountFor(planning, target);
  const draft = target.kind === 'create' ? target.draft : {};
  // Two accounts of one domain would leave every later lead of it without an answer.
  const isDomainTaken = existing && (await records.hasOtherAccountOf(lead.domain ?? null, existing.id));
  const { values, fields } = merge({
    target: ConversionTarget.ACCOUNT,
    mappings: planning.mappings.ACCOUNT,
    lead,
    existing,
    draft: { ...draft, ...planning.customDrafts.ACCOUNT },
    policies: planning.policies.ACCOUNT,
    barred: isDomainTaken ? { domain: 'Another account has this domain' } : {},
  });
  planning.fields.push(...fields);
  return { outcome: outcomeOf(existing, values), existing, values };
}

/** The account to join, locked; null when one is to be created. */
async function accountFor(
  planning: Planning,
  target: RecordTarget<AccountEntity>,
): Promise<AccountEntity | null> {
  const { records, lead } = planning;
  if (target.kind === 'existing') {
    await records.company(companyOf(lead));
    const account = await records.account(target.id);
    if (!account) throw notFound(['account', 'existing'], 'There is no such account');
    return account;
  }
  if (target.kind === 'create') {
    const { name = lead.company, domain = lead.domain } = target.draft;
    if (!name) throw companyMissing();
    const company = { domain: domain ?? null, matchKey: companyMatchKey(name) || null };
    await records.company(company);
    const candidates = await candidatesFor(planning, company);
    const joined = await accountMadeBefore(planning, candidates);
    if (!joined) createsAccount(planning, candidates);
    return joined;
  }
  return (await accountMatchedByPerson(planning)) ?? (await matchedOrNewAccount(planning));
}

/** To create an account that another lead of the batch has just made means that one, unless duplicates are wanted. */
async function accountMadeBefore(
  { records, input, warnings }: Planning,
  candidates: AccountCandidate[],
): Promise<AccountEntity | null> {
  const [only, ...others] = candidates.filter(isExact);
  if (!only || others.length > 0 || input.allowDuplicate || !records.isMadeBefore(only.id)) return null;
  warnings.push(joinedInstead('Account', asCandidates([only])));
  return records.account(only.id);
}

/** An account that takes over the lead's name or domain becomes this company, too. */
function companyOf(lead: LeadEntity): CompanyKeys {
  return { domain: lead.domain ?? null, matchKey: lead.matchKey ?? null };
}

async function accountMatchedByPerson({ records, lead }: Planning): Promise<AccountEntity | null> {
  if (lead.matchMethod !== MatchMethod.MANUAL || !lead.matchedAccountId) return null;
  await records.company(companyOf(lead));
  return records.account(lead.matchedAccountId);
}

async function matchedOrNewAccount(planning: Planning): Promise<AccountEntity | null> {
  const { records, lead } = planning;
  const company = companyOf(lead);
  await records.company(company);
  for (;;) {
    const candidates = await candidatesFor(planning, company);
    const exact = candidates.filter(isExact);
    if (exact.length > 1) throw refuseTie('Account', asCandidates(exact));
    if (exact.length === 0) {
      if (!lead.company) throw companyMissing();
      createsAccount(planning, candidates);
      return null;
    }
    const account = await records.account(exact[0]!.id);
    if (account && (exact[0]!.isFormer ? account.id === exact[0]!.id : isCompany(account, company)))
      return account;
    // Renamed or deleted while its lock was waited for: look again.
  }
}

function isCompany(account: AccountEntity, { domain, matchKey }: CompanyKeys): boolean {
  return (domain !== null && account.domain === domain) || account.matchKey === matchKey;
}

function companyMissing(): Refusal {
  return invalidInput('account', 'The lead has no company: name the account to join or to create');
}

async function candidatesFor(
  { records, candidates }: Planning,
  company: CompanyKeys,
): Promise<AccountCandidate[]> {
  const found = await accountCandidates(records.tx, records.tx.tenant.organizationId, company);
  candidates.account = candidateData('Account', asCandidates(found));
  return found;
}

const asCandidates = (candidates: AccountCandidate[]): Candidate[] =>
  candidates.map((candidate) => ({ ...candidate, isExact: isExact(candidate) }));

function createsAccount({ settings, input, warnings }: Planning, candidates: AccountCandidate[]): void {
  warnings.push(
    ...warnOrRefuse('Account', asCandidates(candidates), settings, input.allowDuplicate ?? false),
  );
}

async function planContact(
  planning: Planning,
  target: RecordTarget<ContactEntity>,
  account: AccountEntity | null,
): Promise<RecordPlan<ContactEntity>> {
  const { lead, mappings, policies, customDrafts } = planning;
  const draft = target.kind === 'create' ? target.draft : {};
  const existing = await contactFor(planning, target, account);
  const { values, fields } = merge({
    target: ConversionTarget.CONTACT,
    mappings: mappings.CONTACT,
    lead,
    existing,
    draft: { ...draft, ...customDrafts.CONTACT },
    policies: policies.CONTACT,
  });
  planning.fields.push(...fields);
  return { outcome: outcomeOf(existing, values), existing, values };
}

/** The contact to join, locked; null when one is to be created. */
async function contactFor(
  planning: Planning,
  target: RecordTarget<ContactEntity>,
  account: AccountEntity | null,
): Promise<ContactEntity | null> {
  const { records, lead, settings, input, warnings } = planning;
  if (target.kind === 'existing') {
    const contact = await records.contact(target.id);
    if (!contact) throw notFound(['contact', 'existing'], 'There is no such contact');
    if (!account || contact.accountId !== account.id)
      throw new Refusal({
        code: UserErrorCode.CONTACT_NOT_IN_ACCOUNT,
        message: `The contact does not belong to ${account ? account.name : 'the new account'}`,
        path: ['contact', 'existing'],
      });
    return contact;
  }
  const { firstName, lastName, email } = lead;
  const draft = target.kind === 'create' ? target.draft : {};
  const { emailKey, nameKey } = contactKeys({ firstName, lastName, email, ...draft });
  const accountId = account?.id ?? null;
  for (;;) {
    const { organizationId } = records.tx.tenant;
    const candidates = await contactCandidates(records.tx, organizationId, { accountId, emailKey, nameKey });
    planning.candidates.contact = candidateData('Contact', candidates);
    const exact = candidates.filter((candidate) => candidate.isExact);
    if (target.kind === 'create' || exact.length === 0) {
      warnings.push(...warnOrRefuse('Contact', candidates, settings, input.allowDuplicate ?? false));
      return null;
    }
    if (exact.length > 1) throw refuseTie('Contact', exact);
    const contact = await records.contact(exact[0]!.id);
    const isPerson = exact[0]!.isFormer ? contact?.id === exact[0]!.id : contact?.emailKey === emailKey;
    if (contact && contact.accountId === accountId && isPerson) return contact;
    // Moved, changed or deleted while its lock was waited for: look again.
  }
}
