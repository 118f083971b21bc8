import { accountsLike, contactsLike, domainOf, type Likeness, type Named } from './likeness.ts';
import type { Fault, Id, Lead, Organisation, Policy, Wish } from './records.ts';

/** An existing record, or null: a new one. Undefined: the faults say why there is none. */
export type Chosen = { id: Id | null } | undefined;

export interface Findings {
  faults: Fault[];
  warnings: Fault[];
}

const present = <T extends { id: Id; isDeleted: boolean }>(records: T[], id: Id): T | undefined =>
  records.find((record) => record.id === id && !record.isDeleted);

/** What the policies say when a record that seems to exist is to be created. */
function judge(
  path: string,
  { exact, similar }: Likeness,
  organisation: Organisation,
  wish: Wish,
  findings: Findings,
): boolean {
  const { duplicatePolicy, similarPolicy } = organisation.settings;
  const policies: [Id[], Policy][] = [
    [exact, duplicatePolicy],
    [similar, similarPolicy],
  ];
  // what may be created without a word is not told
  const told = policies.filter(([ids, policy]) => ids.length > 0 && policy !== 'ALLOW');
  if (told.length === 0) return true;
  const finding = { code: 'DUPLICATE_FOUND', path, candidates: told.flatMap(([ids]) => ids) };
  const isBlocked = told.some(([, policy]) => policy === 'BLOCK') && !wish.allowDuplicate;
  (isBlocked ? findings.faults : findings.warnings).push(finding);
  return !isBlocked;
}

export function chooseAccount(
  organisation: Organisation,
  lead: Lead,
  wish: Wish,
  findings: Findings,
): Chosen {
  const { faults } = findings;
  const target = wish.account ?? { matchOrCreate: true };
  if ('existing' in target) {
    if (present(organisation.accounts, target.existing)) return { id: target.existing };
    faults.push({ code: 'NOT_FOUND', path: 'account.existing' });
    return undefined;
  }
  const ofLead = { name: lead.company, domain: domainOf(lead.website) ?? domainOf(lead.email) };
  if ('create' in target) {
    const { name = ofLead.name, domain } = target.create;
    if (!name) {
      faults.push({ code: 'INVALID_INPUT', path: 'account' });
      return undefined;
    }
    const sought = { name, domain: domain === undefined ? ofLead.domain : domainOf(domain) };
    const like = accountsLike(organisation.accounts, sought);
    return judge('account', like, organisation, wish, findings) ? { id: null } : undefined;
  }
  if (!target.matchOrCreate) return undefined;
  const chosen = lead.chosenAccountId && present(organisation.accounts, lead.chosenAccountId);
  if (chosen) return { id: chosen.id };
  const like = accountsLike(organisation.accounts, ofLead);
  if (like.exact.length === 1) return { id: like.exact[0]! };
  if (like.exact.length > 1) {
    faults.push({ code: 'DUPLICATE_FOUND', path: 'account', candidates: like.exact });
    return undefined;
  }
  if (!ofLead.name) {
    faults.push({ code: 'INVALID_INPUT', path: 'account' });
    return undefined;
  }
  return judge('account', like, organisation, wish, findings) ? { id: null } : undefined;
}

export function chooseContact(
  organisation: Organisation,
  lead: Lead,
  accountId: Id | null,
  wish: Wish,
  findings: Findings,
): Chosen {
  const { faults } = findings;
  const target = wish.contact ?? { matchOrCreate: true };
  if ('existing' in target) {
    const contact = present(organisation.contacts, target.existing);
    if (contact && accountId && contact.accountId === accountId) return { id: contact.id };
    faults.push({ code: contact ? 'CONTACT_NOT_IN_ACCOUNT' : 'NOT_FOUND', path: 'contact.existing' });
    return undefined;
  }
  if ('matchOrCreate' in target && !target.matchOrCreate) return undefined;
  const draft = 'create' in target ? target.create : {};
  const { firstName, lastName, email }: Named = { ...lead, ...draft };
  if (!lastName) return undefined;
  const like = contactsLike(organisation.contacts, accountId, { firstName, lastName, email });
  if ('matchOrCreate' in target) {
    if (like.exact.length === 1) return { id: like.exact[0]! };
    if (like.exact.length > 1) {
      faults.push({ code: 'DUPLICATE_FOUND', path: 'contact', candidates: like.exact });
      return undefined;
    }
  }
  return judge('contact', like, organisation, wish, findings) ? { id: null } : undefined;
}

/** Null: no opportunity. */
export function chooseOpportunity(
  organisation: Organisation,
  accountId: Id | null,
  wish: Wish,
  { faults }: Findings,
): Chosen | null {
  const target = wish.opportunity ?? { create: {} };
  if ('none' in target) {
    return target.none ? null : undefined;
  }
  if ('existing' in target) {
    const path = 'opportunity.existing.id';
    const opportunity = present(organisation.opportunities, target.existing.id);
    if (!opportunity) faults.push({ code: 'NOT_FOUND', path });
    else if (!accountId || opportunity.accountId !== accountId)
      faults.push({ code: 'OPPORTUNITY_NOT_IN_ACCOUNT', path });
    else if (opportunity.isClosed) faults.push({ code: 'OPPORTUNITY_CLOSED', path });
    else return { id: opportunity.id };
    return undefined;
  }
  const { stage } = target.create;
  if (stage !== undefined && !organisation.settings.stages.some((one) => one.name === stage))
    faults.push({ code: 'INVALID_INPUT', path: 'opportunity.create.stage' });
  return { id: null };
}
