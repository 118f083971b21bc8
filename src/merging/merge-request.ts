import type { EntityDictionary, EntityName } from '@mikro-orm/core';
import sql, { empty, raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { decodeIdOrRefuse, encodeId } from '../graphql/ids.ts';
import { invalidInput, notFound } from '../graphql/user-error.ts';
import { type MergeableTable, survivorOf, survivorsOf } from './survivor.queries.ts';

const MAX_DUPLICATES = 20;

/** What to merge into what: UUIDs, the duplicates in the order given. */
export interface MergeRequest {
  survivorId: string;
  duplicateIds: string[];
}

const NOUNS = { account: 'Account', contact: 'Contact' } as const;

/** The ids of the input; a survivor that was itself merged away is the record it went into. */
export async function readMergeRequest(
  tx: Transaction,
  table: MergeableTable,
  input: { survivor: string; duplicates: string[] },
): Promise<MergeRequest> {
  const type = NOUNS[table];
  const given = decodeIdOrRefuse(type, input.survivor, 'survivor');
  const { duplicates } = input;
  if (duplicates.length === 0) throw invalidInput('duplicates', 'duplicates must name at least one record');
  if (duplicates.length > MAX_DUPLICATES)
    throw invalidInput('duplicates', `duplicates must name at most ${MAX_DUPLICATES} records`);
  const duplicateIds = duplicates.map((id, index) =>
    decodeIdOrRefuse(type, id, ['duplicates', String(index)]),
  );
  const survivorId = (await survivorOf(tx, tx.tenant.organizationId, table, given)) ?? given;
  for (const [index, id] of duplicateIds.entries()) {
    const path = ['duplicates', String(index)];
    if (id === survivorId) throw invalidInput(path, `${path.join('.')} is the survivor itself`);
    const first = duplicateIds.indexOf(id);
    if (first !== index) throw invalidInput(path, `${path.join('.')} repeats duplicates.${first}`);
  }
  return { survivorId, duplicateIds };
}

/** The living records of a request, the survivor first; to be merged for good each is locked, in the order of ids. */
export async function requestedRows<Row extends { id: string }>(
  tx: Transaction,
  entity: EntityName<Row>,
  table: MergeableTable,
  { survivorId, duplicateIds }: MergeRequest,
  lock: boolean,
): Promise<[Row, ...Row[]]> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<EntityDictionary<Row> & { id: string }>(sql`
    select * from ${raw(table)}
    where organization_id = ${organizationId} and id = any(${[survivorId, ...duplicateIds]}::uuid[]) and deleted_at is null
    order by id ${lock ? raw('for update') : empty}`);
  const byId = new Map(rows.map((row) => [row.id, tx.em.map(entity, row)]));
  const survivor = byId.get(survivorId);
  if (!survivor) throw notFound('survivor', `There is no such ${table}`);
  const duplicates: Row[] = [];
  for (const [index, id] of duplicateIds.entries()) {
    const row = byId.get(id);
    if (!row) throw await missing(tx, table, id, index);
    duplicates.push(row);
  }
  return [survivor, ...duplicates];
}

/** A merged-away duplicate is refused: merging what it went into would merge more than was asked for. */
async function missing(tx: Transaction, table: MergeableTable, id: string, index: number) {
  const survivor = (await survivorsOf(tx, tx.tenant.organizationId, table, [id])).get(id);
  const why = survivor
    ? `The ${table} was merged into ${encodeId(NOUNS[table], survivor)} already`
    : `There is no such ${table}`;
  return notFound(['duplicates', String(index)], why);
}
