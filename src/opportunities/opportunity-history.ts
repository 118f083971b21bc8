import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { type OpportunityEntity, OpportunityVersionEntity } from './opportunity.entity.ts';

const tracked = [
  'stageId',
  'amount',
  'currency',
  'probability',
  'forecastCategory',
  'closeDate',
  'isClosed',
  'isWon',
] as const satisfies (keyof OpportunityEntity & keyof OpportunityVersionEntity)[];

export type TrackedState = Pick<OpportunityEntity, (typeof tracked)[number]>;

export function trackedState(of: TrackedState): TrackedState {
  const { stageId, amount, currency, probability, forecastCategory, closeDate, isClosed, isWon } = of;
  return { stageId, amount, currency, probability, forecastCategory, closeDate, isClosed, isWon };
}

export function sameTrackedState(a: TrackedState, b: TrackedState): boolean {
  return tracked.every((column) => a[column] === b[column]);
}

/** Appends the opportunity's present state to its history from `at` on; nothing when no tracked field changed. */
export async function recordVersion(
  tx: Transaction,
  opportunity: OpportunityEntity,
  at: Date,
): Promise<void> {
  const { organizationId } = tx.tenant;
  const current = await tx.em.findOne(OpportunityVersionEntity, {
    organizationId,
    opportunityId: opportunity.id,
    validTo: null,
  });
  const state = trackedState(opportunity);
  if (current && sameTrackedState(current, state)) return;
  if (current && current.validFrom >= at) {
    // A second change within one millisecond: an interval can't be empty, the later state stands.
    tx.em.assign(current, state);
    return;
  }
  if (current) {
    current.validTo = at;
    // MikroORM inserts before it updates; two current versions at once would violate the unique index.
    await tx.em.flush();
  }
  tx.em.create(OpportunityVersionEntity, {
    organizationId,
    id: uuidv7(),
    opportunityId: opportunity.id,
    ...state,
    validFrom: at,
    validTo: null,
  });
}
