import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { selectList } from '../graphql/page.ts';
import { type Campaign, campaignColumns, toCampaign } from './campaign.type.ts';

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
