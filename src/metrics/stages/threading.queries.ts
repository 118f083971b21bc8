import sql, { type Sql } from 'sql-template-tag';
import { median } from '../aggregates.ts';
import { members } from '../deals/deal-rows.ts';
import type { DealSet } from '../deals/deal-set.ts';

/**
 * The open pipeline of a set: `k`, `id`, and the number of distinct contacts that had a role by its moment (`people`). What
 * is looked up of a deal does not depend on the moment, so that a series need not do it again for each.
 */
export function openDealsWithPeople(set: DealSet): Sql {
  const { id } = set.view.organization;
  return sql`
      select m.k, m.id, coalesce(width_bucket(m.at, known.since), 0) as people
      from (${members(set, { where: (of) => of.open })}) m
      cross join lateral (
        select array_agg(person.since order by person.since) as since
        from (
          select min(r.created_at) as since
          from opportunity_contact_role r
          join contact c on c.organization_id = ${id} and c.id = r.contact_id and c.deleted_at is null
          where r.organization_id = ${id} and r.opportunity_id = m.id
          group by r.contact_id) person) known`;
}

/** A condition on a `deal` of these. */
export const isMultiThreaded = sql`deal.people >= 2`;

export interface ThreadingRow {
  group: string;
  mean: number;
  median: number;
  multiThreaded: number;
  count: number;
}

export function threadingRows(set: DealSet): Sql {
  return sql`
    select deal.k as "group", avg(deal.people)::float8 as mean, ${median(sql`deal.people`, sql`true`)}::float8 as median,
      count(*) filter (where ${isMultiThreaded})::int as "multiThreaded", count(*)::int as count
    from (${openDealsWithPeople(set)}) deal
    group by 1`;
}
