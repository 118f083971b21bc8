import { toMinor } from '../graphql/money.ts';
import { fiscalQuarterEnd } from '../identity/fiscal-calendar.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { sameTrackedState, type TrackedState } from '../opportunities/opportunity-history.ts';
import type { Deal } from './deals.ts';
import type { OpportunityRow, Setting, Stage } from './draft.ts';
import { earlier } from './calendar.ts';
import type { Random } from './random.ts';

const MEDIAN_AMOUNT = { 1: 64_000, 2: 27_000, 3: 9_500, none: 7_000 };
const ROUNDED_TO = 250;
const WITHOUT_AMOUNT = 0.04;
/** Won by mistake and set to lost soon after. */
const CORRECTED = 0.02;

/** The columns whose history is kept. */
export type DealColumns = Pick<OpportunityRow, keyof TrackedState>;

/** What they were from a moment on. */
export interface DealState {
  from: Date;
  state: DealColumns;
}

interface Event {
  at: Date;
  change: Partial<DealColumns>;
}

/** A deal's states from its creation to today, oldest first; each differs from the one before. */
export function tellDeal(setting: Setting, random: Random, deal: Deal): DealState[] {
  const { calendar, stages, organization } = setting;
  const { currency } = deal;
  const amount = firstAmount(random, deal);
  const minor = (value: number | null) => (value === null ? null : toMinor(String(value), currency));
  const begin = random.weighted([
    [0, 7],
    [1, 2],
    [2, 1],
  ]);
  const first = stages.open[deal.lead ? 0 : Math.min(begin, stages.open.length - 1)]!;
  const expected = calendar.plusDays(deal.createdAt, deal.cycleDays * random.number(0.7, 1.3));
  const start: DealColumns = {
    ...inStage(first),
    amount: deal.lead ? null : minor(amount),
    currency,
    closeDate: deal.lead ? fiscalQuarterEnd(deal.createdAt, organization) : calendar.date(expected),
  };
  const until = deal.end ?? calendar.today;
  const firstUntil = deal.reopenedAt ? deal.firstEnd : until;
  const events: Event[] = [
    ...climb(setting, random, deal, stages.open.indexOf(first), deal.createdAt, firstUntil),
    ...pushes(setting, random, deal, start.closeDate, deal.createdAt, firstUntil),
    ...amounts(setting, random, deal, amount, firstUntil).map(({ at, value }) => ({
      at,
      change: { amount: minor(value) },
    })),
  ];
  if (deal.reopenedAt) events.push(...reopening(setting, random, deal, deal.reopenedAt, until));
  if (deal.end) events.push(...closing(setting, random, deal, deal.end));
  return inOrder(start, deal.createdAt, events);
}

function inStage(
  stage: Stage,
): Pick<DealColumns, 'stageId' | 'probability' | 'forecastCategory' | 'isClosed' | 'isWon'> {
  const { id, probability, forecastCategory, isClosed, isWon } = stage;
  return { stageId: id, probability, forecastCategory, isClosed, isWon };
}

/** In the late stages owners say how sure they are. */
function atStage(setting: Setting, random: Random, index: number): Partial<DealColumns> {
  const state = inStage(setting.stages.open[index]!);
  const left = setting.stages.open.length - 1 - index;
  if (left > 2 || random.chance(0.3)) return state;
  const said = [ForecastCategory.COMMIT, ForecastCategory.MOST_LIKELY, ForecastCategory.BEST_CASE][left]!;
  return { ...state, forecastCategory: said };
}

/** Stage changes between two moments: mostly upwards, some stages skipped, now and then one step back. */
function climb(
  setting: Setting,
  random: Random,
  deal: Deal,
  from: number,
  begin: Date,
  until: Date,
): Event[] {
  const { calendar, stages } = setting;
  const last = stages.open.length - 1;
  const elapsed = (until.getTime() - begin.getTime()) / 86_400_000 / deal.cycleDays;
  const top = !deal.end
    ? Math.min(last, Math.floor(elapsed * random.number(0.6, 1.1) * stages.open.length))
    : deal.isWon && until === deal.end
      ? last - (random.chance(0.3) ? 1 : 0)
      : Math.floor(random.number(0, last) * random.number(0.5, 1));
  const visits: number[] = [];
  for (let index = from + 1; index <= top; index++) {
    if (index < top && random.chance(0.3)) continue;
    visits.push(index);
    if (index > 1 && index < top && random.chance(0.05)) visits.push(index - 1, index);
  }
  const step = (until.getTime() - begin.getTime()) / (visits.length + 1);
  return visits.map((index, visit) => {
    const earliest = new Date(begin.getTime() + step * (visit + 0.4));
    const latest = new Date(begin.getTime() + step * (visit + 1.2));
    return {
      at: calendar.workMoment(random, earliest, earlier(latest, until)),
      change: atStage(setting, random, index),
    };
  });
}

/** Each time the close date comes near and the deal is not done, its owner moves it. A stalled deal's owner doesn't. */
function pushes(
  { calendar }: Setting,
  random: Random,
  deal: Deal,
  closeDate: string,
  begin: Date,
  until: Date,
): Event[] {
  const events: Event[] = [];
  let planned = calendar.at(closeDate);
  let last = begin;
  while (planned < until && !deal.isStalled) {
    const dueSoon = calendar.plusDays(planned, -6);
    // A deal converted on the quarter's last day is due the moment it begins.
    const at =
      planned > last
        ? calendar.workMoment(random, dueSoon > last ? dueSoon : last, planned)
        : calendar.between(random, last, earlier(calendar.plusDays(last, 1), until));
    planned = calendar.plusDays(planned, random.integer(12, 45));
    events.push({ at, change: { closeDate: calendar.date(planned) } });
    last = at;
  }
  return events;
}

function firstAmount(random: Random, { account, isFurther, lead }: Deal): number | null {
  if (random.chance(WITHOUT_AMOUNT)) return null;
  const median = MEDIAN_AMOUNT[(account.row.tier ?? 'none') as keyof typeof MEDIAN_AMOUNT];
  return rounded(random.logNormal(median * (isFurther || lead ? 0.8 : 1), 0.5));
}

function rounded(amount: number): number {
  return Math.max(ROUNDED_TO, Math.round(amount / ROUNDED_TO) * ROUNDED_TO);
}

/** A converted lead's deal gets its amount after some talks; others grow or shrink on the way. */
function amounts(
  { calendar }: Setting,
  random: Random,
  deal: Deal,
  amount: number | null,
  until: Date,
): { at: Date; value: number }[] {
  if (amount === null) return [];
  const talks = calendar.plusDays(deal.createdAt, Math.min(20, deal.cycleDays / 3));
  const found: { at: Date; value: number }[] = [];
  if (deal.lead && talks < until)
    found.push({ at: calendar.workMoment(random, deal.createdAt, talks), value: amount });
  if (random.chance(0.35) && talks < until) {
    found.push({
      at: calendar.workMoment(random, talks, until),
      value: rounded(amount * random.number(0.7, 1.3)),
    });
  }
  return found;
}

function reopening(setting: Setting, random: Random, deal: Deal, reopenedAt: Date, until: Date): Event[] {
  const { calendar, stages } = setting;
  const index = Math.floor((stages.open.length - 1) / 2);
  const closeDate = calendar.date(calendar.plusDays(reopenedAt, random.integer(25, 60)));
  return [
    { at: deal.firstEnd, change: { ...inStage(stages.lost), closeDate: calendar.date(deal.firstEnd) } },
    { at: reopenedAt, change: { ...atStage(setting, random, index), closeDate } },
    ...climb(setting, random, deal, index, reopenedAt, until),
    ...pushes(setting, random, deal, closeDate, reopenedAt, until),
  ];
}

function closing(setting: Setting, random: Random, deal: Deal, end: Date): Event[] {
  const { calendar, stages } = setting;
  const closeDate = calendar.date(end);
  const closed = { at: end, change: { ...inStage(deal.isWon ? stages.won : stages.lost), closeDate } };
  const corrected = calendar.plusDays(end, 1.5);
  if (deal.isWon || corrected >= calendar.today || !random.chance(CORRECTED)) return [closed];
  return [
    { ...closed, change: { ...inStage(stages.won), closeDate } },
    { ...closed, at: corrected },
  ];
}

function inOrder(start: DealColumns, createdAt: Date, events: Event[]): DealState[] {
  const states: DealState[] = [{ from: createdAt, state: start }];
  for (const { at, change } of events.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const before = states.at(-1)!;
    const state = { ...before.state, ...change };
    if (sameTrackedState(before.state, state)) continue;
    // Two changes at one moment would leave an empty interval between them.
    states.push({ from: new Date(Math.max(at.getTime(), before.from.getTime() + 1)), state });
  }
  return states;
}
