import sql, { raw, type Sql } from 'sql-template-tag';
import { Interval } from './metric.enums.ts';

const UNITS = {
  [Interval.DAY]: 'day',
  [Interval.WEEK]: 'week',
  [Interval.MONTH]: 'month',
  [Interval.QUARTER]: 'quarter',
  [Interval.YEAR]: 'year',
  [Interval.FISCAL_QUARTER]: 'quarter',
  [Interval.FISCAL_YEAR]: 'year',
} as const;

/** Months by which fiscal periods begin later than calendar ones. */
function shift(interval: Interval, fiscalYearStartMonth: number): number {
  return interval.startsWith('FISCAL') ? fiscalYearStartMonth - 1 : 0;
}

/** The first day of the period a date lies in, as SQL over a date. */
export function startOfPeriod(interval: Interval, fiscalYearStartMonth: number) {
  const unit = raw(`'${UNITS[interval]}'`);
  const months = shift(interval, fiscalYearStartMonth);
  if (months === 0) return (date: Sql) => sql`date_trunc(${unit}, ${date}::timestamp)::date`;
  const later = raw(`interval '${months} months'`);
  return (date: Sql) => sql`(date_trunc(${unit}, ${date}::timestamp - ${later}) + ${later})::date`;
}

/** How a period is named: `2026-02`, `2026-Q1`, `2026`; days, weeks and fiscal periods by their first day. */
export function periodLabel(interval: Interval, start: string): string {
  const [year, month] = start.split('-');
  switch (interval) {
    case Interval.MONTH:
      return `${year}-${month}`;
    case Interval.QUARTER:
      return `${year}-Q${Math.ceil(Number(month) / 3)}`;
    case Interval.YEAR:
      return year!;
    default:
      return start;
  }
}
