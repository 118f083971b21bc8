import sql, { type Sql } from 'sql-template-tag';
import type { Organization } from '../../identity/organization.service.ts';
import { converted } from './deal-terms.ts';

/**
 * An amount as metrics add it up, for `cross join lateral` behind the row `t` it is of: `value` in minor units of
 * `currency`. That is the organisation's where the amount can be converted at the rate of its close date, else its own:
 * each currency is a ledger by itself, and none is added to another. Without an amount 0.
 */
export function ledger({ id, currency }: Pick<Organization, 'id' | 'currency'>): Sql {
  const inHome = sql`case when t.currency = ${currency} then t.amount else ${converted(id, sql`t.amount`, sql`t.currency`)} end`;
  return sql`(
      select case when t.amount is null or c.value is not null then ${currency} else t.currency end as currency,
        coalesce(c.value, t.amount, 0)::numeric as value
      from (select ${inHome} as value) c)`;
}
