import sql from 'sql-template-tag';
import type { CustomChanges, CustomValue } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { businessDate, refuse, shortText } from '../graphql/input-rules.ts';
import { DateScalar } from '../graphql/scalars.ts';
import { Refusal, UserErrorCode, invalidInput, type UserErrorData } from '../graphql/user-error.ts';
import { CustomFieldType, type CustomRecordType } from './custom-field.enums.ts';

/** What decides which values a custom field can have. */
export interface CustomFieldRule {
  key: string;
  type: CustomFieldType;
  options: string[];
}

export const MAX_FIELDS = 100;

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** The keys an input gives values for, whatever else is wrong with it. */
function keysOf(given: unknown): string[] {
  return isObject(given) ? Object.keys(given).slice(0, MAX_FIELDS) : [];
}

/** Custom fields of a type of record, as far as they are needed; `keys` are all there are when one is asked for in vain. */
export interface CustomFields {
  rules: CustomFieldRule[];
  keys: string[];
}

/** A lower-case letter, then letters, digits and `_`. */
export const CUSTOM_KEY = /^[a-z][A-Za-z0-9_]{0,39}$/;

/**
 * The custom fields that inputs name, kept as they are until the transaction ends: an administrator who changes them
 * meanwhile waits. No statement when none is named.
 */
export async function heldCustomFields(
  tx: Transaction,
  recordType: CustomRecordType,
  inputs: readonly unknown[],
): Promise<CustomFields> {
  const { organizationId } = tx.tenant;
  const named = [...new Set(inputs.flatMap(keysOf))];
  if (named.length === 0) return { rules: [], keys: [] };
  // what can't be a key PostgreSQL might not even take as a text
  const possible = named.filter((key) => CUSTOM_KEY.test(key));
  const rules = await tx.query<CustomFieldRule>(sql`
    select key, type, options from custom_field
    where organization_id = ${organizationId} and record_type = ${recordType} and key = any(${possible}::text[])
    order by id for share`);
  if (rules.length === named.length) return { rules, keys: named };
  const all = await tx.query<{ key: string }>(sql`
    select key from custom_field
    where organization_id = ${organizationId} and record_type = ${recordType} order by position, id`);
  return { rules, keys: all.map(({ key }) => key) };
}

/**
 * The values an input gives by key, as they are stored; null takes one away. `undefined` when it gives none. Everything
 * that won't do is refused together, each at `["customFields", key]`.
 */
export function readCustomValues(
  { rules, keys }: CustomFields,
  given: unknown,
  path: string[] = ['customFields'],
): CustomChanges | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw refuse(path, 'must be an object: values by the keys of custom fields');
  const entries = Object.entries(given);
  if (entries.length > MAX_FIELDS) throw refuse(path, `has more than ${MAX_FIELDS} values`);
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const values: [string, CustomValue | null][] = [];
  const errors: UserErrorData[] = [];
  for (const [key, value] of entries) {
    const rule = byKey.get(key);
    try {
      if (!rule) throw noSuchField([...path, key], keys);
      values.push([key, value === null ? null : VALUE_OF[rule.type](value, [...path, key], rule)]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(...error.errors);
    }
  }
  if (errors.length > 0) throw new Refusal(errors);
  return Object.fromEntries(values);
}

/** The changes of custom fields one input gives, with the fields held: as columns for `applyChanges` and `newValues`. */
export async function givenCustomValues(
  tx: Transaction,
  recordType: CustomRecordType,
  given: unknown,
): Promise<{ customFields?: CustomChanges }> {
  const customFields = readCustomValues(await heldCustomFields(tx, recordType, [given]), given);
  return customFields ? { customFields } : {};
}

function noSuchField(path: string[], allowed: string[]): Refusal {
  return new Refusal({
    code: UserErrorCode.INVALID_INPUT,
    message: 'There is no such custom field of this type of record',
    path,
    allowed,
  });
}

type ValueRule = (value: unknown, path: string[], rule: CustomFieldRule) => CustomValue | null;

function text(value: unknown, path: string[]): string | null {
  if (typeof value !== 'string') throw invalidInput(path, 'The value must be a text');
  return shortText(value, path);
}

const DECIMAL = /^(-?)0*(\d{1,30}?)(?:\.(\d{1,20}))?$/;

/** One way to write a number, so that equal ones are equal texts: `"-012.50"` → `"-12.5"`. */
function decimal(value: unknown, path: string[]): string {
  const given = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const match = typeof given === 'string' ? DECIMAL.exec(given) : null;
  if (!match)
    throw invalidInput(
      path,
      'The value must be a decimal number as a string ("12.5"), at most 30 digits before and 20 after the point',
    );
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction ? `${match[2]}.${fraction}` : match[2]!;
  return digits === '0' ? digits : `${match[1]}${digits}`;
}

function date(value: unknown, path: string[]): string | null {
  const day = typeof value === 'string' ? readDate(value) : null;
  if (day === null) throw invalidInput(path, 'The value must be a calendar date ("2026-02-24")');
  return businessDate(day, path);
}

function readDate(value: string): string | null {
  try {
    return DateScalar.parseValue(value);
  } catch {
    return null;
  }
}

const VALUE_OF: Record<CustomFieldType, ValueRule> = {
  [CustomFieldType.TEXT]: text,
  [CustomFieldType.NUMBER]: decimal,
  [CustomFieldType.BOOLEAN]: (value, path) => {
    if (typeof value !== 'boolean') throw invalidInput(path, 'The value must be true or false');
    return value;
  },
  [CustomFieldType.DATE]: date,
  [CustomFieldType.PICKLIST]: (value, path, { options }) => {
    const given = text(value, path);
    if (given === null) return null;
    const option = options.find((one) => textKey(one) === textKey(given));
    if (option !== undefined) return option;
    throw new Refusal({
      code: UserErrorCode.INVALID_INPUT,
      message: 'The value is none of the options',
      path,
      allowed: options,
    });
  },
};
