import type { EntityClass, EntitySchema } from '@mikro-orm/core';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';

/** Rows per statement: few enough to stay far from the statement timeout, enough that round trips don't count. */
const BATCH = 2000;

/** A row as its entity's properties: the same ones in every row of a call. */
export type Values = Record<string, unknown>;
type Entity = EntitySchema | EntityClass<object>;

/** How an update treats a property that is not simply replaced. */
export type Merge = 'replace' | 'neverLoosen' | 'keepUnlessGiven';

interface Column {
  property: string;
  name: string;
  type: string;
}

function columnsOf(
  tx: Transaction,
  entity: Entity,
  properties: string[],
): { table: string; columns: Column[] } {
  const meta = tx.em.getMetadata().get(entity as EntityClass<object>);
  const columns = properties.map((property) => {
    const { fieldNames, columnTypes } = meta.properties[property as never] as {
      fieldNames: string[];
      columnTypes: string[];
    };
    return { property, name: fieldNames[0]!, type: columnTypes[0]! };
  });
  return { table: meta.tableName, columns };
}

/** Has it neither a mark of deletion nor one of an estimated creation? */
export function isPlain(tx: Transaction, entity: Entity): boolean {
  return !('deletedAt' in tx.em.getMetadata().get(entity as EntityClass<object>).properties);
}

/** One parameter for any number of rows: PostgreSQL unpacks it with the columns' own types. */
function recordset(rows: Values[], columns: Column[]): Sql {
  const records = rows.map((row) =>
    Object.fromEntries(columns.map(({ property, name }) => [name, row[property]])),
  );
  const json = JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  return sql`jsonb_to_recordset(${json}::jsonb) as r(${raw(columns.map(({ name, type }) => `${name} ${type}`).join(', '))})`;
}

function* batches<T>(rows: T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
}

export async function insertRows(tx: Transaction, entity: Entity, rows: Values[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns } = columnsOf(tx, entity, Object.keys(rows[0]!));
  const names = columns.map(({ name }) => name);
  for (const batch of batches(rows)) {
    await tx.query(sql`
      insert into ${raw(table)} (organization_id, ${raw(names.join(', '))})
      select ${tx.tenant.organizationId}::uuid, ${raw(names.map((name) => `r.${name}`).join(', '))}
      from ${recordset(batch, columns)}`);
  }
}

function merged({ name }: Column, merge: Merge): string {
  if (merge === 'neverLoosen') return `(a.${name} or r.${name})`;
  if (merge === 'keepUnlessGiven') return `coalesce(r.${name}, a.${name})`;
  return `r.${name}`;
}

interface Creation {
  properties: string[];
  /** Column → what it becomes. */
  set: Record<string, string>;
  living: string;
}

/** A known creation date replaces an estimate; an estimate only ever moves back. */
const CREATION: Creation = {
  properties: ['createdAt', 'createdAtEstimated'],
  set: {
    created_at: `case when r.created_at is null then a.created_at
  when not r.created_at_estimated then r.created_at
  when a.created_at_estimated then least(a.created_at, r.created_at)
  else a.created_at end`,
    created_at_estimated: '(a.created_at_estimated and r.created_at_estimated)',
  },
  living: 'and a.deleted_at is null',
};

/** Where no estimate is told apart, a creation only moves back. */
const PLAIN_CREATION: Creation = {
  properties: ['createdAt'],
  set: { created_at: 'least(a.created_at, r.created_at)' },
  living: '',
};

/**
 * Brings rows up to what an import says, and returns the ids of those that changed; the others keep even their version.
 * Each value has `id`, `createdAt` (null: unknown), `createdAtEstimated` (unless the table is plain) and `updatedAt` (the source's; null: unknown),
 * beside the `properties` to set. The source's `updatedAt` stands where it is later than ours, else a change is of now.
 */
export async function updateRows(
  tx: Transaction,
  entity: Entity,
  rows: Values[],
  properties: Map<string, Merge>,
  now: Date,
): Promise<Set<string>> {
  const changed = new Set<string>();
  const creation = isPlain(tx, entity) ? PLAIN_CREATION : CREATION;
  const fixed = ['id', ...creation.properties, 'updatedAt'];
  const { table, columns } = columnsOf(tx, entity, [...fixed, ...properties.keys()]);
  const settable = columns.slice(fixed.length);
  const next = settable.map((column) => merged(column, properties.get(column.property)!));
  const set = settable.map(({ name }, index) => `${name} = ${next[index]}`);
  const created = Object.entries(creation.set);
  const before = [...settable.map(({ name }) => `a.${name}`), ...created.map(([name]) => `a.${name}`)];
  const after = [...next, ...created.map(([, value]) => value)];
  for (const batch of batches(rows)) {
    const updated = await tx.query<{ id: string }>(sql`
      update ${raw(table)} a
      set ${raw([...set, ...created.map(([name, value]) => `${name} = ${value}`)].join(', '))},
        updated_at = case when r.updated_at > a.updated_at then r.updated_at else greatest(${now}::timestamptz(3), a.updated_at) end,
        version = a.version + 1
      from ${recordset(batch, columns)}
      where a.organization_id = ${tx.tenant.organizationId} and a.id = r.id ${raw(creation.living)}
        and (row(${raw(before.join(', '))}) is distinct from row(${raw(after.join(', '))}) or r.updated_at > a.updated_at)
      returning a.id`);
    for (const { id } of updated) changed.add(id);
  }
  return changed;
}
