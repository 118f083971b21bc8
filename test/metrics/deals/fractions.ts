/** Exact arithmetic of the oracle: integers of minor units and fractions of them, never a float before the last step. */

export const DIGITS: Record<string, number> = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };

const magnitude = (value: bigint) => (value < 0n ? -value : value);

/** To the nearest whole, halves away from zero. */
export function round(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = [magnitude(numerator), magnitude(denominator)];
  const nearest = (2n * n + d) / (2n * d);
  return numerator < 0n !== denominator < 0n ? -nearest : nearest;
}

export const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);

/** Whole units of 10^-decimals as text. */
export function decimal(units: bigint, decimals: number): string {
  const digits = magnitude(units)
    .toString()
    .padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  return (units < 0n ? '-' : '') + digits.slice(0, cut) + (decimals > 0 ? `.${digits.slice(cut)}` : '');
}

export function money(minorUnits: bigint, currency: string) {
  return { amount: decimal(minorUnits, DIGITS[currency]!), currency };
}

/** With half a minor unit where there is one. */
export function moneyOfHalves(halves: bigint, currency: string) {
  if (halves % 2n === 0n) return money(halves / 2n, currency);
  return { amount: decimal(halves * 5n, DIGITS[currency]! + 1), currency };
}

/** Twice the median. */
export function twiceMedian(values: bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const upper = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? 2n * sorted[upper]! : sorted[upper - 1]! + sorted[upper]!;
}

/** The nearest float of a fraction: cut to 40 digits first, which is far more than a float has. */
export function ratio(numerator: bigint, denominator: bigint): number | null {
  if (denominator === 0n) return null;
  const scaled = decimal((numerator * 10n ** 40n) / denominator, 40);
  return Number(scaled) + 0;
}
