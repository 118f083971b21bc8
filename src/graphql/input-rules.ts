import { isStorable, NOT_STORABLE } from '../database/storable-text.ts';
import { textKey } from '../database/text-key.ts';
import { type MoneyInput, minorMoney } from './money.type.ts';
import { invalidInput, Refusal, type UserErrorData } from './user-error.ts';

/** Turns a given value into the one to store; refuses one that won't do, naming the field at `path`. */
export type Rule<Given, Stored> = (given: Given, path: string[]) => Stored;

type Given<Rules> = {
  [Field in keyof Rules]?: Rules[Field] extends Rule<infer G, unknown> ? G | null : never;
};
type Stored<Rules> = { [Field in keyof Rules]?: Rules[Field] extends Rule<never, infer S> ? S : never };

/**
 * Applies each rule to its field of a mutation's input. A field that was not given is left out: it keeps what it has.
 * All fields that won't do are refused together.
 */
export function readFields<Rules extends object>(input: NoInfer<Given<Rules>>, rules: Rules): Stored<Rules> {
  const stored: Record<string, unknown> = {};
  const errors: UserErrorData[] = [];
  const given = new Map(Object.entries(input));
  for (const [field, rule] of Object.entries(rules) as [string, Rule<unknown, unknown>][]) {
    const value = given.get(field);
    if (value === undefined) continue;
    try {
      stored[field] = rule(value, [field]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(...error.errors);
    }
  }
  if (errors.length > 0) throw new Refusal(errors);
  return stored as Stored<Rules>;
}

/** INVALID_INPUT whose message begins with the field. */
export function refuse(path: string[], problem: string): Refusal {
  return invalidInput(path, `${path.join('.')} ${problem}`);
}

/** A field that can't be emptied. */
export function required<G, S>(rule: Rule<G, S>): Rule<G | null, NonNullable<S>> {
  return (given, path) => {
    const stored = given === null ? null : rule(given, path);
    if (stored === null || stored === undefined) throw refuse(path, 'must have a value');
    return stored;
  };
}

/** For what GraphQL has checked already: an enum's value, a Boolean. */
export function asGiven<T>(): Rule<T | null, T | null> {
  return (given) => given;
}

const SHORT_TEXT = 255;
const LONG_TEXT = 32_000;
const MAX_PHONE = 40;
const MAX_EMAIL = 254;
/**
 * Bytes of a normalised text: up to three stand in one index entry, of which PostgreSQL takes 2,704. Only rare characters
 * get there (255 of three bytes don't), but one of them can become eighteen.
 */
const MAX_KEY_BYTES = 850;

/** A text without the spaces around it; blank is null. */
function text(max: number): Rule<string | null, string | null> {
  return (given, path) => {
    const value = given?.trim();
    if (!value) return null;
    if (value.length > max) throw refuse(path, `is longer than ${max} characters`);
    if (!isStorable(value)) throw refuse(path, NOT_STORABLE);
    if (max <= SHORT_TEXT && Buffer.byteLength(textKey(value)) > MAX_KEY_BYTES)
      throw refuse(path, 'is too long for its characters');
    return value;
  };
}

/** Names, titles, labels: at most 255 characters. */
export const shortText = text(SHORT_TEXT);
/** Descriptions: at most 32,000 characters. */
export const longText = text(LONG_TEXT);
export const phone = text(MAX_PHONE);

const emailText = text(MAX_EMAIL);
const EMAIL = /^[^\s@"<>(),;:]{1,64}@[^\s@"<>(),;:.]+(\.[^\s@"<>(),;:.]+)+$/u;

/** What can be an e-mail address; whether it is one only a mail can tell. */
export const email: Rule<string | null, string | null> = (given, path) => {
  const value = emailText(given, path);
  if (value !== null && !EMAIL.test(value)) throw refuse(path, `is not an e-mail address: ${value}`);
  return value;
};

export function wholeNumber({ min = -Infinity, max = Infinity }): Rule<number | null, number | null> {
  return (given, path) => {
    if (given !== null && given < min) throw refuse(path, `must be at least ${min}`);
    if (given !== null && given > max) throw refuse(path, `must be at most ${max}`);
    return given;
  };
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/** A calendar date of business life. */
export const businessDate: Rule<string | null, string | null> = (given, path) => {
  const year = Number(given?.slice(0, 4) ?? FIRST_YEAR);
  if (year < FIRST_YEAR || year > LAST_YEAR)
    throw refuse(path, `must lie in the years ${FIRST_YEAR} to ${LAST_YEAR}`);
  return given;
};

/** Clocks differ: what a client just saw happen may lie this far ahead of ours. */
const CLOCK_SKEW = 60_000;

/** A moment of business life, which may be to come. */
export const businessInstant: Rule<Date | null, Date | null> = (given, path) => {
  businessDate(given && given.toISOString(), path);
  return given;
};

export function liesAhead(at: Date): boolean {
  return at.getTime() > Date.now() + CLOCK_SKEW;
}

/** A moment of business life that has been. */
export const pastInstant: Rule<Date | null, Date | null> = (given, path) => {
  const at = businessInstant(given, path);
  if (at && liesAhead(at)) throw refuse(path, 'lies in the future');
  return at;
};

/** Minor units and their currency, the organisation's when none is named. Negative amounts exist: a credit. */
export function money(
  organizationCurrency: string,
): Rule<MoneyInput | null, { amount: bigint; currency: string } | null> {
  return (given, path) => given && minorMoney(given, organizationCurrency, path);
}

const ADDRESS_PARTS = ['street', 'city', 'state', 'postalCode', 'country'] as const;
type AddressParts = Partial<Record<(typeof ADDRESS_PARTS)[number], string | null>>;

/** An address as its columns: it replaces the former one as a whole. */
export const address = (given: AddressParts | null, path: string[]) => {
  const part = (name: (typeof ADDRESS_PARTS)[number]) => shortText(given?.[name] ?? null, [...path, name]);
  return {
    street: part('street'),
    city: part('city'),
    state: part('state'),
    postalCode: part('postalCode'),
    country: part('country'),
  };
};
