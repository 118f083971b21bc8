import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { ListRow } from '../../graphql/connection.ts';
import { type ListSource, type Order, selectList } from '../../graphql/page.ts';
import { type SalesTarget, targetColumns, toTarget } from './sales-target.type.ts';

/** Targets are listed latest period first. */
export const targetOrder: Order[] = [
  { field: 'FROM', descending: true, by: { column: 't.starts_on', type: 'date' } },
];

export function targetSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'sales_target',
    columns: targetColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function targetsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<SalesTarget[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(targetColumns)} from sales_target t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toTarget);
}
