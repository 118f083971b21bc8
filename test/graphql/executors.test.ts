import { getIntrospectionQuery, GraphQLError } from 'graphql';
import { normalizeErrors } from '../../src/graphql/executor.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { fillBulk } from '../support/bulk.ts';
import { fillLineage } from '../support/bulk-lineage.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

// `client.send` runs each query compiled and interpreted, and fails when the answers differ.

let world: World;
let server: TestServer;
let client: Client;
let organizationId: string;
let userId: string;

const id = (type: Parameters<typeof encodeId>[0], kind: number, number: number) =>
  encodeId(type, `00000000-0000-7000-800${kind}-${number.toString(16).padStart(12, '0')}`);

beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { tenant, ...organization } = await world.organization();
  organizationId = organization.id;
  userId = organization.adminId;
  await fillBulk(world, tenant, { accounts: 120, contacts: 2, opportunities: 2, leads: 2 });
  await fillLineage(world, tenant, 40);
  client = await server.client(organization.id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const code = async (query: string, variables?: Data) => {
  const { errors } = await client.send(query, variables);
  return errors?.map((error) => error.extensions?.code);
};

test('fragments, aliases and nested lists', async () => {
  const data = await client.data(
    `query { first: accounts(first: 2) { ...Page } second: accounts(first: 1, orderBy: { field: TIER }) { ...Page } }
     fragment Page on AccountConnection { edges { cursor node { ...Summary ... on Account { tier } } } totalCount }
     fragment Summary on Account { id title: name contacts(first: 1) { nodes { id owner { name } account { id title: name } } }
       later: contacts(first: 1, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { id } } }`,
  );
  expect(data.first.edges.map((edge: Data) => edge.node.title)).toEqual(['Account 1', 'Account 10']);
  expect(data.first.edges[0].node.contacts.nodes[0].account.title).toBe('Account 1');
  expect(data.first.edges[0].node.later.nodes[0].id).not.toBe(data.first.edges[0].node.contacts.nodes[0].id);
  expect(data.second.edges[0].node.tier).toBe(1);
});

test.each([
  [{ yes: true, no: false }, ['name', 'tier']],
  [{ yes: false, no: true }, ['domain']],
  [{ yes: true, no: true }, ['name']],
  [{ yes: false, no: false }, ['tier', 'domain']],
])('@include and @skip follow their variables %j', async (variables, fields) => {
  const { accounts } = await client.data(
    `query ($yes: Boolean!, $no: Boolean!) { accounts(first: 1) { nodes {
      name @include(if: $yes) tier @skip(if: $no) ... @skip(if: $yes) { domain } } } }`,
    variables,
  );
  expect(Object.keys(accounts.nodes[0]).sort()).toEqual(fields.sort());
});

test('every kind of node, by interface and union', async () => {
  const data = await client.data(
    `query ($ids: [ID!]!) {
      nodes(ids: $ids) {
        __typename id
        ... on Account { name } ... on Contact { lastName } ... on Opportunity { closeDate stage { name } }
        ... on Lead { company owner { __typename ... on User { email } ... on Queue { queue: name } } conversion { id } }
        ... on LeadConversion { accountOutcome fields { field outcome } lead { id } }
        ... on User { role } ... on Queue { name } ... on Organization { currency stages { name } } ... on Activity { subject } }
      node(id: "${id('Account', 1, 999)}") { id }
      leads(first: 100, orderBy: { field: NAME }) { nodes { owner { __typename } } } }`,
    {
      ids: [
        id('Account', 1, 1),
        id('Contact', 2, 1),
        id('Opportunity', 3, 1),
        id('Lead', 4, 1),
        id('Lead', 4, 51),
        id('LeadConversion', 7, 1),
        id('Queue', 6, 1),
        id('Account', 1, 999),
        encodeId('Activity', '00000000-0000-7000-8001-000000000001'),
        encodeId('Organization', organizationId),
        encodeId('User', userId),
      ],
    },
  );
  expect(data.nodes.map((node: Data | null) => node?.__typename)).toEqual(
    'Account Contact Opportunity Lead Lead LeadConversion Queue - Activity Organization User'
      .split(' ')
      .map((type) => (type === '-' ? undefined : type)),
  );
  expect(data.nodes[3].conversion.id).toBe(id('LeadConversion', 7, 1));
  expect(data.nodes[4].owner).toEqual({ __typename: 'Queue', queue: 'Inbound' });
  expect(data.node).toBeNull();
  const owners = new Set(data.leads.nodes.map((lead: Data) => lead.owner?.__typename));
  expect(owners).toEqual(new Set([undefined, 'User', 'Queue']));
});

test('an error in a list, under a nullable and under a non-null field', async () => {
  const inNullable = await client.send(`{ node(id: "nonsense") { id } viewer { role } }`);
  expect(inNullable.data).toEqual({ node: null, viewer: { role: 'ADMIN' } });
  expect(inNullable.errors).toMatchObject([
    { path: ['node'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } },
  ]);

  const inRoot = await client.send(
    `{ accounts(first: 101) { totalCount } contacts(first: 1) { totalCount } }`,
  );
  expect(inRoot.data).toBeNull();
  expect(inRoot.errors).toHaveLength(1);

  const nested = await client.send(
    `{ account(by: { domain: "account1.example" }) { name contacts(first: 500) { nodes { id } } } viewer { role } }`,
  );
  expect(nested.data).toEqual({ account: null, viewer: { role: 'ADMIN' } });
  expect(nested.errors).toMatchObject([{ path: ['account', 'contacts'] }]);

  const inList = await client.send(
    `{ accounts(first: 3) { nodes { owner { id } contacts(after: "garbage") { nodes { id } } } } viewer { role } }`,
  );
  expect(inList.data).toBeNull();
  expect(inList.errors).toHaveLength(1);
});

test.each<[string, string, Data | undefined]>([
  ['missing', 'query ($id: ID!) { node(id: $id) { id } }', undefined],
  ['null for non-null', 'query ($id: ID!) { node(id: $id) { id } }', { id: null }],
  ['text for Int', 'query ($n: Int) { accounts(first: $n) { totalCount } }', { n: 'five' }],
  ['fraction for Int', 'query ($n: Int) { accounts(first: $n) { totalCount } }', { n: 1.5 }],
  ['too large an Int', 'query ($n: Int) { accounts(first: $n) { totalCount } }', { n: 2 ** 31 }],
  [
    'unknown enum value',
    'query ($o: [AccountOrder!]) { accounts(orderBy: $o) { totalCount } }',
    { o: { field: 'SIZE' } },
  ],
  ['unknown field', 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }', { f: { size: 1 } }],
  ['null item', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [null] }],
  [
    'number for Decimal',
    'query ($f: OpportunityFilter) { opportunities(filter: $f) { totalCount } }',
    { f: { amount: { gt: 1.5 } } },
  ],
  [
    '31 February',
    'query ($f: OpportunityFilter) { opportunities(filter: $f) { totalCount } }',
    { f: { closeDate: { eq: '2026-02-31' } } },
  ],
  [
    'an instant without zone',
    'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }',
    { f: { createdAt: { lt: '2026-02-01T00:00:00' } } },
  ],
  ['no key', 'query ($by: AccountKey!) { account(by: $by) { id } }', { by: {} }],
  [
    'two keys',
    'query ($by: AccountKey!) { account(by: $by) { id } }',
    { by: { domain: 'a.example', externalId: '1' } },
  ],
  ['a null key', 'query ($by: AccountKey!) { account(by: $by) { id } }', { by: { domain: null } }],
  [
    'a key and a null key',
    'query ($by: LeadKey!) { lead(by: $by) { id } }',
    { by: { id: 'led_1', externalId: null } },
  ],
])('a bad variable is BAD_USER_INPUT: %s', async (_case, query, variables) => {
  const answer = await client.send(query, variables);
  expect(answer.data).toBeFalsy();
  expect(new Set(answer.errors?.map((error) => error.extensions?.code))).toEqual(new Set(['BAD_USER_INPUT']));
});

test.each([
  ['two fields', '{ account(by: { domain: "a.example", externalId: "1" }) { id } }'],
  ['no field', '{ account(by: {}) { id } }'],
  ['a null field', '{ contact(by: { email: null }) { id } }'],
])('a literal that is not one of is refused before it runs: %s', async (_case, query) => {
  const answer = await client.send(query, { d: null });
  expect(answer.status).toBe(400);
  expect(answer.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('a key that is a nullable variable: found by its value, BAD_USER_INPUT when null', async () => {
  const query = 'query ($d: String) { account(by: { domain: $d }) { name } }';
  expect(await client.send(query, { d: 'account1.example' })).toMatchObject({
    status: 200,
    data: { account: { name: 'Account 1' } },
  });
  for (const variables of [{ d: null }, {}]) {
    const answer = await client.send(query, variables);
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answer.data).toBeFalsy();
  }
});

test('every key input is one-of', async () => {
  const { __schema } = await client.data('{ __schema { types { name kind isOneOf } } }');
  const keys = __schema.types.filter(
    (type: Data) => type.kind === 'INPUT_OBJECT' && /Key$|Target$/.test(type.name),
  );
  expect(keys.length).toBeGreaterThanOrEqual(4);
  expect(keys.filter((type: Data) => !type.isOneOf)).toEqual([]);
});

test('null, absent and default variables', async () => {
  const query = `query ($n: Int = 2, $f: AccountFilter, $o: [AccountOrder!] = [{ field: NAME, direction: DESC }]) {
    accounts(first: $n, filter: $f, orderBy: $o) { nodes { name } } }`;
  const names = async (variables?: Data) =>
    (await client.data(query, variables)).accounts.nodes.map((node: Data) => node.name);
  expect(await names()).toEqual(['Account 99', 'Account 98']);
  expect(await names({ n: 1, f: null })).toEqual(['Account 99']);
  expect(await names({ n: null })).toHaveLength(25);
  expect(await names({ n: 1, o: null })).toEqual(['Account 1']);
  expect(await names({ n: 1, o: [] })).toEqual(['Account 1']);
  expect(await names({ n: 1, o: { field: 'NAME', direction: null } })).toEqual(['Account 1']);
  expect(await names({ f: { name: { eq: null, startsWith: 'ACCOUNT 7' } }, n: 1 })).toEqual(['Account 79']);
});

test('scalars as literals and as variables', async () => {
  const literals = `{ opportunities(first: 100, filter: { amount: { gt: "7.5", lte: 9 }, closeDate: { gte: "2024-01-01", lt: "2027-01-01" },
    createdAt: { lt: "2030-01-01T00:00:00+02:00" }, isClosed: false, or: [{ isWon: false }, { isWon: true }] }) {
    nodes { amount { amount currency } closeDate createdAt stage { forecastCategory } } } }`;
  const variables = `query ($amount: DecimalFilter, $gte: Date, $lt: Date, $at: DateTime, $is: Boolean) { opportunities(first: 100,
    filter: { amount: $amount, closeDate: { gte: $gte, lt: $lt }, createdAt: { lt: $at }, isClosed: $is }) {
    nodes { amount { amount currency } closeDate createdAt stage { forecastCategory } } } }`;
  const byLiterals = await client.data(literals);
  expect(byLiterals.opportunities.nodes.length).toBeGreaterThan(0);
  const byVariables = await client.data(variables, {
    amount: { gt: '7.5', lte: 9 },
    gte: '2024-01-01',
    lt: '2027-01-01',
    at: '2030-01-01T00:00:00+02:00',
    is: false,
  });
  expect(byVariables).toEqual(byLiterals);
  expect(await code('{ opportunities(filter: { amount: { gt: "1e3" } }) { totalCount } }')).toEqual([
    'GRAPHQL_VALIDATION_FAILED',
  ]);
});

test('enums in inputs and outputs', async () => {
  const { conversions } = await client.data(
    `query ($outcome: ConversionOutcome) { conversions(filter: { accountOutcome: $outcome }) { nodes { accountOutcome fields { outcome target } } } }`,
    { outcome: 'MERGED' },
  );
  expect(new Set(conversions.nodes.map((node: Data) => node.accountOutcome))).toEqual(new Set(['MERGED']));
  expect(conversions.nodes[0].fields).toContainEqual({ outcome: 'FILLED', target: 'ACCOUNT' });
});

test('several operations in one document, by name', async () => {
  const document = 'query One { viewer { role } } query Two { accounts(first: 1) { nodes { name } } }';
  expect((await client.send(document, {}, 'One')).data).toEqual({ viewer: { role: 'ADMIN' } });
  expect((await client.send(document, {}, 'Two')).data).toEqual({
    accounts: { nodes: [{ name: 'Account 1' }] },
  });
  expect((await client.send(document)).errors).toHaveLength(1);
  expect((await client.send(document, {}, 'Three')).errors).toHaveLength(1);
});

test('introspection, __typename and deep nesting', async () => {
  const { __schema } = await client.data(getIntrospectionQuery({ oneOf: true, descriptions: true }));
  expect(__schema.queryType.name).toBe('Query');
  const deep = await client.data(
    `{ __typename accounts(first: 1) { __typename nodes { __typename contacts(first: 2) { nodes { account { opportunities(first: 2) { nodes {
      contactRoles { contact { account { conversions(first: 2) { nodes { __typename opportunity {
      stageHistory { stage { name } } account { name leads { nodes { accountMatch { account { name } } } } } } } } } } } } } } } } } } }`,
  );
  expect(JSON.stringify(deep)).toContain('"__typename":"LeadConversion"');
});

test('documents that do not parse or validate', async () => {
  expect(await code('{ accounts { nodes { id }')).toEqual(['GRAPHQL_PARSE_FAILED']);
  expect(await code('{ accounts { nodes { size } } }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  expect(await code('query ($n: String) { accounts(first: $n) { totalCount } }')).toEqual([
    'GRAPHQL_VALIDATION_FAILED',
  ]);
  expect(await code('')).toHaveLength(1);
});

test('an error of the compiled executor is made whole: it has extensions, and keeps its place', () => {
  const bare = Object.assign(Object.create(GraphQLError.prototype) as GraphQLError, {
    ...{ message: 'boom', path: ['accounts'], locations: [{ line: 1, column: 3 }] },
  });
  const [error] = normalizeErrors({ data: null, errors: [bare] });
  expect(error!.extensions).toEqual({});
  expect(error!.toJSON()).toEqual({
    message: 'boom',
    path: ['accounts'],
    locations: [{ line: 1, column: 3 }],
  });
});
