import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import { type CampaignMember, memberColumns, toMember } from './campaign-member.type.ts';
import { type Campaign, campaignColumns, toCampaign } from './campaign.type.ts';

export function campaignSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'campaign',
    columns: campaignColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function campaignsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Campaign[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(campaignColumns)} from campaign t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toCampaign);
}

export async function campaignByExternalId(
  snapshot: Snapshot,
  organizationId: string,
  externalId: string,
): Promise<Campaign | null> {
  const row = await snapshot.one<ListRow>(sql`
    select ${selectList(campaignColumns)} from campaign t
    where t.organization_id = ${organizationId} and t.external_id = ${externalId}`);
  return row ? toCampaign(row) : null;
}

/** Memberships are listed latest first. */
export const memberOrder: Order[] = [
  { field: 'CREATED_AT', descending: true, by: { column: 't.created_at', type: 'timestamptz' } },
];

export function memberSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'campaign_member',
    columns: memberColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function membersByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<CampaignMember[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(memberColumns)} from campaign_member t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toMember);
}
