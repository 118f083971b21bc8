import { createAccounts } from './accounts.ts';
import { createCampaigns, createMembers } from './campaigns.ts';
import { CompanyMaker } from './companies.ts';
import { chooseCurrencies, createRates } from './currencies.ts';
import { createContacts, expandAccounts } from './contacts.ts';
import { convertLeads } from './conversions.ts';
import { createOwnDeals, decideDeals } from './deals.ts';
import type { Setting } from './draft.ts';
import { decideLeadFates } from './lead-fates.ts';
import { createHandoffs } from './handoffs.ts';
import { createUnconvertedLeads } from './leads.ts';
import { createOpportunities, joinRunningDeals } from './opportunities.ts';
import { createTeam, PersonNames } from './people.ts';
import { createTargets } from './targets.ts';
import { dealTouches, engagementTouches, leadTouches } from './touches.ts';

const CONTACTS = 250;
const OPPORTUNITIES = 220;
/** Contacts that were added by hand: most at the accounts that were opened by hand, some at those from leads. */
const OWN_CONTACTS = 190;

export type Sample = ReturnType<typeof draftSample>;

/** All rows of a sample, in memory. */
export function draftSample(setting: Setting) {
  const names = new PersonNames(setting.random.stream('people'));
  const makeCompany = new CompanyMaker(setting, setting.random.stream('companies'));
  const team = createTeam(setting, names);
  const campaigns = createCampaigns(setting, team);

  const ownAccounts = createAccounts(setting, team, makeCompany);
  const ownContacts = createContacts(setting, names, ownAccounts, OWN_CONTACTS);
  const fates = decideLeadFates(setting, makeCompany, ownAccounts, ownContacts);
  const converted = convertLeads(setting, team, names, campaigns, fates.converted);
  const accounts = [...ownAccounts, ...converted.accounts];
  const expansion = CONTACTS - ownContacts.length - converted.contacts.length;
  const contacts = [
    ...ownContacts,
    ...converted.contacts,
    ...expandAccounts(setting, names, converted.accounts, expansion),
  ];
  const unconverted = createUnconvertedLeads(
    setting,
    team,
    names,
    makeCompany,
    campaigns,
    accounts,
    contacts,
    fates,
  );
  const leads = [...converted.leads, ...unconverted];

  const ownDeals = createOwnDeals(setting, accounts, contacts, OPPORTUNITIES - converted.deals.length);
  const deals = [...ownDeals, ...converted.deals];
  decideDeals(setting, deals);
  chooseCurrencies(setting, deals);
  const { opportunities, versions, roles } = createOpportunities(setting, deals, contacts);
  const joined = joinRunningDeals(setting, converted, contacts, campaigns, {
    opportunities,
    versions,
    roles,
  });

  const { conversions } = converted;
  const contactOfLead = new Map(conversions.map(({ leadId, contactId }) => [leadId, contactId!]));
  const accountRows = accounts.map(({ row }) => row);
  const touches = leadTouches(setting, leads, conversions);
  return {
    team,
    targets: createTargets(setting, team),
    rates: createRates(setting),
    campaigns,
    accounts: accountRows,
    contacts,
    opportunities,
    versions,
    roles,
    leads,
    conversions,
    handoffs: createHandoffs(setting, team, leads, conversions),
    fields: [...converted.fields, ...joined],
    members: createMembers(setting, campaigns, leads, contacts, contactOfLead),
    activities: [
      ...touches,
      ...dealTouches(setting, opportunities, roles, contacts),
      ...engagementTouches(setting, accountRows, contacts),
    ],
  };
}
