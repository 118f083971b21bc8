import { isCustom, withCustomColumn } from '../database/custom-names.ts';
import { textKey } from '../database/text-key.ts';
import { fromMinor } from '../graphql/money.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { type ConversionTarget, FieldOutcome, MergePolicy } from './conversion.enums.ts';
import type { ResolvedMapping } from './field-mapping.ts';
import { leadValue, valueOf, type Whole } from './mapped-fields.ts';

/** What is to become of one field, in words: values as the API shows them, null where there is none. */
export interface PlannedField {
  target: ConversionTarget;
  field: string;
  /** The lead's value: of its fields in order of preference, the first that has one. */
  source: string | null;
  /** Which of its fields that is; null where there is none. */
  sourceField: string | null;
  /** Values of less preferred ones, which go nowhere. */
  otherSources: { field: string; value: string }[];
  /** The target's value before. */
  current: string | null;
  /** The target's value afterwards. */
  next: string | null;
  outcome: FieldOutcome;
  reason: string;
}

/** Of a value that comes from elsewhere than the lead. */
export const NO_SOURCE = {
  source: null,
  sourceField: null,
  otherSources: [],
} satisfies Partial<PlannedField>;

/** The columns to write, and what became of every field considered. */
export interface Merge<Target> {
  values: Partial<Target>;
  fields: PlannedField[];
}

type Columns = Record<string, unknown>;

export interface MergeRequest<Target extends object> {
  target: ConversionTarget;
  mappings: readonly ResolvedMapping[];
  lead: LeadEntity;
  /** The record to merge into; null for a new one. */
  existing: Target | null;
  /** Values of the input, which replace the lead's in a new record; custom ones by their names. */
  draft?: Columns;
  /** Of the call, by field; the others have the policy of their mapping. */
  policies?: ReadonlyMap<string, MergePolicy>;
  /** Columns an existing record may not take from the lead under any policy, and why: column → reason. */
  barred?: Partial<Record<string, string>>;
  /** Values whose stored form says nothing to people: column → value → text. */
  shown?: Record<string, ReadonlyMap<unknown, string>>;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

function agree(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? textKey(a) === textKey(b) : a === b;
}

function isChangedAfter(lead: LeadEntity, existing: Columns | null): boolean {
  // Rows read with their lock carry times as the database writes them.
  const time = (value: unknown) => new Date(value as Date | string).getTime();
  return existing !== null && time(lead.updatedAt) > time(existing['updatedAt']);
}

/** Merges the mapped fields of a lead into a record: what is empty is filled, what is there stays unless a policy says otherwise. */
export function merge<Target extends object>(request: MergeRequest<Target>): Merge<Target> {
  const { target, mappings, lead, shown = {}, draft = {} } = request;
  const existing = request.existing as Columns | null;
  const values: Columns = {};
  const fields: PlannedField[] = [];

  const considered = mappings.map((mapping) => ({ mapping, ...choice(lead, mapping) }));

  /** Whether the record has another address (or name) than the lead. */
  const conflicts = (whole: Whole | undefined) =>
    whole !== undefined &&
    considered.some(
      ({ mapping: { whole: of, to }, value }) =>
        of === whole && !isEmpty(existing?.[to]) && !agree(existing?.[to], value),
    );
  const text = (column: string, value: unknown, of: Columns): string | null => {
    if (isEmpty(value)) return null;
    const name = shown[column]?.get(value);
    if (name !== undefined) return name;
    const currency = of[`${column}Currency`];
    return typeof value === 'bigint' && typeof currency === 'string'
      ? fromMinor(value, currency)
      : String(value);
  };
  const isSame = (column: string, present: unknown, value: unknown, equal = agree): boolean => {
    const currency = `${column}Currency`;
    return equal(present, value) && (lead as Columns)[currency] === existing?.[currency];
  };
  const noun = target.toLowerCase();
  const isLeadNewer = isChangedAfter(lead, existing);
  const write = (column: string, value: unknown) => {
    values[column] = value;
    const currency = `${column}Currency`;
    if (currency in lead) values[currency] = (lead as Columns)[currency];
  };

  for (const { mapping, value, sourceField, others, fits } of considered) {
    const { to, field, isOptOut, whole } = mapping;
    const held = existing && valueOf(existing, to);
    const present = isOptOut && !held ? null : held;
    const source = text(to, value, lead);
    const current = existing && text(to, present, existing);
    const otherSources = others.map((other) => ({ ...other, value: text(to, other.value, lead) ?? '' }));
    const called = request.policies?.get(field);
    const policy = isOptOut ? MergePolicy.FILL_EMPTY : (called ?? mapping.policy);
    const isTaken = policy === MergePolicy.OVERWRITE || (policy === MergePolicy.NEWEST && isLeadNewer);
    const add = (outcome: FieldOutcome, next: string | null, reason: string) =>
      fields.push({ target, field, source, sourceField, otherSources, current, next, outcome, reason });

    if (existing === null && Object.hasOwn(draft, to)) {
      const given = draft[to];
      if (isEmpty(given) && source === null) continue;
      if (!isEmpty(given)) values[to] = given;
      if (isEmpty(given)) add(FieldOutcome.DROPPED, null, 'The input leaves the field empty');
      else add(FieldOutcome.FILLED, String(given), 'The input gives the value');
    } else if (source === null) {
      continue;
    } else if (!fits) {
      add(
        isEmpty(present) ? FieldOutcome.DROPPED : FieldOutcome.KEPT,
        current,
        'The value is too long for it',
      );
    } else if (existing && request.barred?.[to] !== undefined && !isSame(to, present, value)) {
      add(isEmpty(present) ? FieldOutcome.DROPPED : FieldOutcome.KEPT, current, request.barred[to]);
    } else if (existing && isEmpty(present) && policy === MergePolicy.KEEP) {
      add(FieldOutcome.DROPPED, null, 'The policy keeps the field empty');
    } else if (isEmpty(present)) {
      if (existing && !isOptOut && !isTaken && conflicts(whole)) {
        add(FieldOutcome.DROPPED, null, `The ${noun} has another ${whole}`);
        continue;
      }
      write(to, value);
      add(FieldOutcome.FILLED, source, existing ? 'The field was empty' : 'The record is new');
    } else if (isSame(to, present, value, isTaken ? Object.is : agree)) {
      add(FieldOutcome.KEPT, current, 'The value is the same');
    } else if (isTaken) {
      write(to, value);
      const reason =
        policy === MergePolicy.NEWEST
          ? 'The lead changed last'
          : `The ${called ? 'input' : 'setting'} says to overwrite it`;
      add(FieldOutcome.OVERWRITTEN, source, reason);
    } else {
      const reason = policy === MergePolicy.NEWEST ? `The ${noun} changed last` : 'The field has a value';
      add(FieldOutcome.KEPT, current, reason);
    }
  }
  const mapped = new Set(mappings.map(({ to }) => to));
  for (const [to, given] of existing ? [] : Object.entries(draft)) {
    if (mapped.has(to) || isEmpty(given)) continue;
    values[to] = given;
    const [outcome, reason] = [FieldOutcome.FILLED, 'The input gives the value'];
    fields.push({ target, field: to, ...NO_SOURCE, current: null, next: String(given), outcome, reason });
  }
  return { values: withCustomColumn(values) as Partial<Target>, fields };
}

const MAX_CUSTOM_TEXT = 255;

/** An imported text may be longer than ours. */
function isFitting(value: unknown, { to }: ResolvedMapping): boolean {
  return !isCustom(to) || typeof value !== 'string' || value.length <= MAX_CUSTOM_TEXT;
}

/** The lead's value for a field: of its sources in order, the first with one that fits. */
function choice(lead: LeadEntity, mapping: ResolvedMapping) {
  const found = mapping.sources
    .map((field) => ({ field, value: leadValue(lead, field, mapping) }))
    .filter(({ value }) => !isEmpty(value));
  const fitting = found.find(({ value }) => isFitting(value, mapping));
  const chosen = fitting ?? found[0];
  return {
    value: chosen?.value ?? null,
    sourceField: chosen?.field ?? null,
    others: found.filter((one) => one !== chosen),
    fits: fitting !== undefined,
  };
}
