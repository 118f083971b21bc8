import sql, { raw, type Sql } from 'sql-template-tag';
import { badInput } from '../graphql/errors.ts';
import { Interval } from './metric.enums.ts';
import {
  type MetricWindow,
  metricWindow,
  plainDate,
  startOfDay,
  type WindowRequest,
} from './metric-window.ts';

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

/** Half-open, cut to the window it lies in. */
export interface MetricPeriod {
  from: string;
  to: string;
}

const MAX_PERIODS = 400;

/** The periods that make up a window with both ends, in time. */
export function periodsOf(
  { from, to }: MetricWindow,
  interval: Interval,
  fiscalYearStartMonth: number,
): MetricPeriod[] {
  if (from === null || to === null)
    throw badInput('window', 'needs both ends for a series: from and to, or a name but ALL_TIME');
  const unit = UNITS[interval];
  const months = { months: shift(interval, fiscalYearStartMonth) };
  const periods: MetricPeriod[] = [];
  let start = plainDate(from).minus(months).startOf(unit).plus(months);
  // an empty window has none
  while (from < to && start < plainDate(to)) {
    if (periods.length === MAX_PERIODS)
      throw badInput('interval', `makes more than ${MAX_PERIODS} periods of this window`);
    const end = start.plus({ [unit]: 1 });
    const [first, last] = [start.toISODate()!, end.toISODate()!];
    periods.push({ from: first < from ? from : first, to: last > to ? to : last });
    start = end;
  }
  return periods;
}

export interface SeriesRequest {
  window?: WindowRequest | null;
  interval: Interval;
}

/** How many periods a series has, give or take one: whose calendar it is is not asked. The most there can be when it is refused. */
export function periodCount({ window, interval }: SeriesRequest): number {
  try {
    const calendar = { timeZone: 'UTC', fiscalYearStartMonth: 1 };
    return periodsOf(metricWindow(window, calendar, new Date()), interval, 1).length;
  } catch {
    return MAX_PERIODS;
  }
}

/** The last moment of a period, or the view's if that comes first. */
export function endOf(period: MetricPeriod, timeZone: string, moment: Date): Date {
  const end = startOfDay(period.to, timeZone).getTime() - 1;
  return new Date(Math.min(end, moment.getTime()));
}

/** The whole period that begins on a day. */
export function periodFrom(interval: Interval, from: string): MetricPeriod {
  return {
    from,
    to: plainDate(from)
      .plus({ [UNITS[interval]]: 1 })
      .toISODate()!,
  };
}

/** A period as instants, and when as many days before it begin. */
export interface Span {
  group: string;
  since: string | null;
  until: string | null;
  /** Null: the period has no beginning or no end. */
  before: string | null;
}

/** `group` is its first day, as a series calls it. */
export function spanOf({ from, to }: { from: string | null; to: string | null }, timeZone: string): Span {
  const instant = (date: string | null) => (date === null ? null : startOfDay(date, timeZone).toISOString());
  const days = from === null || to === null ? null : plainDate(to).diff(plainDate(from), 'days').days;
  const before = days === null ? null : plainDate(from!).minus({ days }).toISODate();
  return { group: from ?? '', since: instant(from), until: instant(to), before: instant(before) };
}
