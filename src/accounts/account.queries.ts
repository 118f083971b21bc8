import sql, { raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import { withSurvivors } from '../merging/survivor.queries.ts';
import { type Account, accountColumns, toAccount } from './account.type.ts';

export function accountSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'account',
    columns: accountColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

/** The id of one that was merged away gives the one it went into. */
export function accountsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Account[]> {
  return withSurvivors(snapshot, organizationId, 'account', ids, async (living) => {
    const rows = await snapshot.query<ListRow>(sql`
      select ${selectList(accountColumns)} from account t
      where t.organization_id = ${organizationId} and t.id = any(${living}::uuid[]) and t.deleted_at is null`);
    return rows.map(toAccount);
  });
}

/**
 * The account of a domain or external id, one of `values` in order of preference; the oldest of several, those before that were
 * merged into others.
 */
export async function accountByKey(
  snapshot: Snapshot,
  organizationId: string,
  column: 'domain' | 'external_id',
  values: readonly string[],
): Promise<Account | null> {
  const oldest = (condition: Sql) =>
    snapshot.one<ListRow>(sql`
      select ${selectList(accountColumns)} from account t
      where t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}
      order by array_position(${values}::text[], ${raw(`t.${column}`)}), t.created_at, t.id limit 1`);
  const row =
    (await oldest(sql`${raw(`t.${column}`)} = any(${values}::text[])`)) ??
    (await oldest(sql`t.id in (
      select m.merged_into_id from account m
      where m.organization_id = ${organizationId} and ${raw(`m.${column}`)} = any(${values}::text[]) and m.merged_into_id is not null)`));
  return row ? toAccount(row) : null;
}
