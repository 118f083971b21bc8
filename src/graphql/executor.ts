import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from './context.ts';
import { Selection } from './selection.ts';
import { coerceVariables } from './variables.ts';

type GatewayRequest = Parameters<GatewayExecutor>[0];

/** Which executor queries use; tests run both and compare. Mutations always use graphql-js. */
export type ExecutorKind = 'compiled' | 'interpreted';

interface KnownOperation {
  selection: Selection;
  runs: number;
  compiled?: CompiledQuery['query'];
}

/**
 * Runs operations. A query seen for the second time is compiled to JavaScript (graphql-jit): twice the speed, but
 * compiling costs milliseconds, so a query that comes once is interpreted. Mutations are interpreted by graphql-js, since
 * compiled ones would go on with later mutations after one threw.
 */
export class Executor {
  private readonly known = new LRUCache<string, KnownOperation>({ max: 1000 });

  private readonly compilable: GraphQLSchema;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly kind: ExecutorKind = 'compiled',
  ) {
    this.compilable = withCoerced(schema);
  }

  /** Executes, then ends the operation's snapshot without making the response wait for the commit. */
  async run(request: GatewayRequest): Promise<ExecutionResult> {
    const context = request.context as unknown as Context;
    const { document, operation, operationName, queryHash } = request;
    const rawVariables = request.request.variables ?? {};
    context.isQuery = operation.operation === OperationTypeNode.QUERY;
    try {
      const coerced = coerceVariables(this.schema, operation, rawVariables);
      if (coerced.errors) return { errors: coerced.errors };
      const known = this.knownOperation(document, `${queryHash}:${operationName ?? ''}`);
      context.selection = known.selection;
      const compiled = this.compiledQuery(request, known);
      const result = await (compiled
        ? compiled(undefined, context, coerced.coerced)
        : execute({
            schema: this.schema,
            document,
            operationName,
            variableValues: rawVariables,
            contextValue: context,
          } satisfies ExecutionArgs));
      if (context.failure) return { data: null, errors: [failedField(context.failure, result)] };
      return result.errors ? { ...result, errors: normalizeErrors(result) } : result;
    } finally {
      void context.close();
    }
  }

  private knownOperation(document: DocumentNode, key: string): KnownOperation {
    let known = this.known.get(key);
    if (!known) this.known.set(key, (known = { selection: new Selection(this.schema, document), runs: 0 }));
    known.runs++;
    return known;
  }

  private compiledQuery(request: GatewayRequest, known: KnownOperation): CompiledQuery['query'] | undefined {
    if (this.kind !== 'compiled' || request.operation.operation !== OperationTypeNode.QUERY) return undefined;
    if (!known.compiled && known.runs > 1) {
      const document = takingCoerced(request.document);
      const result = compileQuery(this.compilable, document, request.operationName ?? undefined, COMPILER);
      if (isCompiledQuery(result)) known.compiled = result.query;
    }
    return known.compiled;
  }
}

/**
 * Strings, numbers, booleans and enum values are passed on as resolvers give them, which TypeScript has checked; the
 * compiler's check would make four objects for each of them.
 */
const COMPILER = { disableLeafSerialization: true };

/** What graphql-js has coerced. */
const Coerced = new GraphQLScalarType({ name: '__Coerced', parseValue: (value) => value });

/** The schema, in which the compiler also finds `Coerced`; introspection does not. */
function withCoerced(schema: GraphQLSchema): GraphQLSchema {
  return Object.create(schema, {
    getType: { value: (name: string) => (name === Coerced.name ? Coerced : schema.getType(name)) },
  }) as GraphQLSchema;
}

/**
 * The document with every variable of type `Coerced`: variables are coerced by graphql-js before, and the compiler would
 * unroll our recursive filters into code without end.
 */
function takingCoerced(document: DocumentNode): DocumentNode {
  const type = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: Coerced.name } } as const;
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? {
            ...definition,
            variableDefinitions: definition.variableDefinitions?.map(({ kind, variable }) => ({
              kind,
              variable,
              type,
            })),
          }
        : definition,
    ),
  };
}

/** The failure of a statement, with the path of the field that needed it; where several did, of the first by name. */
function failedField(failure: Error, { errors = [] }: ExecutionResult): GraphQLError {
  const [first] = errors
    .filter(({ originalError }) => originalError === failure)
    .sort((a, b) => (String(a.path) < String(b.path) ? -1 : 1));
  return new GraphQLError('', { path: first?.path, originalError: failure });
}

/** The path to the first null on the way to `path`, as text; undefined when there is none above it. */
function nulledAncestor(data: unknown, path: readonly (string | number)[]): string | undefined {
  let value = data;
  for (let depth = 0; depth < path.length; depth++) {
    if (value === null || value === undefined) return path.slice(0, depth).join('.');
    value = (value as Record<string | number, unknown>)[path[depth]!];
  }
  return undefined;
}

/**
 * Below a position that became null, which further errors are reported depends on timing and differs between the
 * executors; one per nulled position says all.
 */
export function normalizeErrors(result: ExecutionResult): GraphQLError[] {
  const explained = new Set<string>();
  const errors: GraphQLError[] = [];
  for (const error of result.errors ?? []) {
    const nulled = error.path && nulledAncestor(result.data, error.path);
    if (nulled !== undefined) {
      if (explained.has(nulled)) continue;
      explained.add(nulled);
    }
    errors.push(complete(error));
  }
  return errors;
}

/** Errors of the compiled executor lack `toJSON` or `extensions`, which who logs and masks them relies on. */
function complete(error: GraphQLError): GraphQLError {
  const { message, nodes, path, locations, originalError } = error;
  const extensions = error.extensions as GraphQLError['extensions'] | undefined;
  if (error instanceof GraphQLError && extensions) return error;
  return Object.assign(new GraphQLError(message, { nodes, path, originalError, extensions }), { locations });
}

/** Apollo's way to bring an executor of one's own. */
export function executorGateway(schema: GraphQLSchema, executor: Executor): GatewayInterface {
  let announce: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0] | undefined;
  return {
    onSchemaLoadOrUpdate(callback) {
      announce = callback;
      return () => undefined;
    },
    load() {
      announce?.({ apiSchema: schema, coreSupergraphSdl: '' });
      return Promise.resolve({ executor: (request) => executor.run(request) });
    },
    stop: () => Promise.resolve(),
  };
}
