import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { encodeId } from '../graphql/ids.ts';
import type { Transaction } from '../database/database.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import { type ConversionPlan, planConversion } from './conversion.plan.ts';
import { ConversionRecords } from './conversion-records.ts';
import { changesBetween, planState } from './plan-state.ts';
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
  const { idempotencyKey: _, ifVersion: __, ...asked } = input;
  // Where the records would go to who converts, that may be another person than who previews.
  const isCertain = plan.lead.ownerId && !plan.handoff;
  const owner = asked.owner ?? (isCertain ? undefined : encodeId('User', plan.ownerId));
  const frozen = { input: { ...asked, owner }, state: planState(plan, organization) };
  return { plan, planToken: await sealPlan(tokenSecret, organization.id, frozen, at) };
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

function expired(changes: string[]): Refusal {
  return new Refusal({
    code: UserErrorCode.PLAN_EXPIRED,
    message: `The plan does not hold any longer: ${changes.join('; ')}`,
    path: ['planToken'],
    changes,
  });
}

/** Refusals that say more than that the plan is outdated. */
const PASSED_ON = new Set([UserErrorCode.LEAD_CONVERTED, UserErrorCode.STALE_VERSION]);

/** Plans anew under the locks, and refuses to go on when that is not the plan that was shown. */
export async function planAsFrozen(
  records: ConversionRecords,
  principal: Principal,
  organization: Organization,
  frozen: FrozenPlan,
  { ifVersion }: Pick<ConvertLeadInput, 'ifVersion'>,
  at: Date,
): Promise<ConversionPlan> {
  if (at >= frozen.expiresAt) throw expired(['plan: older than 24 hours']);
  const asked = { ...frozen.input, ifVersion };
  const plan = await planConversion(records, principal, organization, asked, at).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.errors.some(({ code }) => PASSED_ON.has(code))) throw error;
    throw expired(error.errors.map(({ message }) => message));
  });
  const changes = changesBetween(frozen.state, planState(plan, organization));
  if (changes.length > 0) throw expired(changes);
  return plan;
}
