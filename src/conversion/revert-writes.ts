import sql, { join, raw, type Sql } from 'sql-template-tag';
import { customKey, isCustom } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import type { Effect, EffectTable, Image } from './conversion-effects.ts';

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
    select ${raw(columns.map((column) => `b.${column}`).join(', '))} from jsonb_populate_recordset(null::${raw(table)}, ${rows}::jsonb) b
    where b.organization_id = ${tx.tenant.organizationId}`);
}

/** The former values of custom fields as one JSON object; one that was empty is not in it. */
function customBefore(before: Image, custom: string[]): Record<string, unknown> {
  const filled = custom.filter((column) => (before[column] ?? null) !== null);
  return Object.fromEntries(filled.map((column) => [customKey(column), JSON.parse(before[column]!)]));
}

async function changeBack(tx: Transaction, table: EffectTable, effects: Effect[], at: Date): Promise<void> {
  const names = Object.keys(effects[0]!.before!);
  const columns = names.filter((name) => !isCustom(name));
  const custom = names.filter(isCustom);
  const rows = JSON.stringify(
    effects.map(({ id, before }) => ({ ...before, custom_fields: customBefore(before!, custom), id })),
  );
  const set = columns.map((column): Sql => sql`${raw(column)} = ${raw(`b.${column}`)}`);
  if (custom.length > 0)
    set.push(sql`custom_fields = (t.custom_fields - ${custom.map(customKey)}::text[]) || b.custom_fields`);
  await tx.query(sql`
    update ${raw(table)} t set ${join(set)}${TRACKED.has(table) ? bookkeeping(at) : raw('')}
    from jsonb_populate_recordset(null::${raw(table)}, ${rows}::jsonb) b
    where t.organization_id = ${tx.tenant.organizationId} and t.id = b.id`);
}
