import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world, 'compiled');
  client = await server.client((await world.organization()).id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const MANY = [
  'won',
  'lost',
  'openPipeline',
  'pipelineCreated',
  'weightedPipeline',
  'slipped',
  'leadSourcedRevenue',
];
const dozen = `{ ${MANY.map((name) => `${name} { count amount { amount } unconverted { amount currency } definition { label } }`).join(' ')}
  winRate { value definition { label } } coverage { value } averageDealSize { value { amount } } salesCycle { medianDays } velocity { value { amount } } }`;
const SERIES = (metrics: string) => `query ($window: WindowInput!, $interval: Interval!) {
  metricSeries(window: $window, interval: $interval) { from metrics ${metrics} } }`;
const rows = '{ won { records(first: 100) { nodes { id account { name } owner { name } } } } }';

const refused = async (query: string, variables?: Data) =>
  (await client.sendOnce(query, variables)).errors?.[0];

test.each([
  ['12 months', 'MONTH', { named: 'LAST_12_MONTHS' }],
  ['a year of weeks', 'WEEK', { named: 'THIS_YEAR' }],
  ['60 days', 'DAY', { from: '2026-01-01', to: '2026-03-02' }],
  ['five years of months', 'MONTH', { from: '2021-01-01', to: '2026-01-01' }],
])('a dashboard of a dozen metrics over %s passes', async (_what, interval, window) => {
  expect(await refused(SERIES(dozen), { interval, window })).toBeUndefined();
});

test('a series counts as many periods as its window has, whichever was asked before', async () => {
  const asked = (interval: string, window: Data) => refused(SERIES(rows), { interval, window });
  const quarter = { from: '2026-01-01', to: '2026-04-01' };
  const years = { from: '2021-01-01', to: '2026-01-01' };
  const year = { from: '2025-01-01', to: '2025-12-31' };
  const large = { extensions: { code: 'OPERATION_TOO_LARGE' } };
  expect(await asked('MONTH', quarter)).toBeUndefined();
  expect(await asked('DAY', year)).toMatchObject(large);
  expect(await asked('MONTH', years)).toBeUndefined();
  expect(await asked('WEEK', years)).toBeUndefined();
  const days = (await asked('DAY', year))!.extensions!['objects'] as number;
  const daysMore = (await asked('DAY', { ...year, to: '2026-01-31' }))!.extensions!['objects'] as number;
  // each period has a page of a hundred deals, of three objects each, and four objects around it
  expect([days - 3_000, daysMore - 3_000].map((cost) => cost / 304)).toEqual([364, 395]);
});

test('campaigns, pairs of stages and other lists without pages count as what they may hold', async () => {
  const page = 'records(first: 100) { nodes { id account { name } } }';
  const objects = async (query: string) => (await refused(query))?.extensions?.['objects'];
  const influence = (records: string) =>
    `{ campaignInfluence(model: FIRST) { label records(first: ${records}) { nodes { account { owner { name } activities(first: 20) { nodes { id } } } } } } }`;
  expect(await objects(influence('100'))).toBeGreaterThan(200_000);
  expect(await objects(influence('1'))).toBeUndefined();
  const stages = (args: string, times: number) =>
    `{ ${Array.from({ length: times }, (_, index) => `s${index}: metrics { stageConversion${args} { from { name } to { name } rate { value ${page} } } }`).join(' ')} }`;
  expect(await objects(stages('', 10))).toBeUndefined();
  expect(await objects(stages('(allPairs: true)', 10))).toBe(10 * (3_000 + 45 * 205));
});

test('an operation of thirty heavy metrics is refused, one of thirty plain ones is not', async () => {
  const aliases = (metrics: string) =>
    `{ ${Array.from({ length: 30 }, (_, index) => `m${index}: metrics ${metrics}`).join(' ')} }`;
  expect(await refused(aliases('{ won { count } }'))).toBeUndefined();
  expect(
    await refused(
      aliases(
        '{ won { count records(first: 100) { nodes { id stage { name } stageHistory { stage { name } } } } } }',
      ),
    ),
  ).toMatchObject({ extensions: { code: 'OPERATION_TOO_LARGE' } });
});

test('the refusal says what to do, for queries and for mutations', async () => {
  const wide =
    '{ accounts(first: 100) { nodes { contacts(first: 100) { nodes { opportunities(first: 100) { nodes { id } } } } } } }';
  expect((await refused(wide))!.message).toMatch(/smaller pages or fewer groups \(first\)/);
  const mutations = Array.from(
    { length: 120 },
    (_, index) => `m${index}: createAccount(input: { name: "A" }) { account { id } }`,
  );
  const { message } = (await refused(`mutation { ${mutations.join(' ')} }`))!;
  expect(message).toMatch(/smaller batches or fewer mutations/);
  expect(message).not.toContain('first');
});

const FILTER =
  'query ($only: AccountFilter, $scope: MetricScope) { accounts(filter: $only) { totalCount } metrics(scope: $scope) { won { count } } }';
const conditions = (count: number) => Array.from({ length: count }, () => ({ isTarget: true }));

test.each([
  ['and', { only: { and: conditions(5_000) } }, 'only'],
  ['or', { only: { or: conditions(5_000) } }, 'only'],
  ['nested', { only: { not: { and: [{ or: conditions(60) }, { or: conditions(60) }] } } }, 'only'],
  ['in a scope', { scope: { opportunity: { or: conditions(5_000) } } }, 'scope.opportunity'],
])('thousands of conditions are refused before they are read: %s', async (_what, variables, argument) => {
  const answer = await client.sendOnce(FILTER, variables);
  expect(answer).toMatchObject({
    status: 400,
    errors: [
      {
        message: `${argument} has more than 100 conditions`,
        extensions: { code: 'BAD_USER_INPUT', argument },
      },
    ],
  });
});

test('ninety-nine conditions, one of them null, are a filter', async () => {
  const variables = { only: { name: null, or: conditions(98) } };
  expect(await client.data(FILTER, variables)).toMatchObject({ accounts: { totalCount: 0 } });
});
