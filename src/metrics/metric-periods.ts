import sql, { raw, type Sql } from 'sql-template-tag';
import { badInput } from '../graphql/errors.ts';
import { Interval } from './metric.enums.ts';
import {
  type MetricWindow,
  metricWindow,
  daysBetween,
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

/** One of a series. */
interface SeriesPeriod extends MetricPeriod {
  /** The first day of the period before it; of one that is cut, of as many days. */
  before: string;
}

const MAX_PERIODS = 400;

/** The periods that make up a window with both ends, in time. */
export function periodsOf(
  { from, to }: MetricWindow,
  interval: Interval,
  fiscalYearStartMonth: number,
): SeriesPeriod[] {
  if (from === null || to === null)
    throw badInput('window', 'needs both ends for a series: from and to, or a name but ALL_TIME');
  const unit = UNITS[interval];
  const months = { months: shift(interval, fiscalYearStartMonth) };
  const periods: SeriesPeriod[] = [];
  let start = plainDate(from).minus(months).startOf(unit).plus(months);
  // an empty window has none
  while (from < to && start < plainDate(to)) {
    if (periods.length === MAX_PERIODS)
      throw badInput('interval', `makes more than ${MAX_PERIODS} periods of this window`);
    const end = start.plus({ [unit]: 1 });
    const whole = { from: start.toISODate()!, to: end.toISODate()! };
    const cut = { from: whole.from < from ? from : whole.from, to: end > plainDate(to) ? to : whole.to };
    const isWhole = cut.from === whole.from && cut.to === whole.to;
    const length = isWhole ? { [unit]: 1 } : { days: daysBetween(cut.from, cut.to) };
    periods.push({ ...cut, before: plainDate(cut.from).minus(length).toISODate()! });
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

/** A period as instants, with when the one before it begins. */
export interface Span {
  group: string;
  since: string | null;
  until: string | null;
  /** Null: the period has no beginning or no end. */
  before: string | null;
}

/** `group` is its first day, as a series calls it. */
export function spanOf(
  { from, to, before }: Pick<MetricWindow, 'from' | 'to' | 'before'>,
  timeZone: string,
): Span {
  const instant = (date: string | null) => (date === null ? null : startOfDay(date, timeZone).toISOString());
  return { group: from ?? '', since: instant(from), until: instant(to), before: instant(before) };
}
