import { AccountType } from '../../src/accounts/account.enums.ts';
import * as cell from '../../src/imports/cell-values.ts';
import { salesforceId } from '../../src/imports/salesforce-id.ts';
import { ForecastCategory } from '../../src/opportunities/opportunity.enums.ts';

const reading = { timeZone: 'America/New_York', currency: 'EUR', now: new Date('2026-06-01T00:00Z') };
const instant = (text: string, timeZone = reading.timeZone) =>
  cell.pastInstant(text, { ...reading, timeZone }).toISOString();
const date = (text: string) => cell.date(text, reading);

describe('a Salesforce id', () => {
  test('of 15 characters gets the three letters that tell its upper-case letters', () => {
    expect(salesforceId('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
    expect(salesforceId('005000000000001')).toBe('005000000000001AAA');
  });

  test('of 18 characters stays, and spaces around it go', () => {
    expect(salesforceId(' 001D000000IqhSLIAZ ')).toBe('001D000000IqhSLIAZ');
  });

  test('whose letters all became upper or lower case gets them back', () => {
    expect(salesforceId('001d000000iqhsliaz')).toBe('001D000000IqhSLIAZ');
    expect(salesforceId('001D000000IQHSLIAZ')).toBe('001D000000IqhSLIAZ');
  });

  test('of a lead that was made up, as test data is, stays as it is', () => {
    expect(salesforceId('00Q000000000001AAA')).toBe('00Q000000000001AAA');
    expect(salesforceId('00q000000000001EAA')).toBe('00Q000000000001EAA');
  });

  test.each(['', '001', '001D000000IqhSLI', '001D000000IqhSLIAA', '001D000000Iqh-L', '001D000000IqhSL99Z', '1.23E+15'])(
    'is not %p',
    (text) => expect(salesforceId(text)).toBeNull(),
  ); // prettier-ignore
});

describe('a moment', () => {
  test('is read as American exports write it, in the zone given', () => {
    expect(instant('02/24/26 02:18 AM')).toBe('2026-02-24T07:18:00.000Z');
    expect(instant('02/24/26 12:05 AM')).toBe('2026-02-24T05:05:00.000Z');
    expect(instant('2/4/2026 12:05 PM')).toBe('2026-02-04T17:05:00.000Z');
    expect(instant('2/4/2026 14:05')).toBe('2026-02-04T19:05:00.000Z');
    expect(instant('2/4/2026, 2:05:30 pm', 'Europe/Berlin')).toBe('2026-02-04T13:05:30.000Z');
  });

  test('is read as the API writes it, by its own offset', () => {
    expect(instant('2024-07-11T21:22:07.000+0000')).toBe('2024-07-11T21:22:07.000Z');
    expect(instant('2024-07-11T21:22:07.123Z')).toBe('2024-07-11T21:22:07.123Z');
    expect(instant('2024-07-11 21:22:07+05:30')).toBe('2024-07-11T15:52:07.000Z');
    expect(instant('2024-07-11T21:22:07')).toBe('2024-07-12T01:22:07.000Z');
  });

  test('of a day alone is where the day begins in the zone', () => {
    expect(instant('02/24/26')).toBe('2026-02-24T05:00:00.000Z');
    expect(instant('2024-07-29', 'Asia/Tokyo')).toBe('2024-07-28T15:00:00.000Z');
  });

  test('in the future is refused, naming the zone that may be wrong', () => {
    expect(() => instant('05/31/26 08:30 PM')).toThrow('lies in the future when read in America/New_York');
    expect(instant('05/31/26 08:30 PM', 'Europe/Berlin')).toBe('2026-05-31T18:30:00.000Z');
  });
});

describe('a date', () => {
  test('is the same day in whatever zone', () => {
    expect(date('2/4/26')).toBe('2026-02-04');
    expect(date('2026-02-04')).toBe('2026-02-04');
    expect(date('02/29/2024')).toBe('2024-02-29');
    expect(date('12/31/69')).toBe('1969-12-31');
    expect(date('12/31/68')).toBe('2068-12-31');
  });

  test('written as a moment is the day it is in the zone', () => {
    expect(date('2026-02-04T02:00:00.000Z')).toBe('2026-02-03');
  });

  test.each(['02/30/26', '13/01/2026', '2026-02-29', '2026-00-10', '00/00/0000', '2026-01-01T25:00:00Z', '2026-01-01T24:00', '1/1/26 13:00 PM', '0001-01-01'])(
    'can not be %p',
    (text) => expect(() => date(text)).toThrow('impossible'),
  ); // prettier-ignore

  test.each(['31.12.2025', 'yesterday', '45321', '2026-2', '1/1/126'])('is not %p', (text) =>
    expect(() => date(text)).toThrow('is no date'),
  );
});

test('a flag is read from all the ways exports write it', () => {
  expect(['TRUE', 'true', '1', 'Yes', ' t '].map(cell.boolean)).toEqual([true, true, true, true, true]);
  expect(['FALSE', 'false', '0', 'No'].map(cell.boolean)).toEqual([false, false, false, false]);
  expect(() => cell.boolean('maybe')).toThrow('neither true nor false');
});

test('an amount is exact in minor units, and rounded half away from zero where a float has more decimals', () => {
  expect(cell.minorUnits('35000', 'EUR')).toEqual({ minor: 3_500_000n, isRounded: false });
  expect(cell.minorUnits('1823.15', 'EUR')).toEqual({ minor: 182_315n, isRounded: false });
  expect(cell.minorUnits('1,234.50', 'USD')).toEqual({ minor: 123_450n, isRounded: false });
  expect(cell.minorUnits('1.39E8', 'USD')).toEqual({ minor: 13_900_000_000n, isRounded: false });
  expect(cell.minorUnits('182.31500000000003', 'EUR')).toEqual({ minor: 18_232n, isRounded: true });
  expect(cell.minorUnits('-0.005', 'EUR')).toEqual({ minor: -1n, isRounded: true });
  expect(cell.minorUnits('1000.0', 'JPY')).toEqual({ minor: 1000n, isRounded: false });
  expect(cell.minorUnits('1.5', 'KWD')).toEqual({ minor: 1500n, isRounded: false });
  for (const text of ['abc', '1.2.3', '12 EUR', '1,23', '.', '-', 'NaN', 'Infinity', '0x10'])
    expect(() => cell.minorUnits(text, 'EUR')).toThrow('is no number');
  expect(() => cell.minorUnits('1e18', 'EUR')).toThrow('too large');
  expect(() => cell.minorUnits('1e999', 'EUR')).toThrow('too large');
});

test('people are counted in whole numbers', () => {
  expect(cell.headcount('1000.0')).toBe(1000);
  expect(cell.headcount('145,000')).toBe(145_000);
  for (const text of ['-1', '1.5', '9999999999'])
    expect(() => cell.headcount(text)).toThrow('no whole number');
});

test('a probability is a percentage', () => {
  expect(['0', '100', '35', '12.5', '90%'].map(cell.percent)).toEqual([0, 100, 35, 13, 90]);
  for (const text of ['101', '-1']) expect(() => cell.percent(text)).toThrow('from 0 to 100');
});

test('a currency is one of ISO 4217', () => {
  expect(cell.currencyCode(' eur ')).toBe('EUR');
  expect(() => cell.currencyCode('EURO')).toThrow('ISO 4217');
});

test("forecast categories are known by Salesforce's API names and by its labels", () => {
  const { PIPELINE, BEST_CASE, MOST_LIKELY, COMMIT, CLOSED, OMITTED } = ForecastCategory;
  const names = ['Pipeline', 'BestCase', 'Best Case', 'MostLikely', 'Most Likely', 'Forecast', 'Commit', 'Closed', 'Omitted']; // prettier-ignore
  expect(names.map(cell.forecastCategory)).toEqual(
    [PIPELINE, BEST_CASE, BEST_CASE, MOST_LIKELY, MOST_LIKELY, COMMIT, COMMIT, CLOSED, OMITTED], // prettier-ignore
  );
  expect(() => cell.forecastCategory('Hopeful')).toThrow('no forecast category');
});

test("account types follow Salesforce's labels", () => {
  const labels = ['Customer - Direct', 'Customer - Channel', 'Prospect', 'Channel Partner / Reseller', 'Installation Partner', 'Competitor', 'Press']; // prettier-ignore
  const { CUSTOMER, PROSPECT, PARTNER, COMPETITOR, OTHER } = AccountType;
  expect(labels.map(cell.accountType)).toEqual([CUSTOMER, CUSTOMER, PROSPECT, PARTNER, PARTNER, COMPETITOR, OTHER]); // prettier-ignore
});
