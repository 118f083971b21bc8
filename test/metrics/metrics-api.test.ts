import 'reflect-metadata';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { dealMetricKeys } from '../../src/metrics/deals/deal-definitions.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { v7 as uuidv7 } from 'uuid';
import { openWorld, type World } from '../support/world.ts';
import { type Answer, openApi } from './ask.ts';
import { type Given, someAccount, someWorld } from './deals/some-deals.ts';
import { storeWorld } from './deals/store.ts';

const KEYS = [
  ...[
    'openPipeline',
    'weightedPipeline',
    'pipelineCreated',
    'won',
    'lost',
    'winRate',
    'winRateByValue',
    'closeRate',
  ],
  ...[
    'averageDealSize',
    'medianDealSize',
    'salesCycle',
    'velocity',
    'coverage',
    'forecast',
    'slipped',
    'movement',
  ],
  ...[
    'stageConversion',
    'stageDuration',
    'threading',
    'leadConversionCohort',
    'leadConversionPeriod',
    'toContact',
  ],
  ...['toAccount', 'toOpportunity', 'timeToConversion', 'speedToLead', 'leadAging', 'stagnant', 'ambiguity'],
  ...['sourceEffectiveness', 'handoff', 'contactCoverage', 'buyingGroupCoverage', 'reach', 'penetration'],
  ...[
    'engagementMinutes',
    'journeyStage',
    'mqa',
    'tierPipeline',
    'sourced',
    'influenced',
    'leadSourcedRevenue',
  ],
];

const metricKeys = dealMetricKeys
  .slice(0, 7)
  .concat(['averageDealSize', 'medianDealSize', 'salesCycle', 'velocity']);

let world: World;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

async function organization(settings: { currency?: string; timeZone?: string; accounts?: number } = {}) {
  const { accounts = 3, ...input } = settings;
  const made = await world.organization(input);
  const names = Array.from({ length: accounts }, (_, index) => `Account ${String(index).padStart(3, '0')}`);
  const known = names.map((name) => someAccount({ name }));
  /** Makes these the only deals, at these accounts. */
  const store = (deals: Given[]) =>
    storeWorld(world.database, made.tenant, someWorld(deals, { accounts: known }));
  await store([]);
  return { ...made, accountIds: known.map(({ id }) => id), store };
}

const records = 'records(first: $first) { totalCount nodes { id } }';
const money = '{ amount currency }';
const allMetrics = `
  fragment Amount on AmountMetric { count amount ${money} amountMissing unconverted ${money} definition { key } ${records} }
  fragment Rate on RateMetric { value numerator denominator definition { key } ${records} }
  fragment Money on MoneyMetric { value ${money} count definition { key } ${records} }
  fragment All on SalesMetrics {
    openPipeline { ...Amount } weightedPipeline { ...Amount } pipelineCreated { ...Amount } won { ...Amount } lost { ...Amount }
    winRate { ...Rate } winRateByValue { ...Rate }
    averageDealSize { ...Money } medianDealSize { ...Money } velocity { ...Money }
    salesCycle { meanDays medianDays p90Days count negative definition { key } ${records} }
  }`;

test('a page of 20 accounts takes as many statements as a page of 1, all bound to the organisation', async () => {
  const one = await organization({ accounts: 20 });
  await one.store(
    one.accountIds.flatMap((accountId) => [
      { accountId },
      { accountId, isWon: true },
      { accountId, isWon: true, currency: 'USD' },
    ]),
  );
  const query = `${allMetrics}
    query Page($page: Int, $first: Int) { accounts(first: $page) { nodes { id metrics { ...All } } } }`;
  const statements: { text: string; values: readonly unknown[] }[] = [];
  const countOf = async (page: number) => {
    statements.length = 0;
    world.database.observe = (text, values) => statements.push({ text, values });
    const { data, errors } = await compiled.ask(one, query, { page, first: 5 });
    world.database.observe = undefined;
    expect(errors).toEqual([]);
    expect(data!.accounts.nodes).toHaveLength(page);
    for (const node of data!.accounts.nodes) {
      for (const key of metricKeys) expect(node.metrics[key]).toMatchObject({ definition: { key } });
      expect(node.metrics).toMatchObject({ won: { count: 2, records: { totalCount: 2 } } });
    }
    for (const { text, values } of statements) {
      expect(text).toContain('organization_id = $');
      expect(values).toContain(one.id);
    }
    return statements.length;
  };
  // accounts, metrics, and a page and a count of records for each of the 11 metrics
  expect(await countOf(1)).toBe(2 + 2 * metricKeys.length);
  expect(await countOf(20)).toBe(2 + 2 * metricKeys.length);
});

test('a metric that is not selected is not computed', async () => {
  const one = await organization();
  const texts: string[] = [];
  world.database.observe = (text) => texts.push(text);
  await compiled.ask(one, '{ metrics { ... on SalesMetrics { winRate { value } } } }');
  await compiled.ask(one, '{ metrics { __typename } }');
  world.database.observe = undefined;
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain('"winRate.value"');
  expect(texts[0]).not.toMatch(/percentile|salesCycle|union/);
});

test('two windows of one account stand side by side', async () => {
  const one = await organization({ accounts: 1 });
  const accountId = one.accountIds[0]!;
  await one.store([
    { accountId, isWon: true, closeDate: '2025-12-31' },
    { accountId, isWon: true, closeDate: '2026-01-01' },
    { accountId, isWon: true, closeDate: '2026-12-31' },
  ]);
  const { data } = await compiled.ask(
    one,
    `query Years($id: ID!) {
      account(by: { id: $id }) {
        before: metrics(window: { to: "2026-01-01" }) { won { count records { totalCount } } }
        after: metrics(window: { from: "2026-01-01" }) { won { count records { totalCount } } }
        ever: metrics(window: { named: ALL_TIME }) { won { count records { totalCount } } }
      }
    }`,
    { id: encodeId('Account', accountId) },
  );
  const counted = (count: number) => ({ won: { count, records: { totalCount: count } } });
  expect(data!.account).toEqual({ before: counted(1), after: counted(2), ever: counted(3) });
});

test('records are paged by cursor, in order of close date, and meet every row once', async () => {
  const one = await organization({ accounts: 1 });
  const accountId = one.accountIds[0]!;
  const deals = Array.from({ length: 7 }, (_, index) => ({
    ...{ id: uuidv7(), accountId, isWon: true, closeDate: `2026-02-0${(index % 3) + 1}` },
  }));
  await one.store([...deals, { accountId }]);
  const query = `query Won($id: ID!, $after: String) {
    metrics { won { records(first: 3, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } } }
    account(by: { id: $id }) {
      metrics { won { records(first: 3, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } } }
    }
  }`;
  const met: string[] = [];
  for (let after: string | null = null, page = 0; page === 0 || after !== null; page++) {
    const { data }: Answer = await compiled.ask(one, query, {
      id: encodeId('Account', accountId),
      after,
    });
    const whole = data!.metrics.won.records;
    expect(data!.account.metrics.won.records).toEqual(whole);
    expect(whole.totalCount).toBe(7);
    met.push(...whole.nodes.map((node) => parseId(node.id)!.uuid));
    after = whole.pageInfo.hasNextPage ? whole.pageInfo.endCursor : null;
  }
  const order = deals.toSorted((a, b) => (a.closeDate + a.id < b.closeDate + b.id ? -1 : 1));
  expect(met).toEqual(order.map(({ id }) => id));
});

test('a scope restricts by account and by opportunity; both conditions hold; records obey it', async () => {
  const one = await organization();
  const [first, second] = one.accountIds;
  await one.store([
    { accountId: first, amount: 1_00n },
    { accountId: first, amount: 20_00n },
    { accountId: second, amount: 300_00n },
    { amount: 4000_00n },
  ]);
  const open = async (scope: unknown) => {
    const { data, errors } = await compiled.ask(
      one,
      `query Open($scope: MetricScope) {
        metrics(scope: $scope) { openPipeline { count amount { amount } records { totalCount } } }
      }`,
      { scope },
    );
    expect(errors).toEqual([]);
    const { count, amount, records } = data!.metrics.openPipeline;
    expect(records.totalCount).toBe(count);
    return amount.amount;
  };
  expect(await open(null)).toBe('4321.00');
  expect(await open({})).toBe('4321.00');
  expect(await open({ account: { name: { eq: 'Account 000' } } })).toBe('21.00');
  expect(await open({ opportunity: { amount: { gte: '20' } } })).toBe('4320.00');
  expect(
    await open({ account: { name: { contains: 'account' } }, opportunity: { amount: { gte: '20' } } }),
  ).toBe('320.00');
  expect(await open({ account: { not: { name: { eq: 'Account 000' } } } })).toBe('300.00');
});

test("another organisation's opportunities count nowhere", async () => {
  const one = await organization();
  const other = await organization();
  await other.store([{ accountId: other.accountIds[0], isWon: true }]);
  const { data } = await compiled.ask(
    one,
    `query Foreign($id: ID!) {
      account(by: { id: $id }) { metrics { won { count } } }
      all: metrics { won { count } }
      scoped: metrics(scope: { opportunity: { account: { eq: $id } } }) { won { count } }
    }`,
    { id: encodeId('Account', other.accountIds[0]!) },
  );
  expect(data).toEqual({ account: null, all: { won: { count: 0 } }, scoped: { won: { count: 0 } } });
});

test.each([
  ['window.named', { named: 'THIS_YEAR', from: '2026-01-01' }],
  ['window.to', { from: '2026-02-01', to: '2026-01-31' }],
  ['window.timeZone', { timeZone: 'Europe/Atlantis' }],
])('a window that can not be is refused at %s', async (argument, window) => {
  const one = await organization();
  for (const field of ['metrics(window: $window)', 'accounts { nodes { metrics(window: $window)']) {
    const query = `query Refused($window: WindowInput) { ${field} { won { count } } ${'}'.repeat(field.split('{').length)}`;
    for (const api of [compiled, interpreted]) {
      const { data, errors } = await api.ask(one, query, { window });
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      expect(errors[0]!.message).toContain(argument);
    }
  }
});

test('the catalogue lists every metric with formula, unit and value over no rows, as its field is described', async () => {
  const one = await organization();
  const { data } = await compiled.ask(
    one,
    `{ metricDefinitions { key label formula unit emptyValue }
       __type(name: "SalesMetrics") { fields { name description } } }`,
  );
  const definitions = data!.metricDefinitions;
  const keys = definitions.map((definition) => definition.key);
  expect(keys).toHaveLength(catalogue().size);
  expect(new Set(keys).size).toBe(keys.length);
  // as the design's catalogue calls them
  expect(keys).toEqual(expect.arrayContaining(KEYS));
  expect(definitions.find(({ key }) => key === 'winRate')).toEqual({
    key: 'winRate',
    label: 'Win rate',
    formula: 'won ÷ (won + lost), by number, with closeDate in the window. Open opportunities are not in it.',
    unit: 'RATIO',
    emptyValue: 'null',
  });
  for (const { key, formula, emptyValue } of definitions) {
    const field = data!.__type.fields.find(({ name }) => name === key);
    if (!field) continue;
    expect(field.description).toContain(formula);
    expect(field.description).toContain(`Over no rows: ${emptyValue}.`);
  }
});
