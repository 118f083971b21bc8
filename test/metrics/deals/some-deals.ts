import { v7 as uuidv7 } from 'uuid';
import type { Account, Deal, OracleWorld, State } from './oracle-world.ts';

/** A deal that matters in no way but what a test says about it; `later` are its later states, each by its first moment. */
export type Given = Partial<Omit<Deal, 'versions'>> &
  Partial<Omit<State, 'stage' | 'isClosed'>> & { isClosed?: boolean; later?: [at: string, Partial<State>][] };

const OPEN = { stage: 1, isClosed: false, isWon: false };
export const WON = { stage: 9, isClosed: true, isWon: true, category: 'CLOSED' };
export const LOST = { stage: 10, isClosed: true, isWon: false, category: 'OMITTED' };

export function someDeal({
  later = [],
  isWon = false,
  isClosed = isWon,
  amount = 100_00n,
  currency = 'EUR',
  probability = 50,
  category,
  closeDate = '2024-02-01',
  createdAt = new Date('2024-01-01T12:00:00Z'),
  ...rest
}: Given): Deal {
  const stage = isWon ? WON : isClosed ? LOST : { ...OPEN, category: 'PIPELINE' };
  const first = {
    ...{ amount, currency, probability, closeDate, ...stage, from: createdAt },
    ...(category && { category }),
  };
  const versions = [first];
  for (const [at, change] of later) versions.push({ ...versions.at(-1)!, ...change, from: new Date(at) });
  return {
    ...{ id: uuidv7(), accountId: null, ownerId: null, campaignId: null, source: null, segment: null },
    ...{ isDeleted: false, ...rest, createdAt, versions },
  };
}

export function someAccount(given: Partial<Account>): Account {
  const nothing = { tier: null, industry: null, country: null, type: null, region: null };
  return { id: uuidv7(), name: 'Account', ...nothing, parentId: null, mergedIntoId: null, ...given };
}

export function someWorld(deals: Given[], rest: Partial<OracleWorld> = {}): OracleWorld {
  return {
    ...{ currency: 'EUR', timeZone: 'Europe/Berlin', fiscalMonth: 1, accounts: [], users: [], campaigns: [] },
    ...{ rates: [], targets: [], ...rest, deals: deals.map(someDeal) },
  };
}
