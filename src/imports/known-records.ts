import sql, { raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { RowProblem } from './csv-table.ts';
import type { DraftTable } from './drafts.ts';

const BATCH = 10_000;

/** Rows of a large set of keys, asked for in batches. */
export async function queryInBatches<Row extends object>(
  keys: Iterable<string>,
  query: (batch: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const all = [...keys];
  const rows: Row[] = [];
  for (let start = 0; start < all.length; start += BATCH)
    for (const row of await query(all.slice(start, start + BATCH))) rows.push(row);
  return rows;
}

export interface KnownRecord {
  id: string;
  externalId: string;
  isDeleted: boolean;
  /** Our id of the record it was merged into; such a one is not deleted. */
  survivorId?: string | null;
}

export type RecordTable = 'account' | 'contact' | 'lead' | 'opportunity' | 'campaign' | 'activity';

/** Standing as the columns tell it. */
const STANDING: Record<RecordTable, string> = {
  account: 'merged_into_id as "survivorId", deleted_at is not null and merged_into_id is null as "isDeleted"',
  contact: 'merged_into_id as "survivorId", deleted_at is not null and merged_into_id is null as "isDeleted"',
  lead: 'deleted_at is not null as "isDeleted"',
  opportunity: 'deleted_at is not null as "isDeleted"',
  campaign: 'false as "isDeleted"',
  activity: 'false as "isDeleted"',
};

/** The organisation's records of these Salesforce ids by them, locked until the import's end. */
export async function lockKnown<Extra extends object = object>(
  tx: Transaction,
  table: RecordTable,
  externalIds: Iterable<string>,
  extraColumns = '',
): Promise<Map<string, KnownRecord & Extra>> {
  const rows = await queryInBatches([...externalIds].sort(), (batch) =>
    tx.query<KnownRecord & Extra>(sql`
      select id, external_id as "externalId", ${raw(STANDING[table])}${raw(extraColumns && `, ${extraColumns}`)}
      from ${raw(table)}
      where organization_id = ${tx.tenant.organizationId} and external_id = any(${batch}::text[])
      order by id for update`),
  );
  return new Map(rows.map((row) => [row.externalId, row]));
}

/** Where links to one type of record lead: our ids by Salesforce's, filled as the import writes them. */
export class LinkTarget {
  private readonly ids = new Map<string, string>();

  constructor(
    /** As a message names it: "account". */
    private readonly noun: string,
    private readonly table: DraftTable<unknown>,
    private readonly known: ReadonlyMap<string, KnownRecord>,
  ) {
    for (const [externalId, { id, isDeleted, survivorId }] of known)
      if (!isDeleted) this.ids.set(externalId, survivorId ?? id);
  }

  has(externalId: string): boolean {
    return this.ids.has(externalId);
  }

  /** Our id of it, if there is one. */
  find(externalId: string | null): string | undefined {
    return externalId === null ? undefined : this.ids.get(externalId);
  }

  set(externalId: string, id: string): void {
    this.ids.set(externalId, id);
  }

  /** Our id of what the cell names; a RowProblem naming the column when there is none. */
  resolve(column: string, externalId: string | null): string | null {
    if (externalId === null) return null;
    const id = this.ids.get(externalId);
    if (id !== undefined) return id;
    if (this.isDeleted(externalId))
      throw new RowProblem(column, `names a deleted ${this.noun}: ${externalId}`);
    throw new RowProblem(
      column,
      `names no ${this.noun} we have: ${externalId} is neither a good row of ${this.table.file} nor imported before`,
    );
  }

  isDeleted(externalId: string): boolean {
    return this.table.deleted.has(externalId) || this.known.get(externalId)?.isDeleted === true;
  }
}
