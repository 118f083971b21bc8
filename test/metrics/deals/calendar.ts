/** The oracle's calendar: plain dates as text and day numbers, Intl for time zones, nothing of the code under test. */

const DAY = 86_400_000;

export const dayNumber = (date: string) => Date.parse(date) / DAY;
export const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
export const addDays = (date: string, days: number) => dateOf(dayNumber(date) + days);

/** So many months on; the last day of a month that is too short for the day. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return addDays(first.toISOString().slice(0, 10), Math.min(day, last) - 1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date it is at an instant somewhere. */
export function localDate(instant: Date | number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format)
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })));
  return format.format(instant);
}

/** The last millisecond of the day before `date` there: the dates of instants never go back, so halving finds it. */
export function lastMomentBefore(date: string, timeZone: string): number {
  let before = Date.parse(date) - 2 * DAY;
  let after = Date.parse(date) + 2 * DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDate(middle, timeZone) < date) before = middle;
    else after = middle;
  }
  return before;
}

export type Interval = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'FISCAL_QUARTER' | 'FISCAL_YEAR';
export const intervals: Interval[] = [
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
  'FISCAL_QUARTER',
  'FISCAL_YEAR',
];
const MONTHS = { MONTH: 1, QUARTER: 3, YEAR: 12, FISCAL_QUARTER: 3, FISCAL_YEAR: 12 };

/** First day of the period a date is in, and of the next. */
export function periodOf(date: string, interval: Interval, fiscalMonth: number): [from: string, to: string] {
  if (interval === 'DAY') return [date, addDays(date, 1)];
  if (interval === 'WEEK') {
    // 1970-01-01 was a Thursday
    const monday = addDays(date, -((((dayNumber(date) + 3) % 7) + 7) % 7));
    return [monday, addDays(monday, 7)];
  }
  const length = MONTHS[interval];
  const first = interval.startsWith('FISCAL') ? fiscalMonth - 1 : 0;
  const [year, month] = date.split('-').map(Number) as [number, number];
  const back = (((month - 1 - first) % length) + length) % length;
  const from = addMonths(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`, -back);
  return [from, addMonths(from, length)];
}

export interface Window {
  from: string | null;
  to: string | null;
}

export interface WindowInput {
  from?: string | null;
  to?: string | null;
  named?: string | null;
  timeZone?: string | null;
  compare?: 'PREVIOUS' | 'LAST_YEAR' | null;
}

/** The day after the last day's date a year before; where that day is 28 February of a leap year, 1 March. */
function endAYearBefore(end: string): string {
  return end.endsWith('-02-29') ? `${Number(end.slice(0, 4)) - 1}-03-01` : addMonths(end, -12);
}

/** What a named window is, seen on a day. */
export function namedWindow(named: string, today: string, fiscalMonth: number): Window {
  const [, which, unit] = /^(THIS|LAST)_(.*)$/.exec(named) ?? [];
  if (named === 'ALL_TIME') return { from: null, to: null };
  const tomorrow = addDays(today, 1);
  if (named === 'TODAY') return { from: today, to: tomorrow };
  if (unit === '30_DAYS' || unit === '90_DAYS')
    return { from: addDays(tomorrow, -Number.parseInt(unit)), to: tomorrow };
  if (unit === '12_MONTHS') return { from: endAYearBefore(tomorrow), to: tomorrow };
  const current = periodOf(today, unit as Interval, fiscalMonth);
  const [from, to] =
    which === 'THIS' ? current : periodOf(addDays(current[0], -1), unit as Interval, fiscalMonth);
  return { from, to };
}

export const namedWindows = [
  ...[
    'ALL_TIME',
    'TODAY',
    'THIS_WEEK',
    'LAST_WEEK',
    'THIS_MONTH',
    'LAST_MONTH',
    'THIS_QUARTER',
    'LAST_QUARTER',
  ],
  ...[
    'THIS_YEAR',
    'LAST_YEAR',
    'THIS_FISCAL_QUARTER',
    'LAST_FISCAL_QUARTER',
    'THIS_FISCAL_YEAR',
    'LAST_FISCAL_YEAR',
  ],
  ...['LAST_30_DAYS', 'LAST_90_DAYS', 'LAST_12_MONTHS'],
];

/** The window to compare with: the period before a named one, as many days before others; or a year (52 weeks) before. */
export function comparedWindow(
  { named, compare }: WindowInput,
  { from, to }: { from: string; to: string },
): Window {
  if (compare === 'LAST_YEAR') {
    if (named?.endsWith('_WEEK')) return { from: addDays(from, -364), to: addDays(to, -364) };
    return { from: addMonths(from, -12), to: endAYearBefore(to) };
  }
  const unit = /^(?:THIS|LAST)_(MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)$/.exec(named ?? '')?.[1];
  if (unit) return { from: addMonths(from, -MONTHS[unit as keyof typeof MONTHS]), to: from };
  if (named === 'LAST_12_MONTHS') return { from: addMonths(from, -12), to: from };
  return { from: addDays(from, dayNumber(from) - dayNumber(to)), to: from };
}
