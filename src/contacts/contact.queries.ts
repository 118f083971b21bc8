import sql, { raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import { withSurvivors } from '../merging/survivor.queries.ts';
import { type Contact, contactColumns, toContact } from './contact.type.ts';

export function contactSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'contact',
    columns: contactColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

/** The id of one that was merged away gives the one it went into. */
export function contactsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Contact[]> {
  return withSurvivors(snapshot, organizationId, 'contact', ids, async (living) => {
    const rows = await snapshot.query<ListRow>(sql`
      select ${selectList(contactColumns)} from contact t
      where t.organization_id = ${organizationId} and t.id = any(${living}::uuid[]) and t.deleted_at is null`);
    return rows.map(toContact);
  });
}

/**
 * The contact of an e-mail key or external id, one of `values` in order of preference; the oldest of several, those before that were
 * merged into others.
 */
export async function contactByKey(
  snapshot: Snapshot,
  organizationId: string,
  column: 'email_key' | 'external_id',
  values: readonly string[],
): Promise<Contact | null> {
  const oldest = (condition: Sql) =>
    snapshot.one<ListRow>(sql`
      select ${selectList(contactColumns)} from contact t
      where t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}
      order by array_position(${values}::text[], ${raw(`t.${column}`)}), t.created_at, t.id limit 1`);
  const row =
    (await oldest(sql`${raw(`t.${column}`)} = any(${values}::text[])`)) ??
    (await oldest(sql`t.id in (
      select m.merged_into_id from contact m
      where m.organization_id = ${organizationId} and ${raw(`m.${column}`)} = any(${values}::text[]) and m.merged_into_id is not null)`));
  return row ? toContact(row) : null;
}
