import { setTimeout as sleep } from 'node:timers/promises';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Sales } from '../conversion/sales.ts';
import type { Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { runs } from '../support/runs.ts';
import { type Remote, type Servers, startServers } from '../support/served.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let servers: Servers;
let sales: Sales;
let one: Remote;
let other: Remote;
beforeAll(async () => {
  world = await openWorld();
  servers = await startServers(world);
}, 120_000);
beforeEach(async () => {
  sales = await Sales.open(world);
  const admins = await servers.admins({ ...sales.organization, adminId: sales.ownerId });
  [one, other] = admins as [Remote, Remote];
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  for (const { output } of servers.running) expect(output).not.toMatch(/internal error|unhandled/);
});
afterAll(async () => {
  await servers.close();
  await world.close();
});

/** Nothing is timed: a round takes long on a busy machine. */
const PATIENCE = 600_000;
const ROUNDS = Array.from({ length: runs(30) }, (_, index) => index);
const codeOf = ({ userErrors }: Data): string => userErrors[0]?.code ?? 'DONE';

test(
  'converting into an account races its merge at the other server: the survivor has it all',
  async () => {
    for (const round of ROUNDS) {
      const survivor = encodeId('Account', await sales.account(`Survivor ${round}`));
      const duplicate = encodeId('Account', await sales.account(`Company ${round}`));
      const leadId = await sales.lead({ company: `Company ${round}` });
      const lead = encodeId('Lead', leadId);
      // now named, now found
      const account = round % 2 ? { existing: duplicate } : { matchOrCreate: true };
      const start = (round % 5) * 6 - 12;
      const [converted, merged] = await Promise.all([
        sleep(Math.max(0, start)).then(() =>
          mutate(one, 'convertLead', { lead, account }, 'account { id } contact { id } opportunity { id }'),
        ),
        sleep(Math.max(0, -start)).then(() =>
          mutate(other, 'mergeAccounts', { survivor, duplicates: [duplicate] }, 'account { id }'),
        ),
      ]);
      expect([round, codeOf(converted), codeOf(merged)]).toEqual([round, 'DONE', 'DONE']);
      const { data } = await one.send(
        `query ($lead: ID!, $duplicate: ID!) { lead(by: { id: $lead }) { conversion { account { id } contact { account { id } }
          opportunity { account { id } } } } account(by: { id: $duplicate }) { id conversions { totalCount } } }`,
        { lead, duplicate },
      );
      const at = { account: { id: survivor } };
      expect(data).toEqual({
        lead: { conversion: { ...at, contact: at, opportunity: at } },
        account: { id: survivor, conversions: { totalCount: 1 } },
      });
    }
  },
  PATIENCE,
);

test(
  'approving races rejecting at the other server: one decides, the other is told',
  async () => {
    for (const round of ROUNDS) {
      const lead = encodeId('Lead', await sales.lead({ company: `Company ${round}` }));
      const { proposal } = await mutate(one, 'proposeConversion', { lead }, 'proposal { id }');
      const input = { proposal: proposal.id };
      const start = (round % 5) * 6 - 12;
      const [approved, rejected] = await Promise.all([
        sleep(Math.max(0, start)).then(() => mutate(one, 'approveConversion', input, 'conversion { id }')),
        sleep(Math.max(0, -start)).then(() => mutate(other, 'rejectConversion', input, 'proposal { state }')),
      ]);
      const codes = [codeOf(approved), codeOf(rejected)];
      expect(codes.toSorted()).toEqual(['DONE', 'PROPOSAL_NOT_OPEN']);
      const isApproved = codes[0] === 'DONE';
      const { data } = await other.send(
        'query ($id: ID!, $lead: ID!) { node(id: $id) { ... on ConversionProposal { state conversion { id } } } lead(by: { id: $lead }) { isConverted } }',
        { id: proposal.id, lead },
      );
      expect(data).toEqual({
        node: {
          state: isApproved ? 'APPROVED' : 'REJECTED',
          conversion: isApproved ? { id: approved.conversion.id } : null,
        },
        lead: { isConverted: isApproved },
      });
    }
  },
  PATIENCE,
);
