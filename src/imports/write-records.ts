import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { insertRows, isPlain, type Merge, updateRows, type Values } from './bulk-write.ts';
import { type Draft, type DraftTable, reporting } from './drafts.ts';
import type { ImportReport } from './import-report.ts';
import type { KnownRecord } from './known-records.ts';
import type { Owners } from './owners.ts';
import { isQueueId } from './salesforce-id.ts';

/** What one run of the import works with. */
export interface Run {
  tx: Transaction;
  report: ImportReport;
  owners: Owners;
  now: Date;
}

/**
 * Property → the columns of the file it comes from: set on a known record only when one of them is there, or when none
 * is named. A property that isn't listed is set on new records only.
 */
export type Sources = Record<string, readonly string[]>;

/** Opt-outs are never loosened, whoever wrote them; a primary campaign outlives a blank, or one we don't have. */
const USUAL: Record<string, Merge> = {
  ...{ doNotCall: 'neverLoosen', emailOptOut: 'neverLoosen', campaignId: 'keepUnlessGiven' },
};

/** Where records of one type come from and how they change known ones. */
export interface Target<K extends KnownRecord> {
  entity: Parameters<typeof insertRows>[1];
  table: DraftTable<unknown>;
  known: ReadonlyMap<string, K>;
  sources: Sources;
  merges?: Record<string, Merge>;
}

function settable<K extends KnownRecord>(values: Values, target: Target<K>): Map<string, Merge> {
  const { sources, merges = USUAL } = target;
  const { columns } = target.table;
  const properties = Object.keys(values).filter((property) => {
    const from = sources[property];
    return from && (from.length === 0 || from.some((column) => columns.has(column.toLowerCase())));
  });
  return new Map(properties.map((property) => [property, merges[property] ?? 'replace']));
}

/** Creation and change as columns: what the row tells, for a new record completed by the time of the import. */
function trackedValues(draft: Draft, isNew: boolean, plain: boolean, now: Date): Values {
  const { createdAt, modifiedAt, earliest } = draft;
  const created = createdAt ?? earliest ?? (isNew ? now : null);
  const modified = modifiedAt && created && modifiedAt < created ? created : modifiedAt;
  return {
    createdAt: created,
    ...(!plain && { createdAtEstimated: createdAt === null }),
    updatedAt: modified ?? (isNew ? created : null),
  };
}

export interface Outcome {
  /** Ids of ours. */
  created: Set<string>;
  updated: Set<string>;
}

/**
 * Writes the drafts of one file in their order: new ones as rows, known ones where they differ. `values` links a draft
 * (a RowProblem rejects it) and gives the properties to write; undefined leaves the record alone.
 */
export async function writeRecords<D extends Draft, K extends KnownRecord>(
  { tx, report, now }: Run,
  target: Target<K>,
  drafts: Iterable<D>,
  values: (draft: D, id: string, known: K | undefined) => Values | undefined,
): Promise<Outcome> {
  const { entity, table, known } = target;
  const plain = isPlain(tx, entity);
  const inserts: Values[] = [];
  const updates: Values[] = [];
  let unchanged = 0;
  for (const draft of drafts) {
    const before = known.get(draft.externalId);
    if (before?.isDeleted) {
      report.count(table.type, 'skippedDeleted');
      report.note(`{n} rows of ${table.file} were deleted in Kontor and stay so`);
      continue;
    }
    if (before?.survivorId) {
      report.count(table.type, 'skippedDeleted');
      report.note(`{n} rows of ${table.file} were merged into others in Kontor and were left alone`);
      continue;
    }
    reporting(report, table, { line: draft.line, id: draft.externalId }, () => {
      const id = before?.id ?? uuidv7();
      const own = values(draft, id, before);
      if (own === undefined) {
        unchanged++;
        return;
      }
      const row = { id, ...own, ...trackedValues(draft, before === undefined, plain, now) };
      if (before) updates.push(row);
      else inserts.push({ ...row, externalId: draft.externalId });
    });
  }
  await insertRows(tx, entity, inserts);
  const updated =
    updates.length === 0
      ? new Set<string>()
      : await updateRows(tx, entity, updates, settable(updates[0]!, target), now);
  report.count(table.type, 'created', inserts.length);
  report.count(table.type, 'updated', updated.size);
  report.count(table.type, 'unchanged', unchanged + updates.length - updated.size);
  return { created: new Set(inserts.map(({ id }) => id as string)), updated };
}

/** The user who owns a record. Only leads belong to queues: what else a queue owns is nobody's here. */
export function ownerUser({ owners, report }: Run, ownerId: string | null): string | null {
  if (ownerId !== null && isQueueId(ownerId))
    report.note('{n} records other than leads belong to a queue and were imported without an owner');
  return ownerId === null ? null : (owners.users.get(ownerId) ?? null);
}
