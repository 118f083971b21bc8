import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import {
  conversionColumns,
  type FieldProvenance,
  type LeadConversion,
  toConversion,
} from './conversion.type.ts';

/** Conversions are listed latest first. */
export const conversionOrder: Order[] = [
  { field: 'CONVERTED_AT', descending: true, by: { column: 't.converted_at', type: 'timestamptz' } },
];

export function conversionSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'lead_conversion',
    columns: conversionColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function conversionsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<LeadConversion[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(conversionColumns)} from lead_conversion t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toConversion);
}

/** The conversion of a lead that stands (is not undone). */
export function loadCurrentConversion(context: Context, leadId: string): Promise<LeadConversion | null> {
  return context
    .loader(
      'current conversion by lead',
      () =>
        new DataLoader<string, LeadConversion | null>(async (leadIds) => {
          const rows = await context.snapshot.query<ListRow>(sql`
          select ${selectList(conversionColumns)} from lead_conversion t
          where t.organization_id = ${context.organization.id} and t.lead_id = any(${leadIds}::uuid[]) and t.reverted_at is null`);
          const byLead = new Map(
            rows.map(toConversion).map((conversion) => [conversion.leadUuid, conversion]),
          );
          return leadIds.map((id) => byLead.get(id) ?? null);
        }),
    )
    .load(leadId);
}

/** The fields of each conversion, by target and name. */
export async function provenanceOf(
  snapshot: Snapshot,
  organizationId: string,
  conversionIds: readonly string[],
): Promise<FieldProvenance[][]> {
  const rows = await snapshot.query<FieldProvenance & { conversionId: string }>(sql`
    select f.conversion_id as "conversionId", f.target, f.field, f.source_field as "sourceField",
      f.value, f.outcome from conversion_field f
    where f.organization_id = ${organizationId} and f.conversion_id = any(${conversionIds}::uuid[])
    order by f.target, f.field`);
  const byConversion = Map.groupBy(rows, (row) => row.conversionId);
  return conversionIds.map((id) => byConversion.get(id) ?? []);
}
