import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { wrongVariable } from './errors.ts';

type Values = Record<string, unknown>;
type Coerced = { coerced: Values; errors?: undefined } | { errors: GraphQLError[] };

/** So many wrong values are named. */
const MAX_ERRORS = 10;

/** The variables as resolvers get them, or what is wrong with them: each error names its place, `window.from`. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Values,
): Coerced {
  const result = getVariableValues(schema, variableDefinitions, values, { maxErrors: MAX_ERRORS });
  if (!result.errors) return { coerced: result.coerced };
  const places = new Map<unknown, string[]>();
  return {
    errors: result.errors.map((error) => {
      // the last one, that there are more, is of no variable
      const definition = error.nodes?.[0] as VariableDefinitionNode | undefined;
      if (!definition) return wrongVariable(error);
      if (!places.has(definition)) places.set(definition, wrongPlaces(schema, definition, values));
      return wrongVariable(error, places.get(definition)!.shift());
    }),
  };
}

class Enough extends Error {}

/** Where in a variable's value the errors are, in their order: graphql-js tells it in its messages only. */
function wrongPlaces(
  schema: GraphQLSchema,
  { type: node, variable }: VariableDefinitionNode,
  values: Values,
) {
  const name = variable.name.value;
  const type = typeFromAST(schema, node);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (!isInputType(type) || value === undefined || value === null) return [name];
  const places: string[] = [];
  try {
    coerceInputValue(value, type, (path) => {
      places.push(name + path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join(''));
      if (places.length === MAX_ERRORS) throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return places;
}
