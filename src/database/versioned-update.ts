import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Transaction } from './database.ts';

/** A row is locked before it is read to be changed: whoever waited sees what the other one wrote. */
export const forUpdate = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;

/** The row, or NOT_FOUND at the input field that named it. */
export function found<Row>(row: Row | null, field: string): Row {
  if (row === null) throw notFound(field, `There is no such ${field}`);
  return row;
}

/** Refuses to change a row that is not what the caller has seen. */
export function requireVersion(row: { version: number }, ifVersion: number | null | undefined): void {
  if (ifVersion === null || ifVersion === undefined || ifVersion === row.version) return;
  throw new Refusal({
    code: UserErrorCode.STALE_VERSION,
    message: `The record has changed: it has version ${row.version} now`,
    path: ['ifVersion'],
    current: row.version,
  });
}

/** What a change did, of the changed columns only: as an audit entry takes it. */
export interface Changes<Row> {
  before: Partial<Row>;
  after: Partial<Row>;
  at: Date;
}

/** When a change of a locked row happens: later than its last change whatever the clocks say, since history needs an order. */
export function changeTime(row: { updatedAt: Date }): Date {
  return new Date(Math.max(Date.now(), row.updatedAt.getTime() + 1));
}

/**
 * Sets those of the columns that differ, and `updatedAt` (to `at`) then; null when none does, so that an update to what
 * is there already is no change.
 */
export function applyChanges<Row extends { updatedAt: Date }>(
  row: Row,
  columns: Partial<Row>,
  at = changeTime(row),
): Changes<Row> | null {
  const before: Partial<Row> = {};
  const after: Partial<Row> = {};
  for (const column of Object.keys(columns) as (keyof Row)[]) {
    const value = columns[column];
    if (value === undefined || value === row[column]) continue;
    before[column] = row[column];
    after[column] = value;
  }
  if (Object.keys(after).length === 0) return null;
  Object.assign(row, after, { updatedAt: at });
  return { before, after, at };
}

/** Writes the rows; an external id that another record has, even one written this moment, is refused. */
export async function flushWithExternalId(tx: Transaction): Promise<void> {
  try {
    await tx.em.flush();
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (error instanceof UniqueConstraintViolationException && constraint?.endsWith('_external_unique'))
      throw invalidInput('externalId', 'externalId belongs to another record (it may be deleted)');
    throw error;
  }
}
