import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { ListRow } from '../../graphql/connection.ts';
import { type ListSource, type Order, selectList } from '../../graphql/page.ts';
import { type ExchangeRate, rateColumns, toRate } from './exchange-rate.type.ts';

/** Rates are listed latest first. */
export const rateOrder: Order[] = [
  { field: 'VALID_FROM', descending: true, by: { column: 't.valid_from', type: 'date' } },
  { field: 'CURRENCY', descending: true, by: { column: 't.currency', type: 'text' } },
];

export function rateSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'exchange_rate',
    columns: rateColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function ratesByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<ExchangeRate[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(rateColumns)} from exchange_rate t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toRate);
}
