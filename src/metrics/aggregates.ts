import sql, { type Sql } from 'sql-template-tag';

/** Aggregates over the rows that satisfy a condition. */
export const count = (rows: Sql) => sql`count(*) filter (where ${rows})`;

/** 0 over no rows. */
export const sum = (value: Sql, rows: Sql) => sql`coalesce(sum(${value}) filter (where ${rows}), 0)`;

/** To 40 decimals, whatever the size of its parts. Null when the denominator is 0. */
export const fraction = (numerator: Sql, denominator: Sql) =>
  sql`(${numerator})::numeric(1000, 40) / nullif(${denominator}, 0)`;

/** Rounded once, at the end. */
export const rounded = (numerator: Sql, denominator: Sql) => sql`round(${fraction(numerator, denominator)})`;

/**
 * Of an even number the exact mean of the two in the middle: `percentile_cont` would go through floating point, and a
 * division of numerics keeps as few as 16 digits.
 */
export const median = (value: Sql, rows: Sql) => {
  const fromLowest = sql`percentile_disc(0.5) within group (order by ${value}) filter (where ${rows})`;
  const fromHighest = sql`percentile_disc(0.5) within group (order by ${value} desc) filter (where ${rows})`;
  return sql`trim_scale((${fromLowest}::numeric + ${fromHighest}) * 0.5)`;
};

/** Nearest rank: the smallest value that at least 90 % of the rows do not exceed. */
export const p90 = (value: Sql, rows: Sql) =>
  sql`percentile_disc(0.9) within group (order by ${value}) filter (where ${rows})`;
