import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../graphql/context.ts';
import { maskError } from '../graphql/errors.ts';
import { Executor, executorGateway, type ExecutorKind } from '../graphql/executor.ts';
import { MAX_TOKENS, ObjectLimit } from '../graphql/limits.ts';

export interface GraphQLServerOptions {
  schema: GraphQLSchema;
  log: Logger;
  executor?: ExecutorKind;
}

/** Counts objects when the operation is known, before it runs. */
function limitPlugin(limit: ObjectLimit): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ document, operation, queryHash, operationName, request }) => {
          if (operation) limit.check(document, operation, queryHash, operationName, request.variables ?? {});
          return Promise.resolve();
        },
      }),
  };
}

/** Apollo Server around our executor, with nothing that runs per field. */
export async function startGraphQLServer({
  schema,
  log,
  executor,
}: GraphQLServerOptions): Promise<ApolloServer<Context>> {
  const server = new ApolloServer<Context>({
    gateway: executorGateway(schema, new Executor(schema, executor)),
    plugins: [ApolloServerPluginCacheControlDisabled(), limitPlugin(new ObjectLimit(schema))],
    parseOptions: { maxTokens: MAX_TOKENS },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    cache: 'bounded',
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => maskError(formatted, error, log),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (text) => log.warn(text),
      error: (text) => log.error(text),
    },
  });
  await server.start();
  return server;
}

export function unauthenticated(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}
