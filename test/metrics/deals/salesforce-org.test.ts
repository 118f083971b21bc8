import 'reflect-metadata';
import { importSalesforce } from '../../../src/imports/salesforce-import.ts';
import type { Data } from '../../support/graphql.ts';
import { realExports, whereRealExports } from '../../support/real-exports.ts';
import { administrator } from '../../imports/export-folder.ts';
import { type Asker, type MetricsWorld, openMetrics } from './api.ts';

/** Every number here was counted by hand in the export's own files, Opportunity.csv and OpportunityHistory.csv. */
whereRealExports('the deals of a real Salesforce organisation (skipped where ../shared is absent)', () => {
  let world: MetricsWorld;
  let asker: Asker;
  beforeAll(async () => {
    world = await openMetrics();
    asker = await world.asker({ currency: 'USD', timeZone: 'UTC' });
    const { organization } = asker;
    await importSalesforce(world.database, organization, administrator(organization), {
      dir: realExports.devorg,
    });
  });
  afterAll(() => world.close());

  const dollars = (amount: string) => ({ amount });
  const OUTCOME = `won { count amount { amount } } lost { count amount { amount } } openPipeline { count amount { amount } amountMissing }`;

  test('12 won, 8 lost, 16 open: pipeline, win rates, deal sizes', async () => {
    const { metrics } = await asker.ask(`{ metrics {
      ${OUTCOME} weightedPipeline { amount { amount } } winRate { value numerator denominator }
      winRateByValue { value } averageDealSize { value { amount } } medianDealSize { value { amount } }
    } }`);
    expect(metrics).toEqual({
      won: { count: 12, amount: dollars('2815000.00') },
      lost: { count: 8, amount: dollars('830000.00') },
      openPipeline: { count: 16, amount: dollars('2115000.00'), amountMissing: 3 },
      weightedPipeline: { amount: dollars('1094500.00') },
      winRate: { value: 0.6, numerator: '12', denominator: '20' },
      winRateByValue: { value: expect.closeTo(2815 / 3645, 12) as number },
      averageDealSize: { value: dollars('234583.33') },
      // of 90,000 and 220,000, the two in the middle
      medianDealSize: { value: dollars('155000.00') },
    });
  });

  test('the seven deals that went from won to lost are lost now, and were won in between', async () => {
    const asOf = (moment: string) =>
      asker.ask(`{ metrics(asOf: "${moment}") { ${OUTCOME} winRate { value } } }`);
    expect(await asOf('2026-03-01T00:00:00Z')).toEqual({
      metrics: {
        won: { count: 19, amount: dollars('3645000.00') },
        lost: { count: 1, amount: dollars('0.00') },
        openPipeline: { count: 16, amount: dollars('2115000.00'), amountMissing: 3 },
        winRate: { value: 0.95 },
      },
    });
    expect((await asOf('2026-03-08T00:00:00Z'))['metrics']).toMatchObject({
      won: { count: 12 },
      lost: { count: 8, amount: dollars('830000.00') },
    });
    expect((await asOf('2026-02-22T00:00:00Z'))['metrics']).toMatchObject({
      won: { count: 0 },
      lost: { count: 0 },
      openPipeline: { count: 0 },
      winRate: { value: null },
    });
  });

  test('by source, and the sources add up to the whole', async () => {
    const { metricGroups } = await asker.ask(
      `{ metricGroups(by: [SOURCE], orderBy: { metric: "won" }) { key { source } metrics { won { count amount { amount } } lost { count } } } }`,
    );
    const decided = (metricGroups as Data[])
      .map(({ key, metrics }) => [
        key.source,
        metrics.won.count,
        metrics.won.amount.amount,
        metrics.lost.count,
      ])
      .filter(([, won, , lost]) => won + lost > 0);
    expect(decided).toEqual([
      ['External Referral', 4, '1115000.00', 2],
      ['Partner', 3, '1030000.00', 2],
      ['Web', 1, '235000.00', 1],
      ['Trade Show', 1, '220000.00', 0],
      ['Word of mouth', 2, '125000.00', 1],
      ['Public Relations', 1, '90000.00', 1],
      ['Phone Inquiry', 0, '0.00', 1],
    ]);
  });
});
