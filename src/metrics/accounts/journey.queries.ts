import sql, { raw, type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import { momentOf, opportunitiesAt } from '../deals/deal-set.ts';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import {
  type AccountLink,
  anyAccount,
  engagementStart,
  inboundActivities,
  isKnown,
  isMqa,
  touches,
} from './account-activity.ts';
import { JourneyStage } from './journey.enums.ts';
import type { AccountJourney, JourneyMilestone } from './journey.type.ts';

/**
 * The stage of every living account at the view's moment, as rows of account_id and stage: one pass over opportunities,
 * activities and memberships, so it can be joined to all accounts. With a link, of those accounts only. Materialized, for
 * without statistics PostgreSQL would repeat each of the passes for each account.
 */
export function journeyStages(
  view: MetricView,
  settings: MetricSettings,
  link: AccountLink = anyAccount,
): Sql {
  const { id } = view.organization;
  const moment = sql`${view.moment}::timestamptz`;
  return sql`
    with deals as materialized (
      select t.account_id, bool_or(t.is_won) as is_won, bool_or(not t.is_closed) as is_open
      from ${opportunitiesAt(id, momentOf(view))}
      where t.organization_id = ${id} and t.deleted_at is null and ${link(sql`t.account_id`)}
      group by t.account_id),
    engagement as materialized (
      select account_id, sum(minutes) as minutes, ${isMqa(settings)} as is_mqa
      from (${inboundActivities(view, settings, link)}) inbound
      where minutes > 0 and at >= ${engagementStart(moment, settings)}
      group by account_id),
    touched as materialized (select distinct account_id from (${touches(view, settings, link)}) touch)
    select one.id as account_id, case
        when deals.is_won then 'CUSTOMER'
        when deals.is_open then 'OPPORTUNITY'
        when engagement.is_mqa then 'MQA'
        when engagement.minutes >= ${settings.engagedMinutes}::integer then 'ENGAGED'
        when touched.account_id is not null then 'AWARE'
        when one.is_target then 'TARGET'
        else 'NONE' end as stage
    from account one
    left join deals on deals.account_id = one.id
    left join engagement on engagement.account_id = one.id
    left join touched on touched.account_id = one.id
    where ${isKnown(view, sql`one`)} and ${link(sql`one.id`)}`;
}

const oneOf =
  (ids: readonly string[]): AccountLink =>
  (account) =>
    sql`${account} = any(${ids}::uuid[])`;

/** One statement for the stages of the given accounts. */
export async function stagesOf(
  snapshot: Snapshot,
  view: MetricView,
  settings: MetricSettings,
  ids: readonly string[],
): Promise<JourneyStage[]> {
  const rows = await snapshot.query<{ account_id: string; stage: JourneyStage }>(
    journeyStages(view, settings, oneOf(ids)),
  );
  const stages = new Map(rows.map((row) => [row.account_id, row.stage]));
  return ids.map((id) => stages.get(id) ?? JourneyStage.NONE);
}

/** One statement for the stage of each of the accounts, and for when it first met the condition of each. */
export async function journeysOf(
  snapshot: Snapshot,
  view: MetricView,
  settings: MetricSettings,
  ids: readonly string[],
): Promise<AccountJourney[]> {
  const { id } = view.organization;
  const link = oneOf(ids);
  const moment = sql`${view.moment}::timestamptz`;
  const first = (stage: JourneyStage, rows: Sql) =>
    sql`(select min(reached.at) from (${rows}) reached) as ${raw(`"${stage}"`)}`;
  const versions = (condition: Sql) => sql`
      select v.valid_from as at from opportunity o
      join opportunity_version v on v.organization_id = ${id} and v.opportunity_id = o.id
        and v.valid_from <= ${moment} and ${condition}
      where o.organization_id = ${id} and o.deleted_at is null and o.account_id = one.id`;
  const rows = await snapshot.query<
    { id: string; stage: JourneyStage } & Record<Exclude<JourneyStage, JourneyStage.NONE>, string | null>
  >(sql`
    with inbound as materialized (${inboundActivities(view, settings, link)}),
      engagement as materialized (
        select i.account_id, i.at, ended.minutes, ended.people
        from (select distinct account_id, at from inbound where minutes > 0) i
        cross join lateral (
          select sum(e.minutes) as minutes, count(distinct e.person) as people from inbound e
          where e.account_id = i.account_id and e.minutes > 0
            and e.at <= i.at and e.at >= ${engagementStart(sql`i.at`, settings)}) ended)
    select one.id, journey.stage,
      ${first(JourneyStage.TARGET, sql`select one.created_at as at where one.is_target`)},
      ${first(
        JourneyStage.AWARE,
        touches(view, settings, (column) => sql`${column} = one.id`),
      )},
      ${first(
        JourneyStage.ENGAGED,
        sql`
        select e.at from engagement e
        where e.account_id = one.id and e.minutes >= ${settings.engagedMinutes}::integer`,
      )},
      ${first(
        JourneyStage.MQA,
        sql`
        select e.at from engagement e
        where e.account_id = one.id and e.minutes >= ${settings.mqaMinutes}::integer
          and e.people >= ${settings.mqaPeople}::integer`,
      )},
      ${first(JourneyStage.OPPORTUNITY, versions(sql`not v.is_closed`))},
      ${first(JourneyStage.CUSTOMER, versions(sql`v.is_won`))}
    from (${journeyStages(view, settings, link)}) journey
    join account one on one.organization_id = ${id} and one.id = journey.account_id`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((account) => {
    const row = byId.get(account);
    if (!row) return { stage: JourneyStage.NONE, reached: [] };
    const reached: JourneyMilestone[] = [];
    for (const stage of MILESTONES) {
      const at = row[stage];
      if (at !== null) reached.push({ stage, at });
    }
    return { stage: row.stage, reached };
  });
}

const MILESTONES = [
  JourneyStage.TARGET,
  JourneyStage.AWARE,
  JourneyStage.ENGAGED,
  JourneyStage.MQA,
  JourneyStage.OPPORTUNITY,
  JourneyStage.CUSTOMER,
] as const;
