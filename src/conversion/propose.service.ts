import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { decodeIdOrRefuse, encodeId } from '../graphql/ids.ts';
import { Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import { type Principal, principalKey } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import { type ConversionPlan, planConversion } from './conversion.plan.ts';
import { ConversionRecords } from './conversion-records.ts';
import { frozenInput, frozenPlanOf, planAgain, planAsFrozen } from './frozen-plan.ts';
import { changesBetween, type PlanState } from './plan-state.ts';
import { planSummary } from './plan-summary.ts';
import { ConversionProposalEntity } from './proposal.entity.ts';
import { expireProposals, lockLead, openProposal } from './proposal-locks.ts';
import { asProposed, proposedState, WHO_APPROVES } from './proposal-plan.ts';

/** What is proposed: the input to plan by again, the plan as it is now, and what that rests on. */
interface Proposed {
  input: ConvertLeadInput;
  plan: ConversionPlan;
  state: PlanState;
}

/**
 * Freezes the plan of a conversion for a person to review, and converts nothing. A lead has one open proposal at most:
 * who made it may make another, which takes its place; somebody else may once its plan no longer holds. The same again
 * changes nothing. Returns the proposal's UUID.
 */
export function proposeConversion(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadInput,
  tokenSecret: Uint8Array,
): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'proposeConversion', input.idempotencyKey, input, async () => {
    const at = new Date();
    const leadId = decodeIdOrRefuse('Lead', input.lead, 'lead');
    await lockLead(tx, leadId);
    const proposed = await planned(tx, principal, organization, input, tokenSecret, at);
    const former = await openProposal(tx, leadId);
    if (former && isSame(former, principal, proposed)) return former.id;
    const id = uuidv7();
    if (former) {
      const because =
        former.proposer === principalKey(principal)
          ? [`proposal: replaced by ${encodeId('ConversionProposal', id)}`]
          : await changesSince(tx, organization, former, at);
      await expireProposals(tx, principal, [leadId], because, at);
    }
    write(tx, principal, id, proposed, at);
    return id;
  });
}

async function planned(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadInput,
  tokenSecret: Uint8Array,
  at: Date,
): Promise<Proposed> {
  const records = new ConversionRecords(tx, true);
  if (input.planToken === null || input.planToken === undefined) {
    const asked = frozenInput(input);
    const plan = await planConversion(records, WHO_APPROVES, organization, input, at);
    return { input: asked, plan, state: proposedState(plan, asked) };
  }
  const frozen = await frozenPlanOf(input, principal, tokenSecret);
  const plan = await planAsFrozen(records, principal, organization, frozen, input, at);
  return { input: frozen.input, plan, state: proposedState(plan, frozen.input) };
}

function isSame(former: ConversionProposalEntity, principal: Principal, { input, state }: Proposed): boolean {
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return (
    former.proposer === principalKey(principal) &&
    isDeepStrictEqual(asJson(former.input), asJson(input)) &&
    changesBetween(former.planState, state).length === 0
  );
}

/** Why somebody else's proposal is over; refuses to put another in its place while it holds. */
async function changesSince(
  tx: Transaction,
  organization: Organization,
  { id, input, planState: state }: ConversionProposalEntity,
  at: Date,
): Promise<string[]> {
  const stateOf = (plan: ConversionPlan) => proposedState(plan, input);
  // Without locks: those of another plan's records would come in another order.
  const records = new ConversionRecords(tx, false);
  const { plan, changes } = await planAgain(
    records,
    WHO_APPROVES,
    organization,
    { input, state },
    at,
    stateOf,
  );
  if (!plan) return changes;
  throw new Refusal({
    code: UserErrorCode.PROPOSAL_OPEN,
    message: "Somebody else's proposal to convert the lead is open: it has to be approved or rejected first",
    path: ['lead'],
    proposalId: id,
  });
}

function write(
  tx: Transaction,
  principal: Principal,
  id: string,
  { input, plan, state }: Proposed,
  at: Date,
): void {
  const { organizationId } = tx.tenant;
  const summary = planSummary(asProposed(plan, input));
  const { id: leadId } = plan.lead;
  tx.em.create(ConversionProposalEntity, {
    ...{ organizationId, id, leadId, input, planState: state, plan: summary },
    proposer: principalKey(principal),
    proposedByKind: principal.kind,
    proposedById: principal.userId,
    proposedByName: principal.name,
    proposedAt: at,
  });
  record(tx, principal, {
    ...{ recordType: 'ConversionProposal', recordId: id, action: 'proposeConversion', at },
    after: { leadId, plan: summary },
  });
}
