import { DateTime, FixedOffsetZone, type Zone } from 'luxon';
import { AccountType } from '../accounts/account.enums.ts';
import { MAX_MINUTES } from '../activities/activity.enums.ts';
import { ExactDecimal } from '../graphql/exact-decimal.ts';
import { isCurrency, MAX_MINOR, minorDigits } from '../graphql/money.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { salesforceId } from './salesforce-id.ts';

/** A cell that can't be what its column says; the message is the reason, to stand after the column's name. */
export class BadValue extends Error {
  override name = 'BadValue';
}

const bad = (text: string, problem: string) =>
  new BadValue(`"${text.length > 60 ? `${text.slice(0, 60)}…` : text}" ${problem}`);

export function id(text: string): string {
  const normalised = salesforceId(text);
  if (normalised === null) throw bad(text, 'is no Salesforce id (15 or 18 letters and digits)');
  return normalised;
}

const TRUE = new Set(['true', '1', 'yes', 'y', 't']);
const FALSE = new Set(['false', '0', 'no', 'n', 'f']);

export function boolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw bad(text, 'is neither true nor false');
}

const ISO =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d+))?)?\s*(?<offset>Z|[+-]\d\d:?\d\d)?)?$/i;
const US =
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}|\d\d)(?:[ ,T]+(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d))?(?:\s*(?<half>[AP]M))?)?$/i;

/** Two-digit years as POSIX reads them: 69-99 are 1969-1999. */
function fullYear(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 69 ? 2000 : 1900);
}

function hourOfDay(text: string, hour: string | undefined, half: string | undefined): number {
  const value = Number(hour ?? 0);
  if (half === undefined) return value;
  if (value < 1 || value > 12) throw bad(text, 'is impossible: hours before AM or PM go from 1 to 12');
  return (value % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** `+0530`, `-08:00` or `Z`. */
function offsetZone(offset: string): Zone {
  if (/^z$/i.test(offset)) return FixedOffsetZone.utcInstance;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return FixedOffsetZone.instance(offset.startsWith('-') ? -minutes : minutes);
}

/** Salesforce's own range of years. */
const MIN_YEAR = 1700;
const MAX_YEAR = 4000;

function dateTime(text: string, zone: string): DateTime {
  const parts = (ISO.exec(text.trim()) ?? US.exec(text.trim()))?.groups;
  if (!parts) throw bad(text, 'is no date: expected month/day/year or year-month-day, a time may follow');
  const { month, day, hour, minute, second, fraction, offset, half } = parts;
  const year = fullYear(parts['year']!);
  const moment = DateTime.fromObject(
    {
      year,
      month: Number(month),
      day: Number(day),
      hour: hourOfDay(text, hour, half),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
      millisecond: Number((fraction ?? '').slice(0, 3).padEnd(3, '0')),
    },
    { zone: offset === undefined ? zone : offsetZone(offset) },
  );
  const outOfRange = year < MIN_YEAR || year > MAX_YEAR;
  if (!moment.isValid || outOfRange || hour === '24')
    throw bad(text, `is an impossible date${text.includes('/') ? ' (read as month/day/year)' : ''}`);
  return moment.setZone(zone);
}

/** How a file's cells are to be read. */
export interface Reading {
  /** IANA zone of dates and times that name none. */
  timeZone: string;
  /** Of amounts that name none. */
  currency: string;
  now: Date;
}

/** Exports repeat few moments often, and reading one is the dearest part of a cell. */
const MAX_REMEMBERED = 50_000;
const remembered = new Map<string, DateTime>();

function moment(text: string, zone: string): DateTime {
  const key = `${zone} ${text}`;
  let known = remembered.get(key);
  if (!known) {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, (known = dateTime(text, zone)));
  }
  return known;
}

/** A calendar date, `2026-02-24`; of a moment the day it is in the zone. */
export function date(text: string, reading: Reading): string {
  return moment(text, reading.timeZone).toISODate()!;
}

/** The first instant of a date written by `date`. */
export function startOfDay(isoDate: string, reading: Reading): Date {
  return moment(isoDate, reading.timeZone).toJSDate();
}

/** A moment, which may be to come; a date alone is the day's first instant. */
export function instant(text: string, reading: Reading): Date {
  return moment(text, reading.timeZone).toJSDate();
}

/** A moment of the past; a date alone is the day's first instant. */
export function pastInstant(text: string, reading: Reading): Date {
  const instant = moment(text, reading.timeZone).toJSDate();
  if (instant > reading.now) throw bad(text, `lies in the future when read in ${reading.timeZone}`);
  return instant;
}

const NUMBER = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d{1,3})?$/i;

function decimal(text: string) {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed) || !/^[+-]?[.,\d]*\d/.test(trimmed)) throw bad(text, 'is no number');
  const value = new ExactDecimal(trimmed.replaceAll(',', ''));
  if (value.abs().gte('1e19')) throw bad(text, 'is too large');
  return value;
}

/** A whole number from 0 on; Salesforce may write it as `1000.0`. */
function wholeNumber(text: string, of: string, max = 2 ** 31 - 1): number {
  const value = decimal(text);
  if (!value.isInteger() || value.isNegative() || value.gt(max))
    throw bad(text, `is no whole number of ${of} up to ${max}`);
  return value.toNumber();
}

/** People of a company. */
export const headcount = (text: string) => wholeNumber(text, 'people');
export const minutes = (text: string) => wholeNumber(text, 'minutes', MAX_MINUTES);
/** A minute begun counts. */
export const secondsAsMinutes = (text: string) =>
  Math.ceil(wholeNumber(text, 'seconds', MAX_MINUTES * 60) / 60);

export function percent(text: string): number {
  const value = decimal(text.replace(/%\s*$/, ''));
  if (value.lt(0) || value.gt(100)) throw bad(text, 'is no percentage from 0 to 100');
  return value.round().toNumber();
}

export function currencyCode(text: string): string {
  const code = text.trim().toUpperCase();
  if (!isCurrency(code)) throw bad(text, 'is no ISO 4217 currency code');
  return code;
}

/** An amount in minor units; decimals beyond the currency's, which exported floats have, are rounded half away from zero. */
export function minorUnits(text: string, currency: string): { minor: bigint; isRounded: boolean } {
  const exact = decimal(text).mul(10 ** minorDigits(currency));
  const rounded = exact.round();
  if (rounded.abs().gt(String(MAX_MINOR))) throw bad(text, 'is too large');
  return { minor: BigInt(rounded.toFixed(0)), isRounded: !exact.equals(rounded) };
}

/** Salesforce's API names (`Forecast` is the commitment) and its labels. */
const FORECAST_CATEGORIES: Record<string, ForecastCategory> = {
  pipeline: ForecastCategory.PIPELINE,
  bestcase: ForecastCategory.BEST_CASE,
  mostlikely: ForecastCategory.MOST_LIKELY,
  forecast: ForecastCategory.COMMIT,
  commit: ForecastCategory.COMMIT,
  closed: ForecastCategory.CLOSED,
  omitted: ForecastCategory.OMITTED,
};

export function forecastCategory(text: string): ForecastCategory {
  const category = FORECAST_CATEGORIES[text.toLowerCase().replace(/[\s_-]/g, '')];
  if (!category) throw bad(text, 'is no forecast category');
  return category;
}

/** Tested in this order: "Customer - Channel" buys, a "Channel Partner" sells. */
const ACCOUNT_TYPES: [RegExp, AccountType][] = [
  [/customer|client/i, AccountType.CUSTOMER],
  [/prospect/i, AccountType.PROSPECT],
  [/competitor/i, AccountType.COMPETITOR],
  [/partner|reseller|integrator|distributor/i, AccountType.PARTNER],
];

export function accountType(label: string): AccountType {
  return ACCOUNT_TYPES.find(([words]) => words.test(label))?.[1] ?? AccountType.OTHER;
}
