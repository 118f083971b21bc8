import { DateTime } from 'luxon';
import sql, { join, type Sql } from 'sql-template-tag';
import type { ListSource } from '../../graphql/page.ts';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import { startOfDay } from '../metric-window.ts';
import { StagnantType } from './stagnant.enums.ts';

/** The days without activity that are still in order. */
function limitOf(type: StagnantType, settings: MetricSettings): number {
  switch (type) {
    case StagnantType.LEAD:
      return settings.leadAgingDays;
    case StagnantType.CONTACT:
      return settings.contactStagnantDays;
    case StagnantType.ACCOUNT:
      return settings.accountStagnantDays;
    case StagnantType.OPPORTUNITY:
      return settings.opportunityStagnantDays;
  }
}

/** Each type's records as `r`, and the ways by which an activity `a` is one of it; each is read by an index. */
const rules: Record<StagnantType, { records: (id: string) => Sql; activities: (id: string) => Sql[] }> = {
  [StagnantType.LEAD]: {
    records: (
      id,
    ) => sql`lead r join lead_status s on s.organization_id = ${id} and s.id = r.status_id and not s.is_closed
      where r.organization_id = ${id} and not r.is_converted`,
    activities: () => [sql`activity a where a.lead_id = r.id`],
  },
  [StagnantType.CONTACT]: {
    records: (id) => sql`contact r where r.organization_id = ${id}`,
    activities: () => [sql`activity a where a.contact_id = r.id`],
  },
  [StagnantType.ACCOUNT]: {
    records: (id) => sql`account r where r.organization_id = ${id}`,
    activities: (id) => {
      const living = sql`x.organization_id = ${id} and x.deleted_at is null`;
      return [
        sql`activity a where a.account_id = r.id`,
        sql`contact x join activity a on a.organization_id = ${id} and a.contact_id = x.id
          where ${living} and x.account_id = r.id`,
        sql`opportunity x join activity a on a.organization_id = ${id} and a.opportunity_id = x.id
          where ${living} and x.account_id = r.id`,
        sql`lead x join activity a on a.organization_id = ${id} and a.lead_id = x.id
          where ${living} and not x.is_converted and x.matched_account_id = r.id`,
      ];
    },
  },
  [StagnantType.OPPORTUNITY]: {
    records: (id) => sql`opportunity r where r.organization_id = ${id} and not r.is_closed`,
    activities: () => [sql`activity a where a.opportunity_id = r.id`],
  },
};

/** Where the list of stagnant records comes from: `since` is its last activity, else its creation. */
export function stagnantSource(
  view: MetricView,
  settings: MetricSettings,
  types: readonly StagnantType[],
): ListSource {
  const { id, timeZone } = view.organization;
  const today = DateTime.fromISO(view.today, { zone: 'utc' });
  const arms = types.map((type) => {
    // of days before this one there are more than the limit
    const before = startOfDay(today.minus({ days: limitOf(type, settings) }).toISODate()!, timeZone);
    const done = sql`a.organization_id = ${id} and not a.is_open and a.occurred_at <= ${view.moment}::timestamptz`;
    const { records, activities } = rules[type];
    const last = activities(id).map(
      (of) => sql`(select a.occurred_at from ${of} and ${done} order by a.occurred_at desc limit 1)`,
    );
    return sql`
      select r.id, ${type}::text as type, coalesce(touched.at, r.created_at) as since, touched.at is not null as is_touched,
        ${view.today}::date - (coalesce(touched.at, r.created_at) at time zone ${timeZone})::date as days
      from (select r.id, r.created_at from ${records(id)} and r.deleted_at is null
        and r.created_at < ${before}::timestamptz) r
      cross join lateral (select greatest(${join(last)}) as at) touched
      where coalesce(touched.at, r.created_at) < ${before}::timestamptz`;
  });
  return {
    table: sql`(${join(arms, ' union all ')})`,
    columns: {
      uuid: 't.id',
      type: 't.type',
      days: 't.days',
      isTouched: 't.is_touched',
    },
    where: sql`true`,
  };
}
