import sql, { type Sql } from 'sql-template-tag';

/** A condition for the rows of a rate: those in its numerator (true), the others (false), or all counted (null). */
export function rowsOfRate(isInNumerator: Sql, inNumerator: boolean | null): Sql {
  if (inNumerator === null) return sql`true`;
  return inNumerator ? isInNumerator : sql`(${isInNumerator}) is not true`;
}
