import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { longText, readFields } from '../graphql/input-rules.ts';
import { notFound, Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { ReviewPolicy } from '../identity/identity.enums.ts';
import type { Organization } from '../identity/organization.service.ts';
import { type Principal, principalKey } from '../identity/principal.ts';
import { hasRight, requireRight } from '../identity/rights.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import { type ConvertedLead, execute } from './conversion.service.ts';
import { ConversionRecords } from './conversion-records.ts';
import { planAgain, planExpired } from './frozen-plan.ts';
import { ConversionProposalEntity } from './proposal.entity.ts';
import { ProposalState } from './proposal.enums.ts';
import type { ReviewConversionInput } from './proposal.inputs.ts';
import { expireProposals, lockLead } from './proposal-locks.ts';
import { proposedState } from './proposal-plan.ts';

/** The plan did not hold: nothing was converted, and the proposal is over. That is kept, so it is no `Refusal`. */
export interface ExpiredProposal {
  expired: UserErrorData[];
}

/**
 * Converts a lead exactly as it was proposed; when that can't be done any longer, the proposal expires. Locks as a
 * conversion does: key, lead (and with it the proposal), company, account, contact, opportunity.
 */
export function approveConversion(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ReviewConversionInput,
): Promise<ConvertedLead | ExpiredProposal> {
  requireReviewer(principal);
  return once(tx, principal, 'approveConversion', input.idempotencyKey, input, async () => {
    const { note = null } = readFields(input, { note: longText });
    const proposal = await lockedProposal(tx, input);
    const at = new Date();
    const found = await planOf(tx, principal, organization, proposal, at);
    if ('expired' in found) {
      const because = found.expired.flatMap(({ message, changes }) => changes ?? [message]);
      await expireProposals(tx, principal, [proposal.leadId], because, at);
      return found;
    }
    requireAnotherThanProposer(principal, proposal, found.plan);
    const proposedBy = {
      kind: proposal.proposedByKind,
      userUuid: proposal.proposedById ?? null,
      name: proposal.proposedByName,
    };
    const converted = await execute(tx, principal, found.plan, at, proposedBy);
    const { conversionId } = converted;
    decide(tx, principal, proposal, { state: ProposalState.APPROVED, note, conversionId }, at);
    return converted;
  });
}

/** Decides that a lead is not to be converted as proposed. Returns the proposal's UUID. */
export function rejectConversion(
  tx: Transaction,
  principal: Principal,
  input: ReviewConversionInput,
): Promise<string> {
  requireReviewer(principal);
  return once(tx, principal, 'rejectConversion', input.idempotencyKey, input, async () => {
    const { note = null } = readFields(input, { note: longText });
    const proposal = await lockedProposal(tx, input);
    decide(tx, principal, proposal, { state: ProposalState.REJECTED, note }, new Date());
    return proposal.id;
  });
}

/** A review is a person's who could convert the lead: no program's, whatever it may do. */
function requireReviewer(principal: Principal): void {
  const { kind, role } = principal;
  const mayConvert = hasRight(principal, 'lead:convert');
  if (kind === 'PERSON' ? !mayConvert && hasRight(principal, 'lead:write') : hasRight(principal, 'read'))
    throw new Refusal({
      code: UserErrorCode.HUMAN_REVIEW_REQUIRED,
      message:
        kind === 'PERSON'
          ? `The role ${role} can't review conversions: a person with the right lead:convert has to`
          : "A program can't review conversions: a person with the right lead:convert has to",
    });
  requireRight(principal, 'lead:convert');
}

/** The open proposal an input names, safe from every other decision until the transaction ends. */
async function lockedProposal(
  tx: Transaction,
  { proposal }: ReviewConversionInput,
): Promise<ConversionProposalEntity> {
  const id = decodeIdOrRefuse('ConversionProposal', proposal, 'proposal');
  const key = { organizationId: tx.tenant.organizationId, id };
  const named = await tx.em.findOne(ConversionProposalEntity, key);
  if (!named) throw notFound('proposal', 'There is no such proposal');
  await lockLead(tx, named.leadId);
  const locked = await tx.em.findOneOrFail(ConversionProposalEntity, key, { refresh: true });
  if (locked.state === ProposalState.OPEN) return locked;
  throw new Refusal({
    code: UserErrorCode.PROPOSAL_NOT_OPEN,
    message: `The proposal is ${locked.state.toLowerCase()} already`,
    path: ['proposal'],
    proposalId: id,
  });
}

function requireAnotherThanProposer(
  principal: Principal,
  { proposer }: ConversionProposalEntity,
  { settings }: ConversionPlan,
): void {
  if (proposer !== principalKey(principal) || settings.reviewPolicy === ReviewPolicy.NONE) return;
  throw new Refusal({
    code: UserErrorCode.SELF_APPROVAL_FORBIDDEN,
    message: 'The organisation wants another person than the proposer to approve',
    path: ['proposal'],
  });
}

/** The plan as it was proposed, under the locks of what it concerns; or why there is no such plan any longer. */
async function planOf(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  { input, planState: state }: ConversionProposalEntity,
  at: Date,
): Promise<{ plan: ConversionPlan } | ExpiredProposal> {
  const stateOf = (plan: ConversionPlan) => proposedState(plan, input);
  const records = new ConversionRecords(tx, true);
  try {
    const { plan, changes } = await planAgain(
      records,
      principal,
      organization,
      { input, state },
      at,
      stateOf,
    );
    return plan ? { plan } : { expired: [planExpired(changes, 'proposal')] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { expired: error.errors.map((one) => ({ ...one, path: ['proposal'] })) };
  }
}

function decide(
  tx: Transaction,
  principal: Principal,
  proposal: ConversionProposalEntity,
  decision: { state: ProposalState; note: string | null; conversionId?: string },
  at: Date,
): void {
  const before = { state: proposal.state };
  tx.em.assign(proposal, { ...decision, reviewedById: principal.userId, reviewedAt: at });
  record(tx, principal, {
    ...{ recordType: 'ConversionProposal', recordId: proposal.id, before, after: decision, at },
    action: decision.state === ProposalState.APPROVED ? 'approveConversion' : 'rejectConversion',
  });
}
