import fc from 'fast-check';
import { Comparison, NamedWindow } from '../../src/metrics/metric.enums.ts';
import { metricWindow, startOfDay, type WindowRequest } from '../../src/metrics/metric-window.ts';

const berlin = { timeZone: 'Europe/Berlin', fiscalYearStartMonth: 4 };
const dates = (request: WindowRequest | null, now: string, organization = berlin) => {
  const { from, to } = metricWindow(request, organization, new Date(now));
  return [from, to];
};

test.each([
  [NamedWindow.TODAY, '2026-02-18', '2026-02-19'],
  [NamedWindow.THIS_WEEK, '2026-02-16', '2026-02-23'],
  [NamedWindow.LAST_WEEK, '2026-02-09', '2026-02-16'],
  [NamedWindow.THIS_MONTH, '2026-02-01', '2026-03-01'],
  [NamedWindow.LAST_MONTH, '2026-01-01', '2026-02-01'],
  [NamedWindow.THIS_QUARTER, '2026-01-01', '2026-04-01'],
  [NamedWindow.LAST_QUARTER, '2025-10-01', '2026-01-01'],
  [NamedWindow.THIS_YEAR, '2026-01-01', '2027-01-01'],
  [NamedWindow.LAST_YEAR, '2025-01-01', '2026-01-01'],
  [NamedWindow.THIS_FISCAL_QUARTER, '2026-01-01', '2026-04-01'],
  [NamedWindow.LAST_FISCAL_QUARTER, '2025-10-01', '2026-01-01'],
  [NamedWindow.THIS_FISCAL_YEAR, '2025-04-01', '2026-04-01'],
  [NamedWindow.LAST_FISCAL_YEAR, '2024-04-01', '2025-04-01'],
  [NamedWindow.LAST_30_DAYS, '2026-01-20', '2026-02-19'],
  [NamedWindow.LAST_90_DAYS, '2025-11-21', '2026-02-19'],
  [NamedWindow.LAST_12_MONTHS, '2025-02-19', '2026-02-19'],
  [NamedWindow.ALL_TIME, null, null],
])('%s on Wednesday 2026-02-18, fiscal years from April: %s to %s', (named, from, to) => {
  expect(dates({ named }, '2026-02-18T12:00:00Z')).toEqual([from, to]);
});

test('every name of the API has a window that is not reversed and, but for ALL_TIME and the last periods, holds today', () => {
  const day = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(
      day,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(...Object.values(NamedWindow)),
      (now, month, named) => {
        const today = now.toISOString().slice(0, 10);
        const organization = { timeZone: 'UTC', fiscalYearStartMonth: month };
        const { from, to } = metricWindow({ named }, organization, now);
        if (named === NamedWindow.ALL_TIME) return from === null && to === null;
        const isPast = /^LAST_(WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)$/.test(named);
        return from! < to! && (isPast ? to! <= today : from! <= today && today < to!);
      },
    ),
  );
});

test('fiscal periods that begin in the middle of a calendar quarter', () => {
  const february = { timeZone: 'UTC', fiscalYearStartMonth: 2 };
  const on = (named: NamedWindow, now: string) => dates({ named }, now, february);
  expect(on(NamedWindow.THIS_FISCAL_QUARTER, '2026-01-31T23:59:59Z')).toEqual(['2025-11-01', '2026-02-01']);
  expect(on(NamedWindow.THIS_FISCAL_QUARTER, '2026-02-01T00:00:00Z')).toEqual(['2026-02-01', '2026-05-01']);
  expect(on(NamedWindow.LAST_FISCAL_QUARTER, '2026-02-01T00:00:00Z')).toEqual(['2025-11-01', '2026-02-01']);
  expect(on(NamedWindow.THIS_FISCAL_YEAR, '2026-01-31T00:00:00Z')).toEqual(['2025-02-01', '2026-02-01']);
});

test.each([
  // what begins on the 29th begins on the 28th: it would be empty else
  [{ from: '2024-02-29', to: '2024-03-01' }, ['2023-02-28', '2023-03-01']],
  [{ from: '2024-02-28', to: '2024-02-29' }, ['2023-02-28', '2023-03-01']],
  [{ from: '2024-02-01', to: '2024-02-29' }, ['2023-02-01', '2023-03-01']],
  [{ from: '2024-02-01', to: '2024-03-01' }, ['2023-02-01', '2023-03-01']],
  [{ from: '2025-02-01', to: '2025-03-01' }, ['2024-02-01', '2024-03-01']],
  [{ named: NamedWindow.LAST_30_DAYS }, ['2023-01-30', '2023-03-01']],
  [{ named: NamedWindow.LAST_12_MONTHS }, ['2022-03-01', '2023-03-01']],
])('no day of February is lost a year before %j', (request, compared) => {
  const window = metricWindow(
    { ...request, compare: Comparison.LAST_YEAR },
    berlin,
    new Date('2024-02-28T12:00:00Z'),
  );
  expect([window.compared?.from, window.compared?.to]).toEqual(compared);
  if ('named' in request && request.named === NamedWindow.LAST_12_MONTHS)
    expect(window.from).toBe('2023-03-01');
});

test('the window before one of all years there are begins with the first year', () => {
  const all = { from: '1000-01-01', to: '9999-12-31', compare: Comparison.PREVIOUS };
  expect(metricWindow(all, berlin, new Date())).toMatchObject({
    before: '1000-01-01',
    compared: { from: '1000-01-01', to: '1000-01-01' },
  });
});

test('today is where the organisation is, or in the time zone given', () => {
  const now = '2026-03-31T22:30:00Z';
  expect(dates({ named: NamedWindow.TODAY }, now)).toEqual(['2026-04-01', '2026-04-02']);
  expect(dates({ named: NamedWindow.TODAY, timeZone: 'America/New_York' }, now)).toEqual([
    '2026-03-31',
    '2026-04-01',
  ]);
});

test('omitted, empty and null mean ALL_TIME; one bound may be absent; an empty window is none of these', () => {
  const now = '2026-02-18T12:00:00Z';
  for (const request of [null, {}, { from: null, to: null, named: null, timeZone: null }])
    expect(dates(request, now)).toEqual([null, null]);
  expect(dates({ from: '2026-01-01' }, now)).toEqual(['2026-01-01', null]);
  expect(dates({ to: '2026-01-01' }, now)).toEqual([null, '2026-01-01']);
  expect(dates({ from: '2026-01-01', to: '2026-01-01' }, now)).toEqual(['2026-01-01', '2026-01-01']);
});

test.each([
  ['an ordinary day', '2026-01-15', 'Europe/Berlin', '2026-01-14T23:00:00.000Z'],
  ['the day clocks go forward', '2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['the day after', '2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['a day with two midnights: the first', '2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z'],
  ['a day without midnight: one in the morning', '2024-03-31', 'Asia/Beirut', '2024-03-30T22:00:00.000Z'],
  ['where that day is far from UTC', '2011-09-25', 'Pacific/Apia', '2011-09-25T10:00:00.000Z'],
  ['another one', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('%s begins at its first moment', (_what, date, zone, instant) => {
  expect(startOfDay(date, zone).toISOString()).toBe(instant);
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  expect(local.format(startOfDay(date, zone))).toBe(date);
  expect(local.format(startOfDay(date, zone).getTime() - 1) < date).toBe(true);
});
