import type { SampleAccount } from './accounts.ts';
import type { ContactRow, LeadRow, Setting } from './draft.ts';
import { earlier } from './calendar.ts';
import type { Random } from './random.ts';
import { FURTHER_DEALS, NEW_DEALS, OPPORTUNITY_SOURCES } from './sales-terms.ts';

const DAYS = 730;
/** New deals per day at the end of the two years, compared with their beginning. */
const GROWTH = 1.7;
/** Share of the closed deals that were won. */
const WIN_RATE = 0.3;
const MEDIAN_CYCLE_DAYS = { 1: 92, 2: 66, 3: 44, none: 44 };
const STALLS = 0.05;
const REOPENED = 6;

/** A deal before its history is told: where it comes from, how long it runs, how it ends. */
export interface Deal {
  id: string;
  account: SampleAccount;
  primary: ContactRow;
  createdAt: Date;
  lead: LeadRow | null;
  source: string | null;
  ownerId: string | null;
  cycleDays: number;
  /** Left alone by its owner: open, with a close date in the past. */
  isStalled: boolean;
  /** Lost at `firstEnd` and taken up again here. */
  reopenedAt: Date | null;
  firstEnd: Date;
  /** Null while it is open. */
  end: Date | null;
  isWon: boolean;
  /** By the same account, after a won one. */
  isFurther: boolean;
  /** ISO 4217. */
  currency: string;
}

export function dealFromLead(
  setting: Setting,
  random: Random,
  account: SampleAccount,
  primary: ContactRow,
  lead: LeadRow,
  at: Date,
): Deal {
  return newDeal(setting, random, { account, primary, createdAt: at, lead, source: lead.source });
}

/** Deals that salespeople opened themselves, at accounts and with contacts that were there. */
export function createOwnDeals(
  setting: Setting,
  accounts: SampleAccount[],
  contacts: ContactRow[],
  count: number,
): Deal[] {
  const random = setting.random.stream('deals');
  const people = Map.groupBy(contacts, (contact) => contact.accountId);
  return setting.calendar.spread(random, count, DAYS, GROWTH).map((createdAt) => {
    const known = (account: SampleAccount) =>
      (people.get(account.row.id) ?? []).filter((contact) => contact.createdAt < createdAt);
    const account = random.pickBy(
      accounts.filter((one) => known(one).length > 0),
      ({ row }) => (row.tier === 1 ? 7 : row.tier === 2 ? 3.5 : 1.5),
    );
    const source = random.weighted(OPPORTUNITY_SOURCES) || null;
    return newDeal(setting, random, {
      account,
      primary: random.pick(known(account)),
      createdAt,
      lead: null,
      source,
    });
  });
}

function newDeal(
  setting: Setting,
  random: Random,
  origin: Pick<Deal, 'account' | 'primary' | 'createdAt' | 'lead' | 'source'>,
): Deal {
  const { calendar } = setting;
  const isStalled = random.chance(STALLS);
  const median = MEDIAN_CYCLE_DAYS[(origin.account.row.tier ?? 'none') as keyof typeof MEDIAN_CYCLE_DAYS];
  const cycleDays = Math.max(6, random.logNormal(median, 0.45));
  const end = calendar.plusDays(origin.createdAt, cycleDays);
  const monthEnd = calendar.monthEnd(random, end);
  const waits = random.chance(0.35) && monthEnd > end;
  const firstEnd = waits ? monthEnd : calendar.workMoment(random, end, calendar.plusDays(end, 3));
  return {
    ...origin,
    id: random.uuid(origin.createdAt),
    ownerId: origin.account.row.ownerId,
    cycleDays,
    isStalled,
    reopenedAt: null,
    firstEnd,
    end: !isStalled && firstEnd < calendar.today ? firstEnd : null,
    isWon: false,
    isFurther: false,
    currency: setting.organization.currency,
  };
}

/** Takes up some lost deals again and decides who wins. */
export function decideDeals(setting: Setting, deals: Deal[]): void {
  const { calendar } = setting;
  const random = setting.random.stream('outcomes');
  for (const deal of random.some(
    deals.filter((one) => one.end && one.end < calendar.daysAgo(60)),
    REOPENED,
  )) {
    deal.reopenedAt = calendar.workMoment(
      random,
      calendar.plusDays(deal.firstEnd, 7),
      calendar.plusDays(deal.firstEnd, 45),
    );
    const end = calendar.plusDays(deal.reopenedAt, Math.max(12, deal.cycleDays * 0.6));
    deal.end =
      end < calendar.today
        ? earlier(calendar.workMoment(random, end, calendar.plusDays(end, 2)), calendar.today)
        : null;
    if (deal.end && deal.end >= calendar.today) deal.end = null;
  }

  const closed = deals.filter((deal) => deal.end).sort((a, b) => a.end!.getTime() - b.end!.getTime());
  const chances = closed.map(({ account, lead }) => (account.row.tier === 1 ? 1.2 : 1) * (lead ? 1.25 : 1));
  const scale = (WIN_RATE * closed.length) / chances.reduce((sum, chance) => sum + chance, 0);
  const won = random.decisions(chances.map((chance) => chance * scale));
  for (const [index, deal] of closed.entries()) deal.isWon = won[index]!;

  const customerSince = new Map<string, Date>();
  for (const { account, end, isWon } of closed) {
    if (isWon && !customerSince.has(account.row.id)) customerSince.set(account.row.id, end!);
  }
  for (const deal of deals) {
    const since = customerSince.get(deal.account.row.id);
    deal.isFurther = since !== undefined && since < deal.createdAt;
  }
}

/** A converted lead's deal begins as `<company>-`; its owner gives it a better name in time. */
export function dealName(random: Random, { account, lead, isFurther }: Deal): string {
  if (lead && random.chance(0.45)) return `${lead.company}-`;
  return `${account.company.shortName} ${random.pick(isFurther ? FURTHER_DEALS : NEW_DEALS)}`;
}
