import 'reflect-metadata';
import fc from 'fast-check';
import type { Data } from '../../support/graphql.ts';
import { runs } from '../../support/runs.ts';
import { type MetricsWorld, openMetrics } from './api.ts';
import {
  amountBasis,
  anyDimensions,
  anyMoment,
  anyWindow,
  customField,
  customOf,
} from './generated-request.ts';
import { anyWorld } from './generated-world.ts';
import { type Dimension, type Group, groupsOf, isPeriod, NOTHING } from './oracle-groups.ts';
import { oracle } from './oracle-sales.ts';
import type { OracleWorld } from './oracle-world.ts';
import { comparable, everyKey, everyMetric, keyFrom, variablesOf } from './selection.ts';

let world: MetricsWorld;
beforeAll(async () => {
  world = await openMetrics();
});
afterAll(() => world.close());

const query = `${everyMetric}${everyKey}
  query Groups($by: [MetricDimension!]!, $custom: CustomDimensionInput, $window: WindowInput, $asOf: DateTime, $basis: AmountBasis) {
    metricGroups(by: $by, customField: $custom, window: $window, asOf: $asOf, scope: { amountBasis: $basis }, first: 500) {
      key { ...Key } metrics { ...All }
    }
  }`;

const request = (by: fc.Arbitrary<Dimension[]>) => fc.record({ by, custom: customOf, basis: amountBasis });

/** By key; but groups no metric counts a deal of, which are not listed. */
function byKey(generated: OracleWorld, groups: Group[]) {
  const nothing = comparable(oracle(generated, NOTHING, { basis: 'CURRENT', target: null }));
  const isSomething = (counted: Group['counted']) => {
    const own = oracle(generated, counted, { basis: 'CURRENT', target: null });
    return JSON.stringify(comparable(own)) !== JSON.stringify(nothing);
  };
  const isListed = ({ counted, before }: Group) => isSomething(counted) || isSomething(before);
  return new Map(
    groups.filter(isListed).map(({ key, metrics }) => [JSON.stringify(key), comparable(metrics)]),
  );
}

test.each([
  { currency: 'EUR', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 2 },
  { currency: 'KWD', timeZone: 'America/Havana', fiscalYearStartMonth: 10 },
])(
  'groups of every dimension, alone and with others and a period, equal the oracle, null a group of its own: $currency, $timeZone',
  async (settings) => {
    const asker = await world.asker(settings);
    const given = anyWorld(settings).chain((generated) =>
      anyWindow.chain((window) =>
        fc.record({
          generated: fc.constant(generated),
          window: fc.constant(window),
          asOf: anyMoment(generated, window),
          requests: fc.tuple(
            request(fc.constantFrom<Dimension[]>(['TEAM'], ['TEAM'], ['OWNER'], ['QUARTER'])),
            ...Array.from({ length: 5 }, () => request(anyDimensions)),
          ),
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(given, async ({ generated, window, asOf, requests }) => {
        await asker.store(generated);
        for (const { by, custom, basis } of requests) {
          const variables = {
            ...variablesOf(window, asOf),
            ...{ by, basis, custom: customField(by, custom) },
          };
          const { metricGroups } = await asker.ask(query, variables);
          const answered = (metricGroups as Data[]).map(({ key, metrics }) => [
            JSON.stringify(keyFrom(generated, by, key)),
            comparable(metrics),
          ]);
          const groups = groupsOf(generated, {
            by,
            window,
            asOf,
            amountBasis: basis,
            customOf: custom,
          });
          expect(new Map(answered as [string, unknown][])).toEqual(byKey(generated, groups));
          expect(answered).toHaveLength(new Set(answered.map(([key]) => key)).size);
          for (const { key } of metricGroups as Data[]) expect(key.isOther).toBe(false);
          if (by.some(isPeriod))
            for (const { metrics } of metricGroups as Data[]) expect(metrics.comparison).toBeNull();
        }
      }),
      { numRuns: runs(10), endOnFailure: true },
    );
  },
);
