/** ISO 4217 currencies whose minor unit is not 1/100. Fixed here: stored amounts depend on it. */
export const MINOR_DIGITS: Record<string, number> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
}; // prettier-ignore

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** The most minor units an amount can have. */
export const MAX_MINOR = 2n ** 63n - 1n;

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Digits after the decimal point of a currency's amounts: 2 for EUR, 0 for JPY. */
export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

/** The largest amount there is: `"92233720368547758.07"` EUR. */
export const largestAmount = (currency: string): string => fromMinor(MAX_MINOR, currency);

/** `"12.5"` EUR → `1250n`. Null when it has more decimals than the currency, is no decimal, or exceeds 64 bits. */
export function toMinor(amount: string, currency: string): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim());
  if (!match) return null;
  const digits = minorDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const minor = BigInt(match[2]! + fraction.padEnd(digits, '0'));
  if (minor > MAX_MINOR) return null;
  return match[1] ? -minor : minor;
}

/** `1250` EUR → `"12.50"`: exact, always with the currency's decimals. */
export function fromMinor(minor: bigint | string, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(minor);
  if (digits === 0) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const padded = text.slice(sign.length).padStart(digits + 1, '0');
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
