import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { isStorable } from '../database/storable-text.ts';
import { badInput } from './errors.ts';

/** A column a list can be ordered by. Nulls come last in both directions. */
export interface OrderColumn {
  /** Qualified with the list's alias `t`. */
  column: string;
  /** PostgreSQL type, to read a cursor's text back. */
  type: 'text' | 'integer' | 'bigint' | 'date' | 'timestamptz';
  nullable?: boolean;
}

export interface Order {
  /** As the API names it; part of the cursor, so that a cursor is not used with another order. */
  field: string;
  descending: boolean;
  by: OrderColumn;
}

export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 25;

/** Groups of metrics: a list without pages. */
export const MAX_GROUPS = 500;
export const DEFAULT_GROUPS = 100;

/** A checked request for a page: `size` rows forwards after, or backwards before, the cursor's row. */
export interface PageRequest {
  size: number;
  backward: boolean;
  orders: Order[];
  cursor: { values: (string | null)[]; id: string } | null;
  /** Neither cursors nor what lies beyond the page is wanted: no order's values, no row more than asked for. */
  nodesOnly?: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function signature(orders: Order[]): string {
  return orders.map(({ field, descending }) => (descending ? `-${field}` : field)).join();
}

export function encodeCursor(orders: Order[], values: readonly (string | null)[], id: string): string {
  return Buffer.from(JSON.stringify([signature(orders), id, ...values])).toString('base64url');
}

function decodeCursor(cursor: string, argument: string, orders: Order[]): PageRequest['cursor'] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    parts = undefined;
  }
  if (!Array.isArray(parts) || parts.length < 3) throw badInput(argument, 'is not a cursor of this API');
  const [of, id, ...values] = parts as unknown[];
  if (of !== signature(orders)) throw badInput(argument, 'is the cursor of a list in another order');
  const readable =
    typeof id === 'string' &&
    UUID.test(id) &&
    values.length === orders.length &&
    values.every((value, index) => {
      const { by } = orders[index]!;
      return value === null ? by.nullable === true : typeof value === 'string' && isValueOf(by.type, value);
    });
  if (!readable) throw badInput(argument, 'is not a cursor of this API');
  return { values: values as (string | null)[], id: id as string };
}

function isValueOf(type: OrderColumn['type'], value: string): boolean {
  switch (type) {
    case 'text':
      return isStorable(value);
    case 'integer':
      return /^-?\d{1,10}$/.test(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'bigint':
      return /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && isInstant(`${value}T00:00:00.000Z`);
    case 'timestamptz':
      return /^\d{4}-/.test(value) && isInstant(value);
  }
}

/** As rows carry it, and one there is: 30 February is another day to JavaScript, and neither it nor a year 0 to PostgreSQL. */
function isInstant(value: string): boolean {
  const date = new Date(value);
  return date.getUTCFullYear() > 0 && date.toISOString() === value;
}

/** Checks the paging arguments of a list in the given order. */
export function pageRequest(args: PageArguments, orders: Order[]): PageRequest {
  const { first, after, last, before } = args;
  if (first != null && last != null) throw badInput('last', 'can not be used together with first');
  if (after != null && before != null) throw badInput('before', 'can not be used together with after');
  const backward = last != null || (before != null && first == null);
  if (backward && after != null) throw badInput('after', 'can not be used together with last');
  if (!backward && before != null) throw badInput('before', 'can not be used together with first');
  const size = (backward ? last : first) ?? DEFAULT_PAGE;
  if (size < 0 || size > MAX_PAGE)
    throw badInput(backward ? 'last' : 'first', `must be 0 to ${MAX_PAGE}, got ${size}`);
  const text = backward ? before : after;
  const cursor = text == null ? null : decodeCursor(text, backward ? 'before' : 'after', orders);
  return { size, backward, orders, cursor };
}

const parameter = (value: string | null, type: string) => sql`${value}::${raw(type)}`;

/**
 * The rows beyond the cursor, as conditions whose rows follow one another in list order. Two where nulls lie beyond (or
 * before) a value: each is a range of the index, while their disjunction is not.
 */
function ranges({ orders, cursor, backward }: PageRequest): Sql[] {
  if (!cursor) return [sql`true`];
  const id = parameter(cursor.id, 'uuid');
  const [only] = orders;
  if (orders.length === 1 && only) {
    const up = only.descending === backward;
    const comparison = raw(up ? '>' : '<');
    const column = raw(only.by.column);
    const value = cursor.values[0]!;
    if (value === null) {
      const amongNulls = sql`${column} is null and t.id ${comparison} ${id}`;
      return backward ? [amongNulls, sql`${column} is not null`] : [amongNulls];
    }
    const beyond = sql`(${column}, t.id) ${comparison} (${parameter(value, only.by.type)}, ${id})`;
    return only.by.nullable && !backward ? [beyond, sql`${column} is null`] : [beyond];
  }
  return [lexicographic(orders, cursor, backward)];
}

/** Several orders: beyond in the first differing one. The first order's index still gives the sequence. */
function lexicographic(orders: Order[], cursor: NonNullable<PageRequest['cursor']>, backward: boolean): Sql {
  const same: Sql[] = [];
  const alternatives: Sql[] = [];
  orders.forEach(({ by, descending }, index) => {
    const column = raw(by.column);
    const value = cursor.values[index]!;
    if (value === null) {
      if (backward) alternatives.push(join([...same, sql`${column} is not null`], ' and '));
      same.push(sql`${column} is null`);
    } else {
      const typed = parameter(value, by.type);
      const beyond = sql`${column} ${raw(descending === backward ? '>' : '<')} ${typed}`;
      alternatives.push(
        join([...same, by.nullable && !backward ? sql`(${beyond} or ${column} is null)` : beyond], ' and '),
      );
      same.push(sql`${column} = ${typed}`);
    }
  });
  const up = orders[0]!.descending === backward;
  alternatives.push(
    join([...same, sql`t.id ${raw(up ? '>' : '<')} ${parameter(cursor.id, 'uuid')}`], ' and '),
  );
  return sql`(${join(
    alternatives.map((alternative) => sql`(${alternative})`),
    ' or ',
  )})`;
}

function orderBy({ orders, backward }: PageRequest, alias: string): Sql {
  const direction = (descending: boolean, nullable = false) => {
    const down = descending !== backward;
    return `${down ? ' desc' : ''}${nullable ? (backward ? ' nulls first' : ' nulls last') : ''}`;
  };
  const columns = orders.map(({ by, descending }, index) => {
    const column = alias === 't' ? by.column : `${alias}."order${index}"`;
    return `${column}${direction(descending, by.nullable)}`;
  });
  return raw(
    `${columns.join(', ')}, ${alias === 't' ? 't.id' : `${alias}.uuid`}${direction(orders[0]!.descending)}`,
  );
}

/** Each property of a row as SQL over the alias `t`. */
export type Columns = Record<string, string>;

function selectItems(columns: Columns): string {
  return Object.entries(columns)
    .map(([property, column]) => `${column} as "${property}"`)
    .join(', ');
}

export function selectList(columns: Columns): Sql {
  return raw(selectItems(columns));
}

/** Where a list's rows come from. */
export interface ListSource {
  table: string | Sql;
  /** The row's id as `uuid` among them. */
  columns: Columns;
  /** Conditions of every row: the organisation, and the filter's if there is one. */
  where: Sql;
}

const tableOf = ({ table }: ListSource) => (typeof table === 'string' ? raw(table) : table);

/** The rows of one page, one more than asked for, with the order's values as `order0`, … for the cursors; `nodesOnly` without. */
function pageRows(source: ListSource, request: PageRequest): Sql {
  const spans = ranges(request);
  const bare = request.nodesOnly === true && spans.length === 1;
  const orderColumns = request.orders.map(({ by }, index) => [`order${index}`, by.column]);
  const columns = bare ? source.columns : { ...source.columns, ...Object.fromEntries(orderColumns) };
  const select = sql`select ${selectList(columns)} from ${tableOf(source)} t`;
  const size = bare ? request.size : request.size + 1;
  // Where no filter's value can be common or rare, one plan serves all; PostgreSQL keeps it only if it knows the page's size.
  const isUnfiltered = source.where.values.length === 1;
  const limit = isUnfiltered ? raw(String(size)) : size;
  const parts = spans.map(
    (range) =>
      sql`${select} where ${source.where} and ${range} order by ${orderBy(request, 't')} limit ${limit}`,
  );
  return parts.length === 1
    ? parts[0]!
    : sql`select * from (${join(
        parts.map((part) => sql`(${part})`),
        ' union all ',
      )}) u order by ${orderBy(request, 'u')} limit ${limit}`;
}

/** One statement for a root list. */
export function rootPage(source: ListSource, request: PageRequest): Sql {
  return pageRows(source, request);
}

/** Rows under parents. */
export interface Linking {
  /** How a row belongs to a parent. */
  link: (parent: Sql) => Sql;
  /** Parents are records, or groups that a text names. */
  parentType?: 'uuid' | 'text';
  /** What links look things up in: `with …`, made once for all parents. */
  prefix?: Sql;
}

/**
 * One statement for the same page under each parent. Rows carry their parent's
 * `place` among the parents, from 1 (shorter than its id);
 * those of one parent come in list order, since each is read by its own inner loop.
 */
export function pagesByParent(
  parents: readonly string[],
  source: ListSource,
  { link, parentType = 'uuid', prefix = empty }: Linking,
  request: PageRequest,
): Sql {
  const linked = { ...source, where: sql`${source.where} and ${link(raw('p.parent'))}` };
  return sql`${prefix} select p.place::int as place, c.* from unnest(${parents}::${raw(parentType)}[]) with ordinality as p(parent, place) cross join lateral (${pageRows(linked, request)}) c`;
}

export function rootCount(source: ListSource): Sql {
  return sql`select count(*) as count from ${tableOf(source)} t where ${source.where}`;
}

export function countsByParent(
  parents: readonly string[],
  source: ListSource,
  { link, parentType = 'uuid', prefix = empty }: Linking,
): Sql {
  return sql`${prefix} select p.parent, (select count(*) from ${tableOf(source)} t where ${source.where} and ${link(raw('p.parent'))}) as count from unnest(${parents}::${raw(parentType)}[]) as p(parent)`;
}
