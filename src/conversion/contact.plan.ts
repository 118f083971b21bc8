import type { AccountEntity } from '../accounts/account.entity.ts';
import { contactCandidates } from '../contacts/contact-candidates.queries.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import { notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { ConversionTarget } from './conversion.enums.ts';
import { candidateData, refuseTie, warnOrRefuse } from './duplicates.ts';
import { merge } from './merge.ts';
import { outcomeOf, type Planning, type RecordPlan } from './planning.ts';
import type { RecordTarget } from './targets.ts';

/** The contact at the account that a lead becomes or joins. */
export async function planContact(
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
