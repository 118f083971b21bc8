import sql, { raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import { type Contact, contactColumns, toContact } from './contact.type.ts';

export function contactSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'contact',
    columns: contactColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

export async function contactsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Contact[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(contactColumns)} from contact t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[]) and t.deleted_at is null`);
  return rows.map(toContact);
}

/** The contact of an e-mail key or external id; the oldest of several. */
export async function contactByKey(
  snapshot: Snapshot,
  organizationId: string,
  column: 'email_key' | 'external_id',
  value: string,
): Promise<Contact | null> {
  const row = await snapshot.one<ListRow>(sql`
    select ${selectList(contactColumns)} from contact t
    where t.organization_id = ${organizationId} and ${raw(`t.${column}`)} = ${value} and t.deleted_at is null
    order by t.created_at, t.id limit 1`);
  return row ? toContact(row) : null;
}
