import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { encodeId } from '../graphql/ids.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import { type Lead, leadColumns, type LeadStatus, toLead } from './lead.type.ts';

export function leadSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'lead',
    columns: leadColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

export async function leadsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Lead[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(leadColumns)} from lead t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[]) and t.deleted_at is null`);
  return rows.map(toLead);
}

/** The lead of one of these external ids, in order of preference. */
export async function leadByExternalId(
  snapshot: Snapshot,
  organizationId: string,
  externalIds: readonly string[],
): Promise<Lead | null> {
  const row = await snapshot.one<ListRow>(sql`
    select ${selectList(leadColumns)} from lead t
    where t.organization_id = ${organizationId} and t.external_id = any(${externalIds}::text[]) and t.deleted_at is null
    order by array_position(${externalIds}::text[], t.external_id) limit 1`);
  return row ? toLead(row) : null;
}

/** All lead statuses of the organisation in order: a handful of rows, read once per operation. */
export function loadLeadStatuses(context: Context): Promise<LeadStatus[]> {
  return context
    .loader<'all', LeadStatus[]>(
      'lead statuses',
      () =>
        new DataLoader(async (keys) => {
          const statuses = await context.snapshot.query<Omit<LeadStatus, 'id'>>(sql`
          select s.id as uuid, s.name, s.position, s.is_converted as "isConverted", s.is_closed as "isClosed"
          from lead_status s where s.organization_id = ${context.organization.id} order by s.position, s.id`);
          const nodes = statuses.map((status) => ({ ...status, id: encodeId('LeadStatus', status.uuid) }));
          return keys.map(() => nodes);
        }),
    )
    .load('all');
}
