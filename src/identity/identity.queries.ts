import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import { encodeId } from '../graphql/ids.ts';
import type { Queue, User } from './user.type.ts';

export async function usersByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<User[]> {
  const rows = await snapshot.query<User>(sql`
    select id, name, email, role, is_active as "isActive" from app_user
    where organization_id = ${organizationId} and id = any(${ids}::uuid[])`);
  return rows.map((row) => ({ ...row, id: encodeId('User', row.id) }));
}

export async function queuesByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Queue[]> {
  const rows = await snapshot.query<Queue>(sql`
    select id, name from queue where organization_id = ${organizationId} and id = any(${ids}::uuid[])`);
  return rows.map((row) => ({ ...row, id: encodeId('Queue', row.id) }));
}
