import { campaignKeys } from '../campaigns/campaign.keys.ts';
import { toMinor } from '../graphql/money.ts';
import {
  type CampaignRow,
  type ContactRow,
  type LeadRow,
  type MemberRow,
  newKey,
  newRow,
  type Setting,
  type Team,
} from './draft.ts';
import { earlier, later } from './calendar.ts';
import type { Random } from './random.ts';
import { CAMPAIGNS } from './sales-terms.ts';

const RESPONDS = 0.4;
const MEMBERS = { contacts: 34, leads: 10 };

/** In the order of CAMPAIGNS. */
export function createCampaigns(setting: Setting, { marketer }: Team): CampaignRow[] {
  const { calendar, organization } = setting;
  const random = setting.random.stream('campaigns');
  return CAMPAIGNS.map(({ name, type, startsDaysAgo, days, cost, budget }) => {
    const start = calendar.daysAgo(startsDaysAgo);
    const end = calendar.plusDays(start, days);
    const planned = calendar.plusDays(start, -60);
    const status = start > calendar.today ? 'Planned' : end > calendar.today ? 'In Progress' : 'Completed';
    return {
      ...newRow(setting, random, earlier(planned, calendar.daysAgo(5))),
      name,
      type,
      ...campaignKeys({ name, type }),
      status,
      isActive: end > calendar.today,
      startDate: calendar.date(start),
      endDate: calendar.date(end),
      actualCost: cost === null ? null : toMinor(String(cost), organization.currency),
      actualCostCurrency: cost === null ? null : organization.currency,
      budgetedCost: toMinor(String(budget), organization.currency),
      budgetedCostCurrency: organization.currency,
      description: null,
      ownerId: marketer.id,
    };
  });
}

/** Who was invited or came. A converted lead's membership has moved to its contact. */
export function createMembers(
  setting: Setting,
  campaigns: CampaignRow[],
  leads: LeadRow[],
  contacts: ContactRow[],
  contactOfLead: Map<string, string>,
): MemberRow[] {
  const { calendar } = setting;
  const random = setting.random.stream('members');
  const members = new Map<string, MemberRow>();
  const join = (campaign: CampaignRow, leadId: string, at: Date, respondedAt: Date | null) => {
    const contactId = contactOfLead.get(leadId);
    add(setting, random, members, {
      campaign,
      leadId: contactId ? null : leadId,
      contactId: contactId ?? null,
      at,
      respondedAt,
    });
  };

  for (const lead of leads) {
    const campaign = campaigns.find(({ id }) => id === lead.campaignId);
    if (campaign) join(campaign, lead.id, lead.createdAt, lead.createdAt);
  }
  for (const campaign of campaigns) {
    const start = calendar.at(campaign.startDate!);
    const begin = later(campaign.createdAt, calendar.plusDays(start, -21));
    const end = earlier(calendar.plusDays(calendar.at(campaign.endDate!), 1), calendar.today);
    if (begin >= calendar.today) continue;
    const response = () =>
      end > start && random.chance(RESPONDS) ? calendar.between(random, start, end) : null;
    const reachable = contacts.filter((contact) => !contact.emailOptOut && contact.createdAt < begin);
    for (const contact of random.some(reachable, MEMBERS.contacts)) {
      const at = calendar.workMoment(random, begin, earlier(start, calendar.today));
      add(setting, random, members, {
        campaign,
        leadId: null,
        contactId: contact.id,
        at,
        respondedAt: response(),
      });
    }
    const running = leads.filter(
      (lead) => lead.createdAt < begin && (lead.convertedAt ?? calendar.today) > begin,
    );
    for (const lead of random.some(running, MEMBERS.leads)) {
      const at = calendar.workMoment(random, begin, earlier(start, calendar.today));
      join(campaign, lead.id, at, response());
    }
  }
  return [...members.values()];
}

/** One membership per person and campaign; of two, the earlier one with the earliest response. */
function add(
  setting: Setting,
  random: Random,
  members: Map<string, MemberRow>,
  given: {
    campaign: CampaignRow;
    leadId: string | null;
    contactId: string | null;
    at: Date;
    respondedAt: Date | null;
  },
): void {
  const { campaign, leadId, contactId, at, respondedAt } = given;
  const key = `${campaign.id} ${leadId ?? contactId}`;
  const before = members.get(key);
  if (before) {
    before.createdAt = earlier(before.createdAt, at);
    if (respondedAt)
      before.respondedAt = before.respondedAt ? earlier(before.respondedAt, respondedAt) : respondedAt;
    return;
  }
  members.set(key, {
    ...newKey(setting, random, at),
    campaignId: campaign.id,
    leadId,
    contactId,
    status: respondedAt ? 'Responded' : 'Sent',
    respondedAt,
    createdAt: at,
  });
}
