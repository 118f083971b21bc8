import { MatchMethod } from '../leads/lead.enums.ts';
import { leadKeys } from '../leads/lead.keys.ts';
import type { SampleAccount } from './accounts.ts';
import { type Company, type CompanyMaker, mobileNumber, phoneNumber } from './companies.ts';
import { type CampaignRow, type ContactRow, type LeadRow, newRow, type Setting, type Team } from './draft.ts';
import type { LeadFates } from './lead-fates.ts';
import { advance } from './lead-milestones.ts';
import { mailAddress, type PersonName, type PersonNames } from './people.ts';
import type { Random } from './random.ts';
import { CAMPAIGNS, JOBS, LEAD_NOTES, LEAD_SOURCES } from './sales-terms.ts';

/** How matching will find the accounts of unconverted leads; the rest names companies nobody knew before. */
const BY_DOMAIN = 38;
const BY_NAME = 8;
const AMBIGUOUS = 4;
const WITHOUT_COMPANY = 4;
/** Open leads who are contacts already: what the hybrid model wants near 0. */
const OPEN_AND_CONTACT = 3;

export interface LeadPerson {
  name: PersonName;
  company: Company | null;
  /** The address at the company; a known contact's own. */
  email: string | null;
}

/** Leads that were not converted: rejected ones and open ones. */
export function createUnconvertedLeads(
  setting: Setting,
  team: Team,
  names: PersonNames,
  makeCompany: CompanyMaker,
  campaigns: CampaignRow[],
  accounts: SampleAccount[],
  contacts: ContactRow[],
  fates: LeadFates,
): LeadRow[] {
  const { calendar } = setting;
  const random = setting.random.stream('unconverted leads');
  const arrivals = [
    ...fates.rejected.map((at) => ({ at, isOpen: false })),
    ...fates.open.map((at) => ({ at, isOpen: true })),
  ];
  const people = random.shuffled(choosePeople(random, names, makeCompany, accounts, arrivals.length));
  const known = random.some(
    contacts.filter(
      (contact) => contact.accountId && contact.email && contact.createdAt < calendar.daysAgo(150),
    ),
    OPEN_AND_CONTACT,
  );
  return arrivals.map(({ at, isOpen }) => {
    const contact = isOpen ? known.pop() : undefined;
    const person = contact ? asLead(contact, accounts) : people.pop()!;
    const row = leadRow(setting, random, campaigns, at, person);
    return advance(setting, random, team, row, isOpen ? 'open' : 'rejected');
  });
}

function choosePeople(
  random: Random,
  names: PersonNames,
  makeCompany: CompanyMaker,
  accounts: SampleAccount[],
  count: number,
): LeadPerson[] {
  const sharing = Map.groupBy(accounts, ({ row }) => row.matchKey);
  const unique = accounts.filter(({ row }) => sharing.get(row.matchKey)!.length === 1);
  const twins = accounts.filter((account) => !unique.includes(account));
  const repeat = (times: number, make: () => LeadPerson) => Array.from({ length: times }, make);
  const withoutMail = (company: Company | null): LeadPerson => ({ name: names.next(), company, email: null });

  const related = [
    ...repeat(BY_DOMAIN, () =>
      newcomer(names, random.pickBy(unique, ({ row }) => (row.isTarget ? 3 : 1)).company),
    ),
    ...repeat(BY_NAME, () => withoutMail(random.pick(unique).company)),
    ...repeat(AMBIGUOUS, () => withoutMail(random.pick(twins).company)),
    ...repeat(WITHOUT_COMPANY, () => withoutMail(null)),
  ];
  let company = makeCompany.next(3);
  const netNew = repeat(count - related.length, () => {
    if (random.chance(0.8)) company = makeCompany.next(random.pick([2, 3, 3, 3]));
    return newcomer(names, company);
  });
  return [...related, ...netNew];
}

export function newcomer(names: PersonNames, company: Company): LeadPerson {
  const name = names.next();
  return { name, company, email: mailAddress(name, company.domain) };
}

export function samePerson(contact: ContactRow, company: Company): LeadPerson {
  return {
    name: { firstName: contact.firstName!, lastName: contact.lastName },
    company,
    email: contact.email,
  };
}

function asLead(contact: ContactRow, accounts: SampleAccount[]): LeadPerson {
  return samePerson(contact, accounts.find(({ row }) => row.id === contact.accountId)!.company);
}

/** A lead as it arrived. Without an e-mail address it has no website either: only its company's name tells. */
export function leadRow(
  setting: Setting,
  random: Random,
  campaigns: CampaignRow[],
  at: Date,
  { name, company, email }: LeadPerson,
): LeadRow {
  const source = random.weighted(LEAD_SOURCES) || null;
  const website = email && company && random.chance(0.5) ? company.website : null;
  const revenueKnown = company !== null && random.chance(0.3);
  const keyed = { ...name, company: company?.name ?? null, email, website, source };
  return {
    ...newRow(setting, random, at),
    ...keyed,
    ...leadKeys(keyed),
    title: random.chance(0.85) ? random.pick(JOBS).title : null,
    phone: company && (email === null || random.chance(0.6)) ? phoneNumber(random, company.country) : null,
    mobile: company && random.chance(0.3) ? mobileNumber(random, company.country) : null,
    industry: company && random.chance(0.6) ? company.industry : null,
    employees: company && random.chance(0.5) ? company.employees : null,
    annualRevenue: revenueKnown ? company.annualRevenue : null,
    annualRevenueCurrency: revenueKnown ? setting.organization.currency : null,
    street: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    ...(company && random.chance(0.4) ? company.address : {}),
    rating: random.chance(0.4) ? random.pick(['Hot', 'Warm', 'Cold']) : null,
    description: random.chance(0.35) ? random.pick(LEAD_NOTES) : null,
    doNotCall: random.chance(0.03),
    emailOptOut: random.chance(0.06),
    statusId: setting.statuses.fresh,
    score: null,
    ownerId: null,
    queueId: null,
    campaignId: campaignOf(setting, random, campaigns, at, source),
    mqlAt: null,
    disqualifiedReason: null,
    salAt: null,
    sqlAt: null,
    matchedAccountId: null,
    matchMethod: MatchMethod.NONE,
    matchScore: 0,
    isConverted: false,
    convertedAt: null,
  };
}

/** A campaign that ran, or had just run, when the lead came from a source it feeds. */
function campaignOf(
  { calendar }: Setting,
  random: Random,
  campaigns: CampaignRow[],
  at: Date,
  source: string | null,
): string | null {
  const date = calendar.date(at);
  const running = campaigns.filter(
    ({ startDate, endDate }, index) =>
      CAMPAIGNS[index]!.brings === source &&
      startDate! <= date &&
      date <= calendar.date(calendar.plusDays(calendar.at(endDate!), 21)),
  );
  return running.length > 0 && random.chance(0.85) ? random.pick(running).id : null;
}
