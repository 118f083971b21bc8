import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { badInput } from './errors.ts';

function literalText(node: ValueNode, kinds: readonly Kind[], name: string): string {
  if (kinds.includes(node.kind) && 'value' in node && typeof node.value === 'string') return node.value;
  throw badInput(name, 'has a literal of another kind');
}

/** In: an instant with its zone, as a Date. Out: rows carry RFC 3339 in UTC already, so nothing is formatted per value. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant: RFC 3339, in UTC with milliseconds: `2026-02-24T02:18:00.000Z`.',
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  parseValue: (value) => instant(GraphQLDateTime.parseValue(value)),
  parseLiteral: (node) => instant(GraphQLDateTime.parseLiteral(node, {})),
});

function instant(date: Date): Date {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1000 || year > 9999)
    throw badInput('DateTime', 'must lie in the years 1000 to 9999');
  return date;
}

function calendarDate(text: unknown): string {
  if (typeof text === 'string' && /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) {
    const date = new Date(`${text}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return text;
  }
  throw badInput('Date', `must be a calendar date (2026-02-24), got ${JSON.stringify(text)}`);
}

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar date without time or zone, ISO 8601: `2026-02-24`.',
  serialize: (value) => String(value),
  parseValue: calendarDate,
  parseLiteral: (node) => calendarDate(literalText(node, [Kind.STRING], 'Date')),
});

function decimal(value: unknown): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && /^-?\d{1,30}(\.\d{1,20})?$/.test(text)) return text;
  throw badInput('Decimal', `must be a decimal as a string ("1234.50"), got ${JSON.stringify(value)}`);
}

export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number, as a string: `"1094500.00"`. Never through floating point: a JSON number is accepted only when it is a whole number.',
  serialize: (value) => String(value),
  parseValue: decimal,
  parseLiteral: (node) => decimal(literalText(node, [Kind.STRING, Kind.INT, Kind.FLOAT], 'Decimal')),
});

const MAX_DEPTH = 20;

/** What is nested deeper would end the stack of whoever walks through it later. */
function shallow(value: unknown): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badInput('JSON', `is nested more than ${MAX_DEPTH} levels deep`);
    level = level.flatMap((part) => (part !== null && typeof part === 'object' ? Object.values(part) : []));
  }
  return value;
}

export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: `Any JSON value; as an input at most ${MAX_DEPTH} levels deep.`,
  parseValue: shallow,
  parseLiteral: (node, variables) => shallow(GraphQLJSON.parseLiteral(node, variables)),
});
