import type { Transaction } from '../database/database.ts';
import { audit, type Change, record } from '../database/journal.ts';
import type { Principal } from '../identity/principal.ts';
import type { ActorData } from './audit.type.ts';
import type { PlanPolicies, PlanSummary } from './plan-summary.ts';

/** What the journal keeps of a conversion beside its records. */
export interface ConversionDetails {
  plan: PlanSummary;
  policies: PlanPolicies;
  /** Who proposed it; null without a proposal. */
  proposedBy: ActorData | null;
}

/** What a conversion, or its undoing, did to its records: the last change is the lead's. */
export interface ConversionChange {
  conversionId: string;
  action: 'convertLead' | 'revertConversion';
  changes: readonly Change[];
  /** Given for undoing it. */
  reason?: string | null;
  details?: ConversionDetails;
}

/**
 * Journals a conversion: an entry for each record, one for the conversion with all of them before and after, and one
 * event, which tells everything the latter does: who listens needs to put nothing together.
 */
export function recordConversion(
  tx: Transaction,
  principal: Principal,
  { conversionId, action, changes, reason, details }: ConversionChange,
): void {
  const part = (name: 'before' | 'after') =>
    Object.fromEntries(
      changes
        .filter((change) => change[name] !== undefined && change[name] !== null)
        .map((change) => [change.recordType.toLowerCase(), change[name]]),
    );
  const before = part('before');
  const after = { ...part('after'), ...(reason !== undefined && { reason }) };
  const { kind, userId: userUuid, name } = principal;
  for (const change of changes) audit(tx, principal, change);
  const { at } = changes.at(-1)!;
  record(
    tx,
    principal,
    { recordType: 'LeadConversion', recordId: conversionId, action, before, after, details, at },
    {
      actor: { kind, userUuid, name },
      records: changes.map(({ recordType, recordId }) => ({ recordType, recordId })),
      before,
      after,
      ...details,
    },
  );
}
