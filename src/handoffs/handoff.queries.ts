import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import { handoffColumns, type LeadHandoff, toHandoff } from './handoff.type.ts';

/** Hand-offs are listed latest first. */
export const handoffOrder: Order[] = [
  { field: 'HANDED_AT', descending: true, by: { column: 't.handed_at', type: 'timestamptz' } },
];

export function handoffSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'lead_handoff',
    columns: handoffColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function handoffsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<LeadHandoff[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(handoffColumns)} from lead_handoff t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toHandoff);
}

/** The hand-off of a lead that waits for a decision. */
export function loadPendingHandoff(context: Context, leadId: string): Promise<LeadHandoff | null> {
  return context
    .loader(
      'pending hand-off by lead',
      () =>
        new DataLoader<string, LeadHandoff | null>(async (leadIds) => {
          const rows = await context.snapshot.query<ListRow>(sql`
          select ${selectList(handoffColumns)} from lead_handoff t
          where t.organization_id = ${context.organization.id} and t.lead_id = any(${leadIds}::uuid[])
            and t.decision is null`);
          const byLead = new Map(rows.map(toHandoff).map((handoff) => [handoff.leadUuid, handoff]));
          return leadIds.map((id) => byLead.get(id) ?? null);
        }),
    )
    .load(leadId);
}
