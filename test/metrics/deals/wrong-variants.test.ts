import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { type Asker, type MetricsWorld, openMetrics } from './api.ts';
import type { OracleWorld } from './oracle-world.ts';
import { type Given, LOST, someAccount, someWorld, WON } from './some-deals.ts';

let world: MetricsWorld;
let asker: Asker;
beforeAll(async () => {
  world = await openMetrics();
  asker = await world.asker();
});
afterAll(() => world.close());

async function ask(deals: Given[], query: string, rest?: Partial<OracleWorld>): Promise<Data> {
  await asker.store(someWorld(deals, rest));
  return asker.ask(query);
}

const euros = (amount: string) => ({ amount, currency: 'EUR' });

test('the win rate is of what was decided: won ÷ all would be 0.25 here, for two deals are still open', async () => {
  const { metrics } = await ask(
    [{ isWon: true }, { isClosed: true }, {}, {}],
    '{ metrics { winRate { value numerator denominator } closeRate { value } closeRateOpen } }',
  );
  expect(metrics.winRate).toEqual({ value: 0.5, numerator: '1', denominator: '2' });
  // which has a name of its own
  expect([metrics.closeRate.value, metrics.closeRateOpen]).toEqual([0.25, 2]);
});

test('the average deal is a won one: with a lost 0 in it would be 100, with a missing amount as 0 it would be 150', async () => {
  const { metrics } = await ask(
    [
      { isWon: true, amount: 300_00n },
      { isWon: true, amount: null },
      { isClosed: true, amount: 0n },
    ],
    '{ metrics { averageDealSize { value { amount currency } count } won { amountMissing } } }',
  );
  expect(metrics).toEqual({
    averageDealSize: { value: euros('300.00'), count: 1 },
    won: { amountMissing: 1 },
  });
});

test('an average over groups is of their deals: the mean of the group means would be 250, a rate of rates 0.75', async () => {
  const [first, second] = [someAccount({ tier: 1 }), someAccount({ tier: 2 })];
  const at = ({ id }: { id: string }, given: Given) => ({ ...given, accountId: id });
  const METRICS = 'averageDealSize { value { amount currency } } winRate { value }';
  const { metrics, metricGroups } = await ask(
    [
      at(first, { isWon: true, amount: 100_00n }),
      at(first, { isWon: true, amount: 100_00n }),
      at(first, { isClosed: true }),
      at(first, { isClosed: true }),
      at(second, { isWon: true, amount: 400_00n }),
    ],
    `{ metrics { ${METRICS} } metricGroups(by: [TIER], first: 1, orderBy: { metric: "lost.count" }) { key { isOther } metrics { ${METRICS} } } }`,
    { accounts: [first, second] },
  );
  expect(metrics).toEqual({ averageDealSize: { value: euros('200.00') }, winRate: { value: 0.6 } });
  expect(metricGroups).toEqual([
    {
      key: { isOther: false },
      metrics: { averageDealSize: { value: euros('100.00') }, winRate: { value: 0.5 } },
    },
    {
      key: { isOther: true },
      metrics: { averageDealSize: { value: euros('400.00') }, winRate: { value: 1 } },
    },
  ]);
});

test('probability is per cent: taken as a factor the pipeline would be worth 50 times as much; it is rounded once', async () => {
  const { metrics, metricGroups } = await ask(
    [{ amount: 100_00n }, { amount: 3n }, { amount: 3n }],
    `{ metrics { weightedPipeline { amount { amount currency } } }
       metricGroups(by: [SOURCE]) { metrics { weightedPipeline { amount { amount currency } } } } }`,
  );
  // rounded each: 50.00 + 0.02 + 0.02
  expect(metrics).toEqual({ weightedPipeline: { amount: euros('50.03') } });
  expect(metricGroups).toEqual([{ metrics }]);
});

test('a rate of nothing is unknown, not 0: nobody lost here, and a target of 0 is not covered 0 times', async () => {
  const METRICS =
    'winRate { value denominator } winRateByValue { value } averageDealSize { value { amount } } velocity { value { amount } } coverage { value numerator denominator } salesCycle { meanDays }';
  const target = { ownerId: null, from: '2024-01-01', to: '2024-03-01', amount: 0n };
  const nothing = {
    winRate: { value: null, denominator: '0' },
    winRateByValue: { value: null },
    averageDealSize: { value: null },
    velocity: { value: null },
    coverage: { value: null, numerator: '100.00', denominator: '0.00' },
    salesCycle: { meanDays: null },
  };
  const { metrics, metricGroups } = await ask(
    [{}],
    `{ metrics { ${METRICS} } metricGroups(by: [SOURCE]) { metrics { ${METRICS} } } }`,
    { targets: [target] },
  );
  expect(metrics).toEqual(nothing);
  expect(metricGroups).toEqual([{ metrics: nothing }]);
});

test('deals without a source are a group: dropped, the groups would not add up; "unknown" is a source somebody chose', async () => {
  const { metricGroups } = await ask(
    [{ source: null }, { source: 'Unknown' }, { source: 'unknown' }, { source: 'Web' }],
    '{ metricGroups(by: [SOURCE]) { key { label source } metrics { openPipeline { count } } } }',
  );
  const groups = (metricGroups as Data[]).map(({ key, metrics }) => [
    key.label?.toLowerCase() ?? null,
    key.source === null,
    metrics.openPipeline.count,
  ]);
  // by key, null last
  expect(groups).toEqual([
    ['unknown', false, 2],
    ['web', false, 1],
    [null, true, 1],
  ]);
});

test('a label without any letter is none: its group is that without a value, and does not bear its name', async () => {
  const accent = someAccount({ industry: '´', country: ' ' });
  const { metricGroups } = await ask(
    [{ accountId: accent.id, source: '´' }, {}],
    `{ metricGroups(by: [INDUSTRY, COUNTRY, SOURCE]) { key { label industry country source } metrics { openPipeline { count } } } }`,
    { accounts: [accent] },
  );
  const key = { label: null, industry: null, country: null, source: null };
  expect(metricGroups).toEqual([{ key, metrics: { openPipeline: { count: 2 } } }]);
});

describe('a rate that is missing is not 1, and one that came later is not it', () => {
  const rates = [{ currency: 'USD', from: '2024-02-01', millionths: 900_000n }];
  const query = `{ metrics { won { count amount { amount currency } unconverted { amount currency } }
    averageDealSize { value { amount currency } count } winRateByValue { denominator } } }`;
  const yens = { currency: 'JPY', amount: 500n };

  test('amounts without a rate are listed beside the sum, and are in no average', async () => {
    const { metrics } = await ask(
      [
        { isWon: true },
        { isWon: true, currency: 'USD', closeDate: '2024-01-31' },
        { isWon: true, ...yens },
        { isClosed: true, ...yens },
      ],
      query,
      { rates },
    );
    expect(metrics).toEqual({
      won: {
        count: 3,
        amount: euros('100.00'),
        unconverted: [
          { amount: '500', currency: 'JPY' },
          { amount: '100.00', currency: 'USD' },
        ],
      },
      averageDealSize: { value: euros('100.00'), count: 1 },
      winRateByValue: { denominator: '100.00' },
    });
  });

  test('the rate is that of the close date, not the newest; each deal is rounded to the cent, halves away from 0', async () => {
    const later = { currency: 'USD', from: '2024-06-01', millionths: 500_000n };
    const { metrics } = await ask(
      [
        { isWon: true, currency: 'USD', closeDate: '2024-05-31', amount: 5n },
        { isWon: true, currency: 'USD', closeDate: '2024-05-31', amount: 5n },
        { isWon: true, currency: 'USD', closeDate: '2024-06-01', amount: 100_00n },
        { isWon: true, currency: 'USD', closeDate: '2024-06-01', amount: -1n },
      ],
      query,
      { rates: [...rates, later] },
    );
    // 0.045 → 0.05 twice, 50.00, −0.005 → −0.01
    expect(metrics.won).toEqual({ count: 4, amount: euros('50.09'), unconverted: [] });
  });

  test('what no amount can hold is listed, and breaks nothing', async () => {
    const { metrics } = await ask(
      [{ isWon: true, currency: 'USD', amount: 10n ** 18n }, { isWon: true }],
      query,
      {
        rates: [{ currency: 'USD', from: '2024-01-01', millionths: 10n ** 9n }],
      },
    );
    expect(metrics.won).toEqual({
      count: 2,
      amount: euros('100.00'),
      unconverted: [{ amount: '10000000000000000.00', currency: 'USD' }],
    });
  });
});

test('what was won and lost later counts as won as of then; today’s tables would call it lost', async () => {
  const { then, now, before } = await ask(
    [
      {
        later: [
          ['2024-03-01T10:00:00Z', WON],
          ['2024-03-01T10:00:00.001Z', { ...LOST, amount: null }],
        ],
      },
    ],
    `{ before: metrics(asOf: "2024-03-01T09:59:59.999Z") { openPipeline { count } won { count } }
       then: metrics(asOf: "2024-03-01T10:00:00.000Z") { won { count amount { amount } } lost { count } }
       now: metrics { won { count } lost { count amountMissing } } }`,
  );
  expect(before).toEqual({ openPipeline: { count: 1 }, won: { count: 0 } });
  expect(then).toEqual({ won: { count: 1, amount: { amount: '100.00' } }, lost: { count: 0 } });
  expect(now).toEqual({ won: { count: 0 }, lost: { count: 1, amountMissing: 1 } });
});

test('targets count where they are set: own ones of the organisation before the sum of its people’s; of a scope only where it is of people', async () => {
  const [ada, ben] = [
    { id: uuidv7(), name: 'Ada', team: 'East' },
    { id: uuidv7(), name: 'Ben', team: 'East' },
  ];
  const quarter = { from: '2024-01-01', to: '2024-04-01' };
  const targets = [
    { ...quarter, ownerId: ada.id, amount: 50_00n },
    { ...quarter, ownerId: ben.id, amount: 25_00n },
    { ownerId: null, from: '2024-02-01', to: '2024-03-01', amount: 400_00n },
  ];
  const window = (to: string) => `window: { from: "2024-01-01", to: "${to}" }`;
  const COVERAGE = 'coverage { value denominator }';
  const idOf = ({ id }: { id: string }) => encodeId('User', id);
  const { year, none, scoped, owners, teams, ...scopes } = await ask(
    [{ ownerId: ada.id }],
    `{ year: metrics(${window('2025-01-01')}) { ${COVERAGE} }
       none: metrics(${window('2024-02-29')}) { ${COVERAGE} }
       scoped: metrics(${window('2025-01-01')}, scope: { opportunity: { isWon: false } }) { ${COVERAGE} }
       empty: metrics(${window('2025-01-01')}, scope: { account: {}, opportunity: { and: [{ owner: {} }], isWon: null } }) { ${COVERAGE} }
       ofAda: metrics(${window('2025-01-01')}, scope: { opportunity: { owner: { eq: "${idOf(ada)}" } } }) { ${COVERAGE} }
       ofHer: metrics(${window('2025-01-01')}, scope: { account: {}, opportunity: { owner: { eq: "${idOf(ada)}" }, amount: {}, and: [], or: [{}], name: null } }) { ${COVERAGE} }
       ofBoth: metrics(${window('2025-01-01')}, scope: { opportunity: { owner: { in: ["${idOf(ada)}", "${idOf(ben)}"] } } }) { ${COVERAGE} }
       ofSome: metrics(${window('2025-01-01')}, scope: { opportunity: { owner: { eq: "${idOf(ada)}" }, isWon: false } }) { ${COVERAGE} }
       ofNobody: metrics(${window('2025-01-01')}, scope: { opportunity: { owner: { isNull: true } } }) { ${COVERAGE} }
       teamOfAda: metricGroups(by: [TEAM], ${window('2025-01-01')}, scope: { opportunity: { owner: { eq: "${idOf(ada)}" } } }) { metrics { ${COVERAGE} } }
       series: metricSeries(interval: YEAR, ${window('2025-01-01')}, scope: { opportunity: { owner: { eq: "${idOf(ada)}" } } }) { metrics { ${COVERAGE} } }
       owners: metricGroups(by: [OWNER], ${window('2025-01-01')}) { key { label } metrics { ${COVERAGE} } }
       teams: metricGroups(by: [TEAM], ${window('2025-01-01')}) { key { label } metrics { ${COVERAGE} } } }`,
    { users: [ada, ben], targets },
  );
  expect(year.coverage).toEqual({ value: 0.25, denominator: '400.00' });
  // no target ends by then
  expect(none.coverage).toEqual({ value: null, denominator: '0.00' });
  expect(scoped.coverage).toEqual({ value: null, denominator: '0.00' });
  const ofAda = { value: 2, denominator: '50.00' };
  expect(scopes).toEqual({
    empty: year,
    ofAda: { coverage: ofAda },
    ofHer: { coverage: ofAda },
    ofBoth: { coverage: { value: 100 / 75, denominator: '75.00' } },
    ofSome: { coverage: { value: null, denominator: '0.00' } },
    ofNobody: { coverage: { value: null, denominator: '0.00' } },
    teamOfAda: [{ metrics: { coverage: ofAda } }],
    series: [{ metrics: { coverage: ofAda } }],
  });
  expect(owners).toEqual([
    { key: { label: 'Ada' }, metrics: { coverage: { value: 2, denominator: '50.00' } } },
  ]);
  expect(teams[0].metrics.coverage).toEqual({ value: 100 / 75, denominator: '75.00' });
});

test('the median of an even number is exact to half a cent, where an average is rounded', async () => {
  const { metrics } = await ask(
    [
      { isWon: true, amount: 1n },
      { isWon: true, amount: 2n },
    ],
    '{ metrics { medianDealSize { value { amount } } averageDealSize { value { amount } } } }',
  );
  expect(metrics).toEqual({
    medianDealSize: { value: { amount: '0.015' } },
    averageDealSize: { value: { amount: '0.02' } },
  });
});

test('days go from the date of creation where the organisation is; negative ones count and are counted; without days no velocity', async () => {
  const wonAfter = (createdAt: string, closeDate: string) => ({
    ...{ isWon: true, createdAt: new Date(createdAt), closeDate },
  });
  const CYCLE = `{ metrics { salesCycle { meanDays medianDays p90Days count negative } velocity { value { amount } count } } }`;
  const { metrics } = await ask(
    [wonAfter('2024-03-01T23:30:00Z', '2024-03-12'), wonAfter('2024-03-20T12:00:00Z', '2024-03-16'), {}],
    CYCLE,
  );
  // the 2nd of March in Berlin; 1 open × 100 × 1 ÷ 3
  expect(metrics).toEqual({
    salesCycle: { meanDays: 3, medianDays: 3, p90Days: 10, count: 2, negative: 1 },
    velocity: { value: { amount: '33.33' }, count: 3 },
  });
  const none = await ask([wonAfter('2024-03-01T12:00:00Z', '2024-03-01'), {}], CYCLE);
  expect(none['metrics'].velocity).toEqual({ value: null, count: 2 });
});
