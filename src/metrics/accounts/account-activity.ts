import sql, { empty, type Sql } from 'sql-template-tag';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import { within } from '../metric-window.ts';

/** Which accounts: a condition on the column that refers to one. */
export type AccountLink = (account: Sql) => Sql;

export const anyAccount: AccountLink = (account) => sql`${account} is not null`;

/** A living record that the organisation had at the view's moment. */
export function isKnown({ organization, asOf }: MetricView, alias: Sql): Sql {
  const living = sql`${alias}.organization_id = ${organization.id} and ${alias}.deleted_at is null`;
  return asOf ? sql`${living} and ${alias}.created_at <= ${asOf}::timestamptz` : living;
}

/** A known lead `l` that had not been converted at the view's moment. */
function isUnconverted(view: MetricView): Sql {
  const was = view.asOf
    ? sql`(not l.is_converted or l.converted_at > ${view.asOf}::timestamptz)`
    : sql`not l.is_converted`;
  return sql`${isKnown(view, sql`l`)} and ${was}`;
}

/** The moment lies in the view's window; what is still to come at the view's moment is left to the caller. */
export function inWindow({ window: { fromInstant, toInstant } }: MetricView, at: Sql): Sql {
  return within(at, fromInstant, toInstant, 'timestamptz');
}

/** In words, for formulas: the same as the SQL below. */
export const INBOUND =
  'an inbound activity that is done, of a contact of the account, of an unconverted lead matched to it, or linked to the account itself without a person';
export const TOUCH = `a campaign membership of such a person (at the time it began), or ${INBOUND}`;

/**
 * Done inbound activities up to the view's moment, each under the one account it counts for: that of its contact, else the
 * one its unconverted lead is matched to; without a person, the one it is linked to. Rows: id, account_id, person,
 * contact_id, at, minutes (its own, else what the settings say for its type).
 */
export function inboundActivities(view: MetricView, settings: MetricSettings, link: AccountLink): Sql {
  const { id } = view.organization;
  const perType = JSON.stringify(settings.activityMinutes);
  const minutes = sql`coalesce(a.minutes, (${perType}::jsonb ->> a.type)::integer, 0) as minutes`;
  const inbound = sql`a.organization_id = ${id} and a.direction = 'INBOUND' and not a.is_open
        and a.occurred_at <= ${view.moment}::timestamptz`;
  return sql`
      select a.id, c.account_id, c.id as person, c.id as contact_id, a.occurred_at as at, ${minutes}
      from contact c join activity a on ${inbound} and a.contact_id = c.id
      where ${isKnown(view, sql`c`)} and ${link(sql`c.account_id`)}
      union all
      select a.id, l.matched_account_id, l.id, null, a.occurred_at, ${minutes}
      from lead l join activity a on ${inbound} and a.lead_id = l.id
      where ${isUnconverted(view)} and ${link(sql`l.matched_account_id`)}
        and not exists (select from contact c where ${isKnown(view, sql`c`)} and c.id = a.contact_id)
      union all
      select a.id, a.account_id, null, null, a.occurred_at, ${minutes}
      from activity a
      where ${inbound} and a.contact_id is null and a.lead_id is null and ${link(sql`a.account_id`)}`;
}

/** Those activities and the campaign memberships of the same people, as rows of account_id and at. */
export function touches(view: MetricView, settings: MetricSettings, link: AccountLink): Sql {
  const { id } = view.organization;
  const member = sql`m.organization_id = ${id} and m.created_at <= ${view.moment}::timestamptz`;
  // a conversion takes memberships along to the contact: before it they were the lead's. Which ones came along to a contact
  // who was there already is not known: these are the contact's at every moment.
  const moved = view.asOf
    ? sql`
      union all
      select l.matched_account_id, m.created_at from lead l
      join lead_conversion v on v.organization_id = ${id} and v.lead_id = l.id and v.reverted_at is null
        and v.converted_at > ${view.asOf}::timestamptz
      join campaign_member m on ${member} and m.contact_id = v.contact_id
      where ${isUnconverted(view)} and ${link(sql`l.matched_account_id`)}
        and not exists (select from contact c where ${isKnown(view, sql`c`)} and c.id = v.contact_id)`
    : empty;
  return sql`
      select inbound.account_id, inbound.at from (${inboundActivities(view, settings, link)}) inbound
      union all
      select c.account_id, m.created_at from contact c join campaign_member m on ${member} and m.contact_id = c.id
      where ${isKnown(view, sql`c`)} and ${link(sql`c.account_id`)}
      union all
      select l.matched_account_id, m.created_at from lead l join campaign_member m on ${member} and m.lead_id = l.id
      where ${isUnconverted(view)} and ${link(sql`l.matched_account_id`)}${moved}`;
}

/** From when on engagement is judged, as SQL over a moment: whole months before it, in UTC. */
export function engagementStart(moment: Sql, { engagementMonths }: MetricSettings): Sql {
  return sql`((${moment} at time zone 'UTC' - make_interval(months => ${engagementMonths}::integer)) at time zone 'UTC')`;
}

/** Of rows of `inboundActivities` in the engagement period of one account: is it an MQA? */
export function isMqa({ mqaMinutes, mqaPeople }: MetricSettings): Sql {
  return sql`(sum(minutes) >= ${mqaMinutes}::integer and count(distinct person) >= ${mqaPeople}::integer)`;
}
