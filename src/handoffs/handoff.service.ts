import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime, forUpdate, found, requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { longText, readFields, required, shortText } from '../graphql/input-rules.ts';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { LeadStatusEntity, UserEntity } from '../identity/identity.entity.ts';
import { Role } from '../identity/identity.enums.ts';
import type { Principal } from '../identity/principal.ts';
import { hasRight, requireRight } from '../identity/rights.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { lockedLead } from '../leads/locked-lead.ts';
import { LeadHandoffEntity } from './handoff.entity.ts';
import { HandoffDecision } from './handoff.enums.ts';
import type {
  AcceptHandoffInput,
  BounceHandoffInput,
  HandOffLeadInput,
  WithdrawHandoffInput,
} from './handoff.inputs.ts';
import { acceptedLead, decide, pendingHandoff } from './pending-handoff.ts';

/** A hand-off and its lead, as UUIDs. */
export interface HandedLead {
  handoffId: string;
  leadId: string;
}

/** Offers an open lead to somebody who sells; it stays whose it is until they accept. */
export function handOffLead(
  tx: Transaction,
  principal: Principal,
  input: HandOffLeadInput,
): Promise<HandedLead> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'handOffLead', input.idempotencyKey, input, async () => {
    const { note = null } = readFields({ note: input.note }, { note: longText });
    const lead = await lockedLead(tx, input);
    const pending = await pendingHandoff(tx, lead.id);
    if (pending)
      throw new Refusal({
        code: UserErrorCode.HANDOFF_PENDING,
        message: 'The lead is handed over already: withdraw that first',
        path: ['lead'],
        handoffId: pending.id,
      });
    await requireOpen(tx, lead, 'lead');
    const toUserId = await receiver(tx, principal, lead, input.to);
    const at = new Date();
    const handoff = tx.em.create(LeadHandoffEntity, {
      ...{ organizationId: tx.tenant.organizationId, id: uuidv7(), leadId: lead.id },
      ...{ fromUserId: principal.userId ?? lead.ownerId ?? null, toUserId, note, handedAt: at },
      ...{ createdAt: at, updatedAt: at },
    });
    const after = { leadId: lead.id, fromUserId: handoff.fromUserId, toUserId, note };
    const recordId = handoff.id;
    record(tx, principal, { recordType: 'LeadHandoff', recordId, action: 'handOffLead', after, at });
    return { handoffId: handoff.id, leadId: lead.id };
  });
}

async function requireOpen(tx: Transaction, { statusId }: LeadEntity, field: string): Promise<void> {
  const { organizationId } = tx.tenant;
  const status = await tx.em.findOneOrFail(LeadStatusEntity, { organizationId, id: statusId });
  if (status.isClosed) throw invalidInput(field, `The lead is closed (${status.name}): recycle it first`);
}

/** Who sells and can decide: another person than who hands over, not the lead's owner. */
async function receiver(
  tx: Transaction,
  principal: Principal,
  lead: LeadEntity,
  to: string,
): Promise<string> {
  const { organizationId } = tx.tenant;
  const user = await tx.em.findOne(UserEntity, { organizationId, id: decodeIdOrRefuse('User', to, 'to') });
  if (!user) throw notFound('to', 'There is no such user');
  const { id, name, role } = user;
  if (user.isPlaceholder || !user.isActive)
    throw invalidInput('to', `${name} can't sign in, and so can't accept the lead`);
  if (!hasRight({ role }, 'opportunity:write'))
    throw invalidInput('to', `${name} has the role ${role}: a lead is handed to an AE or an administrator`);
  if (id === principal.userId)
    throw invalidInput('to', 'A lead is handed to somebody else: assignLead takes it');
  if (id === lead.ownerId) throw invalidInput('to', `The lead is ${name}'s already`);
  return id;
}

/** The lead becomes the receiver's and is accepted by sales (SAL). For the receiver, or an administrator in their place. */
export function acceptHandoff(
  tx: Transaction,
  principal: Principal,
  input: AcceptHandoffInput,
): Promise<HandedLead> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'acceptHandoff', input.idempotencyKey, input, async () => {
    const { handoff, lead, at } = await deciding(tx, principal, input, 'toUserId');
    await requireOpen(tx, lead, 'handoff');
    await requireActive(tx, handoff.toUserId);
    const changes = applyChanges(lead, acceptedLead(lead, handoff, at), at);
    if (changes)
      record(tx, principal, { recordType: 'Lead', recordId: lead.id, action: 'acceptHandoff', ...changes });
    return decided(tx, principal, handoff, HandoffDecision.ACCEPTED, null, at);
  });
}

async function requireActive(tx: Transaction, id: string): Promise<void> {
  const { organizationId } = tx.tenant;
  const { isActive, name } = await tx.em.findOneOrFail(UserEntity, { organizationId, id });
  if (!isActive) throw invalidInput('handoff', `${name} is inactive and can't own records`);
}

/** The lead stays whose it is. For the receiver, or an administrator in their place. */
export function bounceHandoff(
  tx: Transaction,
  principal: Principal,
  input: BounceHandoffInput,
): Promise<HandedLead> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'bounceHandoff', input.idempotencyKey, input, async () => {
    const { reason } = readFields({ reason: input.reason }, { reason: required(shortText) });
    const { handoff, at } = await deciding(tx, principal, input, 'toUserId');
    return decided(tx, principal, handoff, HandoffDecision.BOUNCED, reason!, at);
  });
}

/** Takes a hand-off back. For who handed over, or an administrator. */
export function withdrawHandoff(
  tx: Transaction,
  principal: Principal,
  input: WithdrawHandoffInput,
): Promise<HandedLead> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'withdrawHandoff', input.idempotencyKey, input, async () => {
    const { reason = null } = readFields({ reason: input.reason }, { reason: shortText });
    const { handoff, at } = await deciding(tx, principal, input, 'fromUserId');
    return decided(tx, principal, handoff, HandoffDecision.WITHDRAWN, reason, at);
  });
}

function decided(
  tx: Transaction,
  principal: Principal,
  handoff: LeadHandoffEntity,
  decision: HandoffDecision,
  reason: string | null,
  at: Date,
): HandedLead {
  decide(tx, principal, handoff, decision, reason, at);
  return { handoffId: handoff.id, leadId: handoff.leadId };
}

/** A pending hand-off with its lead, which is locked first, as everywhere. */
async function deciding(
  tx: Transaction,
  principal: Principal,
  input: { handoff: string; ifVersion?: number | null },
  decider: 'fromUserId' | 'toUserId',
): Promise<{ handoff: LeadHandoffEntity; lead: LeadEntity; at: Date }> {
  const id = decodeIdOrRefuse('LeadHandoff', input.handoff, 'handoff');
  const { organizationId } = tx.tenant;
  const [known] = await tx.query<{ lead_id: string }>(sql`
    select lead_id from lead_handoff where organization_id = ${organizationId} and id = ${id}`);
  if (!known) throw notFound('handoff', 'There is no such hand-off');
  const key = { organizationId, id: known.lead_id, deletedAt: null };
  const lead = found(await tx.em.findOne(LeadEntity, key, forUpdate), 'handoff');
  const handoff = await tx.em.findOneOrFail(LeadHandoffEntity, { organizationId, id });
  if (principal.role !== Role.ADMIN && (principal.userId === null || handoff[decider] !== principal.userId))
    throw forbidden(decider);
  if (handoff.decision)
    throw new Refusal({
      code: UserErrorCode.HANDOFF_DECIDED,
      message: `The hand-off is decided: ${handoff.decision.toLowerCase()}`,
      path: ['handoff'],
      handoffId: id,
    });
  requireVersion(lead, input.ifVersion);
  return { handoff, lead, at: new Date(Math.max(+changeTime(lead), +changeTime(handoff))) };
}

function forbidden(decider: 'fromUserId' | 'toUserId'): Refusal {
  return new Refusal({
    code: UserErrorCode.HANDOFF_FORBIDDEN,
    message:
      decider === 'toUserId'
        ? 'The lead was handed to somebody else: they, or an administrator, accept or bounce it'
        : 'Somebody else handed the lead over: they, or an administrator, withdraw it',
    path: ['handoff'],
  });
}
