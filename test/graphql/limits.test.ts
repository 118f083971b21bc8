import { revokeToken } from '../../src/identity/token.service.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { issueToken } from '../../src/identity/token.service.ts';
import { fillBulk } from '../support/bulk.ts';
import {
  type Client,
  type Data,
  post,
  startTestServer,
  testInstallation,
  type TestServer,
} from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
let organizationId: string;

beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { id, tenant } = await world.organization();
  organizationId = id;
  await fillBulk(world, tenant, { accounts: 3, contacts: 1, opportunities: 1, leads: 1 });
  client = await server.client(id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** Sends a body as it is. */
async function raw(body: string, headers: Record<string, string> = {}, path = '/graphql', method = 'POST') {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}`, ...headers },
    ...(method === 'POST' && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Data };
}

/** Nothing of the inside may show: SQL, tables, files, stacks. */
function expectNothingInside(text: string): void {
  expect(text).not.toMatch(
    /select |insert |organization_id|deleted_at|relation|column|node_modules|\.ts\b|\.js\b|stack|kontor_app|at \w+ \(/i,
  );
}

test('an operation may ask for 100,000 objects: the refusal says how many it asks for', async () => {
  const nested = (first: number) =>
    `{ accounts(first: 100) { nodes { contacts(first: 100) { nodes { opportunities(first: ${first}) { nodes { id } } } } } } }`;
  const answer = await client.send(nested(100));
  expect(answer).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'OPERATION_TOO_LARGE', limit: 100_000 } }],
  });
  expect(answer.errors![0]!.extensions!.objects).toBeGreaterThan(1_000_000);
  expect(answer.data).toBeFalsy();
  expect((await client.send(nested(7))).errors).toBeUndefined();
});

test('pages of variables, aliases, fragments and nodes count as well', async () => {
  const large = { extensions: { code: 'OPERATION_TOO_LARGE' } };
  const byVariable = `query ($n: Int) { accounts(first: $n) { nodes { contacts(first: $n) { nodes { account { leads(first: $n) { nodes { id } } } } } } } }`;
  expect((await client.send(byVariable, { n: 100 })).errors).toMatchObject([large]);
  expect((await client.send(byVariable, { n: 5 })).errors).toBeUndefined();
  expect((await client.send(byVariable, { n: 100 })).errors).toMatchObject([large]);
  const aliases = Array.from(
    { length: 11 },
    (_, index) => `a${index}: accounts(first: 100) { nodes { ...Wide } }`,
  );
  expect(
    (
      await client.send(
        `{ ${aliases.join(' ')} } fragment Wide on Account { contacts(first: 100) { nodes { id owner { id } } } }`,
      )
    ).errors,
  ).toMatchObject([large]);
  const ids = Array.from({ length: 100 }, () => 'acc_01h455vb4pex5vsknk084sn02q');
  const nodes =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { contacts(first: 100) { nodes { owner { id } conversions(first: 100) { nodes { id } } } } } } }';
  expect((await client.send(nodes, { ids })).errors).toMatchObject([large]);
});

test('a query of many counts is refused, since each reads all rows', async () => {
  const counts = (length: number) =>
    `{ ${Array.from({ length }, (_, index) => `a${index}: accounts { totalCount }`).join(' ')} }`;
  expect((await client.send(counts(600))).errors).toMatchObject([
    { extensions: { code: 'OPERATION_TOO_LARGE', objects: 120_000 } },
  ]);
  expect((await client.send(counts(20))).errors).toBeUndefined();
});

test("each account's lineage counts as 200 conversions", async () => {
  const query = (ofConversion: string) =>
    `{ accounts(first: 100) { nodes { lineage { nodes { id } edges { to conversion { ${ofConversion} } } } } } }`;
  expect((await client.send(query('id'))).errors).toBeUndefined();
  expect((await client.send(query('lead { id } account { id } contact { id }'))).errors).toMatchObject([
    { extensions: { code: 'OPERATION_TOO_LARGE', objects: 120_400 } },
  ]);
});

test('a negative or huge page size does not lower the count', async () => {
  const query = (first: number) =>
    `{ a: accounts(first: ${first}) { nodes { id } } accounts(first: 100) { nodes { contacts(first: 100) { nodes { leads: opportunities(first: 100) { nodes { id } } } } } } }`;
  for (const first of [-1_000_000, 2_000_000_000])
    expect((await client.send(query(first))).errors).toMatchObject([
      { extensions: { code: 'OPERATION_TOO_LARGE' } },
    ]);
});

test('a document of more than 5,000 tokens is not parsed', async () => {
  const answer = await client.send(`{ ${'viewer { role } '.repeat(1300)} }`);
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] });
  expect(answer.errors![0]!.message).toContain('5000 tokens');
});

test('deeply nested documents end in an error, not in the process', async () => {
  const deep = `${'{ accounts { nodes { contacts { nodes { account '.repeat(200)} { id } ${'} } } } }'.repeat(200)}`;
  const { errors } = await client.send(deep);
  expect(errors!.length).toBeGreaterThan(0);
  const fragments = 'query { viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }';
  expect((await client.send(fragments)).status).toBe(400);
  expect((await client.data('{ viewer { role } }')).viewer.role).toBe('ADMIN');
});

test('a body of more than 2 MiB is refused as GraphQL says it', async () => {
  const { status, json } = await raw(
    JSON.stringify({ query: '{ viewer { role } }', variables: { x: 'x'.repeat(2 ** 21) } }),
  );
  expect(status).toBe(413);
  expect(json.errors).toMatchObject([{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }]);
});

test.each([
  ['malformed JSON', '{"query": '],
  ['no query', '{}'],
  ['a query that is no text', '{"query": 5}'],
  ['an empty query', '{"query": ""}'],
  ['a body that is no object', '"query"'],
  ['variables that are no object', '{"query": "{ viewer { role } }", "variables": "x"}'],
  ['a batch', '[{"query": "{ viewer { role } }"}, {"query": "{ viewer { role } }"}]'],
  ['an empty batch', '[]'],
])('%s: 400 with a GraphQL error', async (_case, body) => {
  const { status, json, text } = await raw(body);
  expect(status).toBe(400);
  expect(json.errors).toMatchObject([
    { message: expect.any(String), extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } },
  ]);
  expectNothingInside(text);
});

test('another content type is refused: a browser sends it without asking', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const { status, json } = await raw('{"query": "{ viewer { role } }"}', { 'content-type': type });
    expect([400, 415]).toContain(status);
    expect(json.errors).toHaveLength(1);
  }
});

test('GET runs queries only, and not from a plain link', async () => {
  const get = (query: string, headers: Record<string, string>) =>
    raw('', headers, `/graphql?query=${encodeURIComponent(query)}`, 'GET');
  const asked = { 'apollo-require-preflight': 'true' };
  expect((await get('{ viewer { role } }', asked)).json).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  const mutation = await get('mutation { __typename }', asked);
  expect(mutation.status).toBe(405);
  expect(mutation.json.errors).toHaveLength(1);
  const link = await get('{ viewer { role } }', { 'content-type': 'text/plain' });
  expect(link.status).toBe(400);
});

test.each([
  ['no header', () => ({ authorization: '' })],
  ['another scheme', () => ({ authorization: 'Basic YTpi' })],
  ['garbage', () => ({ authorization: 'Bearer garbage' })],
  ['a huge token', () => ({ authorization: `Bearer ${'x'.repeat(5000)}` })],
  ['a changed signature', () => ({ authorization: `Bearer ${client.token.slice(0, -4)}AAAA` })],
])('%s: 401 with a GraphQL error', async (_case, headers) => {
  const { status, json, headers: answered, text } = await raw('{"query": "{ viewer { role } }"}', headers());
  expect(status).toBe(401);
  expect(json.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(json.data).toBeUndefined();
  expect(answered.get('www-authenticate')).toBe('Bearer');
  expectNothingInside(text);
});

test('an expired and a revoked token: 401', async () => {
  const store = testInstallation(world);
  const expired = await issueToken(store, { organizationId, role: Role.SDR, expiresInDays: 1e-9 });
  const revoked = await issueToken(store, { organizationId, role: Role.SDR });
  const query = { query: '{ viewer { role } }' };
  expect((await post(server.url, revoked.token, query)).status).toBe(200);
  await revokeToken(store, organizationId, revoked.id);
  for (const { token } of [expired, revoked])
    expect(await post(server.url, token, query)).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
});

test('an internal error shows nothing of the inside, its code is in the log, and the next operation works', async () => {
  const broken = await openWorld();
  const brokenServer = await startTestServer(broken);
  const { id } = await broken.organization();
  const user = await brokenServer.client(id);
  await broken.owner.query('alter table contact drop column phone');
  const query = '{ contacts { nodes { id phone } } viewer { user { name } } }';
  for (let time = 0; time < 3; time++) {
    const answer = await user.send(query);
    expect(answer).toMatchObject({
      data: null,
      errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expectNothingInside(JSON.stringify(answer));
  }
  expect(brokenServer.log.join()).toContain('42703');
  const nested = await user.send(
    '{ accounts { nodes { contacts { nodes { phone } } } } stages: viewer { organization { stages { name } } } }',
  );
  expectNothingInside(JSON.stringify(nested));
  expect((await user.data('{ contacts { totalCount } }')).contacts.totalCount).toBe(0);
  // more failures than the pool has connections: each gives its connection back
  await Promise.all(Array.from({ length: 40 }, () => user.sendOnce(query)));
  expect((await user.data('{ viewer { role } }')).viewer.role).toBe('ADMIN');
  await brokenServer.close();
  await broken.close();
});

test('unknown paths under /graphql are no GraphQL', async () => {
  const response = await fetch(`${server.url}/graphql/x`, {
    headers: { authorization: `Bearer ${client.token}` },
  });
  expect(response.status).toBe(404);
});
