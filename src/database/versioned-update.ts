import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { changedValues, isCustom, withCustomColumn, withCustomNames } from './custom-names.ts';
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

/** What a change did, of the changed columns only: as an audit entry takes it, custom fields as `custom.<key>`. */
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
 * is there already is no change. Of `customFields` only the values that are given; null takes one away.
 */
export function applyChanges<Row extends { updatedAt: Date; customFields?: Record<string, unknown> }>(
  row: Row,
  columns: Partial<Row>,
  at = changeTime(row),
): Changes<Row> | null {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  const values = row.customFields ?? {};
  const named = withCustomNames({ customFields: values });
  for (const [name, value] of Object.entries(withCustomNames(columns))) {
    const former = isCustom(name) ? (named[name] ?? null) : row[name as keyof Row];
    if (value === undefined || value === former) continue;
    before[name] = former;
    after[name] = value;
  }
  if (Object.keys(after).length === 0) return null;
  const { customFields, ...others } = withCustomColumn(after);
  Object.assign(row, others, { updatedAt: at });
  if (customFields) row.customFields = changedValues(values, customFields);
  return { before: before as Partial<Row>, after: after as Partial<Row>, at };
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
