import { textKey } from '../database/text-key.ts';
import { fromMinor } from '../graphql/money.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { type ConversionTarget, FieldOutcome, MergePolicy } from './conversion.enums.ts';
import type { FieldMapping } from './field-mapping.ts';

/** What is to become of one field, in words: values as the API shows them, null where there is none. */
export interface PlannedField {
  target: ConversionTarget;
  field: string;
  /** The lead's value. */
  source: string | null;
  /** The target's value before. */
  current: string | null;
  /** The target's value afterwards. */
  next: string | null;
  outcome: FieldOutcome;
  reason: string;
}

/** The columns to write, and what became of every field considered. */
export interface Merge<Target> {
  values: Partial<Target>;
  fields: PlannedField[];
}

type Columns = Record<string, unknown>;

export interface MergeRequest<Target extends object> {
  target: ConversionTarget;
  mappings: FieldMapping<Target>[];
  lead: LeadEntity;
  /** The record to merge into; null for a new one. */
  existing: Target | null;
  /** Values of the input, which replace the lead's in a new record. */
  draft?: Partial<Target>;
  /** By field; the others are filled where they are empty. */
  policies?: ReadonlyMap<string, MergePolicy>;
  /** Columns an existing record may not take from the lead under any policy, and why: column → reason. */
  barred?: Partial<Record<keyof Target & string, string>>;
  /** Values whose stored form says nothing to people: column → text. */
  shown?: Record<string, string | null>;
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
  const { target, mappings, lead, shown = {} } = request;
  const draft = (request.draft ?? {}) as Columns;
  const existing = request.existing as Columns | null;
  const values: Columns = {};
  const fields: PlannedField[] = [];

  /** Whether the record has another address (or name) than the lead. */
  const conflicts = (whole: FieldMapping<Target>['whole']) =>
    whole !== undefined &&
    mappings.some(
      ({ whole: of, to, from }) =>
        of === whole && !isEmpty(existing?.[to]) && !agree(existing?.[to], lead[from]),
    );
  const text = (column: string, value: unknown, of: Columns): string | null => {
    if (isEmpty(value)) return null;
    if (shown[column] !== undefined) return shown[column];
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

  for (const mapping of mappings) {
    const { to, from, field = to, isOptOut, whole } = mapping;
    const value = isOptOut && !lead[from] ? null : lead[from];
    const present = isOptOut && !existing?.[to] ? null : existing?.[to];
    const source = text(to, value, lead);
    const current = existing && text(to, present, existing);
    const policy = (!isOptOut && request.policies?.get(field)) || MergePolicy.FILL_EMPTY;
    const isTaken = policy === MergePolicy.OVERWRITE || (policy === MergePolicy.NEWEST && isLeadNewer);
    const add = (outcome: FieldOutcome, next: string | null, reason: string) =>
      fields.push({ target, field, source, current, next, outcome, reason });

    if (existing === null && to in draft) {
      const given = draft[to];
      if (isEmpty(given) && source === null) continue;
      if (!isEmpty(given)) values[to] = given;
      if (isEmpty(given)) add(FieldOutcome.DROPPED, null, 'The input leaves the field empty');
      else add(FieldOutcome.FILLED, String(given), 'The input gives the value');
    } else if (source === null) {
      continue;
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
        policy === MergePolicy.NEWEST ? 'The lead changed last' : 'The input says to overwrite it';
      add(FieldOutcome.OVERWRITTEN, source, reason);
    } else {
      const reason = policy === MergePolicy.NEWEST ? `The ${noun} changed last` : 'The field has a value';
      add(FieldOutcome.KEPT, current, reason);
    }
  }
  return { values: values as Partial<Target>, fields };
}
