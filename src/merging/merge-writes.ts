import sql, { raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import type { Principal } from '../identity/principal.ts';
import type { Moved } from './moved-records.ts';
import type { MergeableTable } from './survivor.queries.ts';

/** The columns merging sets, whatever the record. */
interface Mergeable {
  id: string;
  updatedAt: Date;
  deletedAt?: Date | null;
  mergedIntoId?: string | null;
  mergedById?: string | null;
}

export interface MergePlan<Row> {
  survivor: Row;
  duplicates: Row[];
  /** Columns of the survivor to write. */
  values: Partial<Row>;
  /** What each duplicate leaves, by its id. */
  moved: ReadonlyMap<string, Moved>;
}

const RECORDS = {
  mergeAccounts: { table: 'account', recordType: 'Account' },
  mergeContacts: { table: 'contact', recordType: 'Contact' },
} as const satisfies Record<string, { table: MergeableTable; recordType: string }>;

/**
 * Writes the survivor and marks the duplicates as merged into it, with one journal entry for each of them: what of it
 * changed, and what moved. What went into a duplicate before leads straight to the survivor.
 */
export async function mergeRows<Row extends Mergeable>(
  tx: Transaction,
  principal: Principal,
  action: keyof typeof RECORDS,
  { survivor, duplicates, values, moved }: MergePlan<Row>,
  keys: Partial<Row>,
): Promise<void> {
  const { table, recordType } = RECORDS[action];
  const duplicateIds = duplicates.map(({ id }) => id);
  await tx.query(sql`
    update ${raw(table)} m set merged_into_id = ${survivor.id}
    where m.organization_id = ${tx.tenant.organizationId} and m.merged_into_id = any(${duplicateIds}::uuid[])`);
  const at = new Date(Math.max(...[survivor, ...duplicates].map((row) => changeTime(row).getTime())));
  const changes = applyChanges(survivor, values, at);
  // Also where no field of its own changed: it is not what it was.
  Object.assign(survivor, keys, { updatedAt: at });
  record(tx, principal, {
    ...{ recordType, recordId: survivor.id, action, before: changes?.before ?? {}, at },
    after: { ...changes?.after, merged: duplicateIds },
  });
  for (const duplicate of duplicates) {
    const gone = { deletedAt: at, mergedIntoId: survivor.id, mergedById: principal.userId };
    Object.assign(duplicate, gone, { updatedAt: at });
    record(tx, principal, {
      ...{ recordType, recordId: duplicate.id, action, at },
      before: { deletedAt: null, mergedIntoId: null },
      after: { deletedAt: at, mergedIntoId: survivor.id, moved: moved.get(duplicate.id) ?? {} },
    });
  }
  await tx.em.flush();
}
