import { ConversionTarget, FieldOutcome } from '../conversion/conversion.enums.ts';
import { NO_SOURCE, type PlannedField } from '../conversion/merge.ts';
import { customName } from '../database/custom-names.ts';
import { textKey } from '../database/text-key.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { MergeFieldChoice } from './merge.inputs.ts';

/** What is to become of a duplicate's value. */
export interface MergedField extends PlannedField {
  /** Public id of the duplicate. */
  duplicate: string | null;
}

/** A field records are merged in: one column, or several that only make sense together. */
export interface MergeField<Row> {
  field: string;
  /** As the API shows it; null when the record has none. */
  show: (row: Row) => string | null;
  /** The columns to write so that the field is as in `row`; `values` are those to be written already. */
  take: (row: Row, values: Partial<Row>) => Partial<Row>;
  /** Once any of the records has it, it stays, whoever is chosen: a wish to be left alone. */
  isWish?: true;
}

/** A single column whose text is its value. */
export function column<Row>(name: keyof Row & string): MergeField<Row> {
  return whole(name, [name]);
}

/** Columns that are taken from one record together. */
export function whole<Row>(
  field: string,
  columns: (keyof Row & string)[],
  show: (row: Row) => string | null = (row) =>
    columns
      .map((name) => text(row[name]))
      .filter(Boolean)
      .join(', '),
): MergeField<Row> {
  return {
    field,
    show: (row) => show(row) || null,
    take: (row) => Object.fromEntries(columns.map((name) => [name, row[name] ?? null])) as Partial<Row>,
  };
}

/** A flag that stays set once it is in any of the records. */
export function wish<Row>(name: keyof Row & string): MergeField<Row> {
  const field = whole<Row>(name, [name], (row) => (row[name] ? 'true' : null));
  return { ...field, isWish: true };
}

/** The organisation's own fields, each for itself. */
export function ownFields<Row extends { customFields?: Record<string, unknown> }>(
  rows: readonly Row[],
): MergeField<Row>[] {
  const keys = new Set(rows.flatMap(({ customFields }) => Object.keys(customFields ?? {})));
  const survivor = rows[0]!;
  return [...keys].sort().map((key) => ({
    field: customName(key),
    show: ({ customFields }) => text(customFields?.[key]),
    take: ({ customFields }, values) =>
      ({
        customFields: { ...(values.customFields ?? survivor.customFields), [key]: customFields?.[key] },
      }) as Partial<Row>,
  }));
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | bigint);
  return shown.trim() === '' ? null : shown;
}

export interface FieldMerge<Row> {
  target: ConversionTarget;
  fields: MergeField<Row>[];
  survivor: Row;
  duplicates: readonly Row[];
  idOf: (row: Row) => string;
  /** Field → the record to take it from. */
  choices: ReadonlyMap<string, Row>;
}

/** The columns of the survivor to write, and what becomes of each duplicate's values. */
export function mergeFields<Row>(merge: FieldMerge<Row>): { values: Partial<Row>; fields: MergedField[] } {
  const { survivor, duplicates } = merge;
  let values: Partial<Row> = {};
  const fields: MergedField[] = [];
  for (const field of merge.fields) {
    const hasValue = (row: Row) => field.show(row) !== null;
    const winner = merge.choices.get(field.field) ?? [survivor, ...duplicates].find(hasValue) ?? survivor;
    if (field.show(winner) !== field.show(survivor)) values = { ...values, ...field.take(winner, values) };
    for (const duplicate of duplicates)
      if (hasValue(duplicate)) fields.push(plannedField(merge, field, winner, duplicate));
  }
  return { values, fields };
}

function plannedField<Row>(
  { target, survivor, idOf, choices }: FieldMerge<Row>,
  { field, show }: MergeField<Row>,
  winner: Row,
  duplicate: Row,
): MergedField {
  const [source, current, next] = [show(duplicate), show(survivor), show(winner)];
  const isSame = textKey(source!) === textKey(next ?? '');
  const become = (): [FieldOutcome, string] => {
    if (next === current && isSame) return [FieldOutcome.KEPT, 'The value is the same'];
    if (duplicate === winner && current === null) return [FieldOutcome.FILLED, 'The field was empty'];
    if (duplicate === winner) return [FieldOutcome.OVERWRITTEN, 'The input chooses this record'];
    if (choices.has(field) && winner === survivor)
      return [FieldOutcome.KEPT, 'The input chooses the survivor'];
    if (winner === survivor) return [FieldOutcome.KEPT, 'The field has a value'];
    if (isSame) return [FieldOutcome.DROPPED, 'Another duplicate gives the same value'];
    if (choices.has(field)) return [FieldOutcome.DROPPED, 'The input chooses another record'];
    return [FieldOutcome.DROPPED, 'A duplicate before it fills the field'];
  };
  const [outcome, reason] = become();
  return { ...NO_SOURCE, target, field, source, current, next, outcome, reason, duplicate: idOf(duplicate) };
}

/** The records that the input takes single fields from. */
export function readChoices<Row extends { id: string }>(
  type: 'Account' | 'Contact',
  given: readonly MergeFieldChoice[] | null | undefined,
  fields: readonly MergeField<Row>[],
  rows: readonly Row[],
): Map<string, Row> {
  const choices = new Map<string, Row>();
  const choosable = fields.filter(({ isWish }) => !isWish);
  for (const [index, { field: name, from }] of (given ?? []).entries()) {
    const path = (part: string) => ['fields', String(index), part];
    const field = choosable.find((one) => one.field === name);
    if (!field)
      throw new Refusal({
        code: UserErrorCode.INVALID_INPUT,
        message: `${name} is no field one can choose`,
        path: path('field'),
        allowed: choosable.map((one) => one.field),
      });
    if (choices.has(name)) throw invalidInput(path('field'), `There is more than one choice for ${name}`);
    const id = decodeIdOrRefuse(type, from, path('from'));
    const row = rows.find((one) => one.id === id);
    if (!row) throw notFound(path('from'), `${from} is none of the records to merge`);
    if (field.show(row) === null) throw invalidInput(path('from'), `${from} has no value for ${name}`);
    choices.set(name, row);
  }
  return choices;
}
