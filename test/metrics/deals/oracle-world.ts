/** The rows metrics are computed from, as the oracle holds them, and the world as it was known at a moment. */

/** What has a history. */
export interface State {
  /** Position among the stages, from 1. */
  stage: number;
  /** Minor units. */
  amount: bigint | null;
  currency: string;
  probability: number;
  category: string;
  closeDate: string;
  isClosed: boolean;
  isWon: boolean;
}

export interface Deal {
  id: string;
  accountId: string | null;
  ownerId: string | null;
  campaignId: string | null;
  source: string | null;
  /** The value of the custom field `segment`. */
  segment: string | null;
  createdAt: Date;
  isDeleted: boolean;
  /** The first one begins when the deal was created; each ends when the next begins. */
  versions: (State & { from: Date })[];
}

export interface Account {
  id: string;
  name: string;
  tier: number | null;
  industry: string | null;
  country: string | null;
  type: string | null;
  /** The value of the custom field `region`. */
  region: string | null;
  parentId: string | null;
  mergedIntoId: string | null;
}

export interface Rate {
  currency: string;
  from: string;
  /** Units of the organisation's currency for one unit, times 10^6. */
  millionths: bigint;
}

export interface Target {
  ownerId: string | null;
  from: string;
  to: string;
  amount: bigint;
}

export interface OracleWorld {
  currency: string;
  timeZone: string;
  fiscalMonth: number;
  accounts: Account[];
  users: { id: string; name: string; team: string | null }[];
  campaigns: { id: string; name: string }[];
  rates: Rate[];
  targets: Target[];
  deals: Deal[];
}

/** A deal as it was at a moment. */
export type DealThen = Omit<Deal, 'versions'> & State & { first: State };

export const latest = (deal: Deal): State => deal.versions.at(-1)!;

/** The deals there were at a moment that are not deleted today. */
export function dealsAt(world: OracleWorld, moment: number): DealThen[] {
  return world.deals.flatMap(({ versions, ...deal }) => {
    if (deal.isDeleted || deal.createdAt.getTime() > moment) return [];
    const state = versions.findLast(({ from }) => from.getTime() <= moment);
    return state ? [{ ...deal, ...state, first: versions[0]! }] : [];
  });
}

/** An account and all below it. */
export function familyOf(world: OracleWorld, accountId: string): Set<string> {
  const family = new Set([accountId]);
  for (const member of family)
    for (const { id, parentId, mergedIntoId } of world.accounts)
      if (parentId === member && mergedIntoId === null) family.add(id);
  return family;
}

/** Texts that are the same but for their case and accents have the same key. */
export function folded(text: string | null): string | null {
  return text === null ? null : text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
