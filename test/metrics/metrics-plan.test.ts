import 'reflect-metadata';
import sql from 'sql-template-tag';
import { bindTenant, type Tenant } from '../../src/database/tenant.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { openApi } from './ask.ts';
import { storeAccounts } from './some-accounts.ts';

const ACCOUNTS = 2_500;
const DEALS = 50_000;

let world: World;
let one: Awaited<ReturnType<World['organization']>>;
let accountIds: string[];
beforeAll(async () => {
  world = await openWorld();
  one = await world.organization();
  accountIds = await storeAccounts(
    world.database,
    one.tenant,
    Array.from({ length: ACCOUNTS }, (_, index) => `Account ${String(index).padStart(4, '0')}`),
  );
  await world.database.write(one.tenant, (tx) =>
    tx.query(sql`
      insert into opportunity (organization_id, id, account_id, name, name_key, stage_id, stage_position, amount, currency,
        probability, forecast_category, close_date, closed_at, is_closed, is_won, created_at, updated_at)
      select ${one.id}, gen_random_uuid(), (${accountIds}::uuid[])[1 + n % ${ACCOUNTS}::int], 'Deal', 'deal', s.id, 1, n * 100,
        case when n % 50 = 0 then 'USD' else 'EUR' end, 50, 'PIPELINE', '2024-01-01'::date + n % 700,
        case when n % 3 > 0 then now() end, n % 3 > 0, n % 3 = 1, '2024-01-01'::timestamptz + n * interval '15 minutes', now()
      from generate_series(1, ${DEALS}::int) n
      join stage s on s.organization_id = ${one.id} and s.position = 1`),
  );
  await world.owner.query('analyze opportunity, account');
});
afterAll(() => world.close());

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

/** How the role of the application reads opportunities in a statement, with its values and for any values. */
async function accessPaths(tenant: Tenant, text: string, values: readonly unknown[]): Promise<PlanNode[]> {
  const client = await world.database.pool.connect();
  try {
    await client.query(`begin; ${bindTenant(tenant)}`);
    const plans = [
      await client.query(`explain (format json) ${text}`, [...values]),
      await client.query(`explain (format json, generic_plan) ${text}`),
    ];
    const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
    return plans
      .flatMap(({ rows }) => nodes(rows[0]['QUERY PLAN'][0].Plan))
      .filter((node) => node['Relation Name'] === 'opportunity');
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test("metrics of a page of accounts, and the records behind them, read these accounts' opportunities only", async () => {
  const api = await openApi(world, 'interpreted');
  const statements: { text: string; values: readonly unknown[] }[] = [];
  world.database.observe = (text, values) => {
    if (text.includes('opportunity')) statements.push({ text, values });
  };
  const { data, errors } = await api.ask(
    one,
    `query Page($window: WindowInput) {
      accounts(first: 50) {
        nodes {
          metrics(window: $window) {
            openPipeline { count unconverted { amount } }
            pipelineCreated { count }
            won { count records(first: 3) { totalCount nodes { id } } }
            lost { count }
            medianDealSize { value { amount } }
            salesCycle { p90Days }
            velocity { value { amount } }
          }
        }
      }
    }`,
    { window: { from: '2024-06-01', to: '2025-06-01' } },
  );
  world.database.observe = undefined;
  await api.close();
  expect(errors).toEqual([]);
  expect(data!.accounts.nodes).toHaveLength(50);
  expect(data!.accounts.nodes[0]!.metrics.won.count).toBeGreaterThan(0);

  // metrics, a page of records, their count
  expect(statements).toHaveLength(3);
  for (const { text, values } of statements) {
    const paths = await accessPaths(one.tenant, text, values);
    expect(paths.length).toBeGreaterThanOrEqual(2);
    for (const path of paths) {
      expect(path).toMatchObject({ 'Index Name': 'opportunity_account_idx' });
      expect(path['Index Cond']).toContain('account_id');
    }
  }
});

test('the metrics of all add up to those of every account, at this size too', async () => {
  const api = await openApi(world, 'interpreted');
  const { data } = await api.ask(
    one,
    `query Whole($id: ID!) {
      metrics { won { count amount { amount } unconverted { amount currency } } lost { count } openPipeline { count } }
      account(by: { id: $id }) { metrics { won { count } lost { count } openPipeline { count } } }
    }`,
    { id: encodeId('Account', accountIds[0]!) },
  );
  await api.close();
  const { won, lost, openPipeline } = data!.metrics;
  expect(won.count + lost.count + openPipeline.count).toBe(DEALS);
  const own = data!.account.metrics;
  expect(own.won.count + own.lost.count + own.openPipeline.count).toBe(DEALS / ACCOUNTS);
  // n ≡ 1 (mod 3), apart from the multiples of 50, in euros: Σ n
  const numbers = Array.from({ length: DEALS }, (_, index) => index + 1).filter((n) => n % 3 === 1);
  const total = (of: number[]) => `${of.reduce((a, b) => a + b, 0)}.00`;
  expect(won.amount.amount).toBe(total(numbers.filter((n) => n % 50 !== 0)));
  expect(won.unconverted).toEqual([{ amount: total(numbers.filter((n) => n % 50 === 0)), currency: 'USD' }]);
});
