import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { CustomFieldType, type CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { customFieldsOf } from '../custom-fields/custom-field.queries.ts';
import type { CustomField } from '../custom-fields/custom-field.type.ts';
import type { Context } from '../graphql/context.ts';
import { badInput } from '../graphql/errors.ts';
import { OrderDirection } from '../graphql/filter.types.ts';
import { ExactDecimal } from '../graphql/exact-decimal.ts';
import { minorDigits } from '../graphql/money.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../graphql/page.ts';
import { Interval } from './metric.enums.ts';
import { periodLabel } from './metric-periods.ts';

/** How rows of metrics fall into groups by something of theirs, as SQL over a row. */
export interface DimensionColumns {
  key: Sql;
  /** How a group is told, and what puts the groups in order. */
  label: Sql;
  sort: Sql;
}

/** As many things rows are grouped by at once. */
const MAX_DIMENSIONS = 3;

/** As many conditions groups are chosen by: each is part of every statement about them. */
const MAX_CONDITIONS = 20;

const INTERVALS: ReadonlySet<string> = new Set(Object.values(Interval));

/** Dimensions that are periods are called as intervals are. */
export function isPeriod(dimension: string): dimension is Interval {
  return INTERVALS.has(dimension);
}

/** Checks what is to be grouped by. */
export function requireDimensions(by: readonly string[], hasCustomField: boolean): void {
  if (by.length === 0 || by.length > MAX_DIMENSIONS)
    throw badInput('by', `takes one to ${MAX_DIMENSIONS} dimensions, got ${by.length}`);
  if (new Set(by).size !== by.length) throw badInput('by', 'names a dimension twice');
  if (by.filter(isPeriod).length > 1) throw badInput('by', 'takes one kind of period');
  if (by.includes('CUSTOM_FIELD') !== hasCustomField)
    throw badInput('customField', 'goes with the dimension CUSTOM_FIELD, and only with it');
}

/** Checks how many groups are asked for; the others are one more. */
export function requireGroupCount(first: number | null | undefined): number {
  const size = first ?? DEFAULT_GROUPS;
  if (size < 1 || size > MAX_GROUPS) throw badInput('first', `must be 1 to ${MAX_GROUPS}, got ${size}`);
  return size;
}

/** The custom field of a type of records to group by; `path` is the argument, for errors. */
export async function requireCustomField(
  { snapshot, organization }: Pick<Context, 'snapshot' | 'organization'>,
  record: `${CustomRecordType}`,
  key: string,
  path: string,
): Promise<CustomField> {
  const fields = await customFieldsOf(snapshot, organization.id);
  const known = fields.filter(({ recordType }) => recordType === (record as string));
  const field = known.find((one) => one.key === key);
  if (field) return field;
  const keys = known.map((one) => one.key).join(', ') || 'there is none';
  throw badInput(path, `is no custom field of ${record}: ${keys}`);
}

/** Groups by a custom field of rows of an alias: numbers in their order, all else as text. */
export function customColumns(alias: string, { key, type }: CustomField): DimensionColumns {
  const value = sql`(${raw(alias)}.custom_fields ->> ${key}::text)`;
  // a field of that key may have been of another type before
  const number = sql`case when ${value} ~ '^-?[0-9]+([.][0-9]+)?$' then ${value}::numeric end`;
  const sort = type === CustomFieldType.NUMBER ? number : value;
  return { key: value, label: value, sort };
}

/** A number that groups are chosen and put in order by. */
interface GroupColumn {
  /** As the statement names it. */
  column: string;
}

/** A condition on a group's value. */
export interface GroupCondition {
  column: string;
  comparison: '>' | '>=' | '<' | '<=';
  value: string;
}

/** Null: by what the groups are told by. */
export type GroupOrder = { column: string; descending: boolean } | null;

interface ConditionInput {
  metric: string;
  gt?: string | null;
  gte?: string | null;
  lt?: string | null;
  lte?: string | null;
}

interface OrderInput {
  metric: string;
  direction?: OrderDirection | null;
}

/** What a family of metrics knows of its numbers. */
interface Numbers<C extends GroupColumn> {
  /** `path` is the argument, for errors. */
  columnOf: (name: string, path: string) => C;
  /** A value to compare the number with, as SQL has it. */
  comparable: (column: C, value: string) => string;
}

/** Checks by what groups are chosen and put in order; the columns are what is needed for either. */
export function groupRequest<C extends GroupColumn>(
  { having, orderBy }: { having?: ConditionInput[] | null; orderBy?: OrderInput | null },
  { columnOf, comparable }: Numbers<C>,
): { having: GroupCondition[]; orderBy: GroupOrder; chosenBy: C[]; orderedBy: C[] } {
  if (having && having.length > MAX_CONDITIONS)
    throw badInput('having', `takes at most ${MAX_CONDITIONS} conditions, got ${having.length}`);
  const ordered = orderBy ? columnOf(orderBy.metric, 'orderBy.metric') : null;
  const chosenBy: C[] = [];
  const conditions = (having ?? []).flatMap(({ metric, gt, gte, lt, lte }, index): GroupCondition[] => {
    const column = columnOf(metric, `having[${index}].metric`);
    chosenBy.push(column);
    const bounds = { '>': gt, '>=': gte, '<': lt, '<=': lte };
    if (Object.values(bounds).every((bound) => bound == null))
      throw badInput(`having[${index}]`, 'needs gt, gte, lt or lte');
    return (Object.keys(bounds) as (keyof typeof bounds)[]).flatMap((comparison) => {
      const bound = bounds[comparison];
      if (bound == null) return [];
      return { column: column.column, comparison, value: comparable(column, bound) };
    });
  });
  const descending = orderBy?.direction !== OrderDirection.ASC;
  return {
    having: conditions,
    orderBy: ordered && { column: ordered.column, descending },
    chosenBy,
    orderedBy: ordered ? [ordered] : [],
  };
}

/** An amount to compare with, in minor units: as fine and as large as sums and medians can be. */
export function comparableMoney(value: string, currency: string): string {
  return new ExactDecimal(value).mul(10 ** minorDigits(currency)).toFixed();
}

/** The condition that a row `g` of values satisfies all those. */
export function passing(having: GroupCondition[]): Sql {
  if (having.length === 0) return sql`true`;
  return join(
    having.map(
      ({ column, comparison, value }) => sql`g.${raw(`"${column}"`)} ${raw(comparison)} ${value}::numeric`,
    ),
    ' and ',
  );
}

/** What all groups beyond the first ones are called in SQL; no key is like it. */
export const OTHERS = 'others';

/** The key of these: null for the first ones, and for what is not among the groups that pass (null: all do). */
export function othersKey(key: Sql, first: string[], passingGroups: Sql | null): Sql {
  const passes = passingGroups ? sql`and ${key} in (${passingGroups})` : empty;
  return sql`case when ${key} <> all(${first}::text[]) ${passes} then ${OTHERS}::text end`;
}

/** The order of rows `g` of groups that are told by so many labels. */
export function groupOrder(orderBy: GroupOrder, labels: number): Sql {
  const sorts = Array.from({ length: labels }, (_, index) => `g.sort${index} nulls last`);
  const first = orderBy ? [`g."${orderBy.column}" ${orderBy.descending ? 'desc' : 'asc'} nulls last`] : [];
  return raw([...first, ...sorts, 'g."group"'].join(', '));
}

/** Groups by those dimensions, null standing for the period rows bring along: a group's key is the JSON of their keys. */
export function groupColumns(dimensions: (DimensionColumns | null)[]) {
  return {
    key: (period: Sql) =>
      sql`jsonb_build_array(${join(dimensions.map((dimension) => dimension?.key ?? sql`${period}::text`))})::text`,
    labels: (period: Sql) =>
      dimensions.map((dimension) => dimension ?? { label: sql`${period}::text`, sort: period }),
  };
}

/** A group's key as values in the order of the dimensions. */
export function keyValues(group: string): (string | null)[] {
  return JSON.parse(group) as (string | null)[];
}

/** How a group is called: its parts, null when it has none of them. */
export function groupLabel(
  by: readonly string[],
  values: (string | null)[],
  labels: (string | null)[],
): string | null {
  const parts = by.map((dimension, index) => {
    const value = values[index] ?? null;
    if (value === null) return null;
    return isPeriod(dimension) ? periodLabel(dimension, value) : (labels[index] ?? value);
  });
  return parts.every((part) => part === null) ? null : parts.map((part) => part ?? '–').join(' · ');
}
