import { DateTime } from 'luxon';
import { dateIn } from '../identity/fiscal-calendar.ts';
import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
/** How busy a calendar month is (January first): quiet summers, strong ends of quarters. */
const SEASON = [0.8, 0.95, 1.35, 0.9, 1.0, 1.3, 0.7, 0.55, 1.25, 1.05, 1.35, 0.75];
const WORK_BEGINS = 8;
const WORK_ENDS = 18;

/** Moments and dates of the sample, counted from the present day of the organisation's time zone. */
export class Calendar {
  /** The day's first moment: all that happened in the sample happened before. */
  readonly today: Date;

  constructor(
    now: Date,
    private readonly zone: string,
  ) {
    this.today = DateTime.fromJSDate(now, { zone }).startOf('day').toJSDate();
  }

  daysAgo(days: number): Date {
    return this.plusDays(this.today, -days);
  }

  plusDays(at: Date, days: number): Date {
    return new Date(at.getTime() + Math.round(days * DAY_MS));
  }

  /** `2026-11-23`: the day a moment falls on. */
  date(at: Date): string {
    return dateIn(this.zone, at);
  }

  /** The first moment of a day. */
  at(date: string): Date {
    return DateTime.fromISO(date, { zone: this.zone }).toJSDate();
  }

  /** The last working days of the moment's month, where deals like to close. */
  monthEnd(random: Random, at: Date): Date {
    const end = this.local(at).endOf('month');
    const friday = end.weekday > 5 ? end.minus({ days: end.weekday - 5 }) : end;
    return this.atWork(random, friday.minus({ days: random.integer(0, 1) }).toJSDate());
  }

  /** A moment in between, at any hour: what customers do. */
  between(random: Random, from: Date, to: Date): Date {
    return new Date(from.getTime() + 1 + Math.floor(random.next() * (to.getTime() - from.getTime() - 1)));
  }

  /** A moment in between, in working hours if there are any: what we do. */
  workMoment(random: Random, from: Date, to: Date): Date {
    for (let attempt = 0; attempt < 6; attempt++) {
      const at = this.atWork(random, this.between(random, from, to));
      if (at > from && at < to && this.local(at).weekday <= 5) return at;
    }
    return this.between(random, from, to);
  }

  /**
   * `count` moments of the last `days` days, oldest first: more of them in strong months, and `growth` times as many at
   * the end as at the beginning. Spread evenly over that density, so that no seed leaves a year empty.
   */
  spread(random: Random, count: number, days: number, growth: number): Date[] {
    const weights = Array.from({ length: days }, (_, day) => {
      const local = this.local(this.daysAgo(days - day));
      const season = local.weekday > 5 ? 0 : SEASON[local.month - 1]!;
      return season * (1 + ((growth - 1) * day) / days);
    });
    const step = weights.reduce((sum, weight) => sum + weight, 0) / count;
    const moments: Date[] = [];
    let reached = 0;
    let next = step * random.next();
    for (const [day, weight] of weights.entries()) {
      for (reached += weight; next < reached && moments.length < count; next += step) {
        moments.push(this.atWork(random, this.daysAgo(days - day)));
      }
    }
    return moments.sort((a, b) => a.getTime() - b.getTime());
  }

  private atWork(random: Random, day: Date): Date {
    const hour = random.integer(WORK_BEGINS, WORK_ENDS - 1);
    return this.local(day)
      .set({
        hour,
        minute: random.integer(0, 59),
        second: random.integer(0, 59),
        millisecond: random.integer(0, 999),
      })
      .toJSDate();
  }

  private local(at: Date): DateTime {
    return DateTime.fromJSDate(at, { zone: this.zone });
  }
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
