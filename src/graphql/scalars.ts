import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';

/** Which argument or variable the value is of, only the caller knows: the executor names it for variables. */
function wrong(type: string, problem: string, node?: ValueNode): GraphQLError {
  return new GraphQLError(`${type} ${problem}`, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } });
}

function literalText(node: ValueNode, kinds: readonly Kind[], type: string): string {
  if (kinds.includes(node.kind) && 'value' in node && typeof node.value === 'string') return node.value;
  throw wrong(type, 'has a literal of another kind', node);
}

/** In: an instant with its zone, as a Date. Out: rows carry RFC 3339 in UTC already, so nothing is formatted per value. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant: RFC 3339, in UTC with milliseconds: `2026-02-24T02:18:00.000Z`.',
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  parseValue: (value) => instant(GraphQLDateTime.parseValue(value)),
  parseLiteral: (node) => instant(GraphQLDateTime.parseLiteral(node, {}), node),
});

function instant(date: Date, node?: ValueNode): Date {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1000 || year > 9999)
    throw wrong('DateTime', 'must lie in the years 1000 to 9999', node);
  return date;
}

function calendarDate(text: unknown, node?: ValueNode): string {
  if (typeof text === 'string' && /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) {
    const date = new Date(`${text}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  }
  throw wrong(
    'Date',
    `must be a calendar date (2026-02-24) of the years 1000 to 9999, got ${JSON.stringify(text)}`,
    node,
  );
}

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar date without time or zone, ISO 8601: `2026-02-24`.',
  serialize: (value) => String(value),
  parseValue: (value) => calendarDate(value),
  parseLiteral: (node) => calendarDate(literalText(node, [Kind.STRING], 'Date'), node),
});

function decimal(value: unknown, node?: ValueNode): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && /^-?\d{1,30}(\.\d{1,20})?$/.test(text)) return text;
  throw wrong(
    'Decimal',
    `must be a decimal as a string ("1234.50") of at most 30 digits before the point and 20 after it, got ${JSON.stringify(value)}`,
    node,
  );
}

export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number, as a string: `"1094500.00"`. Never through floating point: a JSON number is accepted only when it is a whole number.',
  serialize: (value) => String(value),
  parseValue: (value) => decimal(value),
  parseLiteral: (node) => decimal(literalText(node, [Kind.STRING, Kind.INT, Kind.FLOAT], 'Decimal'), node),
});

const MAX_DEPTH = 20;

/** What is nested deeper would end the stack of whoever walks through it later. */
function shallow(value: unknown, node?: ValueNode): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw wrong('JSON', `is nested more than ${MAX_DEPTH} levels deep`, node);
    level = level.flatMap((part) => (part !== null && typeof part === 'object' ? Object.values(part) : []));
  }
  return value;
}

export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: `Any JSON value; as an input at most ${MAX_DEPTH} levels deep.`,
  parseValue: (value) => shallow(value),
  parseLiteral: (node, variables) => shallow(GraphQLJSON.parseLiteral(node, variables), node),
});
