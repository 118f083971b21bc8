import 'reflect-metadata';
import { type OperationDefinitionNode, parse } from 'graphql';
import { ObjectLimit } from '../../src/graphql/limits.ts';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world, 'compiled');
  client = await server.client((await world.organization()).id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});
afterEach(() => expect(server.log).toEqual([]));

test.each([
  ['an unknown name', 'query A { viewer { role } }', 'B', 'There is no operation "B" in the document'],
  ['a name of every object', 'query A { viewer { role } }', '__proto__', '"__proto__"'],
  ['several without a name', 'query A { viewer { role } } query B { viewer { role } }', undefined, 'several'],
])(
  '%s of an operation is the client’s mistake, not an internal error',
  async (_case, query, name, message) => {
    const answer = await client.send(query, undefined, name);
    expect(answer.status).toBe(400);
    expect(answer.errors![0]!.message).toEqual(expect.stringContaining(message));
  },
);

test.each([
  ['never closed', '{a'.repeat(2_400)],
  ['closed', `${'{a'.repeat(1_600)}${'}'.repeat(1_600)}`],
])(
  'a document nested deeper than the parser can follow (%s) is refused, not an internal error',
  async (_case, query) => {
    const answer = await client.send(query);
    expect(answer.status).toBe(400);
    expect(answer.errors![0]!.extensions).not.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  },
);

test('variables nested deeper than recursion could follow are refused', async () => {
  const nested = (depth: number) => `${'{"not":'.repeat(depth)}{"isTarget":true}${'}'.repeat(depth)}`;
  const query = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
  for (const depth of [100, 50_000]) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
      body: `{"query":${JSON.stringify(query)},"variables":{"f":${nested(depth)}}}`,
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ message: expect.stringContaining('nested'), extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  }
});

test('a browser at the API’s address is sent to the playground, and loads nothing from elsewhere', async () => {
  const response = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
  const page = await response.text();
  expect(page).toContain('url=/');
  expect(page).not.toMatch(/https?:/);
});

test('an id that is none is refused without being repeated', async () => {
  const { errors } = await client.send('query ($id: ID!) { node(id: $id) { id } }', {
    id: 'x'.repeat(100_000),
  });
  expect(errors![0]!.message.length).toBeLessThan(200);
});

test('of a thousand wrong values only the first few are judged', async () => {
  const schema = await buildKontorSchema();
  const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }');
  const [operation] = document.definitions as [OperationDefinitionNode];
  let judged = 0;
  const ids = {
    *[Symbol.iterator]() {
      for (; judged < 1_000; judged++) yield null;
    },
  };
  new ObjectLimit(schema).check(document, operation, 'hash', null, { ids });
  expect(judged).toBeLessThan(10);
});

test('a persisted query is refused as not supported, whatever its hash', async () => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
    body: JSON.stringify({
      query: '{ viewer { role } }',
      extensions: { persistedQuery: { version: 1, sha256Hash: 'of another text' } },
    }),
  });
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
  });
});
