import 'reflect-metadata';
import fc from 'fast-check';
import { parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { runs } from '../../support/runs.ts';
import { openApi } from '../ask.ts';
import { type MetricsWorld, openMetrics } from './api.ts';
import { amountBasis, anyMoment, anyWindow } from './generated-request.ts';
import { anyWorld } from './generated-world.ts';
import { groupsOf } from './oracle-groups.ts';
import { oracleRecords } from './oracle-sales.ts';
import { countedBy, type Request, viewOf } from './oracle-view.ts';
import { familyOf, type OracleWorld } from './oracle-world.ts';
import { everyKey, everyRecord, forecastCategories, keyFrom, variablesOf } from './selection.ts';

let world: MetricsWorld;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openMetrics();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

/** The ids each metric lists; the number it counts is checked against them on the way. */
function listed(metrics: Data): Record<string, string[]> {
  const byKey = {
    ...metrics,
    ...Object.fromEntries(
      forecastCategories.map((name) => [`forecast.${name}`, metrics['forecast'][name] as Data]),
    ),
  } as Record<string, Data>;
  delete byKey['forecast'];
  delete byKey['comparison'];
  return Object.fromEntries(
    Object.entries(byKey).map(([key, { count, denominator, records }]) => {
      // by value and of coverage the denominator is money
      if (key === 'winRate' || key === 'closeRate') expect(records.totalCount).toBe(Number(denominator));
      else if (count !== undefined) expect([key, records.totalCount]).toEqual([key, count]);
      const ids = (records.nodes as Data[]).map(({ id }) => parseId(id)!.uuid);
      expect(records.totalCount).toBe(ids.length);
      return [key, ids];
    }),
  );
}

const given = (settings: Parameters<typeof anyWorld>[0]) =>
  anyWorld(settings, 16).chain((generated) =>
    anyWindow.chain((window) =>
      fc.record({
        generated: fc.constant(generated),
        window: fc.constant(window),
        asOf: anyMoment(generated, window),
        basis: amountBasis,
      }),
    ),
  );

function recordsOf(generated: OracleWorld, request: Request) {
  const view = viewOf(generated, request);
  return oracleRecords(generated, countedBy(generated, request, view, view, false));
}

test('behind every metric of all, accounts and families stand exactly the deals counted, by close date, by either executor', async () => {
  const settings = { currency: 'EUR', timeZone: 'Asia/Beirut', fiscalYearStartMonth: 4 };
  const { organization, store } = await world.asker(settings);
  const query = `${everyRecord}
    query Records($window: WindowInput, $asOf: DateTime, $basis: AmountBasis, $first: Int) {
      metrics(window: $window, asOf: $asOf, scope: { amountBasis: $basis }) { ...Records }
      accounts(first: 3) { nodes {
        id
        own: metrics(window: $window, asOf: $asOf) { ...Records }
        family: metrics(window: $window, asOf: $asOf, includeChildren: true) { ...Records }
      } }
    }`;
  await fc.assert(
    fc.asyncProperty(given(settings), async ({ generated, window, asOf, basis }) => {
      await store(generated);
      const variables = { ...variablesOf(window, asOf), basis, first: 100 };
      const answer = await compiled.ask(organization, query, variables);
      expect(answer.errors).toEqual([]);
      expect(await interpreted.ask(organization, query, variables)).toEqual(answer);
      const data = answer.data as unknown as Data;
      expect(listed(data['metrics'])).toEqual(recordsOf(generated, { window, asOf }));
      for (const account of data['accounts'].nodes as Data[]) {
        const { uuid } = parseId(account['id'])!;
        const of = (ids: Set<string>) =>
          recordsOf(generated, { window, asOf, among: ({ accountId }) => ids.has(accountId!) });
        expect(listed(account['own'])).toEqual(of(new Set([uuid])));
        expect(listed(account['family'])).toEqual(of(familyOf(generated, uuid)));
      }
    }),
    { numRuns: runs(4), endOnFailure: true },
  );
});

test('behind the metrics of groups, periods and the compared window, too', async () => {
  const settings = { currency: 'USD', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 4 };
  const { organization, store } = await world.asker(settings);
  const query = `${everyRecord}${everyKey}
    query Records($window: WindowInput, $compare: WindowInput, $series: WindowInput!, $asOf: DateTime, $basis: AmountBasis, $first: Int) {
      TIER: metricGroups(by: [TIER], first: 15, window: $window, asOf: $asOf, scope: { amountBasis: $basis }) { key { ...Key } metrics { ...Records } }
      SOURCE: metricGroups(by: [SOURCE], first: 15, window: $window, asOf: $asOf) { key { ...Key } metrics { ...Records } }
      MONTH: metricGroups(by: [MONTH], first: 15, window: $window, asOf: $asOf) { key { ...Key } metrics { ...Records } }
      metricSeries(interval: QUARTER, window: $series, asOf: $asOf) { from to metrics { ...Records } }
      metrics(window: $compare, asOf: $asOf) { comparison { ...Records } }
    }`;
  const series = { from: '2024-01-01', to: '2024-06-30' };
  const compare = { from: '2024-03-01', to: '2024-04-01', compare: 'PREVIOUS' as const };
  await fc.assert(
    fc.asyncProperty(given(settings), async ({ generated, window, asOf, basis }) => {
      await store(generated);
      const variables = { ...variablesOf(window, asOf), series, compare, basis, first: 25 };
      const answer = await compiled.ask(organization, query, variables);
      expect(answer.errors).toEqual([]);
      expect(await interpreted.ask(organization, query, variables)).toEqual(answer);
      const data = answer.data as unknown as Data;
      for (const dimension of ['TIER', 'SOURCE', 'MONTH'] as const) {
        const groups = groupsOf(generated, { by: [dimension], window, asOf });
        const expected = new Map(
          groups.map(({ key, counted }) => [JSON.stringify(key), oracleRecords(generated, counted)]),
        );
        for (const { key, metrics } of data[dimension] as Data[])
          expect(listed(metrics)).toEqual(expected.get(JSON.stringify(keyFrom(generated, [dimension], key))));
      }
      const view = viewOf(generated, { window: compare, asOf });
      const then = countedBy(generated, {}, view, { from: '2024-01-30', to: '2024-03-01' }, true);
      expect(listed(data['metrics'].comparison)).toEqual(oracleRecords(generated, then));
      for (const { from, to, metrics } of data['metricSeries'] as Data[])
        expect(listed(metrics)).toEqual(
          oracleRecords(generated, countedBy(generated, {}, view, { from, to }, true)),
        );
    }),
    { numRuns: runs(3), endOnFailure: true },
  );
});
