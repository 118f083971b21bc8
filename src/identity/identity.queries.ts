import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import { type Queue, queueColumns, toQueue, toUser, type User, userColumns } from './user.type.ts';
import type { OrganizationType } from './viewer.type.ts';

/** Users and queues are listed by name. */
export const byName: Order[] = [{ field: 'NAME', descending: false, by: { column: 't.name', type: 'text' } }];

export function userSource(organizationId: string): ListSource {
  return { table: 'app_user', columns: userColumns, where: sql`t.organization_id = ${organizationId}` };
}

export function queueSource(organizationId: string): ListSource {
  return { table: 'queue', columns: queueColumns, where: sql`t.organization_id = ${organizationId}` };
}

export async function usersByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<User[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(userColumns)} from app_user t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toUser);
}

export async function queuesByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Queue[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(queueColumns)} from queue t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toQueue);
}

/** The organisation's settings as they are in this snapshot; those in the context may be some seconds old. */
export async function organizationsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<OrganizationType[]> {
  const rows = await snapshot.query<OrganizationType>(sql`
    select id, name, currency, time_zone as "timeZone", fiscal_year_start_month as "fiscalYearStartMonth",
      duplicate_policy as "duplicatePolicy", similar_policy as "similarPolicy", review_policy as "reviewPolicy", version
    from organization where id = ${organizationId} and id = any(${ids}::uuid[])`);
  return rows.map((row) => ({ ...row, id: encodeId('Organization', row.id) }));
}
