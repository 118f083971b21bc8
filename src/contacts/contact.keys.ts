import { textKey, textKeyOrNull } from '../database/text-key.ts';

/** "Rose Gonzalez" as people are named in lists and messages. */
export function personName(person: { firstName?: string | null; lastName: string }): string {
  return person.firstName ? `${person.firstName} ${person.lastName}` : person.lastName;
}

/** The columns derived from others; every write of a contact goes through here. */
export function contactKeys(contact: {
  firstName?: string | null;
  lastName: string;
  email?: string | null;
  title?: string | null;
}) {
  return {
    nameKey: textKey(personName(contact)),
    emailKey: textKeyOrNull(contact.email),
    titleKey: textKeyOrNull(contact.title),
  };
}
