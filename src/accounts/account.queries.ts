import sql, { raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import { type Account, accountColumns, toAccount } from './account.type.ts';

export function accountSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'account',
    columns: accountColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

export async function accountsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Account[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(accountColumns)} from account t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[]) and t.deleted_at is null`);
  return rows.map(toAccount);
}

/** The account of a domain or external id; the oldest of several. */
export async function accountByKey(
  snapshot: Snapshot,
  organizationId: string,
  column: 'domain' | 'external_id',
  value: string,
): Promise<Account | null> {
  const row = await snapshot.one<ListRow>(sql`
    select ${selectList(accountColumns)} from account t
    where t.organization_id = ${organizationId} and ${raw(`t.${column}`)} = ${value} and t.deleted_at is null
    order by t.created_at, t.id limit 1`);
  return row ? toAccount(row) : null;
}
