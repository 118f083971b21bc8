import { contactKeys } from '../contacts/contact.keys.ts';
import type { SampleAccount } from './accounts.ts';
import { mobileNumber, phoneNumber } from './companies.ts';
import { type ContactRow, newRow, type Setting } from './draft.ts';
import { COUNTRIES } from './names.ts';
import { exampleDomain, mailAddress, type PersonNames } from './people.ts';
import type { Random } from './random.ts';
import { JOBS, REFERRAL_PARTNER_NOTE } from './sales-terms.ts';

const PARTNERS = 3;
/** Accounts nobody is known at, as every real book of accounts has some. */
const ACCOUNTS_WITHOUT_CONTACTS = 4;

/** How many people one knows somewhere. */
function weightOf({ row }: SampleAccount): number {
  return row.tier === 1 ? 9 : row.tier === 2 ? 5 : 2.5;
}

/** Contacts that salespeople added themselves: at least one from an account's first day, the others later. */
export function createContacts(
  setting: Setting,
  names: PersonNames,
  accounts: SampleAccount[],
  count: number,
): ContactRow[] {
  const random = setting.random.stream('contacts');
  const unknown = new Set(random.some(accounts.slice(12), ACCOUNTS_WITHOUT_CONTACTS));
  const known = accounts.filter((account) => !unknown.has(account));
  const first = known.map((account) => contactAt(setting, random, names, account, account.row.createdAt));
  const later = Array.from({ length: count - first.length - PARTNERS }, () =>
    addContact(setting, random, names, random.pickBy(known, weightOf)),
  );
  const partners = Array.from({ length: PARTNERS }, () => referralPartner(setting, random, names));
  return [...first, ...later, ...partners];
}

/** More people at accounts that came from leads. */
export function expandAccounts(
  setting: Setting,
  names: PersonNames,
  accounts: SampleAccount[],
  count: number,
): ContactRow[] {
  const random = setting.random.stream('expansion');
  return Array.from({ length: count }, () => addContact(setting, random, names, random.pick(accounts)));
}

function addContact(
  setting: Setting,
  random: Random,
  names: PersonNames,
  account: SampleAccount,
): ContactRow {
  const at = setting.calendar.workMoment(random, account.row.createdAt, setting.calendar.today);
  return contactAt(setting, random, names, account, at);
}

function contactAt(
  setting: Setting,
  random: Random,
  names: PersonNames,
  { row, company }: SampleAccount,
  at: Date,
): ContactRow {
  const name = names.next();
  const job = random.pick(JOBS);
  const email = random.chance(0.93) ? mailAddress(name, company.domain) : null;
  return {
    ...emptyContact(setting, random, at, name.lastName),
    ...name,
    ...contactKeys({ ...name, email, title: job.title }),
    ...(random.chance(0.3) ? company.address : {}),
    accountId: row.id,
    email,
    title: job.title,
    phone: random.chance(0.5) ? phoneNumber(random, company.country) : null,
    mobile: random.chance(0.4) ? mobileNumber(random, company.country) : null,
    source: random.chance(0.5) ? random.pick(['Outbound', 'Referral', 'Partner']) : null,
    doNotCall: random.chance(0.04),
    emailOptOut: random.chance(0.07),
    buyingRole: random.chance(0.8) ? job.buyingRole : null,
    ownerId: row.ownerId,
  };
}

/** A contact may belong to no account: somebody who sends us business. */
function referralPartner(setting: Setting, random: Random, names: PersonNames): ContactRow {
  const name = names.next();
  const at = setting.calendar.workMoment(random, setting.calendar.daysAgo(600), setting.calendar.today);
  const email = mailAddress(name, exampleDomain(`${name.lastName} Advisory`));
  return {
    ...emptyContact(setting, random, at, name.lastName),
    ...name,
    ...contactKeys({ ...name, email, title: 'Independent Advisor' }),
    email,
    title: 'Independent Advisor',
    phone: phoneNumber(random, random.pick(COUNTRIES)),
    description: REFERRAL_PARTNER_NOTE,
  };
}

export function emptyContact(setting: Setting, random: Random, at: Date, lastName: string): ContactRow {
  return {
    ...newRow(setting, random, at),
    accountId: null,
    firstName: null,
    lastName,
    ...contactKeys({ lastName }),
    email: null,
    phone: null,
    mobile: null,
    title: null,
    source: null,
    description: null,
    street: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    doNotCall: false,
    emailOptOut: false,
    buyingRole: null,
    ownerId: null,
  };
}
