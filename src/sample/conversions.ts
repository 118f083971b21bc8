import { accountKeys } from '../accounts/account.keys.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import { ConversionOutcome, ConversionTarget } from '../conversion/conversion.enums.ts';
import { MatchMethod } from '../leads/lead.enums.ts';
import { emptyAccount, type SampleAccount } from './accounts.ts';
import { emptyContact } from './contacts.ts';
import { dealFromLead, type Deal } from './deals.ts';
import {
  type CampaignRow,
  type ContactRow,
  type ConversionFieldRow,
  type ConversionRow,
  type LeadRow,
  newKey,
  type Setting,
  type Team,
} from './draft.ts';
import { later } from './calendar.ts';
import type { ConversionPlan, LeadFates } from './lead-fates.ts';
import { advance } from './lead-milestones.ts';
import { leadRow, newcomer, samePerson } from './leads.ts';
import type { PersonNames } from './people.ts';
import { fillEmpty, provenance, type FieldFate } from './provenance.ts';
import type { Random } from './random.ts';

const ACCOUNT_FIELDS = [
  'name',
  'domain',
  'website',
  'industry',
  'annualRevenue',
  'employees',
  'phone',
  'street',
  'city',
  'state',
  'postalCode',
  'country',
  'rating',
] as const;
const CONTACT_FIELDS = [
  'firstName',
  'lastName',
  'title',
  'email',
  'phone',
  'mobile',
  'street',
  'city',
  'state',
  'postalCode',
  'country',
  'source',
  'description',
  'doNotCall',
  'emailOptOut',
] as const;

/** How often a conversion opens a deal, joins a running one (if there is one), or does neither. */
const OPENS_DEAL = { ofNewAccount: 0.85, ofKnownAccount: 0.5 };
const JOINS_DEAL = 0.9;

export interface Conversions {
  leads: LeadRow[];
  conversions: ConversionRow[];
  fields: ConversionFieldRow[];
  /** Accounts and contacts the conversions created. */
  accounts: SampleAccount[];
  contacts: ContactRow[];
  /** Deals the conversions opened. */
  deals: Deal[];
  /** Conversions that join a deal running at their account then, if there is one. */
  joining: { conversion: ConversionRow; lead: LeadRow }[];
}

/** Converts the leads one after the other, oldest conversion first, each finding what the earlier ones left. */
export function convertLeads(
  setting: Setting,
  team: Team,
  names: PersonNames,
  campaigns: CampaignRow[],
  fates: LeadFates['converted'],
): Conversions {
  const random = setting.random.stream('conversions');
  const done: Conversions = {
    leads: [],
    conversions: [],
    fields: [],
    accounts: [],
    contacts: [],
    deals: [],
    joining: [],
  };
  const inOrder = fates.toSorted((a, b) => a.plan.convertedAt.getTime() - b.plan.convertedAt.getTime());
  for (const { createdAt, plan } of inOrder) {
    const { company } = plan.target;
    const person = plan.knownContact ? samePerson(plan.knownContact, company) : newcomer(names, company);
    const arrived = leadRow(setting, random, campaigns, createdAt, person);
    const lead = advance(setting, random, team, arrived, { convertedAt: plan.convertedAt });
    convert(setting, random, team, campaigns, lead, plan, done);
  }
  return done;
}

function convert(
  setting: Setting,
  random: Random,
  team: Team,
  campaigns: CampaignRow[],
  lead: LeadRow,
  plan: ConversionPlan,
  done: Conversions,
): void {
  const at = plan.convertedAt;
  const existing =
    'row' in plan.target ? plan.target : done.accounts.find(({ company }) => company === plan.target.company);
  const account = existing ?? newAccount(setting, random, team, plan, at);
  if (existing)
    Object.assign(lead, {
      matchedAccountId: existing.row.id,
      matchMethod: MatchMethod.DOMAIN,
      matchScore: 1,
    });
  else done.accounts.push(account);
  const accountFates = fillEmpty(account.row, lead, ACCOUNT_FIELDS, {
    name: lead.company!,
    domain: lead.domain,
  });
  if (account.row.annualRevenue !== null) account.row.annualRevenueCurrency = setting.organization.currency;
  Object.assign(account.row, accountKeys(account.row));

  const contact = plan.knownContact ?? {
    ...emptyContact(setting, random, at, ''),
    accountId: account.row.id,
    ownerId: account.row.ownerId,
  };
  const contactFates = fillEmpty(contact, lead, CONTACT_FIELDS, {});
  Object.assign(contact, contactKeys(contact));
  if (!plan.knownContact) done.contacts.push(contact);

  const conversion: ConversionRow = {
    ...newKey(setting, random, at),
    leadId: lead.id,
    accountId: account.row.id,
    contactId: contact.id,
    opportunityId: null,
    accountOutcome: outcome(!existing, accountFates),
    contactOutcome: outcome(!plan.knownContact, contactFates),
    opportunityOutcome: null,
    convertedAt: at,
    convertedById: random.chance(0.85) ? lead.ownerId : account.row.ownerId,
    sdrId: lead.ownerId,
    aeId: account.row.ownerId,
    isImported: false,
    revertedAt: null,
  };
  done.leads.push(lead);
  done.conversions.push(conversion);
  done.fields.push(
    ...provenance(setting, random, conversion, ConversionTarget.ACCOUNT, lead, accountFates),
    ...provenance(setting, random, conversion, ConversionTarget.CONTACT, lead, contactFates),
  );
  touch(account.row, at, accountFates);
  touch(contact, at, contactFates);

  if (random.chance(existing ? OPENS_DEAL.ofKnownAccount : OPENS_DEAL.ofNewAccount)) {
    const deal = dealFromLead(setting, random, account, contact, lead, at);
    conversion.opportunityId = deal.id;
    conversion.opportunityOutcome = ConversionOutcome.CREATED;
    done.deals.push(deal);
    const fates = fillEmpty(
      { source: null as string | null, campaign: null as string | null },
      lead,
      ['source', 'campaign'],
      {
        campaign: campaigns.find(({ id }) => id === lead.campaignId)?.name ?? null,
      },
    );
    done.fields.push(...provenance(setting, random, conversion, ConversionTarget.OPPORTUNITY, lead, fates));
  } else if (existing && random.chance(JOINS_DEAL)) {
    done.joining.push({ conversion, lead });
  }
}

/** What the account is before the lead's fields fill it: its owner and its place in the plan for the year. */
function newAccount(
  setting: Setting,
  random: Random,
  team: Team,
  { target }: ConversionPlan,
  at: Date,
): SampleAccount {
  const row = emptyAccount(setting, random, at, '');
  row.ownerId = random.pick(team.aes).id;
  row.tier = random.weighted([
    [2, 3],
    [3, 7],
  ]);
  return { row, company: target.company };
}

export function outcome(isNew: boolean, fates: FieldFate[]): ConversionOutcome {
  if (isNew) return ConversionOutcome.CREATED;
  return fates.some((fate) => fate.outcome === 'FILLED')
    ? ConversionOutcome.MERGED
    : ConversionOutcome.ATTACHED;
}

function touch(row: { updatedAt: Date }, at: Date, fates: FieldFate[]): void {
  if (fates.some((fate) => fate.outcome === 'FILLED')) row.updatedAt = later(row.updatedAt, at);
}
