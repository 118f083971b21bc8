import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import type { ExecutorKind } from '../../src/graphql/executor.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { issueToken } from '../../src/identity/token.service.ts';
import { createHttpServer } from '../../src/server/http.ts';
import type { World } from './world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted field by field
export type Data = Record<string, any>;

export interface Answer {
  status: number;
  data: Data | null | undefined;
  errors: { message: string; path?: (string | number)[]; extensions?: Data }[] | undefined;
}

/** What a client sends and gets, over HTTP. */
export interface Client {
  token: string;
  send(query: string, variables?: Data): Promise<Answer>;
  /** The data; fails the test when there are errors. */
  data(query: string, variables?: Data): Promise<Data>;
}

export interface TestServer {
  url: string;
  app: FastifyInstance;
  client(organizationId: string, role?: Role): Promise<Client>;
  close(): Promise<void>;
}

export async function post(url: string, token: string | null, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as Pick<Answer, 'data' | 'errors'>;
  return { status: response.status, data, errors };
}

/** The real server over a world's database, in this process. */
export async function startTestServer(
  world: World,
  executor: ExecutorKind = 'compiled',
): Promise<TestServer> {
  const tokenSecret = new TextEncoder().encode('a secret of the tests, 32 bytes..');
  const installation = {
    ...world,
    tokenSecret,
    embedded: false,
    migrated: [],
    close: () => Promise.resolve(),
  };
  const app = await createHttpServer(installation, { log: pino({ level: 'silent' }), executor });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    app,
    async client(organizationId, role = Role.ADMIN) {
      const { token } = await issueToken(installation, { organizationId, role });
      const send: Client['send'] = (query, variables) => post(url, token, { query, variables });
      return {
        token,
        send,
        async data(query, variables) {
          const answer = await send(query, variables);
          if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 2));
          return answer.data!;
        },
      };
    },
    close: () => app.close(),
  };
}
