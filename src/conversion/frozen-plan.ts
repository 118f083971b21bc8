import { invalidInput, Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { encodeId } from '../graphql/ids.ts';
import type { Transaction } from '../database/database.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import { type ConversionPlan, planConversion } from './conversion.plan.ts';
import { ConversionRecords } from './conversion-records.ts';
import { changesBetween, type PlanState, planState } from './plan-state.ts';
import { proposedState } from './proposal-plan.ts';
import { type FrozenPlan, openPlan, sealPlan } from './plan-token.ts';

/** What a conversion would do now, and the token to have exactly that done. */
export interface Preview {
  plan: ConversionPlan;
  planToken: string;
}

/** Plans a conversion and writes nothing; for everybody who may read. The transaction may be read-only. */
export async function previewConversion(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadInput,
  tokenSecret: Uint8Array,
  at: Date = new Date(),
): Promise<Preview> {
  requireRight(principal, 'read');
  if (isGiven(input.planToken))
    throw invalidInput('planToken', 'A preview makes the planToken; leave it out');
  const plan = await planConversion(new ConversionRecords(tx, false), principal, organization, input, at);
  const asked = frozenInput(input);
  // Where the records would go to who converts, that may be another person than who previews.
  const isCertain = plan.lead.ownerId && !plan.handoff;
  const owner = asked.owner ?? (isCertain ? undefined : encodeId('User', plan.ownerId));
  const frozen = { input: { ...asked, owner }, state: planState(plan) };
  return { plan, planToken: await sealPlan(tokenSecret, organization.id, frozen, at) };
}

/** What of an input a plan keeps: not what was said about the call. */
export function frozenInput(input: ConvertLeadInput): ConvertLeadInput {
  const { idempotencyKey: _, ifVersion: __, planToken: ___, ...asked } = input;
  return asked;
}

/** Everything else is in the plan. */
const BESIDE_A_PLAN = new Set(['lead', 'planToken', 'idempotencyKey', 'ifVersion']);

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** The plan an input names by its token. */
export async function frozenPlanOf(
  input: ConvertLeadInput,
  principal: Principal,
  tokenSecret: Uint8Array,
): Promise<FrozenPlan> {
  for (const [field, value] of Object.entries(input))
    if (isGiven(value) && !BESIDE_A_PLAN.has(field))
      throw invalidInput(field, `planToken decides ${field}: leave one of them out`);
  const frozen = await openPlan(tokenSecret, principal.organizationId, input.planToken ?? '');
  if (frozen.input.lead !== input.lead) throw invalidInput('lead', 'planToken is of another lead');
  return frozen;
}

export function planExpired(changes: string[], field: string): UserErrorData {
  return {
    code: UserErrorCode.PLAN_EXPIRED,
    message: `The plan does not hold any longer: ${changes.join('; ')}`,
    path: [field],
    changes,
  };
}

/** Refusals that say more than that the plan is outdated. */
const PASSED_ON = new Set([UserErrorCode.LEAD_CONVERTED, UserErrorCode.STALE_VERSION]);

/** The plan, when it is still the one that was shown; else what is different. */
export type PlannedAgain = { plan: ConversionPlan; changes: [] } | { plan: null; changes: string[] };

/** Plans anew, and compares with the plan that was shown: by its state, which `stateOf` gives. */
export async function planAgain(
  records: ConversionRecords,
  principal: Pick<Principal, 'userId'>,
  organization: Organization,
  { input, state }: Pick<FrozenPlan, 'input' | 'state'>,
  at: Date,
  stateOf: (plan: ConversionPlan) => PlanState = planState,
): Promise<PlannedAgain> {
  const planned = await planConversion(records, principal, organization, input, at).catch(
    (error: unknown) => {
      if (!(error instanceof Refusal) || error.errors.some(({ code }) => PASSED_ON.has(code))) throw error;
      return error.errors.map(({ message }) => message);
    },
  );
  if (Array.isArray(planned)) return { plan: null, changes: planned };
  const changes = changesBetween(state, stateOf(planned));
  return changes.length > 0 ? { plan: null, changes } : { plan: planned, changes: [] };
}

/** Plans anew under the locks, and refuses to go on when that is not the plan that was shown. */
export async function planAsFrozen(
  records: ConversionRecords,
  principal: Principal,
  organization: Organization,
  { input, state, isProposed, expiresAt }: FrozenPlan,
  { ifVersion }: Pick<ConvertLeadInput, 'ifVersion'>,
  at: Date,
): Promise<ConversionPlan> {
  if (at >= expiresAt) throw new Refusal(planExpired(['plan: older than 24 hours'], 'planToken'));
  const frozen = { input: { ...input, ifVersion }, state };
  const stateOf = isProposed ? (found: ConversionPlan) => proposedState(found, input) : undefined;
  const { plan, changes } = await planAgain(records, principal, organization, frozen, at, stateOf);
  if (!plan) throw new Refusal(planExpired(changes, 'planToken'));
  return plan;
}
