import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { Effect, EffectTable } from './conversion-effects.ts';

/** Rows with a version and times of their own; what of these a conversion made is kept, marked deleted. */
const TRACKED = new Set<EffectTable>([
  'lead',
  'account',
  'contact',
  'opportunity',
  'activity',
  'lead_handoff',
]);

const bookkeeping = (at: Date) =>
  sql`, updated_at = greatest(${at}::timestamptz, t.updated_at + interval '1 ms'), version = t.version + 1`;

/** A column of a row made of texts; PostgreSQL reads each by its type, but would take JSON's text for a JSON string. */
const columnOf = (column: string): Sql =>
  column === 'custom_fields' ? sql`(b.custom_fields #>> '{}')::jsonb` : raw(`b.${column}`);

/** Puts every row back as it was before the conversion; a few statements however many rows. */
export async function undoEffects(tx: Transaction, effects: readonly Effect[], at: Date): Promise<void> {
  const kinds = Map.groupBy(effects, ({ table, before, after }) =>
    [
      table,
      before === null ? 'made' : after === null ? 'deleted' : Object.keys(before).sort().join(' '),
    ].join(' '),
  );
  for (const of of kinds.values()) {
    const { table, before, after } = of[0]!;
    if (before === null) await unmake(tx, table, of, at);
    else if (after === null) await insertAgain(tx, table, of);
    else await changeBack(tx, table, of, at);
  }
}

async function unmake(tx: Transaction, table: EffectTable, effects: Effect[], at: Date): Promise<void> {
  const { organizationId } = tx.tenant;
  const ids = effects.map(({ id }) => id);
  if (TRACKED.has(table))
    await tx.query(sql`
      update ${raw(table)} t set deleted_at = ${at}${bookkeeping(at)}
      where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  else
    await tx.query(sql`
      delete from ${raw(table)} t where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
}

async function insertAgain(tx: Transaction, table: EffectTable, effects: Effect[]): Promise<void> {
  const columns = Object.keys(effects[0]!.before!);
  const rows = JSON.stringify(effects.map(({ before }) => before));
  await tx.query(sql`
    insert into ${raw(table)} (${raw(columns.join(', '))})
    select ${join(columns.map(columnOf))} from jsonb_populate_recordset(null::${raw(table)}, ${rows}::jsonb) b
    where b.organization_id = ${tx.tenant.organizationId}`);
}

async function changeBack(tx: Transaction, table: EffectTable, effects: Effect[], at: Date): Promise<void> {
  const columns = Object.keys(effects[0]!.before!);
  const rows = JSON.stringify(effects.map(({ id, before }) => ({ ...before, id })));
  const set = join(columns.map((column) => sql`${raw(column)} = ${columnOf(column)}`));
  await tx.query(sql`
    update ${raw(table)} t set ${set}${TRACKED.has(table) ? bookkeeping(at) : raw('')}
    from jsonb_populate_recordset(null::${raw(table)}, ${rows}::jsonb) b
    where t.organization_id = ${tx.tenant.organizationId} and t.id = b.id`);
}
