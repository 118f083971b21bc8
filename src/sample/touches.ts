import { ActivityType } from '../activities/activity.enums.ts';
import { type ActivityLinks, allowedOutreach, inbound, openTask, outbound } from './activities.ts';
import type {
  AccountRow,
  ActivityRow,
  ContactRoleRow,
  ContactRow,
  ConversionRow,
  LeadRow,
  OpportunityRow,
  Setting,
} from './draft.ts';
import { earlier } from './calendar.ts';
import type { Random } from './random.ts';

/** Accounts that come to us often at the moment, and how often each. */
const HOT_ACCOUNTS = 14;
const HOT_TOUCHES = [8, 18] as const;
const HOT_DAYS = 85;
const BACKGROUND_TOUCHES = 120;
const OPEN_TASKS = 22;
const UNANSWERED = 0.08;
/** Minutes until the first answer to a lead: equal shares of at once, soon, within the hour, later. */
const ANSWER_BANDS = [[1, 5], [5, 15], [15, 60], [60, 1800]] as const; // prettier-ignore

const FIRST_TOUCH: Record<string, ActivityType> = {
  Webinar: ActivityType.WEBINAR,
  'Content Download': ActivityType.DOWNLOAD,
  'Trade Show': ActivityType.EVENT,
};

/** What happened between leads and us; a converted lead's activities also belong to what became of it. */
export function leadTouches(setting: Setting, leads: LeadRow[], conversions: ConversionRow[]): ActivityRow[] {
  const { calendar } = setting;
  const random = setting.random.stream('lead touches');
  const conversionOf = new Map(conversions.map((conversion) => [conversion.leadId, conversion]));
  return leads.flatMap((lead) => {
    const became = conversionOf.get(lead.id);
    const links: ActivityLinks = {
      leadId: lead.id,
      contactId: became?.contactId ?? null,
      accountId: became?.accountId ?? null,
      opportunityId: became?.opportunityId ?? null,
    };
    const isOver = lead.isConverted || lead.updatedAt > lead.createdAt;
    const until = isOver ? lead.updatedAt : earlier(calendar.plusDays(lead.createdAt, 25), calendar.today);
    const came = FIRST_TOUCH[lead.source ?? ''] ?? ActivityType.FORM;
    const views = Array.from({ length: random.integer(0, 2) }, () =>
      inbound(
        setting,
        random,
        ActivityType.PAGE_VIEW,
        calendar.between(random, lead.createdAt, until),
        links,
      ),
    );
    return [
      inbound(setting, random, came, lead.createdAt, links),
      ...views,
      ...answers(setting, random, lead, links, until),
    ];
  });
}

/** Nobody answers a lead that still waits in the queue. */
function answers(
  setting: Setting,
  random: Random,
  lead: LeadRow,
  links: ActivityLinks,
  until: Date,
): ActivityRow[] {
  const { calendar } = setting;
  const [fastest, slowest] = random.pick(ANSWER_BANDS);
  const answeredAt = calendar.plusDays(lead.createdAt, random.number(fastest, slowest) / 1440);
  if (lead.queueId || random.chance(UNANSWERED) || answeredAt >= until) return [];
  const first = allowedOutreach(random, lead);
  if (!first) return [];
  const further = Array.from({ length: random.integer(0, 2) }, () => {
    const again = allowedOutreach(random, lead)!;
    return random.chance(0.45) && lead.email
      ? inbound(setting, random, ActivityType.REPLY, calendar.between(random, answeredAt, until), links)
      : outbound(setting, random, again, calendar.workMoment(random, answeredAt, until), links, lead.ownerId);
  });
  return [outbound(setting, random, first, answeredAt, links, lead.ownerId), ...further];
}

/** Talks with the people of a deal while it runs, and what is to do next. */
export function dealTouches(
  setting: Setting,
  opportunities: OpportunityRow[],
  roles: ContactRoleRow[],
  contacts: ContactRow[],
): ActivityRow[] {
  const { calendar } = setting;
  const random = setting.random.stream('deal touches');
  const people = new Map(contacts.map((contact) => [contact.id, contact]));
  const rolesOf = Map.groupBy(roles, (role) => role.opportunityId);
  const talks = opportunities.flatMap((deal) =>
    Array.from({ length: random.integer(0, 4) + (deal.isWon ? 2 : 0) }, () => {
      const at = calendar.workMoment(random, deal.createdAt, deal.closedAt ?? calendar.today);
      const present = rolesOf.get(deal.id)!.filter((role) => role.createdAt <= at);
      const contact = people.get(random.pick(present).contactId)!;
      return talk(setting, random, deal, contact, at);
    }),
  );
  const running = opportunities.filter((deal) => !deal.isClosed);
  const tasks = random.some(running, OPEN_TASKS).map((deal) => {
    const due = calendar.workMoment(
      random,
      calendar.plusDays(calendar.today, 1),
      calendar.plusDays(calendar.today, 15),
    );
    return openTask(
      setting,
      random,
      due,
      { accountId: deal.accountId, opportunityId: deal.id },
      deal.ownerId,
    );
  });
  return [...talks.filter((row) => row !== null), ...tasks];
}

function talk(
  setting: Setting,
  random: Random,
  deal: OpportunityRow,
  contact: ContactRow,
  at: Date,
): ActivityRow | null {
  const links = { contactId: contact.id, accountId: deal.accountId, opportunityId: deal.id };
  const kind = random.weighted([
    ['meeting', 4],
    ['invited', 2],
    ['reply', 2],
    ['outreach', 4],
  ]);
  if (kind === 'reply') return inbound(setting, random, ActivityType.REPLY, at, links);
  if (kind === 'invited') return inbound(setting, random, ActivityType.MEETING, at, links);
  if (kind === 'meeting') return outbound(setting, random, ActivityType.MEETING, at, links, deal.ownerId);
  const type = allowedOutreach(random, contact);
  return type && outbound(setting, random, type, at, links, deal.ownerId);
}

/** Contacts who come to us by themselves: everywhere a little, at some accounts a lot and just now. */
export function engagementTouches(
  setting: Setting,
  accounts: AccountRow[],
  contacts: ContactRow[],
): ActivityRow[] {
  const { calendar } = setting;
  const random = setting.random.stream('engagement');
  const begin = calendar.daysAgo(HOT_DAYS);
  const people = Map.groupBy(contacts, (contact) => contact.accountId);
  const groups = accounts
    .map((account) => ({
      account,
      group: (people.get(account.id) ?? []).filter((one) => one.createdAt < begin),
    }))
    .filter(({ group }) => group.length >= 2);
  const hot: typeof groups = [];
  while (hot.length < HOT_ACCOUNTS && hot.length < groups.length) {
    hot.push(
      random.pickBy(
        groups.filter((one) => !hot.includes(one)),
        ({ account }) => (account.isTarget ? 4 : 1),
      ),
    );
  }
  const often = hot.flatMap(({ group }) => {
    const active = random.some(group, 4);
    return Array.from({ length: random.integer(...HOT_TOUCHES) }, () =>
      visit(setting, random, random.pick(active), calendar.between(random, begin, calendar.today)),
    );
  });
  const known = contacts.filter((contact) => contact.createdAt < begin);
  const nowAndThen = Array.from({ length: BACKGROUND_TOUCHES }, () => {
    const contact = random.pick(known);
    return visit(setting, random, contact, calendar.between(random, contact.createdAt, calendar.today));
  });
  return [...often, ...nowAndThen];
}

function visit(setting: Setting, random: Random, contact: ContactRow, at: Date): ActivityRow {
  const type = random.weighted([
    [ActivityType.PAGE_VIEW, 12],
    [ActivityType.DOWNLOAD, 6],
    [ActivityType.WEBINAR, 3],
    [ActivityType.EVENT, 1],
  ]);
  return inbound(setting, random, type, at, { contactId: contact.id, accountId: contact.accountId });
}
