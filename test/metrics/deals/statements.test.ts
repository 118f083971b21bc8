import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { type Asker, type MetricsWorld, openMetrics } from './api.ts';
import { everyMetric } from './selection.ts';
import { someAccount, someWorld } from './some-deals.ts';

let world: MetricsWorld;
let asker: Asker;
beforeAll(async () => {
  world = await openMetrics();
  asker = await world.asker();
});
afterAll(() => world.close());

/** The statements a query takes, each of which must bind the organisation; its answer is looked at, too. */
async function statementsOf(query: string, variables?: Data, look: (data: Data) => void = () => undefined) {
  const texts: string[] = [];
  const { observe } = world.database;
  world.database.observe = (text, values, tenant) => {
    observe?.(text, values, tenant);
    texts.push(text);
  };
  try {
    look(await asker.ask(query, variables));
  } finally {
    world.database.observe = observe;
  }
  return texts;
}

/** So many accounts, owners and months with deals won, lost and open, in three currencies. */
function busy(size: number) {
  const accounts = Array.from({ length: size }, (_, index) =>
    someAccount({ name: `Account ${index}`, tier: (index % 9) + 1 }),
  );
  const users = Array.from({ length: size }, (_, index) => ({
    id: uuidv7(),
    name: `U${index}`,
    team: `T${index}`,
  }));
  const deals = accounts.flatMap(({ id: accountId }, index) => {
    const closeDate = `2024-${String((index % 12) + 1).padStart(2, '0')}-15`;
    const ownerId = users[index]!.id;
    return ['EUR', 'USD', 'JPY'].flatMap((currency) => [
      { accountId, ownerId, currency, closeDate, isWon: true },
      { accountId, ownerId, currency, closeDate },
    ]);
  });
  const rates = [{ currency: 'USD', from: '2020-01-01', millionths: 900_000n }];
  const targets = [{ ownerId: users[0]!.id, from: '2024-01-01', to: '2025-01-01', amount: 1n }];
  return someWorld(deals, { accounts, users, rates, targets });
}

const YEAR = 'window: { from: "2024-01-01", to: "2025-01-01", compare: PREVIOUS }';

test.each([
  [
    'groups',
    `${everyMetric} { metricGroups(by: [OWNER], ${YEAR}) { key { label owner { name } } metrics { ...All } } }`,
  ],
  [
    'groups beside others',
    `${everyMetric} { metricGroups(by: [OWNER, MONTH], ${YEAR}, first: 1) { key { label } metrics { ...All } } }`,
  ],
  [
    'accounts',
    `${everyMetric} { accounts(first: 50) { nodes { metrics(${YEAR}) { ...All } family: metrics(${YEAR}, includeChildren: true) { ...Own } } } }`,
  ],
  [
    'people',
    `${everyMetric} query People($people: [ID!]!) { nodes(ids: $people) { ... on User { metrics(${YEAR}) { ...All } } } }`,
  ],
])('%s take as many statements whatever their number', async (_what, query) => {
  const taken = async (size: number) => {
    const generated = busy(size);
    await asker.store(generated);
    return await statementsOf(query, { people: generated.users.map(({ id }) => encodeId('User', id)) });
  };
  const few = await taken(2);
  const many = await taken(20);
  expect(many).toHaveLength(few.length);
  expect(few.length).toBeLessThanOrEqual(8);
});

test('a series of 366 days takes as many statements as one of a year', async () => {
  await asker.store(busy(12));
  const query = `${everyMetric} query Series($interval: Interval!) {
    metricSeries(interval: $interval, window: { from: "2024-01-01", to: "2025-01-01" }) { from metrics { ...All } } }`;
  const year = await statementsOf(query, { interval: 'YEAR' });
  const days = await statementsOf(query, { interval: 'DAY' }, ({ metricSeries }) =>
    expect(metricSeries).toHaveLength(366),
  );
  expect(days).toHaveLength(year.length);
  expect(year.length).toBeLessThanOrEqual(3);
});

test('a number is one statement, and looks at nothing that is not asked for', async () => {
  await asker.store(busy(3));
  for (const query of [
    '{ metrics { won { count } } }',
    '{ metricGroups(by: [TIER]) { key { label } metrics { won { count } } } }',
    '{ metricSeries(interval: MONTH, window: { from: "2024-01-01", to: "2025-01-01" }) { metrics { won { count } } } }',
    '{ accounts(first: 1) { nodes { metrics { won { count } } } } }',
  ]) {
    const texts = (await statementsOf(query)).filter((text) => text.includes('opportunity'));
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toMatch(/percentile|sales_target|salesCycle|velocity|"lost\./);
  }
});

test('what @skip or @include leaves out is not looked at either, whatever an earlier request asked for', async () => {
  await asker.store(busy(3));
  const query = `query Some($all: Boolean!) {
    metrics { openPipeline { count } salesCycle @include(if: $all) { p90Days } ...More @skip(if: true) }
    leadMetrics { created { count } converted @include(if: $all) { count } }
  }
  fragment More on SalesMetrics { lost { count } }`;
  for (const all of [true, false, true]) {
    const texts = await statementsOf(query, { all }, (data) => {
      expect('salesCycle' in data['metrics']).toBe(all);
      expect(data['metrics'].openPipeline.count).toBe(9);
    });
    expect(texts.join()).toContain('openPipeline.');
    expect(texts.join()).not.toContain('lost.');
    expect(texts.join().includes('salesCycle.')).toBe(all);
    expect(texts.join().includes('leadsConverted.')).toBe(all);
  }
});

test('only what lists amounts in other currencies looks for them, and only coverage for targets', async () => {
  await asker.store(busy(3));
  const plain = await statementsOf('{ metrics { won { count amount { amount } } } }');
  const listed = await statementsOf('{ metrics { won { count amount { amount } unconverted { amount } } } }');
  expect([plain.length, listed.length]).toEqual([1, 1]);
  expect(plain[0]).not.toContain('union all');
  expect(listed[0]).toContain('union all');
  const covered = await statementsOf('{ metrics { won { count } coverage { value } } }');
  expect(covered.filter((text) => text.includes('sales_target'))).toHaveLength(1);
});

test('the compared window is not looked at unless it is asked for', async () => {
  await asker.store(busy(3));
  expect(await statementsOf(`{ metrics(${YEAR}) { won { count } } }`)).toHaveLength(1);
  expect(
    await statementsOf(`{ metrics(${YEAR}) { won { count } comparison { won { count } } } }`),
  ).toHaveLength(2);
});
