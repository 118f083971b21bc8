import fc from 'fast-check';
import sql from 'sql-template-tag';
import type { DealMetricKey } from '../../src/metrics/deals/deal-definitions.ts';
import {
  dealMetricsByKey,
  type DealValues as MetricValues,
  emptyValues,
} from '../../src/metrics/deals/deal-metrics.queries.ts';
import { ungrouped } from '../../src/metrics/deals/deal-set.ts';
import { setByColumn } from '../../src/metrics/deals/deal-sets.ts';
import { AmountBasis } from '../../src/metrics/metric.enums.ts';
import { metricView } from '../../src/metrics/metric-view.ts';
import type { WindowRequest } from '../../src/metrics/metric-window.ts';
import { openWorld, type World } from '../support/world.ts';
import { anyDeals, anyWindow, someDeal, storeAccounts, storeDeals } from './deals.ts';
import { type Deal, oracle } from './oracle.ts';

type MetricKey = keyof ReturnType<typeof oracle>;
const metricKeys = [
  ...(['openPipeline', 'weightedPipeline', 'pipelineCreated', 'won', 'lost', 'winRate'] as const),
  ...(['winRateByValue', 'averageDealSize', 'medianDealSize', 'salesCycle', 'velocity'] as const),
] satisfies DealMetricKey[] as MetricKey[];

const everything = sql`true`;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type TestOrganization = Awaited<ReturnType<World['organization']>> & { accountIds: string[] };

async function organization(
  settings: { currency?: string; timeZone?: string } = {},
): Promise<TestOrganization> {
  const made = await world.organization(settings);
  return {
    ...made,
    accountIds: await storeAccounts(world.database, made.tenant, ['Acme', 'Globex', 'Initech']),
  };
}

const view = (of: TestOrganization, window?: WindowRequest) =>
  metricView({ organization: of, now: new Date() }, { window });

const ofScope = (of: TestOrganization, window?: WindowRequest, keys = metricKeys, among = everything) =>
  world.database.read(of.tenant, async (snapshot) => {
    const set = { ...ungrouped, view: view(of, window), among, amountBasis: AmountBasis.CURRENT };
    return (await dealMetricsByKey(snapshot, set, keys)).get('') ?? emptyValues(set, keys);
  });

const ofAccounts = (of: TestOrganization, ids: string[], window?: WindowRequest, keys = metricKeys) =>
  world.database.read(of.tenant, async (snapshot) => {
    const set = setByColumn(view(of, window), sql`t.account_id`, ids);
    const values = await dealMetricsByKey(snapshot, set, keys);
    return new Map(ids.map((id) => [id, values.get(id) ?? emptyValues(set, keys)]));
  });

function expected(of: TestOrganization, deals: Deal[], window: WindowRequest = {}) {
  const { from = null, to = null, timeZone } = window;
  return oracle(deals, { ...of, window: { from, to, timeZone: timeZone ?? of.timeZone } });
}

describe('in generated worlds', () => {
  test.each([
    { currency: 'EUR', timeZone: 'Europe/Berlin' },
    { currency: 'JPY', timeZone: 'America/Havana' },
    { currency: 'KWD', timeZone: 'Asia/Beirut' },
    { currency: 'USD', timeZone: 'America/Sao_Paulo' },
  ])('every metric of every account and of all equals the oracle: $currency, $timeZone', async (settings) => {
    const one = await organization(settings);
    await fc.assert(
      fc.asyncProperty(
        anyDeals(one.accountIds, one.currency),
        anyWindow,
        fc.subarray(metricKeys, { minLength: 1 }),
        async (deals, window, some) => {
          await storeDeals(world.database, one.tenant, deals);
          const whole = expected(one, deals, window);
          expect(await ofScope(one, window)).toEqual(whole);
          const accounts = await ofAccounts(one, one.accountIds, window);
          for (const id of one.accountIds) {
            const own = expected(
              one,
              deals.filter((deal) => deal.accountId === id),
              window,
            );
            expect(accounts.get(id)).toEqual(own);
          }
          // a selection of them: the same values
          const picked = Object.fromEntries(some.map((key) => [key, whole[key]]));
          expect(await ofScope(one, window, some)).toEqual(picked);
          expect(await ofAccounts(one, one.accountIds, window, some)).toEqual(
            new Map(one.accountIds.map((id) => [id, pick(accounts.get(id)!, some)])),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('accounts and the opportunities without one add up to the whole', async () => {
    const one = await organization();
    await fc.assert(
      fc.asyncProperty(anyDeals(one.accountIds, 'EUR'), anyWindow, async (deals, window) => {
        await storeDeals(world.database, one.tenant, deals);
        const whole = await ofScope(one, window);
        const accounts = await ofAccounts(one, one.accountIds, window);
        const parts = [
          ...accounts.values(),
          await ofScope(one, window, metricKeys, sql`t.account_id is null`),
        ];
        for (const key of ['openPipeline', 'pipelineCreated', 'won', 'lost'] as const) {
          expect(added(parts.map((part) => amount(part, key)))).toEqual(amount(whole, key));
        }
        for (const part of ['numerator', 'denominator'] as const) {
          const rates = (values: MetricValues) =>
            Number((values.winRate as Record<typeof part, string>)[part]);
          expect(parts.map(rates).reduce((a, b) => a + b)).toBe(rates(whole));
        }
      }),
      { numRuns: 25 },
    );
  });
});

function pick(values: MetricValues, keys: MetricKey[]): MetricValues {
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}

interface Amounts {
  count: number;
  cents: bigint;
  missing: number;
}

function amount(values: MetricValues, key: MetricKey): Amounts {
  const value = values[key] as { count: number; amount: { amount: string }; amountMissing: number };
  return {
    count: value.count,
    cents: BigInt(value.amount.amount.replace('.', '')),
    missing: value.amountMissing,
  };
}

function added(parts: Amounts[]): Amounts {
  return parts.reduce((a, b) => ({
    count: a.count + b.count,
    cents: a.cents + b.cents,
    missing: a.missing + b.missing,
  }));
}

test('over no opportunities sums and counts are 0; rates, averages, medians and velocity null', async () => {
  const one = await organization();
  const zero = { count: 0, amount: { amount: '0.00', currency: 'EUR' }, amountMissing: 0, unconverted: [] };
  const nothing = {
    openPipeline: zero,
    weightedPipeline: zero,
    pipelineCreated: zero,
    won: zero,
    lost: zero,
    winRate: { value: null, numerator: '0', denominator: '0' },
    winRateByValue: { value: null, numerator: '0.00', denominator: '0.00' },
    averageDealSize: { value: null, count: 0 },
    medianDealSize: { value: null, count: 0 },
    salesCycle: { meanDays: null, medianDays: null, p90Days: null, count: 0, negative: 0 },
    velocity: { value: null, count: 0 },
  };
  expect(await ofScope(one)).toEqual(nothing);
  expect((await ofAccounts(one, one.accountIds)).get(one.accountIds[0]!)).toEqual(nothing);
});

describe('not one of the wrong variants', () => {
  test('win rate is won ÷ (won + lost): open ones are no losses', async () => {
    const one = await organization();
    await storeDeals(world.database, one.tenant, [
      someDeal({ isWon: true }),
      someDeal({ isClosed: true }),
      someDeal({}),
      someDeal({}),
    ]);
    const { winRate } = await ofScope(one);
    expect(winRate).toEqual({ value: 0.5, numerator: '1', denominator: '2' });
  });

  test('the average deal leaves out lost deals and missing amounts, and keeps amounts of 0', async () => {
    const one = await organization();
    await storeDeals(world.database, one.tenant, [
      someDeal({ isWon: true, amount: 300_00n }),
      someDeal({ isWon: true, amount: 0n }),
      someDeal({ isWon: true, amount: null }),
      someDeal({ isClosed: true, amount: 0n }),
    ]);
    const { averageDealSize, won } = await ofScope(one);
    expect(averageDealSize).toEqual({ value: { amount: '150.00', currency: 'EUR' }, count: 2 });
    expect(won).toMatchObject({ count: 3, amount: { amount: '300.00' }, amountMissing: 1 });
  });

  test('an average over accounts comes from the rows, not from the averages of the accounts', async () => {
    const one = await organization();
    const [acme, globex] = one.accountIds;
    await storeDeals(world.database, one.tenant, [
      someDeal({ accountId: acme, isWon: true, amount: 100_00n }),
      someDeal({ accountId: acme, isWon: true, amount: 100_00n }),
      someDeal({ accountId: globex, isWon: true, amount: 400_00n }),
    ]);
    // (100 + 400) ÷ 2 would be 250
    expect((await ofScope(one)).averageDealSize).toMatchObject({ value: { amount: '200.00' } });
  });

  test('probability is per cent, and the weighted sum is rounded once, not per opportunity', async () => {
    const one = await organization();
    await storeDeals(world.database, one.tenant, [
      someDeal({ amount: 3n, probability: 50 }),
      someDeal({ amount: 3n, probability: 50 }),
      someDeal({ amount: 1000_00n, probability: 10 }),
    ]);
    // rounded each: 0.02 + 0.02 + 100.00
    expect((await ofScope(one)).weightedPipeline).toMatchObject({ amount: { amount: '100.03' } });
  });

  test('unlike currencies are listed, never added', async () => {
    const one = await organization();
    await storeDeals(world.database, one.tenant, [
      someDeal({ isWon: true, amount: 100_00n }),
      someDeal({ isWon: true, amount: 7n, currency: 'USD' }),
      someDeal({ isWon: true, amount: 500n, currency: 'JPY' }),
      someDeal({ isWon: true, amount: null, currency: 'KWD' }),
    ]);
    const { won, averageDealSize } = await ofScope(one);
    expect(won).toEqual({
      count: 4,
      amount: { amount: '100.00', currency: 'EUR' },
      amountMissing: 1,
      unconverted: [
        { amount: '500', currency: 'JPY' },
        { amount: '0.07', currency: 'USD' },
      ],
    });
    expect(averageDealSize).toEqual({ value: { amount: '100.00', currency: 'EUR' }, count: 1 });
  });

  test('the median of an even number is exact to half a cent, where an average is rounded', async () => {
    const one = await organization();
    await storeDeals(world.database, one.tenant, [
      someDeal({ isWon: true, amount: 1n }),
      someDeal({ isWon: true, amount: 2n }),
    ]);
    const { medianDealSize, averageDealSize } = await ofScope(one);
    expect(medianDealSize).toEqual({ value: { amount: '0.015', currency: 'EUR' }, count: 2 });
    expect(averageDealSize).toEqual({ value: { amount: '0.02', currency: 'EUR' }, count: 2 });
  });

  test('a window restricts what was created and closed, never the open pipeline', async () => {
    const one = await organization({ timeZone: 'Europe/Berlin' });
    await storeDeals(world.database, one.tenant, [
      someDeal({ createdAt: new Date('2026-03-31T21:59:59.999Z'), closeDate: '2026-03-31' }),
      someDeal({ createdAt: new Date('2026-03-31T22:00:00Z'), closeDate: '2026-04-01', isWon: true }),
      someDeal({ createdAt: new Date('2026-04-30T22:00:00Z'), closeDate: '2026-05-01', isWon: true }),
    ]);
    const april = await ofScope(one, { from: '2026-04-01', to: '2026-05-01' });
    expect(april).toMatchObject({
      openPipeline: { count: 1 },
      pipelineCreated: { count: 1 },
      won: { count: 1 },
    });
  });
});

describe('durations', () => {
  test('days go from the date of creation where the organisation is; negative ones count and are counted', async () => {
    const one = await organization({ timeZone: 'America/Los_Angeles' });
    await storeDeals(world.database, one.tenant, [
      // the evening of 1 March there
      someDeal({ isWon: true, createdAt: new Date('2026-03-02T05:00:00Z'), closeDate: '2026-03-11' }),
      someDeal({ isWon: true, createdAt: new Date('2026-03-20T12:00:00Z'), closeDate: '2026-03-16' }),
    ]);
    expect((await ofScope(one)).salesCycle).toEqual({
      meanDays: 3,
      medianDays: 3,
      p90Days: 10,
      count: 2,
      negative: 1,
    });
  });

  test('velocity is null when the mean cycle is 0 or less, else money per day', async () => {
    const one = await organization();
    const created = new Date('2026-01-01T12:00:00Z');
    const wonAfter = (closeDate: string) => someDeal({ isWon: true, createdAt: created, closeDate });
    await storeDeals(world.database, one.tenant, [someDeal({}), wonAfter('2026-01-01')]);
    expect((await ofScope(one)).velocity).toEqual({ value: null, count: 2 });
    await storeDeals(world.database, one.tenant, [someDeal({}), wonAfter('2025-12-30')]);
    expect((await ofScope(one)).velocity).toEqual({ value: null, count: 2 });
    await storeDeals(world.database, one.tenant, [someDeal({}), wonAfter('2026-01-09')]);
    // 1 × 100 × 1 ÷ 8
    expect((await ofScope(one)).velocity).toEqual({ value: { amount: '12.50', currency: 'EUR' }, count: 2 });
  });
});
