import {
  type AccountCandidate,
  accountCandidates,
  type CompanyKeys,
  isExact,
} from '../accounts/account-candidates.queries.ts';
import type { AccountEntity } from '../accounts/account.entity.ts';
import { companyMatchKey } from '../accounts/company.ts';
import { invalidInput, notFound, type Refusal } from '../graphql/user-error.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { MatchMethod } from '../leads/lead.enums.ts';
import { ConversionTarget } from './conversion.enums.ts';
import { type Candidate, candidateData, joinedInstead, refuseTie, warnOrRefuse } from './duplicates.ts';
import { merge } from './merge.ts';
import { outcomeOf, type Planning, type RecordPlan } from './planning.ts';
import type { RecordTarget } from './targets.ts';

/** The account a lead becomes or joins. */
export async function planAccount(
  planning: Planning,
  target: RecordTarget<AccountEntity>,
): Promise<RecordPlan<AccountEntity>> {
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
