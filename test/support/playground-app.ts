import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { buildSchema, graphql } from 'graphql';
import { playground, type PlaygroundOptions, type PlaygroundSession } from '../../src/server/playground.ts';

const schema = buildSchema(`
  "Where every question starts."
  type Query {
    "Companies we want to sell to."
    accounts(first: Int = 10): [Account!]!
    hello: String!
  }
  "A company with its people and deals."
  type Account { name: String!, "In the account's own currency." openPipeline: String! }
`);

const accountsByToken: Record<string, { name: string; openPipeline: string }[]> = {
  'token-of-sample': [
    { name: 'Nordlicht Werft', openPipeline: '1200.00' },
    { name: 'Elbkontor AG', openPipeline: '80.00' },
    { name: 'Alster Optik', openPipeline: '0.00' },
  ],
  'token-of-main': [{ name: 'Hafen & Söhne', openPipeline: '15.50' }],
};

export const sampleAndMain: PlaygroundSession = {
  organizations: [
    { id: 'org_main', name: 'Main', token: 'token-of-main', hasRecords: false },
    { id: 'org_sample', name: 'Sample', token: 'token-of-sample', hasRecords: true },
  ],
  selected: 'org_sample',
};

const operations = {
  '10-account-page.graphql':
    '# Account page\nquery AccountPage($first: Int) {\n  accounts(first: $first) {\n    name\n    openPipeline\n  }\n}\n',
  '10-account-page.variables.json': '{ "first": 2 }',
  '20-hello.graphql': 'query Hello {\n  hello\n}\n',
};

/** The playground on a free loopback port, before a small GraphQL server that knows two tokens. */
export async function startPlaygroundApp(options: Partial<PlaygroundOptions> = {}) {
  const operationsDir = await mkdtemp(join(tmpdir(), 'kontor-operations-'));
  for (const [name, text] of Object.entries(operations)) await writeFile(join(operationsDir, name), text);

  const app = Fastify();
  answerGraphQL(app);
  await playground(app, { operationsDir, ...options });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    operationsDir,
    async close() {
      await app.close();
      await rm(operationsDir, { recursive: true });
    },
  };
}

function answerGraphQL(app: FastifyInstance): void {
  type Body = { query: string; variables?: Record<string, unknown>; operationName?: string };
  app.post<{ Body: Body }>('/graphql', async (request, reply) => {
    const accounts = accountsByToken[request.headers.authorization?.replace('Bearer ', '') ?? ''];
    if (!accounts) return reply.code(401).send({ errors: [{ message: 'The token is not valid.' }] });
    const rootValue = {
      accounts: ({ first }: { first: number }) => accounts.slice(0, first),
      hello: 'Moin',
    };
    const { query, variables, operationName } = request.body;
    return await graphql({
      schema,
      source: query,
      rootValue,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    });
  });
}
