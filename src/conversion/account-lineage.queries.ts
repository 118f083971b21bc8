import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { selectList } from '../graphql/page.ts';
import { conversionColumns, type LeadConversion, toConversion } from './conversion.type.ts';

const MAX_CONVERSIONS = 200;

/** The latest conversions into each account that stand, latest first. */
export async function standingConversionsInto(
  snapshot: Snapshot,
  organizationId: string,
  accountIds: readonly string[],
): Promise<LeadConversion[][]> {
  const rows = await snapshot.query<ListRow>(sql`
    select c.* from unnest(${accountIds}::uuid[]) account (id) cross join lateral (
      select ${selectList(conversionColumns)} from lead_conversion t
      where t.organization_id = ${organizationId} and t.account_id = account.id and t.reverted_at is null
      order by t.converted_at desc, t.id desc limit ${MAX_CONVERSIONS}) c
    order by c."convertedAt" desc, c.uuid desc`);
  const byAccount = Map.groupBy(rows.map(toConversion), ({ accountUuid }) => accountUuid);
  return accountIds.map((id) => byAccount.get(id) ?? []);
}
