import sql, { type Sql } from 'sql-template-tag';
import { ledger } from '../deals/deal-ledger.ts';
import { members } from '../deals/deal-rows.ts';
import type { DealSet } from '../deals/deal-set.ts';
import { rateAt } from '../deals/deal-terms.ts';
import { OTHERS } from '../grouping.ts';
import { standsAt } from '../metric-view.ts';
import { attributionDefinitions, attributionKeys } from './attribution-definitions.ts';
import type { AttributionModel } from './attribution.enums.ts';

/** Won in the window, or in the open pipeline, with what touches are judged by. */
function deals(set: DealSet): Sql {
  return members(
    { ...set, joins: sql`${set.joins} cross join lateral ${ledger(set.view.organization)} l` },
    {
      select: (of) =>
        sql`${of.won} as won, t.is_closed, t.close_date, t.created_at, t.amount is null as amount_missing, l.currency, l.value`,
      where: (of) => sql`(${of.won} or ${of.open})`,
    },
  );
}

/** The conversions to contacts that stood at the moment. */
function conversions(view: DealSet['view']): Sql {
  return sql`
    select v.contact_id, v.lead_id, v.converted_at from lead_conversion v
    where v.organization_id = ${view.organization.id} and ${standsAt(view, 'v')}`;
}

/** The people of deals, each with `id` of the deal and `contact_id`: contacts with a role by the moment. */
function people({ organization: { id }, moment }: DealSet['view']): Sql {
  return sql`
    select r.opportunity_id as id, r.contact_id from opportunity_contact_role r
    join contact c on c.organization_id = ${id} and c.id = r.contact_id and c.deleted_at is null
    where r.organization_id = ${id} and r.created_at <= ${moment}::timestamptz`;
}

/** The first touch of each campaign, person and deal: `id` of the deal, `campaign_id`, `contact_id`, `touched_at`. */
function touches({ view }: DealSet, dealRows: Sql): Sql {
  const { organization, moment } = view;
  const { id, timeZone } = organization;
  return sql`
    select d.id, m.campaign_id, p.contact_id, min(m.created_at) as touched_at
    from (${dealRows}) d
    join (${people(view)}) p on p.id = d.id
    join (
      select m.campaign_id, m.contact_id, m.created_at from campaign_member m
      where m.organization_id = ${id}
      union all
      select m.campaign_id, v.contact_id, m.created_at from campaign_member m
      join (${conversions(view)}) v on v.lead_id = m.lead_id
      where m.organization_id = ${id}
    ) m on m.contact_id = p.contact_id
    where m.created_at <= ${moment}::timestamptz
      and (not d.is_closed or (m.created_at at time zone ${timeZone})::date <= d.close_date)
    group by d.id, m.campaign_id, p.contact_id`;
}

/** What the deals are called that no campaign touched. */
export const UNTOUCHED = '';

/** The deals in question as rows of `id` and `k`: the campaigns that touched it, those not among the first as OTHERS. */
export function touchedDeals(set: DealSet, first: string[]): Sql {
  return sql`
    select d.id, case
      when x.campaign_id is null then ${UNTOUCHED}
      when x.campaign_id = any(${first}::uuid[]) then x.campaign_id::text
      else ${OTHERS} end as k
    from (${deals(set)}) d
    left join (${touches(set, deals(set))}) x on x.id = d.id`;
}

/** Null currency: the counts. Else what is attributed in that currency, in its minor units. */
export interface InfluenceRow {
  /** The campaign's id, UNTOUCHED or OTHERS. */
  group: string;
  label: string | null;
  /** Minor units of the organisation's currency; null without a cost, or a rate for it. */
  cost: string | null;
  currency: string | null;
  touches: number;
  opportunities: number;
  amountMissing: number;
  won: string;
  pipeline: string;
}

/**
 * One statement: touches in their places, what they weigh, and the deals' amounts shared by weight to the minor unit. A
 * deal without touches is a share of no campaign. In order: the campaigns with the largest shares first, then what is
 * of the others, then what is of none.
 */
export function influence(set: DealSet, model: AttributionModel, first: number): Sql {
  const { organization } = set.view;
  const { id, currency, timeZone } = organization;
  const { weight, others } = attributionDefinitions[attributionKeys[model]];
  const placed = sql`
    select d.id, d.won, d.amount_missing, d.currency, d.value, x.campaign_id,
      row_number() over (partition by d.id order by x.touched_at, x.campaign_id, x.contact_id) as place,
      count(*) over deal as touches,
      count(*) filter (where x.touched_at <= d.created_at) over deal as created_place,
      count(*) filter (where x.touched_at <= first.converted_at) over deal as converted_place,
      (max(x.touched_at) over deal at time zone ${timeZone})::date - (x.touched_at at time zone ${timeZone})::date as age
    from touched x
    join deal d on d.id = x.id
    left join (
      select p.id, min(v.converted_at) as converted_at
      from (${people(set.view)}) p
      join (${conversions(set.view)}) v on v.contact_id = p.contact_id
      where p.id in (select touched.id from touched)
      group by p.id
    ) first on first.id = d.id
    window deal as (partition by d.id)`;
  const weighed = sql`
    select touch.*, (${weight})::numeric as weight from (${placed}) touch`;
  // of touches that weigh nothing each gets its part of what is theirs, the others in proportion to their weight
  const units = sql`
    select w.*, case
      when w.nothing = 0 or ${others} = 0 then w.weight
      when w.weight > 0 then w.weight * (100 - ${others}) * w.nothing
      else ${others} * w.whole end as units
    from (
      select w.*, sum(w.weight) over deal as whole, count(*) filter (where w.weight = 0) over deal as nothing
      from (${weighed}) w
      window deal as (partition by w.id)
    ) w`;
  const divided = sql`
    select u.*, mod(mod(u.value * u.units, u.total) + u.total, u.total) as remainder
    from (select u.*, sum(u.units) over (partition by u.id) as total from (${units}) u) u`;
  const shares = sql`
    select f.id, f.campaign_id, f.currency, f.won, f.amount_missing, f.floor + (
        row_number() over (partition by f.id order by f.remainder desc, f.place)
          <= f.value - sum(f.floor) over (partition by f.id))::int as given
    from (select v.*, div(v.value * v.units - v.remainder, v.total) as floor from (${divided}) v) f
    union all
    select d.id, null, d.currency, d.won, d.amount_missing, d.value from deal d
    where not exists (select from touched x where x.id = d.id)`;
  const inHome = (condition: Sql) =>
    sql`coalesce(sum(s.given) filter (where ${condition} and s.currency = ${currency}), 0)`;
  const ranked = sql`
    select s.campaign_id, row_number() over (order by ${inHome(sql`s.won`)} desc, ${inHome(sql`not s.won`)} desc,
      min(c.name_key collate "C"), s.campaign_id) as place
    from share s join campaign c on c.organization_id = ${id} and c.id = s.campaign_id
    group by s.campaign_id`;
  const cost = sql`round(c.actual_cost * case when c.actual_cost_currency = ${currency} then 1 else ${rateAt(
    id,
    sql`c.actual_cost_currency`,
    sql`coalesce(c.end_date, c.start_date, (c.created_at at time zone ${timeZone})::date)`,
  )} end)`;
  return sql`
    with deal as materialized (${deals(set)}),
      touched as materialized (${touches(set, sql`select * from deal`)}),
      share as materialized (${shares})
    select a.*, c.name as label, ${cost} as cost
    from (
      select s.k as "group", s.currency, min(s.place) as place, sum(s.touches)::int as touches,
        count(*)::int as opportunities, (count(*) filter (where s.amount_missing))::int as "amountMissing",
        coalesce(sum(s.given) filter (where s.won), 0) as won, coalesce(sum(s.given) filter (where not s.won), 0) as pipeline
      from (
        select s.id, s.currency, s.won, s.amount_missing, count(s.campaign_id) as touches, sum(s.given) as given,
          min(r.place) as place, case
            when s.campaign_id is null then ${UNTOUCHED}
            when r.place <= ${first}::int then s.campaign_id::text
            else ${OTHERS} end as k
        from share s left join (${ranked}) r on r.campaign_id = s.campaign_id
        group by s.id, s.currency, s.won, s.amount_missing, k) s
      group by grouping sets ((s.k), (s.k, s.currency))
    ) a
    left join campaign c on c.organization_id = ${id} and a."group" not in (${UNTOUCHED}, ${OTHERS})
      and c.id = nullif(nullif(a."group", ${UNTOUCHED}), ${OTHERS})::uuid
    order by a.place nulls last`;
}
