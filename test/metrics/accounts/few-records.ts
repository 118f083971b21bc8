import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Tenant } from '../../../src/database/tenant.ts';
import type { StoredMetricSettings } from '../../../src/metrics/metric-settings.ts';
import type { World } from '../../support/world.ts';
import { LOST, storeAccountWorld, WON } from './account-worlds.ts';
import type { AccountWorld } from './oracle.ts';

const DAY = 86_400_000;

/** So many days ago, to the second of the clock. */
export const ago = (days: number) => Date.now() - days * DAY;

type Row<Kind extends keyof AccountWorld> = AccountWorld[Kind][number];

/** Records that matter in no way but what a test says about them; all of them a year old. */
export const some = {
  account: (given: Partial<Row<'accounts'>> = {}): Row<'accounts'> => ({
    ...{ id: uuidv7(), isTarget: false, isDeleted: false, at: ago(365) },
    ...given,
  }),
  contact: (accountId: string | null, given: Partial<Row<'contacts'>> = {}): Row<'contacts'> => ({
    ...{ id: uuidv7(), accountId, role: null, isDeleted: false, at: ago(365) },
    ...given,
  }),
  lead: (accountId: string | null, given: Partial<Row<'leads'>> = {}): Row<'leads'> => ({
    ...{ id: uuidv7(), accountId, convertedAt: null, isDeleted: false, at: ago(365) },
    ...given,
  }),
  /** An inbound one, done. */
  activity: (at: number, minutes: number | null, given: Partial<Row<'activities'>>): Row<'activities'> => ({
    ...{ id: uuidv7(), type: 'WEBINAR', direction: 'INBOUND', minutes, isOpen: false, at },
    ...{ leadId: null, contactId: null, accountId: null, ...given },
  }),
  deal: (
    accountId: string | null,
    outcome: 'open' | 'won' | 'lost' = 'open',
    given: Partial<Row<'deals'>> = {},
  ): Row<'deals'> => {
    const at = given.at ?? ago(365);
    const isClosed = outcome !== 'open';
    const state = {
      ...{ stage: isClosed ? (outcome === 'won' ? WON : LOST) : 1, isClosed, isWon: outcome === 'won' },
      ...{ category: 'PIPELINE', amount: 100_00n, currency: 'EUR', closeDate: '2026-06-01' },
    };
    return {
      ...{ id: uuidv7(), accountId, isDeleted: false, at, ownerId: null, isOfCampaign: false },
      ...{ versions: [{ from: at, ...state }], ...given },
    };
  },
};

/** Makes these the organisation's only records. */
export async function store(world: World, tenant: Tenant, given: Partial<AccountWorld>): Promise<void> {
  const nothing = { accounts: [], contacts: [], leads: [], activities: [], members: [] };
  await storeAccountWorld(world.database, tenant, {
    ...{ ...nothing, deals: [], roles: [], conversions: [], rates: [], ...given },
  });
}

export async function setSettings(
  world: World,
  { organizationId }: Tenant,
  settings: StoredMetricSettings,
): Promise<void> {
  await world.database.write({ organizationId, userId: null }, (tx) =>
    tx.query(sql`update organization set metric_settings = ${JSON.stringify(settings)}::jsonb
      where id = ${organizationId}`),
  );
}

/** The statements that an operation takes. */
export async function statementsOf(
  { database }: World,
  run: () => Promise<unknown>,
): Promise<{ text: string; values: readonly unknown[] }[]> {
  const statements: { text: string; values: readonly unknown[] }[] = [];
  const { observe } = database;
  database.observe = (text, values, tenant) => {
    observe?.(text, values, tenant);
    statements.push({ text, values });
  };
  try {
    await run();
  } finally {
    database.observe = observe;
  }
  return statements;
}
