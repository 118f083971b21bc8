import { accountKeys } from '../accounts/account.keys.ts';
import { AccountType } from '../accounts/account.enums.ts';
import { type Company, CompanyMaker } from './companies.ts';
import { type AccountRow, newRow, type Setting, type Team } from './draft.ts';
import { COUNTRIES, DIVISIONS } from './names.ts';
import type { Random } from './random.ts';

/** An account and the company it stands for. */
export interface SampleAccount {
  row: AccountRow;
  company: Company;
}

export const STANDALONE_ACCOUNTS = 36;
const PARENTS = 5;
const CHILDREN = 8;
const TWINS = 2;
/** Tiers of the standalone accounts, in order; the first ones are the parents. */
const TIERS: [tier: 1 | 2 | 3, count: number][] = [
  [1, 10],
  [2, 15],
  [3, 11],
];
export const TARGET_ACCOUNTS = 25;

/** Accounts that salespeople opened themselves; those that came from leads are made by their conversions. */
export function createAccounts(setting: Setting, team: Team, makeCompany: CompanyMaker): SampleAccount[] {
  const { calendar } = setting;
  const random = setting.random.stream('accounts');
  const tiers = TIERS.flatMap(([tier, count]) => Array.from({ length: count }, () => tier));
  const accounts = tiers.map((tier, index): SampleAccount => {
    // Most were customers or prospects before the sample's two years begin.
    const at =
      index % 4 === 3
        ? calendar.workMoment(random, calendar.daysAgo(700), calendar.daysAgo(90))
        : calendar.workMoment(random, calendar.daysAgo(1150), calendar.daysAgo(735));
    const company = makeCompany.next(tier);
    const row = accountRow(setting, random, company, at, random.pick(team.aes).id);
    return { company, row: { ...row, tier, isTarget: index < TARGET_ACCOUNTS } };
  });
  return [
    ...accounts,
    ...subsidiaries(setting, random, makeCompany, accounts),
    ...twins(setting, random, makeCompany, accounts.slice(-TWINS)),
  ];
}

function subsidiaries(
  setting: Setting,
  random: Random,
  makeCompany: CompanyMaker,
  accounts: SampleAccount[],
): SampleAccount[] {
  return random.some(DIVISIONS, CHILDREN).map((division, index) => {
    const parent = accounts[index % PARENTS]!;
    const shortName = `${parent.company.shortName} ${division}`;
    const company = makeCompany.related(
      parent.company,
      { shortName, name: shortName },
      division.toLowerCase(),
      random.pick(COUNTRIES),
    );
    const at = setting.calendar.workMoment(random, parent.row.createdAt, setting.calendar.daysAgo(120));
    const row = accountRow(setting, random, company, at, parent.row.ownerId);
    return { company, row: { ...row, tier: index < 4 ? 3 : null, parentId: parent.row.id } };
  });
}

/** The same company entered twice under two legal forms: leads that name it are ambiguous. */
function twins(
  setting: Setting,
  random: Random,
  makeCompany: CompanyMaker,
  accounts: SampleAccount[],
): SampleAccount[] {
  return accounts.map(({ company, row }) => {
    const country = COUNTRIES.find((one) => one !== company.country)!;
    const name = { shortName: company.shortName, name: `${company.shortName} ${country.legalForms[0]}` };
    const twin = makeCompany.related(company, name, 'group', country);
    const at = setting.calendar.workMoment(random, row.createdAt, setting.calendar.daysAgo(60));
    return { company: twin, row: { ...accountRow(setting, random, twin, at, row.ownerId), tier: null } };
  });
}

/** Not everything is known of an account at first; conversions fill what is empty. */
function accountRow(
  setting: Setting,
  random: Random,
  company: Company,
  at: Date,
  ownerId: string | null,
): AccountRow {
  const revenueKnown = random.chance(0.6);
  const industry = random.chance(0.85) ? company.industry : null;
  return {
    ...emptyAccount(setting, random, at, company.name),
    ...accountKeys({ name: company.name, industry }),
    ...(random.chance(0.8) ? company.address : {}),
    domain: company.domain,
    website: company.website,
    industry,
    employees: random.chance(0.7) ? company.employees : null,
    annualRevenue: revenueKnown ? company.annualRevenue : null,
    annualRevenueCurrency: revenueKnown ? setting.organization.currency : null,
    phone: random.chance(0.55) ? company.phone : null,
    rating: random.chance(0.6) ? random.pick(['Hot', 'Warm', 'Cold']) : null,
    ownerId,
  };
}

export function emptyAccount(setting: Setting, random: Random, at: Date, name: string): AccountRow {
  return {
    ...newRow(setting, random, at),
    name,
    ...accountKeys({ name }),
    domain: null,
    website: null,
    industry: null,
    employees: null,
    annualRevenue: null,
    annualRevenueCurrency: null,
    phone: null,
    street: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    rating: null,
    type: AccountType.PROSPECT,
    typeLabel: null,
    description: null,
    tier: null,
    isTarget: false,
    ownerId: null,
    parentId: null,
  };
}
