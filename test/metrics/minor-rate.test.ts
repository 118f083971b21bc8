import fc from 'fast-check';
import { minorRate, normalRate } from '../../src/metrics/rates/minor-rate.ts';

test('a rate of minor units is the rate with its point moved by the decimals both currencies have', () => {
  expect(minorRate('0.92', 'USD', 'EUR')).toBe('0.92');
  expect(minorRate('0.0061', 'JPY', 'EUR')).toBe('0.61');
  expect(minorRate('2.995', 'KWD', 'EUR')).toBe('0.2995');
  expect(minorRate('162.4', 'EUR', 'JPY')).toBe('1.624');
  expect(minorRate('0.3', 'EUR', 'KWD')).toBe('3');
  expect(minorRate('500', 'KWD', 'JPY')).toBe('0.5');
  expect(minorRate('10', 'JPY', 'KWD')).toBe('10000');
});

test('and is exactly that, for every rate', () => {
  const digits = { JPY: 0, USD: 2, KWD: 3 };
  const currency = fc.constantFrom(...(Object.keys(digits) as (keyof typeof digits)[]));
  const whole = fc.integer({ min: 0, max: 999_999_999 });
  const fraction = fc.stringMatching(/^\d{0,12}$/);
  const scaled = (text: string) => {
    const [int, part = ''] = text.split('.') as [string, string?];
    return BigInt(int + part.padEnd(20, '0'));
  };
  fc.assert(
    fc.property(whole, fraction, currency, currency, (int, part, from, home) => {
      const given = part === '' ? String(int) : `${int}.${part}`;
      const rate = normalRate(given);
      if (rate === null) return expect(Number(given)).toBe(0);
      expect(scaled(rate)).toBe(scaled(given));
      expect(rate).not.toMatch(/\..*0$|\.$/);
      const shift = digits[home] - digits[from];
      const minor = scaled(minorRate(rate, from, home));
      if (shift >= 0) expect(minor).toBe(scaled(rate) * 10n ** BigInt(shift));
      else expect(minor * 10n ** BigInt(-shift)).toBe(scaled(rate));
    }),
  );
});

test('what is not positive, too large or too exact is no rate', () => {
  for (const given of ['0', '0.000', '-1', '1000000000', '0.0000000000001', '', '1e3', '.5', 'x'])
    expect([given, normalRate(given)]).toEqual([given, null]);
  expect(normalRate('0001.5000')).toBe('1.5');
  expect(normalRate('0.0000000000010')).toBe('0.000000000001');
});
