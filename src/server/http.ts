import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { Context } from '../graphql/context.ts';
import type { JobQueue } from '../database/job-queue.ts';
import type { ExecutorKind } from '../graphql/executor.ts';
import { buildKontorSchema } from '../graphql/schema.ts';
import { authenticate, organizationSettings } from '../identity/sign-in.ts';
import { startGraphQLServer, unauthenticated } from './graphql-server.ts';
import type { Installation } from './installation.ts';
import { playground, type PlaygroundOptions } from './playground.ts';

const OPERATIONS_DIR = fileURLToPath(new URL('../../schema/operations', import.meta.url));
/** Also the longest request: conversions in batches of 100 fit many times. */
const BODY_LIMIT = 2 * 1024 * 1024;
const READY_TIMEOUT = 2_000;
/** A request that is longer on its way is cut off: nobody may hold connections by sending slowly. */
const REQUEST_TIMEOUT = 60_000;

export interface HttpOptions {
  log: Logger;
  session?: PlaygroundOptions['session'];
  executor?: ExecutorKind;
  /** Where jobs are handed to be run. */
  jobs?: JobQueue;
}

function bearerToken(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (!authorization) throw unauthenticated('No token: send the header "Authorization: Bearer <token>"');
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (!token) throw unauthenticated('The Authorization header is not "Bearer <token>"');
  return token;
}

/** Aborts when the client goes before it has the whole answer. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  // it may have gone while its token was looked up
  if (response.destroyed) gone.abort();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

const REFUSALS: Record<number, string> = {
  400: 'BAD_REQUEST',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** What Fastify refuses before GraphQL sees it (no JSON, too long, another content type), for a GraphQL answer. */
function refusal({ statusCode, message }: FastifyError): { status: number; message: string; code: string } {
  const code = statusCode && REFUSALS[statusCode];
  return code
    ? { status: statusCode, message, code }
    : { status: 500, message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' };
}

/** Everything served over HTTP: GraphQL, the playground, health. */
export async function createHttpServer(
  installation: Installation,
  options: HttpOptions,
): Promise<FastifyInstance> {
  const { database } = installation;
  const { log, session, executor, jobs } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
  });

  const apollo = await startGraphQLServer({ schema: await buildKontorSchema(), log, executor });
  app.addHook('onClose', () => apollo.stop());
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    errorHandler: (error: FastifyError, _request, reply) => {
      const { status, message, code } = refusal(error);
      if (status === 500)
        log.error({ name: error.name, code: error.code, stack: error.stack }, 'internal error');
      return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
        try {
          const principal = await authenticate(installation, bearerToken(request));
          if (!principal) throw unauthenticated('The token is not valid (any longer)');
          const organization = await organizationSettings(database, principal);
          const { tokenSecret } = installation;
          return new Context(principal, organization, database, tokenSecret, jobs, goneSignal(reply.raw));
        } catch (error) {
          reply.header('www-authenticate', 'Bearer');
          throw error;
        }
      },
    }),
  });

  app.get('/livez', () => 'ok\n');
  app.get('/readyz', async (_request, reply) => {
    const waited = new Promise<never>((_, reject) =>
      setTimeout(reject, READY_TIMEOUT, new Error('timeout')).unref(),
    );
    try {
      await Promise.race([database.pool.query('select 1'), waited]);
      return 'ok\n';
    } catch {
      return reply.code(503).send('the database does not answer\n');
    }
  });

  await app.register((scope) => playground(scope, { session, operationsDir: OPERATIONS_DIR }));
  return app;
}
