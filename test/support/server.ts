import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import type { ExecutorKind } from '../../src/graphql/executor.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { issueToken } from '../../src/identity/token.service.ts';
import { createHttpServer } from '../../src/server/http.ts';
import { BothExecutors } from './both-executors.ts';
import { watchTenants } from './tenant-bound.ts';
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
  /**
   * The answer. With both executors (the default) a query is sent to each of them, and the test fails when their answers
   * differ; a mutation is sent once.
   */
  send(query: string, variables?: Data, operationName?: string): Promise<Answer>;
  /** Sends once, for what must not be repeated: counting statements, provoked faults. */
  sendOnce(query: string, variables?: Data, operationName?: string): Promise<Answer>;
  /** The data; fails the test when there are errors. */
  data(query: string, variables?: Data): Promise<Data>;
}

export interface TestServer {
  url: string;
  app: FastifyInstance;
  /** What the server and its databases have written to the log. */
  log: string[];
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

const TOKEN_SECRET = new TextEncoder().encode('a secret of the tests, 32 bytes..');

/** What tests serve: a world's database, signed with the tests' secret. */
export function testInstallation(world: Pick<World, 'database' | 'owner'>) {
  return {
    owner: world.owner,
    database: world.database,
    tokenSecret: TOKEN_SECRET,
    embedded: false,
    migrated: [],
    close: () => Promise.resolve(),
  };
}

async function listen(world: World, executor: ExecutorKind, log: string[]) {
  const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) });
  const app = await createHttpServer(testInstallation(world), { log: logger, executor });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` };
}

/**
 * The real server over a world's database, in this process; with `both`, a second one beside it whose executor is
 * graphql-js, to compare. Statements that don't bind the organisation fail the test.
 */
export async function startTestServer(
  world: World,
  executor: ExecutorKind | 'both' = 'both',
): Promise<TestServer> {
  const log: string[] = [];
  const { app, url } = await listen(world, executor === 'both' ? 'compiled' : executor, log);
  const interpreted = executor === 'both' ? await listen(world, 'interpreted', log) : undefined;
  const executors = interpreted && new BothExecutors(url, interpreted.url);
  const unbound = watchTenants(world.database);
  return {
    url,
    app,
    log,
    async client(organizationId, role = Role.ADMIN) {
      const { token } = await issueToken(testInstallation(world), { organizationId, role });
      const sendOnce: Client['sendOnce'] = async (query, variables, operationName) => {
        const answer = await post(url, token, { query, variables, operationName });
        unbound.assertNone();
        return answer;
      };
      const send: Client['send'] = async (query, variables, operationName) => {
        if (!executors) return await sendOnce(query, variables, operationName);
        const answer = await executors.send(token, { query, variables, operationName });
        unbound.assertNone();
        return answer;
      };
      return {
        token,
        send,
        sendOnce,
        async data(query, variables) {
          const answer = await send(query, variables);
          if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 2));
          return answer.data!;
        },
      };
    },
    async close() {
      await app.close();
      await interpreted?.app.close();
    },
  };
}
