import assert from 'node:assert/strict';
import pg from 'pg';
import { PLANNING } from '../src/database/database.ts';
import { bindTenant } from '../src/database/tenant.ts';
import type { BenchDatabase } from './database.ts';
import { send } from './load.ts';
import { median } from './report.ts';

const WINDOW = { from: '2024-07-01', to: '2025-07-01' };

const NUMBERS = `
  openPipeline { count amount { amount } amountMissing } weightedPipeline { amount { amount } }
  pipelineCreated { count amount { amount } } won { count amount { amount } } lost { count amount { amount } }
  winRate { value } winRateByValue { value } averageDealSize { value { amount } } medianDealSize { value { amount } }
  salesCycle { meanDays medianDays p90Days } velocity { value { amount } }`;

const OF_ALL = `query Whole($window: WindowInput) { metrics(window: $window) { ${NUMBERS} } }`;
const OF_PAGE = `query Page($window: WindowInput) { accounts(first: 50) { nodes { id metrics(window: $window) { ${NUMBERS} } } } }`;

/** The same numbers as one would write them for this one question; the velocity is made of the others. */
const BY_HAND = `
  select count(*) filter (where open) as open_count, coalesce(sum(amount) filter (where open), 0) as open_amount,
    count(*) filter (where open and amount is null) as open_missing,
    round(coalesce(sum(amount * probability) filter (where open), 0) / 100.0) as weighted,
    count(*) filter (where created) as created_count, coalesce(sum(amount) filter (where created), 0) as created_amount,
    count(*) filter (where won) as won_count, coalesce(sum(amount) filter (where won), 0) as won_amount,
    count(*) filter (where lost) as lost_count, coalesce(sum(amount) filter (where lost), 0) as lost_amount,
    count(*) filter (where won)::float8 / nullif(count(*) filter (where won or lost), 0) as win_rate,
    sum(amount) filter (where won)::float8 / nullif(sum(amount) filter (where won or lost), 0) as win_rate_by_value,
    round(avg(amount) filter (where won)) as average, percentile_cont(0.5) within group (order by amount) filter (where won) as median,
    avg(days) filter (where won) as mean_days, percentile_cont(0.5) within group (order by days) filter (where won) as median_days,
    percentile_disc(0.9) within group (order by days) filter (where won) as p90_days
  from (
    select amount, probability, not is_closed and forecast_category <> 'OMITTED' as open,
      created_at >= $2::timestamptz and created_at < $3::timestamptz as created,
      is_won and close_date >= $2::date and close_date < $3::date as won,
      is_closed and not is_won and close_date >= $2::date and close_date < $3::date as lost,
      close_date - created_at::date as days
    from opportunity where organization_id = $1 and deleted_at is null) deals`;

/** Medians in milliseconds; the ratio is the median of the rounds' own ratios. */
interface Compared {
  ms: number;
  otherMs: number;
  ratio: number;
}

export interface MeasuredMetrics {
  rounds: number;
  opportunities: number;
  /** Of all opportunities: Kontor, and SQL by hand. */
  ofAll: Compared;
  /** Of a page of 50 accounts: among all opportunities, and among a tenth as many. */
  ofPage: Compared;
}

function compared(times: number[], others: number[]): Compared {
  const ratios = times.map((time, index) => time / others[index]!);
  return { ms: median(times), otherMs: median(others), ratio: median(ratios) };
}

export function metricsReport({ rounds, opportunities, ofAll, ofPage }: MeasuredMetrics): string {
  const ms = (time: number) => `${time.toFixed(0)} ms`;
  const many = `${opportunities.toLocaleString('en')} opportunities`;
  return `
Metrics, ${rounds} rounds in turn, medians
All ${many}: Kontor ${ms(ofAll.ms)}, SQL by hand ${ms(ofAll.otherMs)}, ratio ${ofAll.ratio.toFixed(2)}
Account.metrics for a page of 50: ${ms(ofPage.ms)} among ${many}, ${ms(ofPage.otherMs)} among a tenth as many, ratio ${ofPage.ratio.toFixed(2)}
`;
}

interface Whole {
  data: { metrics: { openPipeline: { count: number }; won: { count: number; amount: { amount: string } } } };
}

/** Milliseconds of each round. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What metrics cost: of all opportunities beside SQL by hand, and of a page of accounts among ten times as many. */
export async function measureMetrics(
  { url, token, otherToken }: { url: string; token: string; otherToken: string },
  database: BenchDatabase,
  rounds: number,
): Promise<MeasuredMetrics> {
  const graphql = `${url}/graphql`;
  const ask = (bearer: string, query: string) =>
    send({ url: graphql, token: bearer }, JSON.stringify({ query, variables: { window: WINDOW } }));
  const client = new pg.Client({
    connectionString: database.url,
    options: `-c role=kontor_app -c timezone=UTC ${PLANNING}`,
  });
  await client.connect();
  const byHand = async () => {
    await client.query(
      `begin read only; ${bindTenant({ organizationId: database.organizationId, userId: null })}`,
    );
    const { rows } = await client.query(BY_HAND, [database.organizationId, WINDOW.from, WINDOW.to]);
    await client.query('commit');
    return rows[0] as Record<string, string>;
  };
  try {
    const { data } = (await ask(token, OF_ALL)) as Whole;
    const expected = await byHand();
    assert.equal(data.metrics.openPipeline.count, Number(expected.open_count));
    assert.equal(Number(data.metrics.won.amount.amount) * 100, Number(expected.won_amount));
    const times = { kontor: [] as number[], hand: [] as number[], many: [] as number[], few: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.kontor.push(await timed(() => ask(token, OF_ALL)));
      times.hand.push(await timed(byHand));
      for (let turn = 0; turn < 5; turn++) {
        times.many.push(await timed(() => ask(token, OF_PAGE)));
        times.few.push(await timed(() => ask(otherToken, OF_PAGE)));
      }
    }
    return {
      rounds,
      opportunities: database.rows.opportunities,
      ofAll: compared(times.kontor, times.hand),
      ofPage: compared(times.many, times.few),
    };
  } finally {
    await client.end();
  }
}
