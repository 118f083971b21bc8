import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import type { Principal } from '../identity/principal.ts';
import { ConversionProposalEntity } from './proposal.entity.ts';
import { ProposalState } from './proposal.enums.ts';

/**
 * Proposals are written only by who holds the lock of their lead, whether to convert, to propose or to review: so they
 * need no lock of their own, and have no place in the order of locks.
 */
export async function lockLead(tx: Transaction, leadId: string): Promise<void> {
  await tx.query(sql`
    select id from lead where organization_id = ${tx.tenant.organizationId} and id = ${leadId} for update`);
}

/** The open proposal of a lead, whose lock is held. */
export function openProposal(tx: Transaction, leadId: string): Promise<ConversionProposalEntity | null> {
  const { organizationId } = tx.tenant;
  const open = { organizationId, leadId, state: ProposalState.OPEN };
  return tx.em.findOne(ConversionProposalEntity, open, { refresh: true });
}

/** Ends the open proposals of leads, if there are any, and says why. The leads' locks are held. */
export async function expireProposals(
  tx: Transaction,
  principal: Principal,
  leadIds: readonly string[],
  expiredBecause: string[],
  at: Date,
): Promise<void> {
  if (leadIds.length === 0) return;
  const expired = await tx.query<{ id: string }>(sql`
    update conversion_proposal set state = 'EXPIRED', expired_at = ${at},
      expired_because = ${JSON.stringify(expiredBecause)}::jsonb
    where organization_id = ${tx.tenant.organizationId} and lead_id = any(${leadIds}::uuid[]) and state = 'OPEN'
    returning id`);
  for (const { id } of expired)
    record(tx, principal, {
      recordType: 'ConversionProposal',
      recordId: id,
      action: 'expireProposal',
      before: { state: ProposalState.OPEN },
      after: { state: ProposalState.EXPIRED, expiredBecause },
      at,
    });
}
