import { minorDigits } from '../../graphql/money.ts';

/** A rate is less than this: no currency is worth that much of another. */
export const MAX_RATE = 1_000_000_000;
export const MAX_DECIMALS = 12;

const RATE = /^0*(\d{1,9})(?:\.(\d*?)0*)?$/;

/** A rate as it is stored, without zeros that say nothing; null when it is none: not positive, too large, too exact. */
export function normalRate(given: string): string | null {
  const match = RATE.exec(given);
  if (!match) return null;
  const [, whole, fraction = ''] = match;
  if (fraction.length > MAX_DECIMALS || (Number(whole) === 0 && fraction === '')) return null;
  return fraction === '' ? whole! : `${whole}.${fraction}`;
}

/**
 * What minor units of the currency are multiplied by to be minor units of `home`: the rate with its point moved by the
 * digits that the two differ in. Exact: JPY has none after the point, KWD three.
 */
export function minorRate(rate: string, currency: string, home: string): string {
  const shift = minorDigits(home) - minorDigits(currency);
  const [whole, fraction = ''] = rate.split('.') as [string, string?];
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const moved = `${digits.slice(0, point)}.${digits.slice(point)}`;
  return moved.replace(/^0+(?=\d)/, '').replace(/\.?0*$/, '');
}
