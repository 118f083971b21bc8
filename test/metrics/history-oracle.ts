/**
 * What history tells, over plain rows, written from the catalogue (metrics.md) alone: bigints and Intl's calendar,
 * nothing of the code under test.
 */
import { type HistoricDeal, LOST, type Rate, type Version, WON } from './history.ts';

const DIGITS: Record<string, number> = { EUR: 2, USD: 2, JPY: 0 };

export function money(minor: bigint, currency: string) {
  const digits = DIGITS[currency]!;
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const cut = text.length - digits;
  const amount = digits === 0 ? text : `${text.slice(0, cut)}.${text.slice(cut)}`;
  return { amount: (minor < 0n ? '-' : '') + amount, currency };
}

/** The calendar date of an instant. */
export function dateOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}

/** What is known of a deal at a moment (null: all), in time. */
export const known = ({ versions }: HistoricDeal, moment: Date | null): Version[] =>
  versions.filter(({ at }) => moment === null || at <= moment);

export const isInPipeline = ({ stage, category }: Version): boolean => stage < WON && category !== 'OMITTED';

/** Minor units of which currency a state adds to: euros if there is a rate by its close date. */
export function worth(
  { amount, currency, closeDate }: Pick<Version, 'amount' | 'currency' | 'closeDate'>,
  rates: Rate[],
): [currency: string, value: bigint] {
  if (amount === null) return ['EUR', 0n];
  if (currency === 'EUR') return ['EUR', amount];
  const rate = rates
    .filter((one) => one.currency === currency && one.from <= closeDate)
    .sort((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (!rate) return [currency, amount];
  const product = amount * rate.thousandths;
  const magnitude = (2n * (product < 0n ? -product : product) + 1000n) / 2000n;
  return ['EUR', product < 0n ? -magnitude : magnitude];
}

export interface View {
  window: { from: string | null; to: string | null };
  timeZone: string;
  asOf: Date | null;
}

const lies = (date: string, { from, to }: View['window']) =>
  (from === null || date >= from) && (to === null || date < to);

/** The visits of a deal to stages, in time: consecutive versions in one stage are one. */
function visits(deal: HistoricDeal, asOf: Date | null): { stage: number; from: Date; to: Date | null }[] {
  const all: { stage: number; from: Date; to: Date | null }[] = [];
  for (const { stage, at } of known(deal, asOf)) {
    const last = all.at(-1);
    if (last?.stage === stage) continue;
    if (last) last.to = at;
    all.push({ stage, from: at, to: null });
  }
  return all;
}

const median = (values: number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
};

const live = (deals: HistoricDeal[], asOf: Date | null) =>
  deals.filter((deal) => !deal.isDeleted && known(deal, asOf).length > 0);

/** Which deals entered a stage in the window, with their visits from the first such entry on. */
function entered(deals: HistoricDeal[], stage: number, { window, timeZone, asOf }: View) {
  return live(deals, asOf).flatMap((deal) => {
    const all = visits(deal, asOf);
    const first = all.findIndex(
      (visit) => visit.stage === stage && lies(dateOf(visit.from, timeZone), window),
    );
    return first < 0 ? [] : [{ deal, all, later: all.slice(first + 1) }];
  });
}

export function stageConversion(deals: HistoricDeal[], from: number, to: number, view: View) {
  const of = entered(deals, from, view);
  const reached = of.filter(({ later }) => later.some(({ stage }) => stage !== LOST && stage >= to));
  return {
    numerator: String(reached.length),
    denominator: String(of.length),
    value: of.length === 0 ? null : reached.length / of.length,
    ids: of.map(({ deal }) => deal.id),
  };
}

/** In milliseconds. */
export function stageDuration(deals: HistoricDeal[], stage: number, view: View, moment: Date) {
  const of = entered(deals, stage, view);
  const stays = of.map(({ all }) =>
    all
      .filter((visit) => visit.stage === stage && lies(dateOf(visit.from, view.timeZone), view.window))
      .reduce((total, { from, to }) => total + ((to ?? moment).getTime() - from.getTime()), 0),
  );
  const sorted = stays.toSorted((a, b) => a - b);
  const isEmpty = stays.length === 0;
  return {
    count: stays.length,
    mean: isEmpty ? null : stays.reduce((a, b) => a + b, 0) / stays.length,
    median: isEmpty ? null : median(stays),
    p90: isEmpty ? null : sorted[Math.ceil((sorted.length * 9) / 10) - 1]!,
    ids: of.map(({ deal }) => deal.id),
  };
}

export interface Role {
  dealId: string;
  contactId: string;
  at: Date;
}

export function threading(
  deals: HistoricDeal[],
  roles: Role[],
  deletedContacts: Set<string>,
  asOf: Date | null,
) {
  const open = live(deals, asOf).filter((deal) => isInPipeline(known(deal, asOf).at(-1)!));
  const people = open.map(
    ({ id }) =>
      new Set(
        roles
          .filter((role) => role.dealId === id && !deletedContacts.has(role.contactId))
          .filter(({ at }) => asOf === null || at <= asOf)
          .map(({ contactId }) => contactId),
      ).size,
  );
  const several = people.filter((count) => count >= 2).length;
  const isEmpty = open.length === 0;
  return {
    mean: isEmpty ? null : people.reduce((a, b) => a + b, 0) / people.length,
    median: isEmpty ? null : median(people),
    multiThreadedShare: {
      value: isEmpty ? null : several / open.length,
      numerator: String(several),
      denominator: String(open.length),
    },
    ids: open.map(({ id }) => id),
  };
}

const KINDS = [
  'start', 'created', 'reopened', 'pulledIn', 'increased', 'decreased', 'pushedOut', 'won', 'lost', 'omitted', 'end',
] as const; // prettier-ignore
export type Kind = (typeof KINDS)[number];
export const kinds: readonly Kind[] = KINDS;

interface Moved {
  count: number;
  ids: Set<string>;
  /** Those of them without an amount in what is entered. */
  missing: Set<string>;
  sums: Map<string, bigint>;
  changes: { id: string; at: Date; count: number; currency: string; value: bigint }[];
}

/** The movement between two moments, step by step; `to` null: now. */
export function movement(
  deals: HistoricDeal[],
  rates: Rate[],
  from: Date,
  to: Date | null,
  closing: View['window'] | null,
): Record<Kind, Moved> {
  const moved = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      { count: 0, ids: new Set(), missing: new Set(), sums: new Map(), changes: [] },
    ]),
  ) as unknown as Record<Kind, Moved>;
  const enter = (
    kind: Kind,
    [id, { at, amount }]: [id: string, version: Version],
    count: number,
    [currency, value]: [string, bigint],
  ) => {
    const entry = moved[kind];
    entry.count += count;
    entry.ids.add(id);
    if (amount === null) entry.missing.add(id);
    entry.changes.push({ id, at, count, currency, value });
    entry.sums.set(currency, (entry.sums.get(currency) ?? 0n) + value);
  };
  const isIn = (version: Version) => isInPipeline(version) && (!closing || lies(version.closeDate, closing));

  for (const deal of live(deals, to)) {
    const all = known(deal, to);
    const start = all.findLast(({ at }) => at <= from);
    if (start && isIn(start)) enter('start', [deal.id, start], 1, worth(start, rates));
    if (isIn(all.at(-1)!)) enter('end', [deal.id, all.at(-1)!], 1, worth(all.at(-1)!, rates));
    let before = start;
    for (const version of all.filter(({ at }) => at > from)) {
      const step: [string, Version] = [deal.id, version];
      if (before && isIn(before)) {
        const changes = new Map<string, bigint>();
        const [oldCurrency, oldValue] = worth(before, rates);
        const [currency, value] = worth(version, rates);
        changes.set(oldCurrency, -oldValue);
        changes.set(currency, (changes.get(currency) ?? 0n) + value);
        for (const [ledger, change] of changes) {
          if (change > 0n) enter('increased', step, 0, [ledger, change]);
          if (change < 0n) enter('decreased', step, 0, [ledger, -change]);
        }
        if (!isIn(version)) {
          const { stage, category } = version;
          const kind =
            stage === WON
              ? 'won'
              : stage === LOST
                ? 'lost'
                : category === 'OMITTED'
                  ? 'omitted'
                  : 'pushedOut';
          enter(kind, step, 1, worth(version, rates));
        }
      } else if (isIn(version)) {
        const [currency, value] = worth(version, rates);
        if (!before) enter('created', step, 1, [currency, value]);
        else if (before.stage >= WON) enter('reopened', step, 1, [currency, value]);
        else if (before.category === 'OMITTED') enter('omitted', step, -1, [currency, -value]);
        else enter('pulledIn', step, 1, [currency, value]);
      }
      before = version;
    }
  }
  return moved;
}
