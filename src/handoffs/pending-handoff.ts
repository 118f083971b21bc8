import type { Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import { applyChanges } from '../database/versioned-update.ts';
import type { Principal } from '../identity/principal.ts';
import type { LeadOwner } from '../identity/record-owner.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { LeadHandoffEntity } from './handoff.entity.ts';
import { HandoffDecision } from './handoff.enums.ts';

/** The lead's hand-off that waits for a decision. All writes of hand-offs hold the lead's lock; with it the answer stands. */
export function pendingHandoff(tx: Transaction, leadId: string): Promise<LeadHandoffEntity | null> {
  const { organizationId } = tx.tenant;
  return tx.em.findOne(LeadHandoffEntity, { organizationId, leadId, decision: null });
}

/** What a conversion asks of a lead's hand-offs; with the lead's lock the answer stands. */
export interface HandoffsOfLead {
  /** The one that waits for a decision. */
  pending: LeadHandoffEntity | null;
  /** Who handed the lead over, by the last one that was accepted. */
  handedOverBy: string | null;
}

export async function handoffsOf(tx: Transaction, leadId: string): Promise<HandoffsOfLead> {
  const { organizationId } = tx.tenant;
  const rows = await tx.em.find(
    LeadHandoffEntity,
    { organizationId, leadId, $or: [{ decision: null }, { decision: HandoffDecision.ACCEPTED }] },
    { orderBy: { handedAt: 'desc', id: 'desc' } },
  );
  return {
    pending: rows.find(({ decision }) => !decision) ?? null,
    handedOverBy: rows.find(({ decision }) => decision)?.fromUserId ?? null,
  };
}

const ACTIONS = {
  ACCEPTED: 'acceptHandoff',
  BOUNCED: 'bounceHandoff',
  WITHDRAWN: 'withdrawHandoff',
} as const satisfies Record<HandoffDecision, string>;

/** Decides a pending hand-off. */
export function decide(
  tx: Transaction,
  principal: Principal,
  handoff: LeadHandoffEntity,
  decision: HandoffDecision,
  reason: string | null,
  at: Date,
): void {
  const decided = { decision, decidedAt: at, decidedById: principal.userId, reason };
  const changes = applyChanges(handoff, decided, at)!;
  const { id: recordId, leadId, toUserId } = handoff;
  const after = { leadId, toUserId, ...changes.after };
  record(tx, principal, { recordType: 'LeadHandoff', recordId, action: ACTIONS[decision], after, at });
}

/** What acceptance changes of a lead: it is the receiver's, and accepted by sales if it was not before. */
export function acceptedLead(
  lead: LeadEntity,
  { toUserId }: LeadHandoffEntity,
  at: Date,
): Partial<LeadEntity> {
  return {
    ...{ ownerId: toUserId, queueId: null },
    ...(!lead.mqlAt && { mqlAt: at }),
    ...(!lead.salAt && { salAt: at }),
  };
}

/** What ends a hand-off besides a decision: the lead gets another owner, is closed, or is converted. */
export interface LeadTurn {
  /** Does who does it take the lead as their own? */
  takes: boolean;
  /** For who handed it over. */
  reason: string;
}

/**
 * Ends a pending hand-off because its lead takes another turn. What its receiver does is the decision: who takes the lead
 * accepts, who gives it away or closes it bounces it; anybody else withdraws it. Returns what acceptance changes of the
 * lead.
 */
export function endHandoff(
  tx: Transaction,
  principal: Principal,
  lead: LeadEntity,
  handoff: LeadHandoffEntity,
  { takes, reason }: LeadTurn,
  at: Date,
): Partial<LeadEntity> {
  const isReceiver = principal.userId === handoff.toUserId;
  if (isReceiver && takes) {
    decide(tx, principal, handoff, HandoffDecision.ACCEPTED, null, at);
    return acceptedLead(lead, handoff, at);
  }
  const decision = isReceiver ? HandoffDecision.BOUNCED : HandoffDecision.WITHDRAWN;
  decide(tx, principal, handoff, decision, reason, at);
  return {};
}

/** The same when a change gives the lead another owner or closes it; nothing ends when it does neither. */
export async function endHandoffByChange(
  tx: Transaction,
  principal: Principal,
  lead: LeadEntity,
  change: { owner?: LeadOwner; closed?: string },
  at: Date,
): Promise<Partial<LeadEntity>> {
  const { owner, closed } = change;
  const isOwner = owner?.ownerId === lead.ownerId && owner?.queueId === lead.queueId;
  if (closed === undefined && (owner?.ownerId === undefined || isOwner)) return {};
  const handoff = await pendingHandoff(tx, lead.id);
  if (!handoff) return {};
  const takes = closed === undefined && principal.userId !== null && owner?.ownerId === principal.userId;
  const turn = { takes, reason: closed ?? 'The lead got another owner' };
  return endHandoff(tx, principal, lead, handoff, turn, at);
}
