import {
  getNamedType,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { MAX_CONDITIONS } from './filter.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** GraphQL takes one value for a list of it. */
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** How many conditions a filter has, `most` for more: it is not looked at further. */
function conditions(filter: unknown, most: number): number {
  if (!isObject(filter)) return 0;
  let count = 0;
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    count++;
    const inner = name === 'and' || name === 'or' || name === 'not' ? asList(value) : [];
    for (const part of inner) {
      if (count >= most) return most;
      count += conditions(part, most - count);
    }
  }
  return Math.min(count, most);
}

/**
 * Refuses filters in variables that `compileFilter` would refuse for their size, before they are coerced: that looks up
 * each of a filter's fields in each condition, and a request has room for hundred thousand.
 */
export function requireSmallFilters(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const look = (type: GraphQLInputType, value: unknown, place: string): void => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || !isObject(value)) return;
    if (Array.isArray(value)) return value.forEach((item, index) => look(type, item, `${place}[${index}]`));
    const fields = named.getFields();
    if ('and' in fields && 'or' in fields) {
      if (conditions(value, MAX_CONDITIONS + 1) > MAX_CONDITIONS)
        throw new GraphQLError(`${place} has more than ${MAX_CONDITIONS} conditions`, {
          extensions: { code: 'BAD_USER_INPUT', argument: place, http: { status: 400 } },
        });
      return;
    }
    for (const [name, part] of Object.entries(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field) look(field.type, part, `${place}.${name}`);
    }
  };
  for (const { variable, type: node } of variableDefinitions) {
    const type = typeFromAST(schema, node);
    const name = variable.name.value;
    if (isInputType(type) && Object.hasOwn(variables, name)) look(type, variables[name], name);
  }
}
