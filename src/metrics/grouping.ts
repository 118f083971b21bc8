import sql, { join, type Sql } from 'sql-template-tag';
import { badInput } from '../graphql/errors.ts';
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
