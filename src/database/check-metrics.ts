import sql, { type Sql } from 'sql-template-tag';
import { MINOR_DIGITS } from '../graphql/money.ts';
import type { Invariant } from './check-invariants.ts';

const digitsOf = (currency: Sql) =>
  sql`coalesce((${JSON.stringify(MINOR_DIGITS)}::jsonb ->> ${currency})::int, 2)`;

export const metricInputs: Invariant[] = [
  {
    name: 'minor-rates',
    sentence:
      "A rate of minor units is the rate itself, moved by the decimals of the organisation's currency.",
    severity: 'error',
    recordType: 'ExchangeRate',
    violations: (organizationId) => sql`
      select r.id from exchange_rate r
      join organization o on o.id = ${organizationId}
      where r.organization_id = ${organizationId}
        and r.minor_rate <> r.rate * ('1e' || ${digitsOf(sql`o.currency`)} - ${digitsOf(sql`r.currency`)})::numeric`,
  },
  {
    name: 'no-rate-of-own-currency',
    sentence: "No exchange rate is of the organisation's own currency.",
    severity: 'error',
    recordType: 'ExchangeRate',
    violations: (organizationId) => sql`
      select r.id from exchange_rate r
      join organization o on o.id = ${organizationId}
      where r.organization_id = ${organizationId} and r.currency = o.currency`,
  },
  {
    name: 'targets-apart',
    sentence: 'No two targets of one owner (or of the whole organisation) are for the same days.',
    severity: 'error',
    recordType: 'SalesTarget',
    violations: (organizationId) => sql`
      select s.id from (
        select t.id, t.starts_on < max(t.ends_on) over (
          partition by t.owner_id order by t.starts_on, t.ends_on, t.id
          rows between unbounded preceding and 1 preceding) as overlaps
        from sales_target t where t.organization_id = ${organizationId}) s
      where s.overlaps`,
  },
];
