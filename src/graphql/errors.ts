import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { isConnectionLost, isTimedOut } from '../database/database.ts';
import { AbandonedError } from '../database/snapshot.ts';
import { isStorable, NOT_STORABLE } from '../database/storable-text.ts';

/** A value in the request that won't do: the client's to mend. */
export function badInput(argument: string, problem: string): GraphQLError {
  return new GraphQLError(`${argument} ${problem}`, { extensions: { code: 'BAD_USER_INPUT', argument } });
}

/** The same of a variable; graphql-js says what is wrong, `place` is where in it. */
export function wrongVariable(error: GraphQLError, place?: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    originalError: error.originalError,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT', ...(place && { argument: place }) },
  });
}

/** A text to look for: it can be none that no record can have. */
export function searchedText(text: string, argument: string): string {
  if (!isStorable(text)) throw badInput(argument, NOT_STORABLE);
  return text;
}

export function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
}

/** The cause behind a GraphQL error's wrappers. */
export function original(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? original(error.originalError) : error;
}

/** PostgreSQL's `character_not_in_repertoire`: its texts can hold any character but this one. */
const NUL_IN_TEXT = '22021';

const TOO_SLOW =
  'This takes the database too long, so it was broken off: ask for less (a narrower scope or window, fewer periods, groups or records)';

/**
 * What a client sees of an error: ours as they are, anything else (SQL, bugs) as one neutral sentence; the text stays in
 * the log, where values of rows never appear: PostgreSQL's `detail` names them, so only code and message are logged.
 */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Logger,
): GraphQLFormattedError {
  const cause = original(error);
  const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
  const isOurs =
    cause instanceof GraphQLError && (!extensions.code || extensions.code !== 'INTERNAL_SERVER_ERROR');
  if (isOurs) return { ...formatted, extensions };
  const { name, message, code, stack } = cause as Error & { code?: string };
  const where = formatted.path && { path: formatted.path };
  if (code === NUL_IN_TEXT)
    return { message: 'A text contains a NUL character', ...where, extensions: { code: 'BAD_USER_INPUT' } };
  if (isTimedOut(cause)) return { message: TOO_SLOW, ...where, extensions: { code: 'TIMED_OUT' } };
  // nobody reads it
  if (cause instanceof AbandonedError)
    return { message: cause.message, extensions: { code: 'CLIENT_CLOSED_REQUEST' } };
  // graphql's parser and validation call themselves for each level of a document
  if (cause instanceof RangeError && !formatted.path)
    return {
      message: 'Syntax Error: the document is nested too deeply',
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    };
  if (isConnectionLost(cause)) {
    log.error({ code, message, path: formatted.path }, 'the database is not available');
    return {
      message: 'The database does not answer at the moment: try again',
      ...where,
      extensions: { code: 'DATABASE_UNAVAILABLE' },
    };
  }
  log.error(
    {
      name,
      code,
      message: code ? undefined : message,
      path: formatted.path,
      stack: code ? undefined : stack,
    },
    'internal error',
  );
  return {
    message: 'Internal server error',
    ...(formatted.locations && { locations: formatted.locations }),
    ...where,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}
