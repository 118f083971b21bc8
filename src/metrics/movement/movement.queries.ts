import sql, { type Sql } from 'sql-template-tag';
import { members } from '../deals/deal-rows.ts';
import type { ListSource } from '../../graphql/page.ts';
import type { DealSet } from '../deals/deal-set.ts';
import { ledger } from '../deals/deal-ledger.ts';
import type { MetricWindow } from '../metric-window.ts';
import type { MovementName } from './movement-definitions.ts';

/** Which deals move, between which moments. */
export interface MovementRequest {
  /** Those of the scope, judged as of `to`. */
  set: DealSet;
  from: Date;
  /** Only deals with a close date in it are in the pipeline; null: all open ones. */
  closing: Pick<MetricWindow, 'from' | 'to'> | null;
}

/** Where a deal stands by a version of it. Closed comes first: a won deal is won whatever its close date. */
function place(closing: MovementRequest['closing']): Sql {
  const { from = null, to = null } = closing ?? {};
  return sql`case
      when t.is_won then 'won'
      when t.is_closed then 'lost'
      when t.forecast_category = 'OMITTED' then 'omitted'
      when t.close_date < ${from ?? '-infinity'}::date or t.close_date >= ${to ?? 'infinity'}::date then 'out'
      else 'in' end`;
}

/**
 * The entries of the ledgers, of each currency its own: `kind`, `id` of the deal, `version_id` and `at` of the version that
 * made it so, `currency`, `count`, `value`. The versions of a deal follow one another; of each step from one to the next
 * - what comes into the pipeline is entered with the amount it comes with,
 * - a change of amount in the pipeline, or on the way out of it, as an increase or decrease (one of currency as both),
 * - what leaves with the amount it leaves with.
 * So the entries of every deal add up to its end, and those of all deals, too.
 */
function entries({ set, from, closing }: MovementRequest): Sql {
  const { organization, asOf } = set.view;
  const known = asOf ? sql`and t.valid_from <= ${asOf}::timestamptz` : sql``;
  const isLast = asOf
    ? sql`(t.valid_to is null or t.valid_to > ${asOf}::timestamptz)`
    : sql`t.valid_to is null`;
  return sql`
    select e.kind, s.id, s.version_id, s.at, s.is_missing, e.currency, e.count, e.value
    from (
      select t.opportunity_id as id, t.id as version_id, t.valid_from as at, t.amount is null as is_missing, t.valid_from <= ${from}::timestamptz as is_first, ${isLast} as is_last, ${place(closing)} as place,
        l.currency, l.value, lag(${place(closing)}, 1, 'none') over past as was,
        lag(l.currency) over past as was_currency, lag(l.value) over past as was_value
      from (${members(set)}) m
      join opportunity_version t on t.organization_id = ${organization.id} and t.opportunity_id = m.id
        and (t.valid_to is null or t.valid_to > ${from}::timestamptz) ${known}
      cross join lateral ${ledger(organization)} l
      window past as (partition by t.opportunity_id order by t.valid_from)
    ) s
    cross join lateral (
      select 'start' as kind, s.currency, 1 as count, s.value where s.is_first and s.place = 'in'
      union all
      select 'end', s.currency, 1, s.value where s.is_last and s.place = 'in'
      union all
      select case s.was when 'none' then 'created' when 'out' then 'pulledIn' when 'omitted' then 'omitted' else 'reopened' end,
        s.currency, case s.was when 'omitted' then -1 else 1 end, case s.was when 'omitted' then -s.value else s.value end
      where not s.is_first and s.place = 'in' and s.was <> 'in'
      union all
      select case s.place when 'out' then 'pushedOut' else s.place end, s.currency, 1, s.value
      where s.place <> 'in' and s.was = 'in'
      union all
      select case when sum(c.change) > 0 then 'increased' else 'decreased' end, c.currency, 0, abs(sum(c.change))
      from (values (s.currency, s.value), (s.was_currency, -s.was_value)) c (currency, change)
      where s.was = 'in'
      group by c.currency
      having sum(c.change) <> 0
    ) e`;
}

/** The deals behind an entry, as rows with `id` and `k`. */
export function movedDeals(request: MovementRequest, name: MovementName): Sql {
  return sql`select e.id, '' as k from (${entries(request)}) e where e.kind = ${name}`;
}

/** The entries of one kind as a list: what its count and amounts are the sums of. */
export function movementChanges(request: MovementRequest, name: MovementName): ListSource {
  return {
    table: sql`(select e.version_id as id, e.id as opportunity_id, e.at, e.count, e.value, e.currency
      from (${entries(request)}) e where e.kind = ${name})`,
    columns: {
      uuid: 't.id',
      opportunityUuid: 't.opportunity_id',
      at: 't.at',
      count: 't.count',
      value: 't.value',
      currency: 't.currency',
    },
    where: sql`true`,
  };
}

/** Null currency: all of a kind, without an amount. Else the sum in that currency. */
export interface MovementRow {
  kind: MovementName;
  currency: string | null;
  /** By how much the number of deals in the pipeline changed. */
  count: number;
  deals: number;
  amountMissing: number;
  amount: string;
}

export function movements(request: MovementRequest): Sql {
  return sql`
    select e.kind, e.currency, sum(e.count)::int as count, count(distinct e.id)::int as deals,
      (count(distinct e.id) filter (where e.is_missing))::int as "amountMissing", sum(e.value) as amount
    from (${entries(request)}) e
    group by grouping sets ((e.kind), (e.kind, e.currency))`;
}
