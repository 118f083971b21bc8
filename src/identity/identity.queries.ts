import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import { encodeId } from '../graphql/ids.ts';
import type { Queue, User } from './user.type.ts';
import type { OrganizationType } from './viewer.type.ts';

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

/** The organisation's settings as they are in this snapshot; those in the context may be some seconds old. */
export async function organizationsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<OrganizationType[]> {
  const rows = await snapshot.query<OrganizationType>(sql`
    select id, name, currency, time_zone as "timeZone", fiscal_year_start_month as "fiscalYearStartMonth",
      duplicate_policy as "duplicatePolicy", similar_policy as "similarPolicy", version
    from organization where id = ${organizationId} and id = any(${ids}::uuid[])`);
  return rows.map((row) => ({ ...row, id: encodeId('Organization', row.id) }));
}
