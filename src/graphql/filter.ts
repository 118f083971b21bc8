import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { textKey } from '../database/text-key.ts';
import type { Organization } from '../identity/organization.service.ts';
import { badInput, searchedText } from './errors.ts';
import type {
  DateFilter,
  DateTimeFilter,
  DecimalFilter,
  IDFilter,
  IntFilter,
  StringFilter,
} from './filter.types.ts';
import { decodeId, type NodeType } from './ids.ts';
import { largestAmount, minorDigits, toMinor } from './money.ts';

/** What every condition needs to know: each statement binds the organisation. */
export type FilterScope = Pick<Organization, 'id' | 'currency'>;

type OwnFields<F> = Exclude<keyof F, 'and' | 'or' | 'not'>;

/** How each field of a filter becomes SQL over the alias `t`; `path` names the field in errors. */
export type FilterFields<F> = {
  [K in OwnFields<F>]-?: (value: NonNullable<F[K]>, scope: FilterScope, path: string) => Sql;
};

export const MAX_CONDITIONS = 100;
const MAX_DEPTH = 8;
const MAX_LIST = 500;

export const everything = sql`true`;
const nothing = sql`false`;

/** A filter as one SQL condition; `everything` when it restricts nothing. */
export function compileFilter<F extends object>(
  filter: F | null | undefined,
  fields: FilterFields<F>,
  scope: FilterScope,
  path = 'filter',
): Sql {
  let count = 0;
  const tally = () => {
    if (++count > MAX_CONDITIONS) throw badInput(path, `has more than ${MAX_CONDITIONS} conditions`);
  };
  const compile = (part: F, at: string, depth: number): Sql => {
    if (depth > MAX_DEPTH) throw badInput(at, `is nested deeper than ${MAX_DEPTH}`);
    const conditions: Sql[] = [];
    for (const [name, value] of Object.entries(part)) {
      if (value === null || value === undefined) continue;
      tally();
      const field = `${at}.${name}`;
      if (name === 'and') {
        conditions.push(
          ...(value as F[]).map((inner, index) => compile(inner, `${field}[${index}]`, depth + 1)),
        );
      } else if (name === 'or') {
        const alternatives = (value as F[]).map((inner, index) =>
          compile(inner, `${field}[${index}]`, depth + 1),
        );
        conditions.push(disjunction(alternatives));
      } else if (name === 'not') {
        // "not known to be true": a row without the value does not match the inner condition, so it matches this one
        conditions.push(sql`(${compile(value as F, field, depth + 1)}) is not true`);
      } else {
        const condition = fields[name as OwnFields<F>] as FilterFields<F>[OwnFields<F>];
        conditions.push(condition(value as never, scope, field));
      }
    }
    if (conditions.length === 0) tally();
    const all = conjunction(conditions);
    return all === everything ? all : sql`(${all})`;
  };
  return filter ? compile(filter, path, 0) : everything;
}

function conjunction(conditions: (Sql | false)[]): Sql {
  const restricting = conditions.filter((condition) => condition !== false && condition !== everything);
  return restricting.length === 0 ? everything : join(restricting, ' and ');
}

function disjunction(alternatives: Sql[]): Sql {
  if (alternatives.includes(everything)) return everything;
  return alternatives.length === 0 ? nothing : sql`(${join(alternatives, ' or ')})`;
}

function bounded<T>(list: T[], path: string): T[] {
  if (list.length > MAX_LIST) throw badInput(`${path}.in`, `has more than ${MAX_LIST} values`);
  return list;
}

/** One value is compared by `=`, since only then an index gives the rows in the list's order. */
function among(column: Sql, values: readonly (string | number)[], type: string): Sql {
  return values.length === 1
    ? sql`${column} = ${values[0]}::${raw(type)}`
    : sql`${column} = any(${values}::${raw(type)}[])`;
}

const nullness = (column: Sql, isNull: boolean | null | undefined) =>
  isNull != null && sql`${column} is ${isNull ? empty : raw('not ')}null`;

function requireStorable(filter: StringFilter, path: string): void {
  const { eq, ne, in: list, contains, startsWith } = filter;
  for (const [operator, text] of Object.entries({ eq, ne, contains, startsWith }))
    if (text != null) searchedText(text, `${path}.${operator}`);
  list?.forEach((text, index) => searchedText(text, `${path}.in[${index}]`));
}

/** `50%` → `50\%`: the text itself, not a pattern. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/**
 * A text column with its normalised `key` column (the same one where only the normalised form is kept) and its search
 * function (migration 0007). The key's equality is what has the index; the exact text is compared on top.
 */
export function textField(column: string, key: string, search: string) {
  const [text, normal] = [raw(`t.${column}`), raw(`t.${key}`)];
  const keyOnly = column === key;
  return (filter: StringFilter, scope: FilterScope, path: string): Sql => {
    requireStorable(filter, path);
    const { eq, ne, in: list, contains, startsWith, isNull } = filter;
    return conjunction([
      eq != null && sql`${normal} = ${textKey(eq)}${keyOnly ? empty : sql` and ${text} = ${eq}`}`,
      ne != null && sql`${text} is distinct from ${keyOnly ? textKey(ne) : ne}`,
      list != null &&
        sql`${among(normal, bounded(list, path).map(textKey), 'text')}${keyOnly ? empty : sql` and ${among(text, list, 'text')}`}`,
      contains != null &&
        sql`t.id in (select ${raw(search)}(${scope.id}, ${`%${likeLiteral(textKey(contains))}%`}))`,
      startsWith != null &&
        sql`${normal} >= ${textKey(startsWith)} and ${normal} < ${`${textKey(startsWith)}\u{10FFFF}`}`,
      nullness(normal, isNull),
    ]);
  };
}

/** A short list of names kept in a table of its own (stages, lead statuses): the names are looked up there. */
export function namedReference(column: string, table: string) {
  return (filter: StringFilter, scope: FilterScope, path: string): Sql => {
    requireStorable(filter, path);
    const { eq, ne, in: list, contains, startsWith, isNull } = filter;
    const reference = raw(`t.${column}`);
    const ids = (condition: Sql) =>
      sql`(select n.id from ${raw(table)} n where n.organization_id = ${scope.id} and ${condition})`;
    const named = (condition: Sql) => sql`${reference} = any(array${ids(condition)})`;
    // names are unique, and one id gives the rows of its index in order
    const isNamed = (name: string) => sql`${reference} = ${ids(sql`n.name = ${name}`)}`;
    return conjunction([
      eq != null && isNamed(eq),
      ne != null && named(sql`n.name <> ${ne}`),
      list != null &&
        (list.length === 1 ? isNamed(list[0]!) : named(among(raw('n.name'), bounded(list, path), 'text'))),
      contains != null && named(sql`n.name_key like ${`%${likeLiteral(textKey(contains))}%`}`),
      startsWith != null && named(sql`n.name_key like ${`${likeLiteral(textKey(startsWith))}%`}`),
      nullness(reference, isNull),
    ]);
  };
}

export function idField(column: string, type: NodeType) {
  const reference = raw(`t.${column}`);
  return (filter: IDFilter, _scope: FilterScope, path: string): Sql =>
    conjunction([
      filter.eq != null && sql`${reference} = ${decodeId(type, filter.eq, `${path}.eq`)}`,
      filter.in != null &&
        among(
          reference,
          bounded(filter.in, path).map((id) => decodeId(type, id, `${path}.in`)),
          'uuid',
        ),
      nullness(reference, filter.isNull),
    ]);
}

/** The same for accounts and contacts: the id of one that was merged away means the one it went into. */
export function mergeableIdField(column: string, type: 'Account' | 'Contact') {
  const reference = raw(`t.${column}`);
  const table = raw(type.toLowerCase());
  return (filter: IDFilter, { id: organizationId }: FilterScope, path: string): Sql => {
    // A subquery of its own: under row-level security PostgreSQL takes no index for a bare coalesce.
    const one = (id: string) => sql`${reference} = (select coalesce((
      select m.merged_into_id from ${table} m where m.organization_id = ${organizationId} and m.id = ${id}), ${id}::uuid))`;
    const several = (ids: string[]) => sql`${reference} = any(array(
      select coalesce((
        select m.merged_into_id from ${table} m where m.organization_id = ${organizationId} and m.id = asked.id), asked.id)
      from unnest(${ids}::uuid[]) asked (id)))`;
    const list = filter.in && bounded(filter.in, path).map((id) => decodeId(type, id, `${path}.in`));
    return conjunction([
      filter.eq != null && one(decodeId(type, filter.eq, `${path}.eq`)),
      list != null && (list.length === 1 ? one(list[0]!) : several(list)),
      nullness(reference, filter.isNull),
    ]);
  };
}

export function booleanField(column: string) {
  return (value: boolean): Sql => sql`${raw(`t.${column}`)} = ${value}`;
}

export function intField(column: string) {
  const number = raw(`t.${column}`);
  // the casts: any Int can be asked for, whatever the column holds
  return (filter: IntFilter, _scope: FilterScope, path: string): Sql =>
    conjunction([
      filter.eq != null && sql`${number} = ${filter.eq}::integer`,
      filter.in != null && among(number, bounded(filter.in, path), 'integer'),
      filter.gt != null && sql`${number} > ${filter.gt}::integer`,
      filter.gte != null && sql`${number} >= ${filter.gte}::integer`,
      filter.lt != null && sql`${number} < ${filter.lt}::integer`,
      filter.lte != null && sql`${number} <= ${filter.lte}::integer`,
      nullness(number, filter.isNull),
    ]);
}

/** Amounts compare as stored integers, in the organisation's currency only: unlike currencies are never compared. */
export function moneyField(column: string, currencyColumn: string) {
  const amount = raw(`t.${column}`);
  return (filter: DecimalFilter, scope: FilterScope, path: string): Sql => {
    const minor = (value: string) => {
      const exact = toMinor(value, scope.currency);
      if (exact === null)
        throw badInput(
          path,
          `must be an amount in ${scope.currency}: at most ${minorDigits(scope.currency)} decimals, no more than ${largestAmount(scope.currency)}, got ${value}`,
        );
      return String(exact);
    };
    const comparisons = [
      filter.eq != null && sql`${amount} = ${minor(filter.eq)}`,
      filter.gt != null && sql`${amount} > ${minor(filter.gt)}`,
      filter.gte != null && sql`${amount} >= ${minor(filter.gte)}`,
      filter.lt != null && sql`${amount} < ${minor(filter.lt)}`,
      filter.lte != null && sql`${amount} <= ${minor(filter.lte)}`,
    ];
    return conjunction([
      ...comparisons,
      comparisons.some(Boolean) && sql`${raw(`t.${currencyColumn}`)} = ${scope.currency}`,
      nullness(amount, filter.isNull),
    ]);
  };
}

export function dateField(column: string) {
  const date = raw(`t.${column}`);
  return (filter: DateFilter): Sql =>
    conjunction([
      filter.eq != null && sql`${date} = ${filter.eq}::date`,
      filter.gte != null && sql`${date} >= ${filter.gte}::date`,
      filter.lt != null && sql`${date} < ${filter.lt}::date`,
      nullness(date, filter.isNull),
    ]);
}

export function dateTimeField(column: string) {
  const instant = raw(`t.${column}`);
  return (filter: DateTimeFilter): Sql =>
    conjunction([
      filter.gte != null && sql`${instant} >= ${filter.gte}`,
      filter.lt != null && sql`${instant} < ${filter.lt}`,
      nullness(instant, filter.isNull),
    ]);
}
