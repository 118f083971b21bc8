import type { Transaction } from '../database/database.ts';
import { forUpdate, found, requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { requireUnconverted } from './converted-lead.ts';
import { LeadEntity } from './lead.entity.ts';

/** The lead an input is about, locked to be changed: it is there, not converted, and what the caller has seen. */
export async function lockedLead(
  tx: Transaction,
  input: { lead: string; ifVersion?: number | null },
): Promise<LeadEntity> {
  const id = decodeIdOrRefuse('Lead', input.lead, 'lead');
  const key = { organizationId: tx.tenant.organizationId, id, deletedAt: null };
  const lead = found(await tx.em.findOne(LeadEntity, key, forUpdate), 'lead');
  await requireUnconverted(tx, lead);
  requireVersion(lead, input.ifVersion);
  return lead;
}
