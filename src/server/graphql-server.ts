import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../graphql/context.ts';
import { isTimedOut } from '../database/database.ts';
import { maskError, original } from '../graphql/errors.ts';
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
          if (!operation) throw unresolvedOperation(request.operationName);
          limit.check(document, operation, queryHash, operationName, request.variables ?? {});
          return Promise.resolve();
        },
      }),
  };
}

/** Tells which operations are too slow: who serves them may want to know their clients, or give more memory. */
function slowPlugin(log: Logger): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, operationName }) => {
          for (const error of errors)
            if (isTimedOut(original(error)))
              log.warn({ operation: operationName, path: error.path }, 'a statement took too long');
          return Promise.resolve();
        },
      }),
  };
}

function unresolvedOperation(name: string | undefined): GraphQLError {
  const message = name
    ? `There is no operation ${JSON.stringify(name)} in the document`
    : 'The document has several operations: name the one to run (operationName)';
  return new GraphQLError(message, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });
}

/** For a browser that opens the API's address. Apollo's own page would load scripts from its makers' servers. */
const toPlayground: ApolloServerPlugin<Context> = {
  serverWillStart: () =>
    Promise.resolve({
      renderLandingPage: () =>
        Promise.resolve({
          html: `<!doctype html><title>Kontor</title><meta http-equiv="refresh" content="0; url=/" /><a href="/">Playground</a>`,
        }),
    }),
};

/** Apollo Server around our executor, with nothing that runs per field. */
export async function startGraphQLServer({
  schema,
  log,
  executor,
}: GraphQLServerOptions): Promise<ApolloServer<Context>> {
  const server = new ApolloServer<Context>({
    gateway: executorGateway(schema, new Executor(schema, executor)),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      toPlayground,
      limitPlugin(new ObjectLimit(schema)),
      slowPlugin(log),
    ],
    parseOptions: { maxTokens: MAX_TOKENS },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    // without: an operation is compiled and known by its text, and clients that ask send the text when told so
    persistedQueries: false,
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
