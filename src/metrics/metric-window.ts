import { DateTime, IANAZone } from 'luxon';
import { dateIn, fiscalQuarterOf } from '../identity/fiscal-calendar.ts';
import type { Organization } from '../identity/organization.service.ts';
import { badInput } from '../graphql/errors.ts';
import { NamedWindow } from './metric.enums.ts';

/** As clients give it: dates or a name. */
export interface WindowRequest {
  from?: string | null;
  to?: string | null;
  named?: NamedWindow | null;
  timeZone?: string | null;
}

/** Half-open, null for unbounded; the instants are the first moments of the dates in the window's time zone. */
export interface MetricWindow {
  from: string | null;
  to: string | null;
  fromInstant: string | null;
  toInstant: string | null;
  timeZone: string;
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
  if (!IANAZone.isValidZone(zone))
    throw badInput(`${path}.timeZone`, `is no IANA time zone (Europe/Berlin, …): ${zone}`);
  if (named !== null && (from !== null || to !== null))
    throw badInput(`${path}.named`, 'can not be used together with from and to');
  if (from !== null && to !== null && to < from)
    throw badInput(`${path}.to`, `must not lie before from (${from}), got ${to}`);
  if (named === null) return bounded(from, to, zone);
  const [begin, end] = namedPeriod(named, dateIn(zone, now), organization.fiscalYearStartMonth);
  return bounded(begin, end, zone);
}

function bounded(from: string | null, to: string | null, zone: string): MetricWindow {
  const instant = (date: string | null) => (date === null ? null : startOfDay(date, zone).toISOString());
  return { from, to, fromInstant: instant(from), toInstant: instant(to), timeZone: zone };
}

/** The first moment of a date: where clocks go back over midnight the earlier one, where midnight is skipped the next there is. */
export function startOfDay(date: string, zone: string): Date {
  const midnight = DateTime.fromISO(date, { zone });
  return new Date(Math.min(...midnight.getPossibleOffsets().map((moment) => moment.toMillis())));
}

type Period = [from: string | null, to: string | null];

/** Calendar arithmetic on a plain date (held in UTC, where every day has 24 hours). */
function namedPeriod(named: NamedWindow, date: string, fiscalYearStartMonth: number): Period {
  const today = DateTime.fromISO(date, { zone: 'utc' });
  const tomorrow = today.plus({ days: 1 });
  const calendar = (unit: 'day' | 'week' | 'month' | 'quarter' | 'year', offset = 0): Period => {
    const begin = today.startOf(unit).plus({ [unit]: offset });
    return [begin.toISODate(), begin.plus({ [unit]: 1 }).toISODate()];
  };
  const untilToday = (length: { days: number } | { months: number }): Period => [
    tomorrow.minus(length).toISODate(),
    tomorrow.toISODate(),
  ];
  const fiscalQuarter = fiscalQuarterOf(date, fiscalYearStartMonth);
  switch (named) {
    case NamedWindow.TODAY:
      return calendar('day');
    case NamedWindow.THIS_WEEK:
      return calendar('week');
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
      const quarterAgo = DateTime.fromISO(fiscalQuarter.start, { zone: 'utc' }).minus({ months: 3 });
      return [quarterAgo.toISODate(), fiscalQuarter.start];
    }
    case NamedWindow.THIS_FISCAL_YEAR: {
      const begin = today.startOf('month').minus({ months: (today.month - fiscalYearStartMonth + 12) % 12 });
      return [begin.toISODate(), begin.plus({ months: 12 }).toISODate()];
    }
    case NamedWindow.LAST_30_DAYS:
      return untilToday({ days: 30 });
    case NamedWindow.LAST_90_DAYS:
      return untilToday({ days: 90 });
    case NamedWindow.LAST_12_MONTHS:
      return untilToday({ months: 12 });
    case NamedWindow.ALL_TIME:
      return [null, null];
  }
}
