import type { Transaction } from '../database/database.ts';
import { forUpdate, found, requireVersion } from '../database/versioned-update.ts';
import { OpportunityEntity } from './opportunity.entity.ts';

/** The opportunity of that UUID, locked to be changed: it is there, and what the caller has seen. */
export async function lockedOpportunity(
  tx: Transaction,
  id: string,
  ifVersion?: number | null,
): Promise<OpportunityEntity> {
  const key = { organizationId: tx.tenant.organizationId, id, deletedAt: null };
  const opportunity = found(await tx.em.findOne(OpportunityEntity, key, forUpdate), 'opportunity');
  requireVersion(opportunity, ifVersion);
  return opportunity;
}
