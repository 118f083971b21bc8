import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Given, someWorld } from './deals/some-deals.ts';
import { storeWorld } from './deals/store.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => inOrganization('EUR'));
afterAll(() => world.close());

async function inOrganization(currency: string): Promise<void> {
  organization = await world.organization({ currency });
  admin = await callerOf(world, organization);
}

const RATE = 'id currency validFrom rate version';
const set = (rates: Data[], more: Data = {}) =>
  mutate(admin, 'setExchangeRates', { rates, ...more }, `rates { ${RATE} }`);
const remove = (rates: string[], more: Data = {}) =>
  mutate(admin, 'removeExchangeRates', { rates, ...more }, 'organization { version }');
const rate = (currency: string, validFrom: string, of: string) => ({ currency, validFrom, rate: of });
const errors = ({ userErrors }: Data) =>
  userErrors.map(({ code, path }: Data) => `${code} ${(path as string[]).join('.')}`);
const sound = async () => expect(await checkOrganization(world.database, organization.id)).toEqual([]);

async function listed(args = '', caller = admin): Promise<Data> {
  const { data, errors: failed } = await caller.send(
    `{ exchangeRates${args} { totalCount pageInfo { endCursor } nodes { ${RATE} } } }`,
  );
  expect(failed).toEqual([]);
  return data!.exchangeRates as Data;
}
const texts = async (args?: string) =>
  (await listed(args)).nodes.map((one: Data) => `${one.currency} ${one.validFrom} ${one.rate}`);

const deal = (currency: string, amount: bigint, closeDate: string): Given => ({
  ...{ currency, amount, closeDate, isWon: true },
});
/** Makes these the only deals, and all rates forgotten. */
const storeDeals = (deals: Given[]) => storeWorld(world.database, organization.tenant, someWorld(deals));

async function won(): Promise<Data> {
  const query = '{ metrics { won { count amount { amount currency } unconverted { amount currency } } } }';
  const { data, errors: failed } = await admin.send(query);
  expect(failed).toEqual([]);
  return data!.metrics.won as Data;
}

test('rates are set, corrected, listed latest first and removed', async () => {
  const made = await set([
    rate('USD', '2025-01-01', '0.960000'),
    rate('USD', '2026-01-01', '0.92'),
    rate('JPY', '2026-01-01', '0.0061'),
  ]);
  expect(made.userErrors).toEqual([]);
  expect(made.rates[0]).toEqual({
    ...{ id: expect.stringMatching(/^rat_/), currency: 'USD', validFrom: '2025-01-01' },
    ...{ rate: '0.96', version: 1 },
  });
  const again = await set([rate('USD', '2026-01-01', '0.93'), rate('USD', '2025-01-01', '0.96')]);
  expect(again.rates).toMatchObject([
    { id: made.rates[1].id, rate: '0.93', version: 2 },
    { id: made.rates[0].id, rate: '0.96', version: 1 },
  ]);
  expect(await texts()).toEqual(['USD 2026-01-01 0.93', 'JPY 2026-01-01 0.0061', 'USD 2025-01-01 0.96']);
  expect(await texts('(filter: { currency: "USD", validFrom: { lt: "2026-01-01" } })')).toEqual([
    'USD 2025-01-01 0.96',
  ]);
  const page = await listed('(first: 1)');
  expect(await texts(`(first: 1, after: "${page.pageInfo.endCursor}")`)).toEqual(['JPY 2026-01-01 0.0061']);
  const { data } = await admin.send('query ($id: ID!) { node(id: $id) { ... on ExchangeRate { rate } } }', {
    id: made.rates[2].id,
  });
  expect(data).toEqual({ node: { rate: '0.0061' } });
  await sound();
  expect(errors(await remove([made.rates[0].id, made.rates[2].id]))).toEqual([]);
  expect(errors(await remove([made.rates[1].id, made.rates[0].id]))).toEqual(['NOT_FOUND rates.1']);
  expect(await texts()).toEqual(['USD 2026-01-01 0.93']);
});

test('each deal is converted by the rate of its close date and rounded by itself', async () => {
  await storeDeals([
    deal('EUR', 100_00n, '2026-02-01'),
    deal('USD', 33n, '2026-01-31'),
    deal('USD', 33n, '2026-01-31'),
    deal('USD', 1000_00n, '2026-02-01'),
  ]);
  await set([rate('USD', '2026-01-01', '0.5'), rate('USD', '2026-02-01', '0.9')]);
  // 0.165 rounds to 0.17, twice; together it would have been 0.33
  expect(await won()).toEqual({
    count: 4,
    amount: { amount: '1000.34', currency: 'EUR' },
    unconverted: [],
  });
  await set([rate('USD', '2026-01-31', '0.4')]);
  expect((await won()).amount.amount).toBe('1000.26');
});

test('a deal from before the first rate of its currency is not converted, nor is one without any', async () => {
  await storeDeals([
    deal('USD', 10_00n, '2025-12-31'),
    deal('USD', 10_00n, '2026-01-01'),
    deal('GBP', 7_50n, '2026-01-01'),
  ]);
  await set([rate('USD', '2026-01-01', '0.5')]);
  expect(await won()).toEqual({
    count: 3,
    amount: { amount: '5.00', currency: 'EUR' },
    unconverted: [
      { amount: '7.50', currency: 'GBP' },
      { amount: '10.00', currency: 'USD' },
    ],
  });
  const [only] = (await listed()).nodes;
  await remove([only.id]);
  expect((await won()).unconverted).toContainEqual({ amount: '20.00', currency: 'USD' });
});

test.each([
  ['EUR', 'JPY', 1000n, '0.0061', '6.10'],
  ['EUR', 'KWD', 1_500n, '3.02', '4.53'],
  ['JPY', 'EUR', 10_00n, '162.44', '1624'],
  ['JPY', 'KWD', 1_001n, '500', '501'],
  ['KWD', 'JPY', 333n, '0.00205', '0.683'],
  ['KWD', 'USD', 1_00n, '0.3075', '0.308'],
])('decimals of both currencies count: in %s, of %s', async (home, currency, amount, given, result) => {
  await inOrganization(home);
  await storeDeals([deal(currency, amount, '2026-03-01')]);
  await set([rate(currency, '2026-01-01', given)]);
  expect((await won()).amount).toEqual({ amount: result, currency: home });
  await sound();
});

test('what is no rate is refused, each with its place, and nothing is set', async () => {
  const day = '2026-01-01';
  const refused = await set([
    rate('EUR', day, '1'),
    rate('usd', day, '1'),
    rate('XYZ', day, '1'),
    rate('', day, '1'),
    rate('USD', day, '0'),
    rate('USD', day, '-0.5'),
    rate('USD', day, '1000000000'),
    rate('USD', day, '0.0000000000001'),
    rate('USD', '1899-12-31', '1'),
    rate('USD', '2201-01-01', '1'),
    rate('GBP', day, '1.1'),
    rate('GBP', day, '1.2'),
  ]);
  expect(errors(refused)).toEqual([
    'INVALID_INPUT rates.0.currency',
    'INVALID_INPUT rates.1.currency',
    'INVALID_INPUT rates.2.currency',
    'INVALID_INPUT rates.3.currency',
    'INVALID_INPUT rates.4.rate',
    'INVALID_INPUT rates.5.rate',
    'INVALID_INPUT rates.6.rate',
    'INVALID_INPUT rates.7.rate',
    'INVALID_INPUT rates.8.validFrom',
    'INVALID_INPUT rates.9.validFrom',
    'INVALID_INPUT rates.11.validFrom',
  ]);
  expect(refused.rates).toBeNull();
  const many = Array.from({ length: 501 }, () => rate('USD', day, '1'));
  for (const none of [[], many]) expect(errors(await set(none))).toEqual(['INVALID_INPUT rates']);
  expect(errors(await remove(['x', encodeId('ExchangeRate', uuidv7())]))).toEqual(['INVALID_INPUT rates.0']);
  expect((await listed()).totalCount).toBe(0);
});

test('another organisation neither sees, uses nor removes them', async () => {
  const { rates } = await set([rate('USD', '2026-01-01', '0.5')]);
  await inOrganization('EUR');
  await storeDeals([deal('USD', 10_00n, '2026-02-01')]);
  expect((await listed()).totalCount).toBe(0);
  expect((await won()).unconverted).toEqual([{ amount: '10.00', currency: 'USD' }]);
  expect(errors(await remove([rates[0].id]))).toEqual(['NOT_FOUND rates.0']);
});

test('of rates of one day set at once one stays, and none fails', async () => {
  for (let round = 1; round <= 10; round++) {
    const answers = await Promise.all(
      ['1', '2', '3'].map((of) =>
        set([rate('USD', '2026-01-01', of), rate('GBP', `2026-01-0${(round % 9) + 1}`, of)]),
      ),
    );
    expect(answers.flatMap(errors)).toEqual([]);
  }
  expect((await listed()).totalCount).toBe(10);
  await sound();
});

test('a change is told in the journal, is one per key, and is not made on old settings', async () => {
  const given = [rate('USD', '2026-01-01', '0.5'), rate('USD', '2026-02-01', '0.6')];
  const [first, second] = [
    await set(given, { idempotencyKey: 'k' }),
    await set(given, { idempotencyKey: 'k' }),
  ];
  expect(second).toEqual(first);
  await set([given[0]!, rate('USD', '2026-02-01', '0.7')], { ifVersion: 2 });
  await set([rate('USD', '2026-02-01', '0.70')]);
  for (const answer of [
    await set(given, { ifVersion: 2 }),
    await remove([first.rates[0].id], { ifVersion: 2 }),
  ])
    expect(answer.userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 3 }]);
  await remove([first.rates[0].id]);
  expect(await auditOf(world, organization.tenant, encodeId('Organization', organization.id))).toMatchObject([
    { action: 'setExchangeRates', before: { rates: [] }, after: { rates: given } },
    {
      action: 'setExchangeRates',
      before: { rates: [given[1]] },
      after: { rates: [rate('USD', '2026-02-01', '0.7')] },
    },
    { action: 'removeExchangeRates', before: { rates: [given[0]] }, after: { rates: [] } },
  ]);
});

test('only an administrator sets them, everybody reads them', async () => {
  const { rates } = await set([rate('USD', '2026-01-01', '0.5')]);
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE]) {
    const caller = await callerOf(world, organization, role);
    expect((await listed('', caller)).totalCount).toBe(1);
    const input = { rates: [rate('GBP', '2026-01-01', '1.1')] };
    expect(await failure(caller, 'setExchangeRates', input, 'rates { id }')).toBe('FORBIDDEN');
    const removed = { rates: [rates[0].id] };
    expect(await failure(caller, 'removeExchangeRates', removed, 'organization { id }')).toBe('FORBIDDEN');
  }
});
