import 'reflect-metadata';
import fc from 'fast-check';
import { runs } from '../../support/runs.ts';
import { type MetricsWorld, openMetrics } from './api.ts';
import { intervals } from './calendar.ts';
import { amountBasis, anyMoment, anySpan } from './generated-request.ts';
import { anyWorld } from './generated-world.ts';
import { periodsIn, seriesOf, viewOf } from './oracle-view.ts';
import { comparable, everyMetric, variablesOf } from './selection.ts';

let world: MetricsWorld;
beforeAll(async () => {
  world = await openMetrics();
});
afterAll(() => world.close());

const query = `${everyMetric}
  query Series($interval: Interval!, $window: WindowInput!, $asOf: DateTime, $basis: AmountBasis) {
    metricSeries(interval: $interval, window: $window, asOf: $asOf, scope: { amountBasis: $basis }) { from to metrics { ...All } }
  }`;

test.each([
  { currency: 'EUR', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 2 },
  { currency: 'JPY', timeZone: 'America/Havana', fiscalYearStartMonth: 10 },
])(
  'series of every interval equal the oracle: what happened by the period, current state as of its end: $currency, $timeZone',
  async (settings) => {
    const asker = await world.asker(settings);
    const given = anyWorld(settings).chain((generated) =>
      anySpan.chain((window) =>
        fc.record({
          generated: fc.constant(generated),
          window: fc.constant(window),
          asOf: anyMoment(generated, window),
          interval: fc.constantFrom(...intervals),
          basis: amountBasis,
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(given, async ({ generated, window, asOf, interval, basis }) => {
        const request = { window, asOf, amountBasis: basis };
        const periods = periodsIn(viewOf(generated, request), interval, generated.fiscalMonth);
        fc.pre(periods.length <= 60);
        await asker.store(generated);
        const { metricSeries } = await asker.ask(query, { ...variablesOf(window, asOf), interval, basis });
        expect(comparable(metricSeries)).toEqual(comparable(seriesOf(generated, interval, request)));
      }),
      { numRuns: runs(25), endOnFailure: true },
    );
  },
);
