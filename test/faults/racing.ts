import { setTimeout as sleep } from 'node:timers/promises';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Sales } from '../conversion/sales.ts';
import type { Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { runs } from '../support/runs.ts';
import { type Remote, type Servers, startServers } from '../support/served.ts';
import { openWorld, type World } from '../support/world.ts';

/** Nothing is timed: a round takes long on a busy machine. */
export const PATIENCE = 600_000;
export const ROUNDS = Array.from({ length: runs(30) }, (_, index) => index);
export const CONVERTED = 'conversion { id accountOutcome } account { id } contact { id } opportunity { id }';
export const none = { opportunity: { none: true } };

/** Two server processes on one database, and for each test an organisation that talks to both. */
export class Racing {
  private world!: World;
  private servers!: Servers;
  sales!: Sales;
  one!: Remote;
  other!: Remote;

  /** For the tests of a file; after each of them the invariants hold, and no server has met an error it did not expect. */
  static ofThisFile(): Racing {
    const racing = new Racing();
    beforeAll(async () => {
      racing.world = await openWorld();
      racing.servers = await startServers(racing.world);
    }, PATIENCE);
    beforeEach(async () => {
      const sales = (racing.sales = await Sales.open(racing.world));
      const admins = await racing.servers.admins({ ...sales.organization, adminId: sales.ownerId });
      [racing.one, racing.other] = admins as [Remote, Remote];
    });
    afterEach(async () => {
      expect(await checkOrganization(racing.world.database, racing.sales.organization.id)).toEqual([]);
      for (const { output } of racing.servers.running)
        expect(output).not.toMatch(/internal error|unhandled|deadlock/);
    });
    afterAll(async () => {
      await racing.servers.close();
      await racing.world.close();
    });
    return racing;
  }

  /** Conversions of a lead that stand, or those undone. */
  conversionsOf(leadId: string, isReverted = false) {
    return this.sales.rows<{ id: string; account_id: string }>(
      'lead_conversion',
      `lead_id = '${leadId}' and (reverted_at is not null) = ${isReverted}`,
    );
  }
}

/** Both at once; in some rounds one of them gets a start, so that each comes first some time. */
export async function race<A, B>(
  round: number,
  left: () => Promise<A>,
  right: () => Promise<B>,
): Promise<[A, B]> {
  const after = (milliseconds: number) => (milliseconds > 0 ? sleep(milliseconds) : Promise.resolve());
  const lead = (round % 5) * 6 - 12;
  return await Promise.all([after(-lead).then(left), after(lead).then(right)]);
}

export const convert = (at: Remote, leadId: string, input: Data = none) =>
  mutate(at, 'convertLead', { lead: encodeId('Lead', leadId), ...input }, CONVERTED);
export const revert = (at: Remote, conversion: string) =>
  mutate(at, 'revertConversion', { conversion }, 'conversion { id revertedAt }');

/** The code it was refused with, or `DONE`. */
export const codeOf = ({ userErrors }: Data): string => userErrors[0]?.code ?? 'DONE';
