import { AccountType } from '../accounts/account.enums.ts';
import { ConversionTarget } from '../conversion/conversion.enums.ts';
import { opportunityKeys } from '../opportunities/opportunity.keys.ts';
import { type Conversions, outcome } from './conversions.ts';
import { tellDeal, type DealState } from './deal-history.ts';
import { type Deal, dealName } from './deals.ts';
import {
  type CampaignRow,
  type ContactRoleRow,
  type ContactRow,
  type ConversionFieldRow,
  newKey,
  type OpportunityRow,
  type Setting,
  type VersionRow,
} from './draft.ts';
import { later } from './calendar.ts';
import { fillEmpty, provenance } from './provenance.ts';
import type { Random } from './random.ts';
import { LOST_REASONS, NEXT_STEPS } from './sales-terms.ts';

export interface Opportunities {
  opportunities: OpportunityRow[];
  versions: VersionRow[];
  roles: ContactRoleRow[];
}

/** The rows of the deals: their present state, their history, and who takes part in them. */
export function createOpportunities(setting: Setting, deals: Deal[], contacts: ContactRow[]): Opportunities {
  const random = setting.random.stream('opportunities');
  const people = Map.groupBy(contacts, (contact) => contact.accountId);
  const written: Opportunities = { opportunities: [], versions: [], roles: [] };
  for (const deal of deals) {
    const states = tellDeal(setting, random, deal);
    written.opportunities.push(opportunityRow(setting, random, deal, states));
    written.versions.push(...versionRows(setting, random, deal, states));
    written.roles.push(...roleRows(setting, random, deal, people.get(deal.account.row.id) ?? []));
    if (deal.isWon) deal.account.row.type = AccountType.CUSTOMER;
  }
  return written;
}

function opportunityRow(setting: Setting, random: Random, deal: Deal, states: DealState[]): OpportunityRow {
  const { from: updatedAt, state: current } = states.at(-1)!;
  const lastOpen = states.findLastIndex(({ state }) => !state.isClosed);
  const pushCount = states.filter(
    ({ state }, index) => index > 0 && state.closeDate > states[index - 1]!.state.closeDate,
  ).length;
  const { open, won, lost } = setting.stages;
  const stage = [...open, won, lost].find(({ id }) => id === current.stageId)!;
  const named = { name: dealName(random, deal), source: deal.source };
  return {
    organizationId: setting.organization.id,
    id: deal.id,
    createdAt: deal.createdAt,
    updatedAt,
    accountId: deal.account.row.id,
    ...named,
    ...opportunityKeys(named),
    ...current,
    stagePosition: stage.position,
    closedAt: current.isClosed ? states[lastOpen + 1]!.from : null,
    ownerId: deal.ownerId,
    campaignId: deal.lead?.campaignId ?? null,
    typeLabel: deal.isFurther ? 'Existing Business' : 'New Business',
    nextStep: !current.isClosed && random.chance(0.6) ? random.pick(NEXT_STEPS) : null,
    lostReason: current.isClosed && !current.isWon ? random.pick(LOST_REASONS) : null,
    description: null,
    pushCount,
  };
}

function versionRows(setting: Setting, random: Random, deal: Deal, states: DealState[]): VersionRow[] {
  return states.map(({ from, state }, index) => ({
    ...newKey(setting, random, from),
    opportunityId: deal.id,
    ...state,
    validFrom: from,
    validTo: states[index + 1]?.from ?? null,
  }));
}

/** The person it began with is the primary one; larger accounts bring more people to the table. */
function roleRows(setting: Setting, random: Random, deal: Deal, people: ContactRow[]): ContactRoleRow[] {
  const until = deal.end ?? setting.calendar.today;
  const others = people.filter((contact) => contact !== deal.primary && contact.createdAt < until);
  const count = random.integer(0, deal.account.row.tier === 1 ? 3 : 2) + (deal.isWon ? 1 : 0);
  return [deal.primary, ...random.some(others, count)].map((contact) =>
    roleRow(
      setting,
      random,
      deal.id,
      contact,
      later(deal.createdAt, contact.createdAt),
      contact === deal.primary,
    ),
  );
}

function roleRow(
  setting: Setting,
  random: Random,
  opportunityId: string,
  contact: ContactRow,
  at: Date,
  isPrimary: boolean,
): ContactRoleRow {
  return {
    ...newKey(setting, random, at),
    opportunityId,
    contactId: contact.id,
    role: contact.buyingRole,
    isPrimary,
    createdAt: at,
  };
}

/** Conversions whose account had a deal running bring their contact into it; the others have no opportunity. */
export function joinRunningDeals(
  setting: Setting,
  { joining, contacts: created }: Conversions,
  known: ContactRow[],
  campaigns: CampaignRow[],
  { opportunities, versions, roles }: Opportunities,
): ConversionFieldRow[] {
  const random = setting.random.stream('joining');
  const people = new Map([...created, ...known].map((contact) => [contact.id, contact]));
  return joining.flatMap(({ conversion, lead }) => {
    const at = conversion.convertedAt;
    const running = opportunities.filter(
      (one) =>
        one.accountId === conversion.accountId &&
        versions.some(
          (version) =>
            version.opportunityId === one.id &&
            !version.isClosed &&
            version.validFrom <= at &&
            (version.validTo === null || version.validTo > at),
        ),
    );
    if (running.length === 0) return [];
    const opportunity = random.pick(running);
    const campaignName = (id: string | null) =>
      campaigns.find((campaign) => campaign.id === id)?.name ?? null;
    const target = { source: opportunity.source, campaign: campaignName(opportunity.campaignId) };
    const fates = fillEmpty(target, lead, ['source', 'campaign'], {
      campaign: campaignName(lead.campaignId),
    });
    opportunity.campaignId ??= lead.campaignId;
    opportunity.source = target.source;
    Object.assign(opportunity, opportunityKeys(opportunity));
    conversion.opportunityId = opportunity.id;
    conversion.opportunityOutcome = outcome(false, fates);
    if (fates.some((fate) => fate.outcome === 'FILLED'))
      opportunity.updatedAt = later(opportunity.updatedAt, at);
    joinRole(setting, random, roles, opportunity.id, people.get(conversion.contactId!)!, at);
    return provenance(setting, random, conversion, ConversionTarget.OPPORTUNITY, lead, fates);
  });
}

function joinRole(
  setting: Setting,
  random: Random,
  roles: ContactRoleRow[],
  opportunityId: string,
  contact: ContactRow,
  at: Date,
): void {
  const own = roles.some((role) => role.opportunityId === opportunityId && role.contactId === contact.id);
  if (!own) roles.push(roleRow(setting, random, opportunityId, contact, at, false));
}
