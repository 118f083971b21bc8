import { ContactEntity } from '../contacts/contact.entity.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import type { DraftTable } from './drafts.ts';
import type { KnownRecord, LinkTarget } from './known-records.ts';
import type { ContactDraft } from './person-rows.ts';
import { type Outcome, ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  accountId: ['AccountId'],
  firstName: ['FirstName'],
  lastName: ['LastName'],
  nameKey: ['LastName'],
  email: ['Email'],
  emailKey: ['Email'],
  phone: ['Phone'],
  mobile: ['MobilePhone'],
  title: ['Title'],
  titleKey: ['Title'],
  source: ['LeadSource'],
  description: ['Description'],
  street: ['MailingStreet'],
  city: ['MailingCity'],
  state: ['MailingState'],
  postalCode: ['MailingPostalCode'],
  country: ['MailingCountry'],
  doNotCall: ['DoNotCall'],
  emailOptOut: ['HasOptedOutOfEmail'],
  ownerId: ['OwnerId'],
};

/** A known contact's name is needed to derive its keys when the file has no first names. */
export type KnownContact = KnownRecord & { firstName: string | null };

export async function importContacts(
  run: Run,
  table: DraftTable<ContactDraft>,
  known: ReadonlyMap<string, KnownContact>,
  accounts: LinkTarget,
  contacts: LinkTarget,
): Promise<Outcome> {
  const target = { entity: ContactEntity, table, known, sources: SOURCES };
  return await writeRecords(run, target, table.drafts.values(), (draft, id, before) => {
    const { accountId, ownerId, lastName, email, title } = draft;
    const firstName = table.columns.has('firstname') ? draft.firstName : (before?.firstName ?? null);
    const { phone, mobile, source, description, street, city, state, postalCode, country } = draft;
    const { doNotCall, emailOptOut } = draft;
    const values = {
      ...{ firstName, lastName, email, phone, mobile, title, source, description },
      ...{ street, city, state, postalCode, country, doNotCall, emailOptOut },
      ...contactKeys({ firstName, lastName, email, title }),
      accountId: accounts.resolve('AccountId', accountId),
      ownerId: ownerUser(run, ownerId),
    };
    contacts.set(draft.externalId, id);
    return values;
  });
}
