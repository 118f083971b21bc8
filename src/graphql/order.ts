import { badInput } from './errors.ts';
import { OrderDirection } from './filter.types.ts';
import type { Order, OrderColumn } from './page.ts';

/** The `orderBy` of a list as its keyset; the list's default when none is given. */
export function orders<Field extends string>(
  given: { field: Field; direction?: OrderDirection | null }[] | null | undefined,
  columns: Record<Field, OrderColumn>,
  fallback: { field: Field; direction?: OrderDirection },
): Order[] {
  const list = given?.length ? given : [fallback];
  if (new Set(list.map(({ field }) => field)).size !== list.length)
    throw badInput('orderBy', 'names a field twice');
  return list.map(({ field, direction }) => ({
    field,
    descending: direction === OrderDirection.DESC,
    by: columns[field],
  }));
}
