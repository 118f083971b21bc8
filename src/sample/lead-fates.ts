import type { SampleAccount } from './accounts.ts';
import { earlier } from './calendar.ts';
import type { Company, CompanyMaker } from './companies.ts';
import type { ContactRow, Setting } from './draft.ts';
import type { Random } from './random.ts';

const LEADS = 180;
const CONVERTED = 50;
const OPEN = 46;
const DAYS = 540;
const GROWTH = 1.8;
/** Companies that were nothing but a lead before, each with the number of its leads that were converted. */
export const LEADS_OF_NEW_COMPANIES = [4, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1];
/** Converted leads who turned out to be contacts already. */
export const KNOWN_PEOPLE = 8;

/** Where a converted lead went. */
export interface ConversionPlan {
  target: { company: Company } | SampleAccount;
  convertedAt: Date;
  knownContact: ContactRow | null;
}

export interface LeadFates {
  converted: { createdAt: Date; plan: ConversionPlan }[];
  rejected: Date[];
  open: Date[];
}

/** When leads arrived, and which of them were converted, rejected or are still open. */
export function decideLeadFates(
  setting: Setting,
  makeCompany: CompanyMaker,
  accounts: SampleAccount[],
  contacts: ContactRow[],
): LeadFates {
  const { calendar } = setting;
  const random = setting.random.stream('lead fates');
  const arrivals = calendar
    .spread(random, LEADS, DAYS, GROWTH)
    .map((at) =>
      calendar.between(
        random,
        calendar.plusDays(at, -0.4),
        earlier(calendar.plusDays(at, 0.4), calendar.today),
      ),
    )
    .sort((a, b) => a.getTime() - b.getTime());

  const chances = arrivals.map((at) => (at > calendar.daysAgo(30) ? 8 : at > calendar.daysAgo(90) ? 3 : 1));
  const scale = OPEN / chances.reduce((sum, chance) => sum + chance, 0);
  const isOpen = random.decisions(chances.map((chance) => Math.min(1, chance * scale)));
  const open = arrivals.filter((_, index) => isOpen[index]);
  const decided = arrivals.filter((_, index) => !isOpen[index]);

  const ready = decided.filter((at) => at < calendar.daysAgo(20));
  const chosen = new Set(random.some(ready, CONVERTED));
  const targets = chooseTargets(random, makeCompany, accounts, contacts);
  const convertible = decided.filter((at) => chosen.has(at));
  const converted = convertible.map((createdAt, index) => {
    const days = Math.min(60, Math.max(1.5, random.logNormal(9, 0.7)));
    const latest = calendar.plusDays(createdAt, days);
    return {
      createdAt,
      target: targets[index]!,
      convertedAt: calendar.workMoment(
        random,
        calendar.plusDays(createdAt, 1),
        earlier(calendar.plusDays(latest, 1), calendar.today),
      ),
    };
  });
  return {
    converted: recogniseKnownPeople(random, converted, contacts),
    rejected: decided.filter((at) => !chosen.has(at)),
    open,
  };
}

function chooseTargets(
  random: Random,
  makeCompany: CompanyMaker,
  accounts: SampleAccount[],
  contacts: ContactRow[],
): ConversionPlan['target'][] {
  const fromLeads = LEADS_OF_NEW_COMPANIES.flatMap((count) => {
    const target = { company: makeCompany.next(random.pick([2, 3, 3])) };
    return Array.from({ length: count }, () => target);
  });
  const known = new Set(contacts.map((contact) => contact.accountId));
  const oldest = accounts
    .filter(({ row }) => known.has(row.id))
    .sort((a, b) => a.row.createdAt.getTime() - b.row.createdAt.getTime())
    .slice(0, 24);
  const fed = random.some(oldest, 13);
  const intoExisting = Array.from({ length: CONVERTED - fromLeads.length }, () =>
    random.pickBy(fed, ({ row }) => (row.tier === 1 ? 3 : 1)),
  );
  return random.shuffled([...fromLeads, ...intoExisting]);
}

function recogniseKnownPeople(
  random: Random,
  converted: { createdAt: Date; target: ConversionPlan['target']; convertedAt: Date }[],
  contacts: ContactRow[],
): LeadFates['converted'] {
  const taken = new Set<ContactRow>();
  return converted.map(({ createdAt, target, convertedAt }) => {
    const candidates =
      'row' in target && taken.size < KNOWN_PEOPLE && random.chance(0.5)
        ? contacts.filter(
            (contact) =>
              contact.accountId === target.row.id &&
              contact.email !== null &&
              contact.createdAt < createdAt &&
              !taken.has(contact),
          )
        : [];
    const knownContact = candidates.length > 0 ? random.pick(candidates) : null;
    if (knownContact) taken.add(knownContact);
    return { createdAt, plan: { target, convertedAt, knownContact } };
  });
}
