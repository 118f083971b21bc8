import { DateTime } from 'luxon';

/** A half-open range of calendar dates, ISO 8601: `end` is the first day after it. */
export interface DateRange {
  start: string;
  end: string;
}

const QUARTER_MONTHS = 3;

function isoDate(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}

/** The calendar date it is at an instant in a time zone (IANA name). */
export function dateIn(timeZone: string, at: Date): string {
  return isoDate(DateTime.fromJSDate(at, { zone: timeZone }));
}

/**
 * The fiscal quarter a calendar date lies in, when fiscal years start on the first of `fiscalYearStartMonth` (1-12).
 * Pure calendar arithmetic in UTC: no time zone can shift a date.
 */
export function fiscalQuarterOf(date: string, fiscalYearStartMonth: number): DateRange {
  const day = DateTime.fromISO(date, { zone: 'utc' });
  const monthsIntoYear = (day.month - fiscalYearStartMonth + 12) % 12;
  const start = day.startOf('month').minus({ months: monthsIntoYear % QUARTER_MONTHS });
  return { start: isoDate(start), end: isoDate(start.plus({ months: QUARTER_MONTHS })) };
}

/** The last day of the fiscal quarter an instant lies in, as the organisation's calendar shows it. */
export function fiscalQuarterEnd(
  at: Date,
  organization: { timeZone: string; fiscalYearStartMonth: number },
): string {
  const { end } = fiscalQuarterOf(dateIn(organization.timeZone, at), organization.fiscalYearStartMonth);
  return isoDate(DateTime.fromISO(end, { zone: 'utc' }).minus({ days: 1 }));
}
