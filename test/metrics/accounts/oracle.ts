import { money, round } from '../deals/fractions.ts';

/**
 * Account metrics over plain rows, written from metrics.md alone; nothing of the code under test. Moments are milliseconds.
 */
export interface AccountWorld {
  accounts: { id: string; isTarget: boolean; isDeleted: boolean; at: number }[];
  contacts: { id: string; accountId: string | null; role: string | null; isDeleted: boolean; at: number }[];
  leads: {
    id: string;
    accountId: string | null;
    convertedAt: number | null;
    isDeleted: boolean;
    at: number;
  }[];
  activities: {
    id: string;
    type: string;
    direction: string | null;
    minutes: number | null;
    isOpen: boolean;
    at: number;
    leadId: string | null;
    contactId: string | null;
    accountId: string | null;
  }[];
  members: { id: string; contactId: string | null; leadId: string | null; at: number }[];
  deals: {
    id: string;
    accountId: string | null;
    isDeleted: boolean;
    at: number;
    ownerId: string | null;
    isOfCampaign: boolean;
    /** In time; each holds until the next. */
    versions: DealVersion[];
  }[];
  /** Of one minor unit, in thousandths of one of the organisation's, from a day on. */
  rates: { currency: string; from: string; thousandths: bigint }[];
  roles: { id: string; dealId: string; contactId: string; role: string | null; at: number }[];
  conversions: {
    id: string;
    leadId: string;
    accountId: string;
    dealId: string | null;
    at: number;
    revertedAt: number | null;
  }[];
}

export interface DealVersion {
  from: number;
  /** Position: 1 to 8 open, 9 won, 10 lost. */
  stage: number;
  isClosed: boolean;
  isWon: boolean;
  category: string;
  /** Minor units. */
  amount: bigint | null;
  currency: string;
  closeDate: string;
}

export interface Asked {
  moment: number;
  from: string | null;
  to: string | null;
  timeZone: string;
}

const MINUTES: Record<string, number> = {
  PAGE_VIEW: 1,
  REPLY: 2,
  DOWNLOAD: 10,
  WEBINAR: 30,
  MEETING: 30,
  EVENT: 120,
};
const REQUIRED = ['CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER'];

const formats = new Map<string, Intl.DateTimeFormat>();
export function localDate(at: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format)
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })));
  return format.format(at);
}

/** The same day and time so many months before, or that month's last day. */
function monthsBefore(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

const addDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

const rate = (numerator: number, denominator: number) => ({
  value: denominator === 0 ? null : numerator / denominator,
  numerator,
  denominator,
});

/** The world as known at a moment. */
export function oracleOf(world: AccountWorld, { moment, from, to, timeZone }: Asked) {
  const known = <T extends { isDeleted: boolean; at: number }>(rows: T[]) =>
    rows.filter((row) => !row.isDeleted && row.at <= moment);
  const accounts = known(world.accounts);
  const contacts = known(world.contacts);
  const leads = known(world.leads).filter((lead) => lead.convertedAt === null || lead.convertedAt > moment);
  const contactOf = new Map(contacts.map((one) => [one.id, one]));
  const leadOf = new Map(leads.map((one) => [one.id, one]));
  const deals = known(world.deals).flatMap((deal) => {
    const version = deal.versions.findLast((one) => one.from <= moment);
    return version ? [{ ...deal, ...version }] : [];
  });
  const conversions = world.conversions.filter(
    (one) => one.at <= moment && (one.revertedAt === null || one.revertedAt > moment),
  );
  const contains = (at: number, begin = from, end = to) => {
    const date = localDate(at, timeZone);
    return (begin === null || date >= begin) && (end === null || date < end);
  };

  const inbound = world.activities
    .filter((one) => one.direction === 'INBOUND' && !one.isOpen && one.at <= moment)
    .map((one) => {
      const contact = one.contactId === null ? undefined : contactOf.get(one.contactId);
      const lead = contact || one.leadId === null ? undefined : leadOf.get(one.leadId);
      const isBare = one.contactId === null && one.leadId === null;
      return {
        at: one.at,
        minutes: one.minutes ?? MINUTES[one.type] ?? 0,
        accountId: contact ? contact.accountId : lead ? lead.accountId : isBare ? one.accountId : null,
        person: contact?.id ?? lead?.id ?? null,
        contactId: contact?.id ?? null,
      };
    });
  const touches = [
    ...inbound,
    ...world.members
      .filter((one) => one.at <= moment)
      .map((one) => ({
        at: one.at,
        accountId:
          (one.contactId ? contactOf.get(one.contactId) : leadOf.get(one.leadId!))?.accountId ?? null,
      })),
  ];

  const engagedAt = (account: string, at: number) => {
    const rows = inbound.filter(
      (one) => one.accountId === account && one.minutes > 0 && one.at <= at && one.at >= monthsBefore(at, 3),
    );
    return {
      minutes: rows.reduce((sum, one) => sum + one.minutes, 0),
      people: new Set(rows.flatMap((one) => one.person ?? [])).size,
    };
  };
  const isMqaAt = (account: string, at: number) => {
    const { minutes, people } = engagedAt(account, at);
    return minutes >= 100 && people >= 2;
  };

  const filledRoles = (account: string) => {
    const own = contacts.filter((one) => one.accountId === account);
    const ids = new Set(own.map((one) => one.id));
    const itsDeals = new Set(
      known(world.deals)
        .filter((one) => one.accountId === account)
        .map((one) => one.id),
    );
    const roles = [
      ...own.map((one) => one.role),
      ...world.roles
        .filter((one) => one.at <= moment && ids.has(one.contactId) && itsDeals.has(one.dealId))
        .map((one) => one.role),
    ];
    return REQUIRED.filter((role) => roles.includes(role));
  };

  const coverage = (ids: string[]) => {
    const targets = accounts.filter((one) => one.isTarget && ids.includes(one.id)).map((one) => one.id);
    const number = (test: (id: string) => boolean) => rate(targets.filter(test).length, targets.length);
    const people = contacts.filter((one) => one.accountId !== null && targets.includes(one.accountId));
    const filled = targets.reduce((sum, id) => sum + filledRoles(id).length, 0);
    return {
      targets,
      targetAccounts: targets.length,
      withContacts: number((id) => people.some((one) => one.accountId === id)),
      contactDensity: targets.length === 0 ? null : people.length / targets.length,
      buyingGroup: rate(filled, targets.length * REQUIRED.length),
      completeGroups: number((id) => filledRoles(id).length === REQUIRED.length),
      missingRoles: REQUIRED.filter((role) => targets.some((id) => !filledRoles(id).includes(role))),
      reach: number((id) => touches.some((one) => one.accountId === id && contains(one.at))),
      mqa: number((id) => isMqaAt(id, moment)),
    };
  };

  const engagement = (ids: string[]) => {
    const members = accounts.filter((one) => ids.includes(one.id)).map((one) => one.id);
    const rows = inbound.filter((one) => one.accountId !== null && members.includes(one.accountId));
    const minutesOf = (of: typeof rows) => of.reduce((sum, one) => sum + one.minutes, 0);
    const inWindow = rows.filter((one) => contains(one.at));
    const minutes = minutesOf(inWindow);
    let before = 0;
    if (from !== null && to !== null) {
      const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
      before = minutesOf(rows.filter((one) => contains(one.at, addDays(from, -days), from)));
    }
    const engaged = inWindow.filter((one) => one.minutes > 0);
    const people = contacts.filter((one) => one.accountId !== null && members.includes(one.accountId));
    const engagedContacts = people.filter((one) => engaged.some(({ contactId }) => contactId === one.id));
    return {
      contacts: people.map((one) => one.id).sort(),
      minutes,
      people: new Set(engaged.flatMap((one) => one.person ?? [])).size,
      trend: before === 0 ? null : (minutes - before) / before,
      penetration: rate(engagedContacts.length, people.length),
    };
  };

  /** Σ in euros at the rates of the close dates, and what no rate is known for. */
  const amountOf = (of: (typeof deals)[number][]) => {
    let total = 0n;
    const unconverted = new Map<string, bigint>();
    for (const { amount, currency, closeDate } of of) {
      if (amount === null) continue;
      const [rate] = world.rates
        .filter((one) => one.currency === currency && one.from <= closeDate)
        .sort((a, b) => (a.from < b.from ? 1 : -1));
      if (currency === 'EUR') total += amount;
      else if (rate) total += round(amount * rate.thousandths, 1000n);
      else unconverted.set(currency, (unconverted.get(currency) ?? 0n) + amount);
    }
    return {
      count: of.length,
      amount: money(total, 'EUR'),
      amountMissing: of.filter(({ amount }) => amount === null).length,
      unconverted: [...unconverted.keys()]
        .sort()
        .map((currency) => money(unconverted.get(currency)!, currency)),
    };
  };

  const lineage = (of: (accountId: string | null) => boolean, homeZone: string) => {
    const own = deals.filter((one) => of(one.accountId));
    const created = own.filter((one) => contains(one.at));
    const isSourced = (deal: (typeof own)[number]) =>
      conversions.some((one) => one.accountId === deal.accountId && one.at <= deal.at) ||
      touches.some((one) => one.accountId !== null && one.accountId === deal.accountId && one.at < deal.at);
    const isInfluenced = (deal: (typeof own)[number]) =>
      [...conversions, ...touches].some(
        (one) =>
          one.accountId !== null &&
          one.accountId === deal.accountId &&
          (!deal.isClosed || localDate(one.at, homeZone) <= deal.closeDate),
      );
    const won = own.filter(
      (one) =>
        one.isWon &&
        (from === null || one.closeDate >= from) &&
        (to === null || one.closeDate < to) &&
        conversions.some(({ dealId }) => dealId === one.id),
    );
    return {
      created: created.map((one) => one.id).sort(),
      won: won.map((one) => one.id).sort(),
      sourced: rate(created.filter(isSourced).length, created.length),
      influenced: rate(created.filter(isInfluenced).length, created.length),
      leadSourcedRevenue: amountOf(won),
    };
  };

  const journey = (id: string) => {
    const account = accounts.find((one) => one.id === id);
    if (!account) return { stage: 'NONE', reached: [] };
    const own = deals.filter((one) => one.accountId === id);
    const { minutes } = engagedAt(id, moment);
    const itsTouches = touches.filter((one) => one.accountId === id).map((one) => one.at);
    const stage = own.some((one) => one.isWon)
      ? 'CUSTOMER'
      : own.some((one) => !one.isClosed)
        ? 'OPPORTUNITY'
        : isMqaAt(id, moment)
          ? 'MQA'
          : minutes >= 10
            ? 'ENGAGED'
            : itsTouches.length > 0
              ? 'AWARE'
              : account.isTarget
                ? 'TARGET'
                : 'NONE';
    const moments = inbound.filter((one) => one.accountId === id && one.minutes > 0).map((one) => one.at);
    const versions = world.deals
      .filter((one) => !one.isDeleted && one.accountId === id)
      .flatMap((one) => one.versions.filter(({ from: since }) => since <= moment));
    const firsts: [string, number[]][] = [
      ['TARGET', account.isTarget ? [account.at] : []],
      ['AWARE', itsTouches],
      ['ENGAGED', moments.filter((at) => engagedAt(id, at).minutes >= 10)],
      ['MQA', moments.filter((at) => isMqaAt(id, at))],
      ['OPPORTUNITY', versions.filter((one) => !one.isClosed).map((one) => one.from)],
      ['CUSTOMER', versions.filter((one) => one.isWon).map((one) => one.from)],
    ];
    const reached = firsts
      .filter(([, times]) => times.length > 0)
      .map(([name, times]) => ({ stage: name, at: new Date(Math.min(...times)).toISOString() }));
    return { stage, reached };
  };

  return { accounts: accounts.map((one) => one.id), coverage, engagement, lineage, journey };
}
