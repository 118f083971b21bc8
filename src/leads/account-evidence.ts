import sql, { join, raw, type Sql } from 'sql-template-tag';
import { SIMILAR_NAME } from '../accounts/account-candidates.queries.ts';

/** Rows `(lead_id, account_id, tier, method, score)` say why an account may be a lead's; the lowest tier decides. */

/** Columns of a lead that tell its company. */
export const COMPANY_COLUMNS = sql`id, domain, match_key, country, state, city, phone, industry`;

/** Merged-away accounts looked at for one lead. */
const ALIASES = sql`limit 20`;

/**
 * Accounts with the same registrable domain or normalised name as the rows of the relation `leads`; of each `which`. What
 * a merged-away account was recognised by leads to the one it went into.
 */
export function sameCompany(organizationId: string, leads: Sql, which: Sql): Sql {
  return sql`
      select l.id as lead_id, a.id as account_id, 1 as tier, 'DOMAIN' as method, 1::real as score
      from ${leads} l cross join lateral (
        (select id from account
         where organization_id = ${organizationId} and domain = l.domain and deleted_at is null ${which})
        union
        (select merged_into_id from account
         where organization_id = ${organizationId} and domain = l.domain and merged_into_id is not null ${ALIASES})) a
      union all
      select l.id, a.id, 2, 'EXACT_NAME', 1
      from ${leads} l cross join lateral (
        (select id from account
         where organization_id = ${organizationId} and match_key = l.match_key and deleted_at is null ${which})
        union
        (select merged_into_id from account
         where organization_id = ${organizationId} and match_key = l.match_key and merged_into_id is not null ${ALIASES})) a`;
}

/** What must agree besides a similar name, at least one of these. */
const SUPPORTING = {
  country: sql`lower(a.country) = lower(l.country)`,
  state: sql`lower(a.state) = lower(l.state)`,
  city: sql`lower(a.city) = lower(l.city)`,
  industry: sql`lower(a.industry) = lower(l.industry)`,
  phone: sql`nullif(regexp_replace(a.phone, '\\D', '', 'g'), '') = regexp_replace(l.phone, '\\D', '', 'g')`,
};

/** Accounts with a similar name and the same country, state, city, phone or industry; append further conditions with `and`. */
export function similarCompany(organizationId: string, leads: Sql): Sql {
  return sql`
      select l.id, a.id, 3, 'SIMILAR_NAME', s.similarity
      from ${leads} l
      cross join lateral account_match_similar(${organizationId}, l.match_key, ${SIMILAR_NAME}) s
      join account a on a.organization_id = ${organizationId} and a.id = s.id
      where (${join(Object.values(SUPPORTING), ' or ')})`;
}

/** Of a lead `l` and its account `a`: the names of what agrees. A similar name is told where it is why they match. */
export const AGREEING = sql`array_remove(array[
      case when a.domain = l.domain then 'domain' end,
      case when a.match_key = l.match_key or l.match_method = 'SIMILAR_NAME' then 'name' end,
      ${join(Object.entries(SUPPORTING).map(([name, agrees]) => sql`case when ${agrees} then ${raw(`'${name}'`)} end`))}
    ], null)`;
