import { encodeId } from '../../src/graphql/ids.ts';
import { Context } from '../../src/graphql/context.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { ConversionJobMutations } from '../../src/conversion-jobs/job.mutations.ts';
import { JobQueue } from '../../src/database/job-queue.ts';
import { itemsOf } from '../conversion/batch-sales.ts';
import { SECRET } from '../conversion/preview-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { runToEnd, start } from './jobs.ts';

let world: World;
let server: TestServer;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const none = { opportunity: { none: true } };
const JOB = `id kind state total converted refused pending cancelled createdBy { name } reverts { id }`;

test('a job is read by its id, as a node and in lists, with its counts and lines', async () => {
  const leadIds = [await sales.lead({ company: 'Acme' }), await sales.lead({ company: null })];
  const items = itemsOf(leadIds, none).map((item, index) => ({ ...item, clientRef: `row ${index}` }));
  const jobId = await start(sales, items);
  const id = encodeId('ConversionJob', jobId);
  await runToEnd(sales, jobId);
  await start(sales, items);
  const client = await server.client(sales.organization.id, Role.ANALYST);
  const data = await client.data(
    `query ($id: ID!) {
      conversionJob(id: $id) { ${JOB} lines { nodes { position clientRef state lead { id } conversion { id } userErrors { code path } } } }
      refused: conversionJob(id: $id) { lines(state: REFUSED) { totalCount nodes { position } } }
      node(id: $id) { id __typename }
      conversionJobs { totalCount nodes { state total pending } }
      ended: conversionJobs(state: SUCCEEDED) { nodes { id } }
    }`,
    { id },
  );
  expect(data).toMatchObject({
    conversionJob: {
      ...{ id, kind: 'CONVERT', state: 'SUCCEEDED', total: 2, converted: 1, refused: 1, pending: 0 },
      reverts: null,
      lines: {
        nodes: [
          {
            position: 0,
            clientRef: 'row 0',
            state: 'CONVERTED',
            lead: { id: encodeId('Lead', leadIds[0]!) },
          },
          { position: 1, state: 'REFUSED', conversion: null, userErrors: [{ code: 'INVALID_INPUT' }] },
        ],
      },
    },
    refused: { lines: { totalCount: 1, nodes: [{ position: 1 }] } },
    node: { id, __typename: 'ConversionJob' },
    conversionJobs: {
      totalCount: 2,
      nodes: [{ state: 'QUEUED', total: 2, pending: 2 }, { state: 'SUCCEEDED' }],
    },
    ended: { nodes: [{ id }] },
  });
  const stranger = await server.client((await Sales.open(world)).organization.id);
  expect(
    await stranger.data('query ($id: ID!) { conversionJob(id: $id) { id } node(id: $id) { id } }', { id }),
  ).toEqual({
    conversionJob: null,
    node: null,
  });
});

test('programs are told that a person has to start it, an analyst is forbidden to', async () => {
  const input = { items: itemsOf([await sales.lead({ company: 'Acme' })]) };
  const mutation = `mutation ($input: StartConversionJobInput!) { startConversionJob(input: $input) { job { id } userErrors { code } } }`;
  const program = await server.client(sales.organization.id, Role.SERVICE);
  expect((await program.data(mutation, { input }))['startConversionJob']).toEqual({
    job: null,
    userErrors: [{ code: 'HUMAN_REVIEW_REQUIRED' }],
  });
  const analyst = await server.client(sales.organization.id, Role.ANALYST);
  expect((await analyst.send(mutation, { input })).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
});

test('the mutations answer with the job, and hand it over', async () => {
  const queue = await JobQueue.open(world.database, () => undefined);
  const context = new Context(sales.admin, sales.organization, world.database, SECRET, queue);
  const mutations = new ConversionJobMutations();
  const items = itemsOf([await sales.lead({ company: 'Acme' })], none);
  const { job } = await mutations.startConversionJob({ items }, context);
  expect(job).toMatchObject({ state: 'QUEUED' });
  const cancelled = await mutations.cancelConversionJob({ job: job!.id }, context);
  expect(cancelled.job).toMatchObject({ id: job!.id, state: 'CANCELLED' });
  const { userErrors } = await mutations.revertConversionJob({ job: job!.id }, context);
  expect(userErrors as Data[]).toMatchObject([{ code: 'INVALID_INPUT', path: ['job'] }]);
  await context.close();
  await queue.stop();
  const { rows } = await world.owner.query('select data from pgboss.job');
  expect(rows).toHaveLength(1);
});
