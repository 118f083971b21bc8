import { dateIn, fiscalQuarterEnd, fiscalQuarterOf } from '../../src/identity/fiscal-calendar.ts';

test.each([
  ['2026-01-01', 1, '2026-01-01', '2026-04-01'],
  ['2026-03-31', 1, '2026-01-01', '2026-04-01'],
  ['2026-04-01', 1, '2026-04-01', '2026-07-01'],
  ['2026-12-31', 1, '2026-10-01', '2027-01-01'],
  ['2026-03-31', 4, '2026-01-01', '2026-04-01'],
  ['2026-04-01', 4, '2026-04-01', '2026-07-01'],
  ['2026-01-31', 2, '2025-11-01', '2026-02-01'],
  ['2026-02-01', 2, '2026-02-01', '2026-05-01'],
  ['2024-02-29', 2, '2024-02-01', '2024-05-01'],
  ['2026-12-15', 2, '2026-11-01', '2027-02-01'],
  ['2026-02-28', 12, '2025-12-01', '2026-03-01'],
])('%s in fiscal years from month %i lies in the quarter from %s until %s', (date, month, start, end) => {
  expect(fiscalQuarterOf(date, month)).toEqual({ start, end });
});

test.each([
  ['2026-02-10T12:00:00Z', 'UTC', 1, '2026-03-31'],
  ['2026-02-10T12:00:00Z', 'UTC', 4, '2026-03-31'],
  ['2026-02-10T12:00:00Z', 'UTC', 2, '2026-04-30'],
  ['2024-01-10T12:00:00Z', 'UTC', 12, '2024-02-29'],
  ['2026-11-10T12:00:00Z', 'UTC', 2, '2027-01-31'],
])('at %s in %s with fiscal start %i the quarter ends on %s', (at, timeZone, fiscalYearStartMonth, end) => {
  expect(fiscalQuarterEnd(new Date(at), { timeZone, fiscalYearStartMonth })).toBe(end);
});

test('the turn of a quarter is midnight of the organisation, not of UTC', () => {
  const berlin = { timeZone: 'Europe/Berlin', fiscalYearStartMonth: 1 };
  // Winter: an hour ahead; 31 March is summer time already: two hours ahead.
  expect(fiscalQuarterEnd(new Date('2026-12-31T22:59:59.999Z'), berlin)).toBe('2026-12-31');
  expect(fiscalQuarterEnd(new Date('2026-12-31T23:00:00Z'), berlin)).toBe('2027-03-31');
  expect(fiscalQuarterEnd(new Date('2026-03-31T21:59:59.999Z'), berlin)).toBe('2026-03-31');
  expect(fiscalQuarterEnd(new Date('2026-03-31T22:00:00Z'), berlin)).toBe('2026-06-30');
  expect(
    fiscalQuarterEnd(new Date('2027-01-01T04:59:59Z'), {
      timeZone: 'America/New_York',
      fiscalYearStartMonth: 1,
    }),
  ).toBe('2026-12-31');
});

test('a date is the one on the wall of that zone, also where a change of clocks skips midnight', () => {
  expect(dateIn('Pacific/Kiritimati', new Date('2026-06-30T10:00:00Z'))).toBe('2026-07-01');
  expect(dateIn('Pacific/Pago_Pago', new Date('2026-07-01T10:59:59Z'))).toBe('2026-06-30');
  expect(dateIn('America/Sao_Paulo', new Date('2018-11-04T03:00:00Z'))).toBe('2018-11-04');
});
