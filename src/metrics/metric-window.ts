import { DateTime, IANAZone } from 'luxon';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { dateIn, fiscalQuarterOf } from '../identity/fiscal-calendar.ts';
import type { Organization } from '../identity/organization.service.ts';
import { isNamedZone, NO_ZONE } from '../identity/time-zone.ts';
import { badInput } from '../graphql/errors.ts';
import { Comparison, NamedWindow } from './metric.enums.ts';

/** As clients give it: dates or a name. */
export interface WindowRequest {
  from?: string | null;
  to?: string | null;
  named?: NamedWindow | null;
  timeZone?: string | null;
  compare?: Comparison | null;
}

/** Half-open, null for unbounded; the instants are the first moments of the dates in the window's time zone. */
export interface MetricWindow {
  from: string | null;
  to: string | null;
  fromInstant: string | null;
  toInstant: string | null;
  timeZone: string;
  /** The first day of the window before it, which is as long; null of one without both ends. */
  before: string | null;
  /** The window to compare with; null when none was asked for. */
  compared: MetricWindow | null;
}

type Calendar = Pick<Organization, 'timeZone' | 'fiscalYearStartMonth'>;

/** Checks a window and makes dates of its name; `path` is the argument, for errors. */
export function metricWindow(
  request: WindowRequest | null | undefined,
  organization: Calendar,
  now: Date,
  path = 'window',
): MetricWindow {
  const { from = null, to = null, named = null } = request ?? {};
  const zone = request?.timeZone ?? organization.timeZone;
  if (!isNamedZone(zone)) throw badInput(`${path}.timeZone`, `${NO_ZONE}: ${zone}`);
  if (named !== null && (from !== null || to !== null))
    throw badInput(`${path}.named`, 'can not be used together with from and to');
  if (from !== null && to !== null && to < from)
    throw badInput(`${path}.to`, `must not lie before from (${from}), got ${to}`);
  const [begin, end] =
    named === null ? [from, to] : namedPeriod(named, dateIn(zone, now), organization.fiscalYearStartMonth);
  const window = bounded(begin, end, zone, named);
  const compare = request?.compare ?? null;
  if (compare === null) return window;
  if (begin === null || end === null)
    throw badInput(`${path}.compare`, 'needs a window with both ends: from and to, or a name but ALL_TIME');
  return { ...window, compared: bounded(...comparedPeriod(compare, named, begin, end), zone, named) };
}

function bounded(
  from: string | null,
  to: string | null,
  timeZone: string,
  named: NamedWindow | null,
): MetricWindow {
  const instant = (date: string | null) => (date === null ? null : startOfDay(date, timeZone).toISOString());
  const before =
    from === null || to === null ? null : comparedPeriod(Comparison.PREVIOUS, named, from, to)[0];
  return { from, to, fromInstant: instant(from), toInstant: instant(to), timeZone, before, compared: null };
}

/** Where there is no `comparison` to ask for, the wish for one is refused. */
export function refuseComparison(request: WindowRequest | null | undefined, path: string): void {
  if (request?.compare != null)
    throw badInput(
      `${path}.compare`,
      'has nothing to compare here: ask twice, for either window, by aliases',
    );
}

/** What a named window is as long as; those of dates, and of so many days, are as long as their days. */
const LENGTHS: Partial<Record<NamedWindow, { months: number }>> = {
  [NamedWindow.THIS_MONTH]: { months: 1 },
  [NamedWindow.LAST_MONTH]: { months: 1 },
  [NamedWindow.THIS_QUARTER]: { months: 3 },
  [NamedWindow.LAST_QUARTER]: { months: 3 },
  [NamedWindow.THIS_FISCAL_QUARTER]: { months: 3 },
  [NamedWindow.LAST_FISCAL_QUARTER]: { months: 3 },
  [NamedWindow.THIS_YEAR]: { months: 12 },
  [NamedWindow.LAST_YEAR]: { months: 12 },
  [NamedWindow.THIS_FISCAL_YEAR]: { months: 12 },
  [NamedWindow.LAST_FISCAL_YEAR]: { months: 12 },
  [NamedWindow.LAST_12_MONTHS]: { months: 12 },
};

function comparedPeriod(
  compare: Comparison,
  named: NamedWindow | null,
  from: string,
  to: string,
): [from: string, to: string] {
  const [begin, end] = [plainDate(from), plainDate(to)];
  if (compare === Comparison.PREVIOUS) {
    const length = (named && LENGTHS[named]) ?? { days: daysBetween(from, to) };
    return [DateTime.max(begin.minus(length), FIRST_DAY).toISODate()!, from];
  }
  if (named === NamedWindow.THIS_WEEK || named === NamedWindow.LAST_WEEK)
    return [begin.minus({ weeks: 52 }).toISODate()!, end.minus({ weeks: 52 }).toISODate()!];
  return [begin.minus({ years: 1 }).toISODate()!, yearBefore(end).toISODate()!];
}

/** The end of a window a year before, its last day there included: that of one up to 28 February in a leap year is 1 March. */
function yearBefore(date: DateTime): DateTime {
  const before = date.minus({ years: 1 });
  return before.day === date.day ? before : before.plus({ days: 1 });
}

/** Held in UTC, where every day has 24 hours. */
export const plainDate = (date: string) => DateTime.fromISO(date, { zone: 'utc' });

/** The first the scalar `Date` takes. */
const FIRST_DAY = plainDate('1000-01-01');

export const daysBetween = (from: string, to: string): number =>
  plainDate(to).diff(plainDate(from), 'days').days;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The first moment of a date: where clocks go back over midnight the earlier one, where midnight is skipped when it would have been. */
export function startOfDay(date: string, zone: string): Date {
  const midnight = plainDate(date).toMillis();
  const clock = IANAZone.create(zone);
  const offset = (moment: number) => clock.offset(moment) * MINUTE;
  // by each of the offsets in force around it
  const moments = [midnight - DAY, midnight, midnight + DAY].map((moment) => midnight - offset(moment));
  const real = moments.filter((moment) => moment + offset(moment) === midnight);
  return new Date(real.length > 0 ? Math.min(...real) : Math.max(...moments));
}

type Period = [from: string | null, to: string | null];

/** Calendar arithmetic on a plain date. */
function namedPeriod(named: NamedWindow, date: string, fiscalYearStartMonth: number): Period {
  const today = plainDate(date);
  const tomorrow = today.plus({ days: 1 });
  const calendar = (unit: 'day' | 'week' | 'month' | 'quarter' | 'year', offset = 0): Period => {
    const begin = today.startOf(unit).plus({ [unit]: offset });
    return [begin.toISODate(), begin.plus({ [unit]: 1 }).toISODate()];
  };
  const lastDays = (days: number): Period => [tomorrow.minus({ days }).toISODate(), tomorrow.toISODate()];
  const fiscalQuarter = fiscalQuarterOf(date, fiscalYearStartMonth);
  const fiscalYear = (offset: number): Period => {
    const start = today.startOf('month').minus({ months: (today.month - fiscalYearStartMonth + 12) % 12 });
    const begin = start.plus({ years: offset });
    return [begin.toISODate(), begin.plus({ years: 1 }).toISODate()];
  };
  switch (named) {
    case NamedWindow.TODAY:
      return calendar('day');
    case NamedWindow.THIS_WEEK:
      return calendar('week');
    case NamedWindow.LAST_WEEK:
      return calendar('week', -1);
    case NamedWindow.THIS_MONTH:
      return calendar('month');
    case NamedWindow.LAST_MONTH:
      return calendar('month', -1);
    case NamedWindow.THIS_QUARTER:
      return calendar('quarter');
    case NamedWindow.LAST_QUARTER:
      return calendar('quarter', -1);
    case NamedWindow.THIS_YEAR:
      return calendar('year');
    case NamedWindow.LAST_YEAR:
      return calendar('year', -1);
    case NamedWindow.THIS_FISCAL_QUARTER:
      return [fiscalQuarter.start, fiscalQuarter.end];
    case NamedWindow.LAST_FISCAL_QUARTER: {
      const quarterAgo = plainDate(fiscalQuarter.start).minus({ months: 3 });
      return [quarterAgo.toISODate(), fiscalQuarter.start];
    }
    case NamedWindow.THIS_FISCAL_YEAR:
      return fiscalYear(0);
    case NamedWindow.LAST_FISCAL_YEAR:
      return fiscalYear(-1);
    case NamedWindow.LAST_30_DAYS:
      return lastDays(30);
    case NamedWindow.LAST_90_DAYS:
      return lastDays(90);
    case NamedWindow.LAST_12_MONTHS:
      return [yearBefore(tomorrow).toISODate(), tomorrow.toISODate()];
    case NamedWindow.ALL_TIME:
      return [null, null];
  }
}

/** A condition: the date or instant lies between the bounds, half-open; null is no bound. */
export function within(
  value: Sql,
  from: string | null,
  to: string | null,
  type: 'date' | 'timestamptz',
): Sql {
  const bounds = [];
  if (from !== null) bounds.push(sql`${value} >= ${from}::${raw(type)}`);
  if (to !== null) bounds.push(sql`${value} < ${to}::${raw(type)}`);
  return bounds.length === 0 ? sql`true` : sql`(${join(bounds, ' and ')})`;
}
