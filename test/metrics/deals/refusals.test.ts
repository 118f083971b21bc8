import 'reflect-metadata';
import { Role } from '../../../src/identity/identity.enums.ts';
import { callerOf } from '../../support/graphql.ts';
import { type Asker, type MetricsWorld, openMetrics } from './api.ts';
import { someWorld } from './some-deals.ts';

let world: MetricsWorld;
let asker: Asker;
beforeAll(async () => {
  world = await openMetrics();
  asker = await world.asker();
  await asker.store(someWorld([{ isWon: true }, {}]));
});
afterAll(() => world.close());

const groups = `query Groups($by: [MetricDimension!]!, $customField: CustomDimensionInput, $orderBy: MetricGroupOrder,
    $having: [MetricGroupCondition!], $first: Int, $window: WindowInput, $scope: MetricScope) {
  metricGroups(by: $by, customField: $customField, orderBy: $orderBy, having: $having, first: $first, window: $window, scope: $scope) {
    key { label } metrics { won { count } coverage { value } }
  }
}`;
const series = `query Series($interval: Interval!, $window: WindowInput!) {
  metricSeries(interval: $interval, window: $window) { from to metrics { won { count } openPipeline { count } coverage { value } } }
}`;
const metrics = `query Metrics($window: WindowInput, $scope: MetricScope) {
  metrics(window: $window, scope: $scope) { won { count } comparison { won { count } openPipeline { count } } }
}`;

const byTier = { by: ['TIER'] };

test.each([
  ['by', 'no dimension', { by: [] }],
  ['by', 'four', { by: ['TIER', 'OWNER', 'SOURCE', 'STAGE'] }],
  ['by', 'one twice', { by: ['TIER', 'TIER'] }],
  ['by', 'a period twice', { by: ['MONTH', 'MONTH'] }],
  ['by', 'two periods', { by: ['MONTH', 'YEAR'] }],
  ['by', 'a calendar and a fiscal period', { by: ['QUARTER', 'FISCAL_QUARTER'] }],
  ['customField', 'no custom field to group by', { by: ['CUSTOM_FIELD'] }],
  ['customField', 'one for nothing', { ...byTier, customField: { record: 'ACCOUNT', key: 'region' } }],
  [
    'customField.key',
    'an unknown one',
    { by: ['CUSTOM_FIELD'], customField: { record: 'ACCOUNT', key: 'nope' } },
  ],
  [
    'customField.key',
    "another record's",
    { by: ['CUSTOM_FIELD'], customField: { record: 'ACCOUNT', key: 'segment' } },
  ],
  [
    'customField.key',
    'SQL for a key',
    { by: ['CUSTOM_FIELD'], customField: { record: 'OPPORTUNITY', key: "segment' or true --" } },
  ],
  ['first', 'no groups', { ...byTier, first: 0 }],
  ['first', 'fewer than none', { ...byTier, first: -1 }],
  ['first', 'too many', { ...byTier, first: 501 }],
  ['having[0].metric', 'coverage', { ...byTier, having: [{ metric: 'coverage', gt: '1' }] }],
  [
    'having[1].metric',
    'the second condition',
    {
      ...byTier,
      having: [
        { metric: 'won', gt: '1' },
        { metric: 'lost.value', gt: '1' },
      ],
    },
  ],
  ['window.timeZone', 'a place without time', { ...byTier, window: { timeZone: 'Europe/Atlantis' } }],
  ['window.to', 'a reversed window', { ...byTier, window: { from: '2024-02-02', to: '2024-02-01' } }],
])('groups are refused at %s: %s', async (argument, _what, variables) => {
  const { message, extensions } = await asker.refusal(groups, variables);
  expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  expect(message).toContain(argument);
});

test.each([
  ...['', ' ', 'nonsense', 'won.', '.won', 'won.count.count', 'won.unconverted', 'won.amount.amount', 'Won'],
  ...['coverage', 'coverage.value', 'forecast', 'forecast.nope', 'comparison', 'definition', 'WON'],
  ...['__proto__', 'constructor', 'toString', 'won.__proto__', 'won.constructor', 'hasOwnProperty'],
  ...[
    'won"; drop table opportunity; --',
    'won.count" desc, "won.amount',
    "won'",
    'won.count\u0000',
    '1',
    '*',
  ],
])('no metric is called %j: neither to order by nor to choose by', async (metric) => {
  const order = await asker.refusal(groups, { ...byTier, orderBy: { metric } });
  expect(order.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'orderBy.metric' });
  const condition = await asker.refusal(groups, { ...byTier, having: [{ metric, gt: '0' }] });
  expect(condition.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'having[0].metric' });
});

test.each([
  ['window', 'no window', {}],
  ['window', 'since ever', { to: '2024-02-01' }],
  ['window', 'for ever', { from: '2024-02-01' }],
  ['window', 'all time', { named: 'ALL_TIME' }],
  ['interval', '401 days', { from: '2024-01-01', to: '2025-02-05' }],
  ['window.timeZone', 'a place without time', { named: 'THIS_YEAR', timeZone: '+02:00; select 1' }],
  ['window.named', 'a name and dates', { named: 'THIS_YEAR', from: '2024-01-01', to: '2025-01-01' }],
])('a series is refused at %s: %s', async (argument, _what, window) => {
  const { extensions } = await asker.refusal(series, { interval: 'DAY', window });
  expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
});

test('400 periods are a series', async () => {
  const window = { from: '2024-01-01', to: '2025-02-04' };
  expect((await asker.ask(series, { interval: 'DAY', window }))['metricSeries']).toHaveLength(400);
});

test.each([
  ['all time', { named: 'ALL_TIME' }],
  ['no window', {}],
  ['since ever', { to: '2024-02-01' }],
  ['for ever', { from: '2024-02-01' }],
])('there is nothing to compare with %s', async (_what, window) => {
  const { extensions } = await asker.refusal(metrics, { window: { ...window, compare: 'PREVIOUS' } });
  expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'window.compare' });
});

const ENGAGEMENT =
  'query ($window: WindowInput) { metrics(window: $window) { engagement { minutes trend } } }';

test.each([
  { from: '1000-01-01', to: '9999-12-31', compare: 'PREVIOUS' },
  { from: '1900-01-01', to: '9999-12-31', compare: 'PREVIOUS' },
  { from: '1000-01-01', to: '1000-02-01', compare: 'LAST_YEAR' },
  { from: '9999-12-31', to: '9999-12-31', compare: 'PREVIOUS' },
  { from: '9990-01-01', to: '9999-12-31', compare: 'LAST_YEAR' },
])('at the ends of the calendar there is an answer or a refusal, never a failure: %j', async (window) => {
  const caller = await callerOf(world, asker.organization, Role.ADMIN);
  for (const [query, variables] of [
    [metrics, { window }],
    [ENGAGEMENT, { window }],
    [groups, { by: ['YEAR'], window }],
    [series, { interval: 'YEAR', window: { ...window, compare: null } }],
    [series, { interval: 'FISCAL_QUARTER', window: { from: '9998-01-01', to: '9999-12-31' } }],
  ] as const) {
    const { errors } = await caller.send(query, variables);
    // a hundred thousand months are too many, and all there is to refuse
    for (const { extensions } of errors) expect(extensions).toMatchObject({ argument: 'interval' });
  }
});

test('the last period of a series ends with its window, even where the calendar ends', async () => {
  const window = { from: '9998-12-30', to: '9999-12-31' };
  const { metricSeries } = await asker.ask(
    'query ($window: WindowInput!) { metricSeries(interval: YEAR, window: $window) { from to metrics { engagement { minutes } } } }',
    { window },
  );
  expect(metricSeries).toMatchObject([
    { from: '9998-12-30', to: '9999-01-01' },
    { from: '9999-01-01', to: '9999-12-31' },
  ]);
});

test('another organisation sees nothing of it, whatever it asks', async () => {
  const other = await world.asker();
  const { metricGroups } = await other.ask(groups, byTier);
  expect(metricGroups).toEqual([]);
  const point = await other.ask(series, {
    interval: 'YEAR',
    window: { from: '2024-01-01', to: '2026-01-01' },
  });
  for (const { metrics: own } of point['metricSeries'])
    expect(own).toEqual({ won: { count: 0 }, openPipeline: { count: 0 }, coverage: { value: null } });
  expect((await other.ask(metrics, { window: { from: '2024-01-01', to: '2026-01-01' } }))['metrics']).toEqual(
    { won: { count: 0 }, comparison: null },
  );
});

test.each([
  ['window.compare', 'accountCoverage(window: $window) { targetAccounts }'],
  ['window.compare', 'campaignInfluence(model: LAST, window: $window) { label }'],
  [
    'closing.compare',
    'pipelineMovement(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", closing: $window) { end { count } }',
  ],
])('where nothing is compared, the wish is refused at %s, not ignored: %s', async (argument, field) => {
  const window = { named: 'THIS_MONTH', compare: 'PREVIOUS' };
  const { extensions } = await asker.refusal(`query Compared($window: WindowInput) { ${field} }`, { window });
  expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
});
