import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from '@graphiql/toolkit';
import { Kind, parse } from 'graphql';

export interface GraphQLAccess {
  token: string | undefined;
  /** A fresh token for one that the server no longer takes, where the page can get one by itself. */
  renewToken?: () => Promise<string | undefined>;
  /** Called with every outcome, so that the bar can say what is wrong, and stop saying it. */
  onProblem: (problem: Problem | undefined) => void;
}

export type Problem = 'no-token' | 'token-refused' | 'no-answer' | 'not-graphql';

export const problemText: Record<Problem, string> = {
  'no-token': 'Paste a token to send operations.',
  'token-refused': 'The server refused this token: it is invalid or has expired. Paste a token.',
  'no-answer': 'Kontor does not answer. Is the server still running?',
  'not-graphql': 'The server answered with something that is not GraphQL.',
};

/** GraphiQL's own fetcher, with the bearer token, and failures told in words. */
export function graphqlFetcher({ token, renewToken, onProblem }: GraphQLAccess): Fetcher {
  const fail = (problem: Problem): never => {
    onProblem(problem);
    const error = new Error(problemText[problem]);
    // GraphiQL prints an error with its stack, which says nothing to a visitor.
    delete error.stack;
    throw error;
  };
  const send = async (input: RequestInfo | URL, init: RequestInit | undefined, bearer: string) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${bearer}`);
    return await fetch(input, { ...init, headers }).catch(() => fail('no-answer'));
  };
  const fetchWithToken: typeof fetch = async (input, init) => {
    if (!token) return fail('no-token');
    let response = await send(input, init, token);
    if (response.status === 401) {
      const renewed = await renewToken?.();
      if (renewed) response = await send(input, init, renewed);
    }
    if (!/json|multipart\/mixed/.test(response.headers.get('content-type') ?? '')) return fail('not-graphql');
    onProblem(response.status === 401 ? 'token-refused' : undefined);
    return response;
  };
  const fetcher = createGraphiQLFetcher({ url: '/graphql', fetch: fetchWithToken });
  return (params, options) => fetcher(withoutFormerName(params), options);
}

/**
 * GraphiQL reads an operation's name a moment after the text has changed: whoever opens a tab and runs it at
 * once would send the name of the tab before.
 */
function withoutFormerName(params: FetcherParams): FetcherParams {
  try {
    const isDefined = parse(params.query).definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === params.operationName,
    );
    return isDefined ? params : { ...params, operationName: undefined };
  } catch {
    return params; // the server explains a syntax error
  }
}
