import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  getNamedType,
  GraphQLError,
  type GraphQLSchema,
  isCompositeType,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { DEFAULT_GROUPS, DEFAULT_PAGE, MAX_GROUPS, MAX_PAGE } from './page.ts';

/** Longest document, in tokens: parsing stops there. */
export const MAX_TOKENS = 5_000;
/** Most objects one operation may ask for. A page of 100 accounts with 100 contacts and 100 deals each is 20,000. */
export const MAX_OBJECTS = 100_000;
/** Deeper than any input of ours: what is deeper still could end recursion over it. */
const MAX_NESTING = 100;
/** As many conversions a graph of an account's lineage is of. */
const LINEAGE_SIZE = 200;
/** As many periods are counted for a series, whatever its window. */
const SERIES_SIZE = 100;
/** A mutation's root field costs as much as this many objects. */
const MUTATION_COST = 1_000;
/** And a query's: it reads something, a count of all rows perhaps, however little it returns. */
const QUERY_COST = 200;

function pageSize(args: Record<string, unknown>): number {
  const size = args.first ?? args.last ?? DEFAULT_PAGE;
  return typeof size === 'number' ? Math.min(Math.max(size, 0), MAX_PAGE) : DEFAULT_PAGE;
}

/** As many groups as metrics are asked for by group, and answered for when `first` is omitted. */
function groupCount({ first }: Record<string, unknown>): number {
  return typeof first === 'number' ? Math.min(Math.max(first, 0), MAX_GROUPS) : DEFAULT_GROUPS;
}

const ROOT_COSTS: Record<string, number> = { Mutation: MUTATION_COST, Query: QUERY_COST };

/** Mutations that answer with as many objects as a list of their input has, and that list. */
const BATCH_LISTS: Record<string, string> = { setSalesTargets: 'targets', setExchangeRates: 'rates' };

/** How many objects a field may return: a page times what is selected of each row; a scalar costs nothing. */
const objects: ComplexityEstimator = ({ field, args, childComplexity, type }) => {
  const named = getNamedType(field.type);
  if (!isCompositeType(named)) return 0;
  const cost = ROOT_COSTS[type.name] ?? 1;
  if (named.name.endsWith('Connection')) return cost + pageSize(args) * childComplexity;
  if (field.name === 'leadGroups' || field.name === 'metricGroups')
    return cost + groupCount(args) * childComplexity;
  if (type.name === 'AccountLineage') return (cost + childComplexity) * LINEAGE_SIZE;
  if (named.name === 'MetricPoint') return cost + childComplexity * SERIES_SIZE;
  const list = BATCH_LISTS[field.name] ?? (field.name.endsWith('Leads') ? 'items' : undefined);
  const batch = list && (args.input as Record<string, unknown> | undefined)?.[list];
  if (Array.isArray(batch)) return cost + childComplexity * batch.length;
  const many = field.name === 'nodes' && Array.isArray(args.ids) ? args.ids.length : 1;
  return (cost + childComplexity) * many;
};

/** Texts don't change how many objects an operation asks for, and cursors differ with every page. */
function withoutTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? '' : value;
}

function isNestedDeeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return than === 0 || Object.values(value).some((part) => isNestedDeeper(part, than - 1));
}

/** Refuses operations that ask for more than `MAX_OBJECTS`, before anything of them runs. */
export class ObjectLimit {
  private readonly known = new LRUCache<string, number>({ max: 5_000 });

  constructor(private readonly schema: GraphQLSchema) {}

  check(
    query: DocumentNode,
    operation: OperationDefinitionNode,
    queryHash: string,
    operationName: string | null,
    variables: Record<string, unknown>,
  ): void {
    if (isNestedDeeper(variables, MAX_NESTING))
      throw new GraphQLError(`The variables are nested deeper than ${MAX_NESTING} levels`, {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
      });
    const key = createHash('sha1')
      .update(queryHash)
      .update(operationName ?? '')
      .update(JSON.stringify(variables, withoutTexts))
      .digest('base64');
    let cost = this.known.get(key);
    if (cost === undefined) {
      // the executor refuses these; one wrong value is enough to know, hundred thousands would cost minutes to name
      const judged = getVariableValues(this.schema, operation.variableDefinitions ?? [], variables, {
        maxErrors: 1,
      });
      if (judged.errors) return;
      cost = this.count(query, operationName, variables);
      this.known.set(key, cost);
    }
    if (cost <= MAX_OBJECTS) return;
    throw new GraphQLError(
      `The operation asks for up to ${cost} objects, more than ${MAX_OBJECTS}: ask for smaller pages (first)`,
      {
        extensions: { code: 'OPERATION_TOO_LARGE', objects: cost, limit: MAX_OBJECTS, http: { status: 400 } },
      },
    );
  }

  private count(
    query: DocumentNode,
    operationName: string | null,
    variables: Record<string, unknown>,
  ): number {
    try {
      return getComplexity({
        schema: this.schema,
        query,
        operationName: operationName ?? undefined,
        variables,
        estimators: [objects],
      });
    } catch (error) {
      // an argument that validation can't judge: a variable that is null where no null may be
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, {
        nodes: error.nodes,
        extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
      });
    }
  }
}
