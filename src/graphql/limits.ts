import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { requireSmallFilters } from './filter-size.ts';
import { DEFAULT_PAGE, MAX_PAGE } from './page.ts';

/** Longest document, in tokens: parsing stops there. */
export const MAX_TOKENS = 5_000;
/** Most objects one operation may ask for. A page of 100 accounts with 100 contacts and 100 deals each is 20,000. */
export const MAX_OBJECTS = 100_000;
/** Deeper than any input of ours: what is deeper still could end recursion over it. */
const MAX_NESTING = 100;
/** As many conversions a graph of an account's lineage is of. */
const LINEAGE_SIZE = 200;
/** A mutation's root field costs as much as this many objects. */
const MUTATION_COST = 1_000;
/** And a query's: it reads something, a count of all rows perhaps, however little it returns. */
const QUERY_COST = 200;

export function pageSize(args: Record<string, unknown>): number {
  const size = args.first ?? args.last ?? DEFAULT_PAGE;
  return typeof size === 'number' ? Math.min(Math.max(size, 0), MAX_PAGE) : DEFAULT_PAGE;
}

/** As many groups as metrics are asked for by group, and answered for when `first` is omitted. */
const ROOT_COSTS: Record<string, number> = { Mutation: MUTATION_COST, Query: QUERY_COST };

/** Lists without pages are short; how short, where it is known better: of few stages, few currencies, … */
const SHORT_LIST = 10;
const LIST_SIZES: Record<string, number> = {
  'Opportunity.contactRoles': 3,
  'Opportunity.stageHistory': 5,
  'AccountMatch.candidates': 3,
  Money: 3,
};
/** Pages and answers to batches are counted where they are asked for; of errors there is hardly one. */
const COUNTED_ABOVE = /(Connection|Payload|Error)$/;
/** Pairs of ten stages. */
const ALL_PAIRS = 45;

function listSize(type: string, field: string, of: string, { allPairs }: Record<string, unknown>): number {
  if (COUNTED_ABOVE.test(type)) return 1;
  return allPairs === true ? ALL_PAIRS : (LIST_SIZES[`${type}.${field}`] ?? LIST_SIZES[of] ?? SHORT_LIST);
}

/** Mutations that answer with as many objects as a list of their input has, and that list. */
const BATCH_LISTS: Record<string, string> = { setSalesTargets: 'targets', setExchangeRates: 'rates' };

/** How many objects a field may return: a page times what is selected of each row; a scalar costs nothing. */
const objects: ComplexityEstimator = ({ field, args, childComplexity, type }) => {
  const named = getNamedType(field.type);
  if (!isCompositeType(named)) return 0;
  const cost = ROOT_COSTS[type.name] ?? 1;
  if (named.name.endsWith('Connection')) return cost + pageSize(args) * childComplexity;
  if (type.name === 'AccountLineage') return (cost + childComplexity) * LINEAGE_SIZE;
  const list = BATCH_LISTS[field.name] ?? (field.name.endsWith('Leads') ? 'items' : undefined);
  const batch = list && (args.input as Record<string, unknown> | undefined)?.[list];
  if (Array.isArray(batch)) return cost + childComplexity * batch.length;
  if (Array.isArray(args.ids)) return (cost + childComplexity) * args.ids.length;
  // a list at the root is of what is configured, and short
  if (!isListType(getNullableType(field.type)) || type.name === 'Query') return cost + childComplexity;
  return (cost + childComplexity) * listSize(type.name, field.name, named.name, args);
};

/**
 * Of texts only dates and the names of enums change how many objects an operation asks for, by the periods of a series;
 * cursors and what is looked for differ with every request.
 */
function withoutTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' && !/^(\d{4}-\d\d-\d\d|[A-Z\d_]{1,30})$/.test(value) ? '' : value;
}

function isNestedDeeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return than === 0 || Object.values(value).some((part) => isNestedDeeper(part, than - 1));
}

const ADVICE = {
  [OperationTypeNode.QUERY]:
    'ask for smaller pages or fewer groups (first), fewer periods, or in several operations',
  [OperationTypeNode.MUTATION]:
    'send smaller batches or fewer mutations at once, or select less of what they return',
  [OperationTypeNode.SUBSCRIPTION]: 'select less',
};

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
    requireSmallFilters(this.schema, operation, variables);
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
      `The operation counts as ${cost} objects, more than ${MAX_OBJECTS}: ${ADVICE[operation.operation]}`,
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
        // features whose fields cost more than what they return say so themselves
        estimators: [fieldExtensionsEstimator(), objects],
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
