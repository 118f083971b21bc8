import type { Settings } from './records.ts';

/** The last day of the fiscal quarter an instant lies in, by the organisation's clock. */
export function lastDayOfQuarter(now: Date, { timeZone, fiscalYearStartMonth }: Settings): string {
  const [year, month] = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    .format(now)
    .split('-')
    .map(Number) as [number, number];
  const monthsIntoQuarter = (month - fiscalYearStartMonth + 12) % 3;
  // the day before the first of the month after the quarter
  const last = new Date(Date.UTC(year, month - 1 + 3 - monthsIntoQuarter, 0));
  return last.toISOString().slice(0, 10);
}
