import { dayNumber, localDate, type Window } from './calendar.ts';
import { decimal, DIGITS, money, moneyOfHalves, ratio, round, sum, twiceMedian } from './fractions.ts';
import { type DealThen, latest, type OracleWorld } from './oracle-world.ts';

/** Deals of a scope or group, each list with those that the metrics of its kind look at. */
export interface Counted {
  /** Open ones, as of the moment current-state values are of; for `slipped` with the day of it. */
  open: DealThen[];
  openDay: string;
  /** Created in the window. */
  created: DealThen[];
  /** All with their close date in the window. */
  closing: DealThen[];
}

/** What is asked beside the deals themselves. */
export interface Asked {
  basis: 'CURRENT' | 'AT_CREATION';
  /** Minor units; null where there is no target. */
  target: bigint | null;
}

export const isIn = (date: string, { from, to }: Window) =>
  (from === null || date >= from) && (to === null || date < to);

export const isOpen = (deal: DealThen) => !deal.isClosed && deal.category !== 'OMITTED';

/** Sorts the deals of a moment, and for the current-state values those of perhaps another, by what metrics look at. */
export function counted(deals: DealThen[], window: Window, timeZone: string, end: number, atEnd = deals) {
  return {
    open: atEnd.filter(isOpen),
    openDay: localDate(end, timeZone),
    created: deals.filter(({ createdAt }) => isIn(localDate(createdAt, timeZone), window)),
    closing: deals.filter(({ closeDate }) => isIn(closeDate, window)),
  };
}

/** Which deals each metric is about, and which of them have to have a value in money. */
function sets({ open, openDay, created, closing }: Counted) {
  const closed = closing.filter(({ isClosed }) => isClosed);
  const won = closed.filter(({ isWon }) => isWon);
  const category = (...of: string[]) => closing.filter((deal) => of.includes(deal.category));
  return {
    open,
    created,
    closed,
    won,
    lost: closed.filter(({ isWon }) => !isWon),
    slipped: open.filter(({ closeDate }) => closeDate < openDay),
    covering: closing.filter(isOpen),
    forecast: {
      pipeline: category('PIPELINE'),
      bestCase: category('BEST_CASE'),
      mostLikely: category('MOST_LIKELY'),
      commit: category('COMMIT'),
      closed: category('CLOSED'),
      cumulativeCommit: category('COMMIT', 'CLOSED'),
      cumulativeBestCase: category('BEST_CASE', 'MOST_LIKELY', 'COMMIT', 'CLOSED'),
      openPipeline: category('PIPELINE', 'BEST_CASE', 'MOST_LIKELY', 'COMMIT'),
    },
  };
}

interface Valued {
  closeDate: string;
  amount: bigint | null;
  currency: string;
}

/** In minor units of the organisation's currency, or null: no amount, or no rate by the close date. */
export function converted({ currency: home, rates }: OracleWorld, { amount, currency, closeDate }: Valued) {
  if (amount === null || currency === home) return amount;
  const rate = rates
    .filter((one) => one.currency === currency && one.from <= closeDate)
    .toSorted((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (!rate) return null;
  return round(amount * rate.millionths * 10n ** BigInt(DIGITS[home]!), 10n ** BigInt(6 + DIGITS[currency]!));
}

/** The ids behind each metric, by close date. */
export function oracleRecords(world: OracleWorld, from: Counted): Record<string, string[]> {
  const { open, created, closed, won, lost, slipped, covering } = sets(from);
  const inMoney = (deals: DealThen[]) => deals.filter((deal) => converted(world, deal) !== null);
  const all = {
    ...{ openPipeline: open, weightedPipeline: open, pipelineCreated: created, won, lost, slipped },
    ...{ winRate: closed, winRateByValue: inMoney(closed), closeRate: created, coverage: inMoney(covering) },
    ...{ averageDealSize: inMoney(won), medianDealSize: inMoney(won), salesCycle: won },
    velocity: [...open, ...closed],
    ...Object.fromEntries(
      Object.entries(sets(from).forecast).map(([category, deals]) => [`forecast.${category}`, deals]),
    ),
  };
  // listed as they are now, each once
  const places = new Map(world.deals.map((deal) => [deal.id, latest(deal).closeDate + deal.id]));
  const inOrder = (deals: DealThen[]) =>
    [...new Set(deals.map(({ id }) => id))].sort((a, b) => (places.get(a)! < places.get(b)! ? -1 : 1));
  return Object.fromEntries(Object.entries(all).map(([key, deals]) => [key, inOrder(deals)]));
}

/** Every metric of the catalogue over these deals. */
export function oracle(world: OracleWorld, from: Counted, { basis, target }: Asked) {
  const { currency: home } = world;
  const { open, created, closed, won, lost, slipped, covering, forecast } = sets(from);
  const amounts = (deals: Valued[]) =>
    deals.map((deal) => converted(world, deal)).filter((amount) => amount !== null);
  const total = (deals: Valued[]) => sum(amounts(deals));

  /** Sums of amount × weight ÷ 100, in the organisation's currency and of what can not be converted in its own. */
  const amountMetric = <D extends Valued>(deals: D[], weight: (deal: D) => number = () => 100) => {
    const sums = new Map([[home, 0n]]);
    for (const deal of deals) {
      if (deal.amount === null) continue;
      const inHome = converted(world, deal);
      const into = inHome === null ? deal.currency : home;
      sums.set(into, (sums.get(into) ?? 0n) + (inHome ?? deal.amount) * BigInt(weight(deal)));
    }
    const rounded = [...sums].map(([currency, hundredfold]) => money(round(hundredfold, 100n), currency));
    return {
      count: deals.length,
      amount: rounded[0]!,
      amountMissing: deals.filter(({ amount }) => amount === null).length,
      unconverted: rounded.slice(1).sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    };
  };
  const rate = (part: number, whole: number) => ({
    value: whole === 0 ? null : part / whole,
    numerator: String(part),
    denominator: String(whole),
  });
  const rateOfMoney = (part: bigint, whole: bigint) => ({
    value: ratio(part, whole),
    numerator: money(part, home).amount,
    denominator: money(whole, home).amount,
  });

  const wonAmounts = amounts(won);
  const n = BigInt(wonAmounts.length);
  const derived = (value: ReturnType<typeof money> | null) => ({ value, count: wonAmounts.length });

  const days = won.map(
    ({ closeDate, createdAt }) => dayNumber(closeDate) - dayNumber(localDate(createdAt, world.timeZone)),
  );
  const allDays = days.reduce((a, b) => a + b, 0);
  const salesCycle = {
    meanDays: days.length === 0 ? null : allDays / days.length,
    medianDays: days.length === 0 ? null : Number(twiceMedian(days.map(BigInt))) / 2,
    p90Days: days.toSorted((a, b) => a - b)[Math.ceil((days.length * 9) / 10) - 1] ?? null,
    count: days.length,
    negative: days.filter((value) => value < 0).length,
  };

  const wins = BigInt(won.length);
  // open × (amount ÷ n) × (wins ÷ closed) ÷ (days ÷ wins)
  const velocity =
    n === 0n || allDays <= 0
      ? null
      : money(
          round(
            BigInt(open.length) * sum(wonAmounts) * wins * wins,
            n * BigInt(closed.length) * BigInt(allDays),
          ),
          home,
        );

  return {
    openPipeline: amountMetric(open),
    weightedPipeline: amountMetric(open, ({ probability }) => probability),
    pipelineCreated: amountMetric(
      basis === 'CURRENT'
        ? created
        : created.map(({ first, closeDate }) => ({
            closeDate,
            amount: first.amount,
            currency: first.currency,
          })),
    ),
    won: amountMetric(won),
    lost: amountMetric(lost),
    winRate: rate(won.length, closed.length),
    winRateByValue: rateOfMoney(total(won), total(closed)),
    closeRate: rate(created.filter(({ isWon }) => isWon).length, created.length),
    closeRateOpen: created.filter(({ isClosed }) => !isClosed).length,
    averageDealSize: derived(n === 0n ? null : money(round(sum(wonAmounts), n), home)),
    medianDealSize: derived(n === 0n ? null : moneyOfHalves(twiceMedian(wonAmounts), home)),
    salesCycle,
    // in a series a deal may be open at the end of the period and closed since
    velocity: { value: velocity, count: new Set([...open, ...closed].map(({ id }) => id)).size },
    coverage: {
      value: ratio(total(covering), target ?? 0n),
      numerator: money(total(covering), home).amount,
      denominator: decimal(target ?? 0n, DIGITS[home]!),
    },
    slipped: amountMetric(slipped),
    forecast: Object.fromEntries(
      Object.entries(forecast).map(([category, deals]) => [category, amountMetric(deals)]),
    ),
  };
}

export type Sales = ReturnType<typeof oracle>;
