import 'reflect-metadata';
import { type Asker, type MetricsWorld, openMetrics } from './api.ts';
import type { OracleWorld } from './oracle-world.ts';
import { type Given, someWorld } from './some-deals.ts';

/* Numbers that a float, a division of numerics or 18 digits would not keep. */
let world: MetricsWorld;
let asker: Asker;
beforeAll(async () => {
  world = await openMetrics();
  asker = await world.asker();
});
afterAll(() => world.close());

const MAX = 2n ** 63n - 1n;

async function ask(deals: Given[], query: string, rest?: Partial<OracleWorld>) {
  await asker.store(someWorld(deals, rest));
  return asker.ask(query);
}

test('the half of a median is kept, and so is what groups are chosen by', async () => {
  const { metrics, atLeast, above } = await ask(
    [31_310_475_614_918_287n, 31_310_475_614_918_288n].map((amount) => ({ isWon: true, amount })),
    `{ metrics { medianDealSize { value { amount } } }
       atLeast: metricGroups(by: [OWNER], having: [{ metric: "medianDealSize", gte: "313104756149182.875" }]) { key { label } }
       above: metricGroups(by: [OWNER], having: [{ metric: "medianDealSize", gt: "313104756149182.875" }]) { key { label } } }`,
  );
  expect(metrics.medianDealSize.value.amount).toBe('313104756149182.875');
  expect([atLeast, above]).toEqual([[{ key: { label: null } }], []]);
});

test('a threshold can be more than any amount is, or less than a cent', async () => {
  const having = (gte: string) => `having: [{ metric: "won", gte: "${gte}" }]`;
  const { most, more, least } = await ask(
    [1n, MAX, MAX].map((amount) => ({ isWon: true, amount })),
    `{ most: metricGroups(by: [OWNER], ${having('184467440737095516.15')}) { metrics { won { amount { amount } } } }
       more: metricGroups(by: [OWNER], ${having('184467440737095516.151')}) { key { label } }
       least: metricGroups(by: [OWNER], ${having('0.000000001')}) { key { label } } }`,
  );
  expect(most).toEqual([{ metrics: { won: { amount: { amount: '184467440737095516.15' } } } }]);
  expect([more.length, least.length]).toEqual([0, 1]);
});

test('rates of money are the nearest floats of the exact fractions', async () => {
  const year = { ownerId: null, from: '2024-01-01', to: '2025-01-01' };
  const { metrics, metricGroups } = await ask(
    [
      { isWon: true, amount: 869_698_353_223_943_922n },
      { isClosed: true, amount: 579_798_902_149_295_948n },
      { amount: 3_300_30n },
    ],
    `{ metrics(window: { from: "2024-01-01", to: "2025-01-01" }) { winRateByValue { value } coverage { value } }
       metricGroups(by: [OWNER], having: [{ metric: "winRateByValue", lte: "0.6" }]) { key { label } } }`,
    { targets: [{ ...year, amount: 1_100_10n }] },
  );
  // as floats 0.6000000000000001 and 3.0000000000000004
  expect(metrics).toEqual({ winRateByValue: { value: 0.6 }, coverage: { value: 3 } });
  expect(metricGroups).toHaveLength(1);
});

test('the largest amounts are converted; what would be larger than an amount can be is listed', async () => {
  const { won, beyond } = (
    await ask(
      [
        { isWon: true, amount: 9_100_000_000_000_000_000n, currency: 'USD' },
        { isWon: true, amount: MAX, currency: 'USD' },
        { isClosed: true, amount: MAX, currency: 'JPY' },
      ],
      `{ metrics { won { amount { amount } unconverted { amount } } beyond: lost { amount { amount } unconverted { amount currency } } } }`,
      {
        rates: [
          { currency: 'USD', from: '2024-01-01', millionths: 1_000_000n },
          { currency: 'JPY', from: '2024-01-01', millionths: 1_000_000n },
        ],
      },
    )
  ).metrics;
  expect(won).toEqual({ amount: { amount: '183233720368547758.07' }, unconverted: [] });
  expect(beyond).toEqual({
    amount: { amount: '0.00' },
    unconverted: [{ amount: String(MAX), currency: 'JPY' }],
  });
});

test('lists go on behind amounts of any size', async () => {
  const amounts = [MAX, 10n ** 18n, 1n, -(10n ** 18n), -MAX];
  await asker.store(someWorld(amounts.map((amount) => ({ amount }))));
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { opportunities } = await asker.ask(
      `query ($after: String) { opportunities(first: 1, after: $after, orderBy: [{ field: AMOUNT, direction: DESC }]) {
        nodes { amount { amount } } pageInfo { endCursor hasNextPage } } }`,
      { after },
    );
    seen.push(opportunities.nodes[0].amount.amount);
    after = opportunities.pageInfo.hasNextPage ? opportunities.pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual([
    ...['92233720368547758.07', '10000000000000000.00', '0.01'],
    ...['-10000000000000000.00', '-92233720368547758.07'],
  ]);
});
