import { isDeepStrictEqual } from 'node:util';
import { getOperationAST, parse } from 'graphql';
import { type Answer, type Data, post } from './server.ts';

interface Request {
  query: string;
  variables?: Data;
  operationName?: string;
}

function isMutation({ query, operationName }: Request): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'mutation';
  } catch {
    return false;
  }
}

/** Errors of one answer have no order of their own. */
function normalized({ status, data, errors }: Answer) {
  return { status, data: sorted(data), errors: errors?.map((error) => JSON.stringify(sorted(error))).sort() };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // a plan's token tells the second it was made in
      .map(([name, inner]) => [name, name === 'planToken' ? typeof inner : sorted(inner)]),
  );
}

/** Sends queries to a server that compiles them and to one that interprets them; both must answer the same. */
export class BothExecutors {
  private readonly seen = new Set<string>();

  constructor(
    private readonly compiledUrl: string,
    private readonly interpretedUrl: string,
  ) {}

  async send(token: string, request: Request): Promise<Answer> {
    if (isMutation(request)) return await post(this.compiledUrl, token, request);
    // A query is compiled when it comes for the second time.
    const key = `${request.operationName ?? ''} ${request.query}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      await post(this.compiledUrl, token, request);
    }
    // Somebody may have written in between, or a second begun: a difference that is one of the executors' comes again.
    for (let attempt = 1; ; attempt++) {
      const compiled = await post(this.compiledUrl, token, request);
      const interpreted = await post(this.interpretedUrl, token, request);
      const answers = { compiled: normalized(compiled), interpreted: normalized(interpreted) };
      if (isDeepStrictEqual(answers.compiled, answers.interpreted)) return compiled;
      if (attempt === 2)
        throw new Error(`The executors differ on ${request.query}\n${JSON.stringify(answers, null, 2)}`);
    }
  }
}
