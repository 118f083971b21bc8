import sql from 'sql-template-tag';
import type { Transaction } from './database.ts';

/** Of what leaves no row behind when it is removed. */
export type RemovedType = 'Activity' | 'CampaignMember' | 'OpportunityContactRole';

/** Has imports leave out what was removed here; nothing when it came from no import. */
export async function rememberRemoved(
  tx: Transaction,
  type: RemovedType,
  externalId: string | null | undefined,
  at: Date,
): Promise<void> {
  if (externalId === null || externalId === undefined) return;
  await tx.query(sql`
    insert into removed_import (organization_id, record_type, external_id, removed_at)
    values (${tx.tenant.organizationId}, ${type}, ${externalId}, ${at}) on conflict do nothing`);
}

/** Those of the external ids whose records were removed here. */
export async function removedHere(
  tx: Transaction,
  type: RemovedType,
  externalIds: readonly string[],
): Promise<Set<string>> {
  if (externalIds.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(sql`
    select external_id as id from removed_import
    where organization_id = ${tx.tenant.organizationId} and record_type = ${type}
      and external_id = any(${externalIds}::text[])`);
  return new Set(rows.map(({ id }) => id));
}
