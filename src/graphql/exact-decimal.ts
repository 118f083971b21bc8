import { Decimal } from 'decimal.js';

/** Decimals with room for the sums and products of any amounts: of its own accord `decimal.js` rounds to 20 digits. */
export const ExactDecimal = Decimal.clone({ precision: 100, rounding: Decimal.ROUND_HALF_UP });

/** The nearest float of a fraction of whole numbers or decimals; null when the denominator is 0. */
export function ratio(numerator: string | bigint, denominator: string | bigint): number | null {
  const divisor = new ExactDecimal(String(denominator));
  // + 0: 0 ÷ a negative number is −0
  return divisor.isZero() ? null : new ExactDecimal(String(numerator)).div(divisor).toNumber() + 0;
}
