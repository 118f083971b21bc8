/**
 * The metrics over plain rows, written from the catalogue (metrics.md) alone: exact fractions of bigints and Intl's
 * calendar, nothing of the code under test.
 */
export interface Deal {
  id: string;
  accountId: string | null;
  /** Minor units. */
  amount: bigint | null;
  currency: string;
  probability: number;
  forecastCategory: string;
  closeDate: string;
  createdAt: Date;
  isClosed: boolean;
  isWon: boolean;
  isDeleted: boolean;
}

export interface OracleSettings {
  currency: string;
  timeZone: string;
  window: { from: string | null; to: string | null; timeZone: string };
}

const DIGITS: Record<string, number> = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };

/** A fraction of minor units, exact, at least with the currency's decimals. */
function money(numerator: bigint, denominator: 1n | 2n, currency: string) {
  const digits = DIGITS[currency]!;
  const isHalf = denominator === 2n && numerator % 2n !== 0n;
  const magnitude = numerator < 0n ? -numerator : numerator;
  const scaled = (isHalf ? magnitude * 5n : magnitude / denominator).toString();
  const decimals = digits + (isHalf ? 1 : 0);
  const padded = scaled.padStart(decimals + 1, '0');
  const cut = padded.length - decimals;
  const text = decimals === 0 ? padded : `${padded.slice(0, cut)}.${padded.slice(cut)}`;
  return { amount: (numerator < 0n ? '-' : '') + text, currency };
}

/** To the nearest whole, halves away from zero. */
function round(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const magnitude = (2n * n + d) / (2n * d);
  return isNegative ? -magnitude : magnitude;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localDate(instant: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format)
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })));
  return format.format(instant);
}

const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);

/** Twice the median. */
function twiceMedian<T extends number | bigint>(values: T[], add: (a: T, b: T) => T): T {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const upper = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? add(sorted[upper]!, sorted[upper]!)
    : add(sorted[upper - 1]!, sorted[upper]!);
}

/** Which deals each metric is about, by id. */
export function oracleRecords(all: Deal[], { currency, window }: OracleSettings): Record<string, string[]> {
  const { open, created, won, lost, closed } = sets(all, window);
  const withAmount = (of: Deal[]) => of.filter((deal) => deal.currency === currency && deal.amount !== null);
  const counted = {
    openPipeline: open,
    weightedPipeline: open,
    pipelineCreated: created,
    won,
    lost,
    winRate: closed,
    winRateByValue: withAmount(closed),
    averageDealSize: withAmount(won),
    medianDealSize: withAmount(won),
    salesCycle: won,
    velocity: [...open, ...closed],
  };
  const order = (a: Deal, b: Deal) => (a.closeDate + a.id < b.closeDate + b.id ? -1 : 1);
  return Object.fromEntries(
    Object.entries(counted).map(([key, of]) => [key, of.toSorted(order).map((deal) => deal.id)]),
  );
}

function sets(all: Deal[], window: OracleSettings['window']) {
  const deals = all.filter((deal) => !deal.isDeleted);
  const contains = (date: string) =>
    (window.from === null || date >= window.from) && (window.to === null || date < window.to);
  const open = deals.filter((deal) => !deal.isClosed && deal.forecastCategory !== 'OMITTED');
  const created = deals.filter((deal) => contains(localDate(deal.createdAt, window.timeZone)));
  const closed = deals.filter((deal) => deal.isClosed && contains(deal.closeDate));
  const won = closed.filter((deal) => deal.isWon);
  const lost = closed.filter((deal) => !deal.isWon);

  return { open, created, closed, won, lost };
}

export function oracle(all: Deal[], { currency, timeZone, window }: OracleSettings) {
  const { open, created, closed, won, lost } = sets(all, window);
  const amounts = (of: Deal[], inCurrency = currency) =>
    of.filter((deal) => deal.currency === inCurrency && deal.amount !== null).map((deal) => deal.amount!);

  const amountMetric = (of: Deal[], total: (of: Deal[], inCurrency: string) => bigint) => {
    const foreign = new Set(of.filter((deal) => deal.amount !== null).map((deal) => deal.currency));
    foreign.delete(currency);
    return {
      count: of.length,
      amount: money(total(of, currency), 1n, currency),
      amountMissing: of.filter((deal) => deal.amount === null).length,
      unconverted: [...foreign].sort().map((other) => money(total(of, other), 1n, other)),
    };
  };
  const added = (of: Deal[], inCurrency: string) => sum(amounts(of, inCurrency));
  const weighted = (of: Deal[], inCurrency: string) =>
    round(
      sum(
        of
          .filter((deal) => deal.currency === inCurrency && deal.amount !== null)
          .map((deal) => deal.amount! * BigInt(deal.probability)),
      ),
      100n,
    );

  const wonAmounts = amounts(won);
  const wonTotal = sum(wonAmounts);
  const closedTotal = sum(amounts(closed));
  const days = won.map(
    (deal) =>
      (Date.parse(deal.closeDate) - Date.parse(localDate(deal.createdAt, timeZone))) / (24 * 60 * 60 * 1000),
  );
  const totalDays = days.reduce((total, value) => total + value, 0);
  const sortedDays = days.toSorted((a, b) => a - b);
  const n = BigInt(wonAmounts.length);

  const velocity = () => {
    if (n === 0n || totalDays <= 0) return null;
    const wins = BigInt(won.length);
    // open × (total ÷ n) × (wins ÷ closed) ÷ (days ÷ wins)
    return money(
      round(BigInt(open.length) * wonTotal * wins * wins, n * BigInt(closed.length) * BigInt(totalDays)),
      1n,
      currency,
    );
  };

  return {
    openPipeline: amountMetric(open, added),
    weightedPipeline: amountMetric(open, weighted),
    pipelineCreated: amountMetric(created, added),
    won: amountMetric(won, added),
    lost: amountMetric(lost, added),
    winRate: {
      value: closed.length === 0 ? null : won.length / closed.length,
      numerator: String(won.length),
      denominator: String(closed.length),
    },
    winRateByValue: {
      value: closedTotal === 0n ? null : Number(wonTotal) / Number(closedTotal) + 0,
      numerator: money(wonTotal, 1n, currency).amount,
      denominator: money(closedTotal, 1n, currency).amount,
    },
    averageDealSize: {
      value: n === 0n ? null : money(round(wonTotal, n), 1n, currency),
      count: wonAmounts.length,
    },
    medianDealSize: {
      value:
        n === 0n
          ? null
          : money(
              twiceMedian(wonAmounts, (a, b) => a + b),
              2n,
              currency,
            ),
      count: wonAmounts.length,
    },
    salesCycle: {
      meanDays: days.length === 0 ? null : totalDays / days.length,
      medianDays: days.length === 0 ? null : twiceMedian(days, (a, b) => a + b) / 2,
      p90Days: days.length === 0 ? null : sortedDays[Math.ceil((days.length * 9) / 10) - 1]!,
      count: days.length,
      negative: days.filter((value) => value < 0).length,
    },
    velocity: { value: velocity(), count: open.length + closed.length },
  };
}
