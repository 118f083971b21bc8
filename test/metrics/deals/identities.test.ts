import 'reflect-metadata';
import fc from 'fast-check';
import type { Data } from '../../support/graphql.ts';
import { runs } from '../../support/runs.ts';
import { type MetricsWorld, openMetrics } from './api.ts';
import { DIGITS } from './fractions.ts';
import { anyDimensions, anyMoment, anyWindow, customField, customOf } from './generated-request.ts';
import { anyWorld } from './generated-world.ts';
import { comparable, everyKey, everyMetric, forecastCategories, variablesOf } from './selection.ts';

let world: MetricsWorld;
beforeAll(async () => {
  world = await openMetrics();
});
afterAll(() => world.close());

const settings = { currency: 'EUR', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 2 };

const given = anyWorld(settings, 40).chain((generated) =>
  anyWindow.chain((window) =>
    fc.record({
      generated: fc.constant(generated),
      window: fc.constant(window),
      asOf: anyMoment(generated, window),
      by: anyDimensions,
      custom: customOf,
      first: fc.integer({ min: 1, max: 6 }),
    }),
  ),
);

/** Minor units, or a number of deals. */
const exact = (text: string) => BigInt(text.replace('.', ''));

/** The numbers of a set of metrics that add up, by name; the weighted pipeline is rounded after adding and is not one. */
function additive(metrics: Data): Record<string, bigint> {
  const numbers: Record<string, bigint> = { closeRateOpen: BigInt(metrics['closeRateOpen']) };
  const amount = (name: string, of: Data, isRounded = false) => {
    numbers[`${name}.count`] = BigInt(of['count']);
    numbers[`${name}.amountMissing`] = BigInt(of['amountMissing']);
    if (isRounded) return;
    for (const { amount: sum, currency } of [of['amount'], ...of['unconverted']] as Data[])
      if (exact(sum) !== 0n) numbers[`${name} in ${currency}`] = exact(sum);
  };
  for (const name of ['openPipeline', 'pipelineCreated', 'won', 'lost', 'slipped'])
    amount(name, metrics[name]);
  amount('weightedPipeline', metrics['weightedPipeline'], true);
  for (const name of forecastCategories) amount(`forecast.${name}`, metrics['forecast'][name]);
  for (const name of ['winRate', 'winRateByValue', 'closeRate']) {
    numbers[`${name}.numerator`] = exact(metrics[name].numerator);
    numbers[`${name}.denominator`] = exact(metrics[name].denominator);
  }
  numbers['coverage.numerator'] = exact(metrics['coverage'].numerator);
  for (const name of ['averageDealSize', 'medianDealSize', 'velocity', 'salesCycle'])
    numbers[`${name}.count`] = BigInt(metrics[name].count);
  numbers['salesCycle.negative'] = BigInt(metrics['salesCycle'].negative);
  return numbers;
}

function added(parts: Data[]): Record<string, bigint> {
  const totals: Record<string, bigint> = {};
  for (const part of parts)
    for (const [name, value] of Object.entries(additive(part))) totals[name] = (totals[name] ?? 0n) + value;
  return totals;
}

const some = (numbers: Record<string, bigint>) =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0n));

const query = `${everyMetric}${everyKey}
  query Groups($by: [MetricDimension!]!, $custom: CustomDimensionInput, $window: WindowInput, $asOf: DateTime, $first: Int) {
    whole: metrics(window: $window, asOf: $asOf) { ...All }
    all: metricGroups(by: $by, customField: $custom, window: $window, asOf: $asOf, first: 500) { key { ...Key } metrics { ...Own } }
    top: metricGroups(by: $by, customField: $custom, window: $window, asOf: $asOf, first: $first, orderBy: { metric: "won" }) {
      key { ...Key } metrics { ...Own }
    }
  }`;

test('groups add up to the whole, all of them and the first with the others; the first are those with the most', async () => {
  const asker = await world.asker(settings);
  await fc.assert(
    fc.asyncProperty(given, async ({ generated, window, asOf, by, custom, first }) => {
      await asker.store(generated);
      const variables = { ...variablesOf(window, asOf), by, first, custom: customField(by, custom) };
      const { whole, all, top } = (await asker.ask(query, variables)) as {
        whole: Data;
        all: Data[];
        top: Data[];
      };
      const metricsOf = (groups: Data[]) => groups.map(({ metrics }) => metrics as Data);
      const total = some(additive(whole));
      expect(some(added(metricsOf(all)))).toEqual(total);
      expect(some(added(metricsOf(top)))).toEqual(total);

      const own = top.filter(({ key }) => !key.isOther);
      const won = ({ metrics }: Data) => exact(metrics.won.amount.amount);
      expect(own).toHaveLength(Math.min(first, all.length));
      expect(own.map(won)).toEqual(
        all
          .map(won)
          .sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))
          .slice(0, first),
      );
      const others = top.filter(({ key }) => key.isOther);
      expect(others).toHaveLength(all.length > first ? 1 : 0);
      for (const { key } of others) {
        const { label, isOther, ...rest } = key as Data;
        expect([label, isOther, ...new Set(Object.values(rest))]).toEqual(['Other', true, null]);
      }
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});

test('as of now the history says what the tables say; no rate of deals exceeds 1; parts are never more than the whole', async () => {
  const asker = await world.asker(settings);
  await fc.assert(
    fc.asyncProperty(given, async ({ generated, window }) => {
      fc.pre(window.named === undefined || window.named === 'ALL_TIME');
      await asker.store(generated);
      const both = `${everyMetric} query Both($window: WindowInput, $asOf: DateTime) {
        tables: metrics(window: $window) { ...All }
        history: metrics(window: $window, asOf: $asOf) { ...All }
      }`;
      // the moment before this one is past, so it is read from history
      const { tables, history } = await asker.ask(both, variablesOf(window, Date.now() - 1));
      expect(history).toEqual(tables);
      for (const name of ['winRate', 'closeRate']) {
        const { value, denominator } = tables[name];
        if (denominator === '0') expect(value).toBeNull();
        else expect(value >= 0 && value <= 1).toBe(true);
      }
      const { numerator, denominator } = tables.closeRate;
      expect(Number(numerator) + tables.closeRateOpen <= Number(denominator)).toBe(true);
      expect(tables.won.count + tables.lost.count).toBe(Number(tables.winRate.denominator));
      expect(tables.pipelineCreated.count).toBe(Number(denominator));
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});

const AMOUNT = '{ count amount { amount currency } amountMissing unconverted { amount currency } }';
const RATE = '{ value numerator denominator }';
const MONEY = '{ value { amount currency } count }';
const fields: Record<string, string> = {
  ...Object.fromEntries(['openPipeline', 'pipelineCreated', 'won', 'slipped'].map((name) => [name, AMOUNT])),
  ...Object.fromEntries(['winRate', 'winRateByValue', 'closeRate', 'coverage'].map((name) => [name, RATE])),
  ...Object.fromEntries(['averageDealSize', 'medianDealSize', 'velocity'].map((name) => [name, MONEY])),
  salesCycle: '{ meanDays medianDays p90Days count negative }',
};

test('a metric is the same whatever else is asked for', async () => {
  const asker = await world.asker(settings);
  const some = fc.subarray(Object.keys(fields), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(given, some, async ({ generated, window, asOf }, names) => {
      await asker.store(generated);
      const selection = names.map((name) => `${name} ${fields[name]}`).join(' ');
      const { metrics } = await asker.ask(
        `query Some($window: WindowInput, $asOf: DateTime) { metrics(window: $window, asOf: $asOf) { ${selection} } }`,
        variablesOf(window, asOf),
      );
      const { metrics: all } = await asker.ask(
        `${everyMetric} query All($window: WindowInput, $asOf: DateTime) { metrics(window: $window, asOf: $asOf) { ...All } }`,
        variablesOf(window, asOf),
      );
      expect(metrics).toEqual(Object.fromEntries(names.map((name) => [name, all[name]])));
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});

const byOwner = `${everyMetric}${everyKey}
  query ByOwner($having: [MetricGroupCondition!], $orderBy: MetricGroupOrder, $first: Int) {
    metricGroups(by: [OWNER], having: $having, orderBy: $orderBy, first: $first) { key { ...Key } metrics { ...All } }
  }`;

test('only groups that pass all conditions are listed, in the order asked for, those without a value last', async () => {
  const asker = await world.asker(settings);
  const numbers: Record<string, (metrics: Data) => number | null> = {
    won: ({ won }) => Number(won.amount.amount),
    'won.count': ({ won }) => won.count,
    'lost.amountMissing': ({ lost }) => lost.amountMissing,
    winRate: ({ winRate }) => winRate.value,
    'winRate.denominator': ({ winRate }) => Number(winRate.denominator),
    'salesCycle.p90Days': ({ salesCycle }) => salesCycle.p90Days,
    salesCycle: ({ salesCycle }) => salesCycle.medianDays,
    averageDealSize: ({ averageDealSize }) => averageDealSize.value && Number(averageDealSize.value.amount),
    'forecast.commit': ({ forecast }) => Number(forecast.commit.amount.amount),
    'forecast.commit.count': ({ forecast }) => forecast.commit.count,
    closeRateOpen: ({ closeRateOpen }) => closeRateOpen,
  };
  const metric = fc.constantFrom(...Object.keys(numbers));
  const bound = fc.constantFrom('0', '1', '2', '0.5', '-0.25', '100');
  const passes: Record<string, (value: number, limit: number) => boolean> = {
    gt: (value, limit) => value > limit,
    gte: (value, limit) => value >= limit,
    lt: (value, limit) => value < limit,
    lte: (value, limit) => value <= limit,
  };
  const condition = fc
    .tuple(metric, fc.constantFrom(...Object.keys(passes)), bound)
    .map(([name, comparison, limit]) => ({ metric: name, [comparison]: limit }));
  const request = fc.record({
    having: fc.array(condition, { maxLength: 2 }),
    orderBy: fc.record({ metric, direction: fc.constantFrom('ASC', 'DESC') }),
    first: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      given,
      fc.array(request, { minLength: 4, maxLength: 4 }),
      async ({ generated }, requests) => {
        await asker.store(generated);
        const all = (await asker.ask(byOwner, { first: 500 }))['metricGroups'] as Data[];
        const name = ({ key }: Data) => key.owner?.id ?? null;
        for (const { having, orderBy, first } of requests) {
          const { metricGroups } = await asker.ask(byOwner, { having, orderBy, first });
          const value = ({ metrics }: Data) => numbers[orderBy.metric]!(metrics);
          const passing = all.filter(({ metrics }) =>
            having.every(({ metric: of, ...limits }) => {
              const own = numbers[of as string]!(metrics);
              return Object.entries(limits).every(
                ([comparison, limit]) => own !== null && passes[comparison]!(own, Number(limit)),
              );
            }),
          );
          const sign = orderBy.direction === 'ASC' ? 1 : -1;
          const ordered = passing.toSorted((a, b) => {
            const [x, y] = [value(a), value(b)];
            return x === null || y === null ? Number(x === null) - Number(y === null) : sign * (x - y);
          });
          const listed = (metricGroups as Data[]).filter(({ key }) => !key.isOther);
          expect(listed.map(value)).toEqual(ordered.slice(0, first).map(value));
          for (const group of listed)
            expect(group.metrics).toEqual(all.find((one) => name(one) === name(group))!.metrics);
          const totals = some(added((metricGroups as Data[]).map(({ metrics }) => metrics as Data)));
          expect(totals).toEqual(some(added(passing.map(({ metrics }) => metrics as Data))));
        }
      },
    ),
    { numRuns: runs(8), endOnFailure: true },
  );
});

test('over nothing every metric is what the catalogue says: sums 0, rates and averages null', async () => {
  const asker = await world.asker(settings);
  const { metrics, metricGroups, metricSeries } = await asker.ask(`${everyMetric} {
    metrics(window: { from: "2024-01-01", to: "2024-02-01", compare: PREVIOUS }) { ...All }
    metricGroups(by: [TIER]) { metrics { ...Own } }
    metricSeries(interval: MONTH, window: { from: "2024-01-01", to: "2024-02-01" }) { metrics { ...Own } }
  }`);
  const { comparison, ...own } = metrics;
  const zero = `0.${'0'.repeat(DIGITS['EUR']!)}`;
  const amount = { count: 0, amount: { amount: zero, currency: 'EUR' }, amountMissing: 0, unconverted: [] };
  const rate = { value: null, numerator: '0', denominator: '0' };
  const rateOfMoney = { value: null, numerator: zero, denominator: zero };
  const none = { value: null, count: 0 };
  expect(own).toEqual({
    ...{ openPipeline: amount, weightedPipeline: amount, pipelineCreated: amount, won: amount, lost: amount },
    ...{ winRate: rate, closeRate: rate, winRateByValue: rateOfMoney, coverage: rateOfMoney },
    ...{ averageDealSize: none, medianDealSize: none, velocity: none, slipped: amount, closeRateOpen: 0 },
    salesCycle: { meanDays: null, medianDays: null, p90Days: null, count: 0, negative: 0 },
    forecast: Object.fromEntries(forecastCategories.map((category) => [category, amount])),
  });
  expect(comparable(comparison)).toEqual(own);
  expect(metricGroups).toEqual([]);
  expect(metricSeries).toEqual([{ metrics: own }]);
});
