import type { BuyingRole } from '../contacts/contact.enums.ts';
import { clientRefErrors } from '../graphql/client-ref.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { invalidInput, Refusal, type UserErrorData } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import type { Intended } from './batch-locks.ts';
import type { ConvertLeadsInput, ConvertLeadsItem } from './conversion-batch.inputs.ts';
import type { ConvertLeadInput, OpportunityTarget } from './conversion.inputs.ts';
import { frozenPlanOf } from './frozen-plan.ts';
import type { FrozenPlan } from './plan-token.ts';
import { readTargets } from './targets.ts';

/** One lead of a batch. */
export interface BatchItem {
  /** Where its input stands in the batch's. */
  path: string[];
  /** With the batch's opportunity where it is shared. */
  input: ConvertLeadInput;
  /** Where a plan token says what to do. */
  frozen: FrozenPlan | null;
  /** Does it share the opportunity with others? */
  isSharing: boolean;
  /** Null when the input alone is wrong. */
  intended: Intended | null;
  /** Why it is not converted. */
  errors: UserErrorData[];
}

/** The items with what can be said of them before anything is read. */
export async function readBatch(
  { items, shareOpportunity }: Pick<ConvertLeadsInput, 'items' | 'shareOpportunity'>,
  principal: Principal,
  organization: Organization,
  tokenSecret: Uint8Array,
): Promise<BatchItem[]> {
  const read: BatchItem[] = [];
  const places = new Map<string, number>();
  for (const [index, given] of items.entries()) {
    const item = asShared(given, index, shareOpportunity ?? null);
    try {
      const { leadId } = (item.intended = await readItem(item, principal, organization, tokenSecret));
      const former = places.get(leadId);
      if (former !== undefined) throw invalidInput('lead', `The lead is item ${former} of the batch already`);
      places.set(leadId, index);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      item.intended = null;
      item.errors.push(...errorsAt(item, error));
    }
    item.errors.push(...clientRefErrors(given.clientRef, index));
    if (given.role != null && !item.isSharing)
      item.errors.push(...notSharing(['items', String(index), 'role']).errors);
    read.push(item);
  }
  return read;
}

/** What an item is refused with, from the root of the batch's input. */
export function errorsAt({ path, isSharing }: BatchItem, refusal: Refusal): UserErrorData[] {
  return refusal.errors.map((error) => {
    const [field, ...rest] = error.path ?? [];
    if (isSharing && field === 'opportunity') return { ...error, path: ['shareOpportunity', ...rest] };
    return { ...error, path: [...path, ...(error.path ?? [])] };
  });
}

function asShared(
  { input, role }: ConvertLeadsItem,
  index: number,
  shared: OpportunityTarget | null,
): BatchItem {
  const takesShared = shared !== null && input.opportunity == null && input.planToken == null;
  const isSharing = takesShared && !shared.none;
  return {
    path: ['items', String(index), 'input'],
    input: takesShared ? { ...input, opportunity: withRole(shared, role ?? null) } : input,
    ...{ frozen: null, isSharing, intended: null, errors: [] },
  };
}

function withRole(target: OpportunityTarget, role: BuyingRole | null): OpportunityTarget {
  const { create, existing } = target;
  if (role === null) return target;
  return {
    ...target,
    ...(create && { create: { ...create, role } }),
    ...(existing && { existing: { ...existing, role } }),
  };
}

function notSharing(path: string[]): Refusal {
  return invalidInput(path, 'role is for the shared opportunity, which this lead has no part in');
}

async function readItem(
  item: BatchItem,
  principal: Principal,
  organization: Organization,
  tokenSecret: Uint8Array,
): Promise<Intended> {
  const { input } = item;
  if (input.idempotencyKey != null)
    throw invalidInput('idempotencyKey', "idempotencyKey goes to the batch's input, not to one lead of it");
  if (input.planToken != null) item.frozen = await frozenPlanOf(input, principal, tokenSecret);
  const leadId = decodeIdOrRefuse('Lead', input.lead, 'lead');
  return { leadId, targets: readTargets(item.frozen?.input ?? input, organization.currency) };
}
