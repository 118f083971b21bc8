import type { Account, Contact, Id } from './records.ts';

/** Legal suffixes the scenes use; the service knows more. */
const LEGAL = new Set(['inc', 'gmbh', 'ltd', 'ag']);
/** Providers the scenes use whose domain says nothing about the company. */
const FREE_MAIL = new Set(['gmail.com', 'web.de']);
/** Suffixes of two labels the scenes use, under which companies register. */
const LONG_SUFFIXES = new Set(['co.uk']);

const SIMILAR = 0.6;

/** The name without case, accents, punctuation and legal suffixes. */
export function companyKey(name: string): string {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ');
  const kept = words.filter((word) => !LEGAL.has(word));
  return (kept.length > 0 ? kept : words).join(' ');
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** The registrable domain of a website or e-mail address. */
export function domainOf(address: string | null): string | null {
  if (!address) return null;
  const host = address
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/:?#].*$/, '');
  const labels = host.split('.').filter(Boolean);
  if (labels.length < 2) return null;
  const length = LONG_SUFFIXES.has(labels.slice(-2).join('.')) ? 3 : 2;
  const domain = labels.slice(-length).join('.');
  return labels.length < length || FREE_MAIL.has(domain) ? null : domain;
}

export const isSameText = (one: string, other: string): boolean => plain(one) === plain(other);

/** As pg_trgm: each word with two spaces before and one after it, cut into threes. */
function trigrams(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
    const padded = `  ${word} `;
    if (word) for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}

export function similarity(one: string, other: string): number {
  const [a, b] = [trigrams(one), trigrams(other)];
  const shared = [...a].filter((trigram) => b.has(trigram)).length;
  return shared / (a.size + b.size - shared || 1);
}

/** Records that seem to be the one about to be created, in the two classes of the rules. */
export interface Likeness {
  exact: Id[];
  similar: Id[];
}

export function accountsLike(
  accounts: Account[],
  { name, domain }: { name: string | null; domain: string | null },
): Likeness {
  const key = name && companyKey(name);
  const there = accounts.filter((account) => !account.isDeleted);
  const isExact = (account: Account) =>
    (domain !== null && account.domain === domain) || (!!key && companyKey(account.name) === key);
  const isSimilar = (account: Account) => !!key && similarity(companyKey(account.name), key) >= SIMILAR;
  return {
    exact: there.filter(isExact).map(({ id }) => id),
    similar: there.filter((account) => !isExact(account) && isSimilar(account)).map(({ id }) => id),
  };
}

export type Named = Pick<Contact, 'firstName' | 'lastName' | 'email'>;
const fullName = ({ firstName, lastName }: Named) => plain(`${firstName ?? ''} ${lastName}`);

/** The same e-mail address at the account is the person; elsewhere, or the same name there, it may be. */
export function contactsLike(contacts: Contact[], accountId: Id | null, person: Named): Likeness {
  const there = contacts.filter((contact) => !contact.isDeleted);
  const isAtAccount = (contact: Contact) => accountId !== null && contact.accountId === accountId;
  const hasEmail = ({ email }: Contact) => !!person.email && !!email && plain(email) === plain(person.email);
  const isLike = (contact: Contact) =>
    hasEmail(contact) || (isAtAccount(contact) && fullName(contact) === fullName(person));
  const isExact = (contact: Contact) => hasEmail(contact) && isAtAccount(contact);
  return {
    exact: there.filter(isExact).map(({ id }) => id),
    similar: there.filter((contact) => isLike(contact) && !isExact(contact)).map(({ id }) => id),
  };
}
