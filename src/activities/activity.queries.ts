import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import { type Activity, activityColumns, toActivity } from './activity.type.ts';

/** Activities are listed latest first. */
export const activityOrder: Order[] = [
  { field: 'OCCURRED_AT', descending: true, by: { column: 't.occurred_at', type: 'timestamptz' } },
];

export function activitySource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'activity',
    columns: activityColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function activitiesByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Activity[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(activityColumns)} from activity t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toActivity);
}
