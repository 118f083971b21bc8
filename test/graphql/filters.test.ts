import fc from 'fast-check';
import sql from 'sql-template-tag';
import { accountKeys } from '../../src/accounts/account.keys.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { fillBulk } from '../support/bulk.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { ACCOUNT, matches, OPPORTUNITY, type Test } from './filter-oracle.ts';
import { bulkId } from './plan-cases.ts';

let world: World;
let server: TestServer;
let client: Client;
let accounts: Data[];
let opportunities: Data[];

const NAMES = [
  'Société Générale',
  'SOCIETE GENERALE',
  '100% Pure',
  '100_ Pure',
  'back\\slash',
  'O\'Neill "quoted"',
  '𝓐cme 🚀',
  'Straße',
  'e\u0301clair',
  'İstanbul',
  'ﬁrma',
  ' padded  twice ',
  'x'.repeat(300),
  '%',
  '_',
  '\\',
  '日本 株式会社',
  'Account 1',
  '\u0301',
];
const INDUSTRIES = ['Energy', 'energy', 'Énergie', '50%', null];

beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { id, tenant } = await world.organization();
  await fillBulk(world, tenant, { accounts: 60, contacts: 1, opportunities: 1, leads: 1 });
  await world.database.write(tenant, async (tx) => {
    for (const [index, name] of NAMES.entries()) {
      const industry = INDUSTRIES[index % INDUSTRIES.length]!;
      const keys = accountKeys({ name, industry });
      await tx.query(sql`update account t set name = ${name}, name_key = ${keys.nameKey}, industry = ${industry}, industry_key = ${keys.industryKey},
        domain = case when ${index} % 3 > 0 then domain end, parent_id = case when ${index} % 4 = 1 then ${bulkId(1, 60)}::uuid end,
        owner_id = case when ${index} % 2 = 1 then ${tenant.userId}::uuid end
        where t.organization_id = ${id} and t.id = ${bulkId(1, index + 1)}`);
    }
    await tx.query(
      sql`update opportunity t set currency = 'USD', amount = 200 where t.organization_id = ${id} and t.id = ${bulkId(3, 5)}`,
    );
  });
  client = await server.client(id);
  accounts = (
    await client.data(
      '{ accounts(first: 100) { nodes { id name domain industry tier isTarget createdAt owner { id } parent { id } } } }',
    )
  ).accounts.nodes;
  opportunities = (
    await client.data(
      '{ opportunities(first: 100) { nodes { id name source closeDate createdAt isClosed isWon amount { amount currency } account { id } stage { name } owner { id } } } }',
    )
  ).opportunities.nodes;
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** Mostly absent: of many conditions together nothing is ever found. */
const some = <T>(arbitrary: fc.Arbitrary<T>, weight = 2) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });
const is1 = some(fc.boolean());

function texts(known: string[]) {
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...known) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(...known).chain((one) =>
        fc.nat(one.length).map((at) =>
          one
            .slice(at, at + 4)
            .toUpperCase()
            .toWellFormed(),
        ),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        ' ',
        '%',
        '_',
        '\\',
        "'",
        '"',
        '$1',
        '--',
        '{}',
        'ss',
        'e',
        '\u0301',
        '🚀',
        '￿',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 5 }).map((one) => one.replaceAll('\0', '')),
    },
  );
  return fc.record({
    eq: some(value),
    ne: some(value),
    in: some(few(value)),
    contains: some(value),
    startsWith: some(value),
    isNull: is1,
  });
}
const ids = (known: fc.Arbitrary<string>) =>
  fc.record({ eq: some(known), in: some(few(known)), isNull: is1 });
const accountIds = fc.integer({ min: 1, max: 70 }).map((number) => encodeId('Account', bulkId(1, number)));
const instants = fc.constantFrom(
  '2024-01-01T00:05:00Z',
  '2024-01-01T00:30:00.000+00:00',
  '2024-01-01T02:30:00+02:00',
  '1000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
);
const within = (value: fc.Arbitrary<unknown>) =>
  fc.record({ gte: some(value), lt: some(value), isNull: is1 });

/** Any filter over the fields: one condition, or many up to three deep. */
function filters(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Data> {
  const own = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, some(one, 1)]));
  const nested = (inner: fc.Arbitrary<Data>) =>
    fc.record({ ...own, and: some(few(inner), 1), or: some(few(inner), 1), not: some(inner, 1) });
  const single = fc.oneof(
    ...Object.entries(fields).map(([name, one]) => one.map((value): Data => ({ [name]: value }))),
  );
  return fc.oneof(single, nested(nested(nested(fc.record(own)))));
}

async function expectSame(
  list: string,
  type: string,
  filter: Data,
  nodes: Data[],
  fields: Record<string, Test>,
) {
  const query = `query ($filter: ${type}) { ${list}(first: 100, filter: $filter) { totalCount nodes { id } } }`;
  const { data, errors } = await client.sendOnce(query, { filter });
  if (errors) throw new Error(JSON.stringify(errors));
  const expected = nodes.filter((node) => matches(node, filter, fields)).map((node) => node.id as string);
  expect(data![list]).toEqual({ totalCount: expected.length, nodes: expected.map((id) => ({ id })) });
  return expected.length > 0 && expected.length < nodes.length;
}

/** Counts the filters that tell rows apart: a test of others would prove nothing. */
async function expectSameForAll(
  numRuns: number,
  any: fc.Arbitrary<Data>,
  check: (filter: Data) => Promise<boolean>,
) {
  let telling = 0;
  await fc.assert(
    fc.asyncProperty(any, async (filter) => {
      if (await check(filter)) telling++;
    }),
    { numRuns },
  );
  expect(telling).toBeGreaterThan(numRuns / 5);
}

test('any filter of accounts finds what the same conditions find in plain JavaScript', async () => {
  const ints = fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constantFrom(40_000, -(2 ** 31), 2 ** 31 - 1));
  const any = filters({
    id: ids(accountIds),
    name: texts(NAMES),
    domain: texts(['account1.example', 'ACCOUNT2.example', 'account']),
    industry: texts(['Energy', 'Énergie', '50%', 'Industry 7']),
    tier: fc.record({
      eq: some(ints),
      in: some(few(ints)),
      gt: some(ints),
      gte: some(ints),
      lt: some(ints),
      lte: some(ints),
      isNull: is1,
    }),
    isTarget: fc.boolean(),
    owner: ids(accountIds.map(() => accounts.find((one) => one.owner)!.owner.id as string)),
    parent: ids(accountIds),
    createdAt: within(instants),
  });
  await expectSameForAll(400, any, (filter) =>
    expectSame('accounts', 'AccountFilter', filter, accounts, ACCOUNT),
  );
});

test('any filter of opportunities finds what the same conditions find in plain JavaScript', async () => {
  const amounts = fc.constantFrom('0', '-1', '1', '2.00', '2.5', '30', '92233720368547758.07');
  const dates = fc.constantFrom('2024-01-01', '2024-01-20', '2024-02-29', '9999-12-31', '1000-01-01');
  const any = filters({
    name: texts(['Deal 1', 'deal 11', 'DEAL']),
    source: texts(['Source 1', 'Source 2']),
    account: ids(accountIds),
    owner: ids(fc.constant(encodeId('User', bulkId(9, 1)))),
    stage: texts(['Prospecting', 'Closed Won', 'prospecting', 'closed']),
    isClosed: fc.boolean(),
    isWon: fc.boolean(),
    amount: fc.record({
      eq: some(amounts),
      gt: some(amounts),
      gte: some(amounts),
      lt: some(amounts),
      lte: some(amounts),
      isNull: is1,
    }),
    closeDate: fc.record({ eq: some(dates), gte: some(dates), lt: some(dates), isNull: is1 }),
    createdAt: within(instants),
  });
  await expectSameForAll(300, any, (filter) =>
    expectSame('opportunities', 'OpportunityFilter', filter, opportunities, OPPORTUNITY),
  );
});

test('no text breaks a filter: hostile characters find nothing, what no text can have is BAD_USER_INPUT', async () => {
  const lists: [string, string, string[]][] = [
    ['accounts', 'AccountFilter', ['name', 'domain', 'industry']],
    ['contacts', 'ContactFilter', ['name', 'email', 'title']],
    ['opportunities', 'OpportunityFilter', ['name', 'stage', 'source']],
    ['leads', 'LeadFilter', ['name', 'email', 'company', 'status', 'source']],
    ['conversions', 'ConversionFilter', ['source']],
  ];
  const hostile = [
    '\0',
    'a\0b',
    '\uD800',
    '\uFFFF',
    '%'.repeat(5000),
    '\\',
    '\\%',
    "'; drop table account; --",
    'z'.repeat(200_000),
    '\u0301'.repeat(1000),
    '👩‍👩‍👧‍👦',
    '\u202E',
    '(?=',
    '${x}',
    '$1',
  ];
  for (const [list, type, fields] of lists)
    for (const field of fields)
      for (const operator of ['eq', 'ne', 'in', 'contains', 'startsWith'])
        for (const value of hostile) {
          const query = `query ($filter: ${type}) { ${list}(first: 1, filter: $filter) { nodes { id } } }`;
          const filter = { [field]: { [operator]: operator === 'in' ? [value, 'x'] : value } };
          const { errors } = await client.sendOnce(query, { filter });
          const codes = errors?.map((error) => error.extensions?.code) ?? [];
          const isRefused = value.includes('\0') || !value.isWellFormed();
          expect([filter, codes]).toEqual([filter, isRefused ? ['BAD_USER_INPUT'] : []]);
        }
});

test.each<[string, Data, string]>([
  [
    'more than 500 values',
    { id: { in: Array(501).fill(encodeId('Account', bulkId(1, 1))) } },
    'filter.id.in',
  ],
  ['more than 500 texts', { name: { in: Array(501).fill('x') } }, 'filter.name.in'],
  ['more than 500 numbers', { not: { tier: { in: Array(501).fill(1) } } }, 'filter.not.tier.in'],
  ['more than 100 conditions', { or: Array.from({ length: 101 }, () => ({ isTarget: true })) }, 'filter'],
  ['more than 100 empty alternatives', { or: Array.from({ length: 5000 }, () => ({})) }, 'filter'],
  [
    'deeper than 8',
    [1, 2, 3, 4, 5, 6, 7, 8, 9].reduce<Data>((inner) => ({ not: inner }), { isTarget: true }),
    `filter${'.not'.repeat(9)}`,
  ],
])('%s are refused', async (_case, filter, argument) => {
  const { errors } = await client.send(
    'query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }',
    { filter },
  );
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

test('an amount finer than the currency is refused, a filter that is null or empty finds everything', async () => {
  const opportunity = 'query ($filter: OpportunityFilter) { opportunities(filter: $filter) { totalCount } }';
  const { errors } = await client.send(opportunity, { filter: { amount: { gt: '1.005' } } });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter.amount' } }]);
  expect(
    (await client.send(opportunity, { filter: { amount: { gt: '9'.repeat(30) } } })).errors,
  ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  for (const filter of [
    null,
    {},
    { name: {} },
    { name: { eq: null } },
    { and: [] },
    { and: [{}] },
    { or: [{}] },
    { not: null },
  ])
    expect((await client.data(opportunity, { filter })).opportunities.totalCount).toBe(60);
  for (const filter of [{ or: [] }, { not: {} }, { name: { in: [] } }])
    expect((await client.data(opportunity, { filter })).opportunities.totalCount).toBe(0);
});
