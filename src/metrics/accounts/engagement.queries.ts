import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import { dealRows } from '../deals/deal-rows.ts';
import type { Linking } from '../../graphql/page.ts';
import type { DealSet } from '../deals/deal-set.ts';
import type { MetricSettings } from '../metric-settings.ts';
import { type Span, spanOf } from '../metric-periods.ts';
import { type AccountLink, inboundActivities, isKnown } from './account-activity.ts';

export interface EngagementValue {
  minutes: number;
  people: number;
  trend: number | null;
  contacts: number;
  engagedContacts: number;
}

const NOTHING: EngagementValue = { minutes: 0, people: 0, trend: null, contacts: 0, engagedContacts: 0 };

/** The accounts of each group as rows of k and account_id, each once. */
function accountsOf(set: DealSet): Sql {
  if (set.accounts) return set.accounts;
  return sql`select distinct deal.k, deal.account_id from (${dealRows(set, () => sql`true`)}) deal`;
}

/**
 * The living ones among them, with the time that is looked at: `since` … `until`, and `before` when as many days before
 * begin (null for a window without both ends).
 */
function members(set: DealSet): Sql {
  const { spans, view } = set;
  const known = sql`join account known on known.id = member.account_id and ${isKnown(view, sql`known`)}`;
  const rows = spans ?? [spanOf(view.window, view.window.timeZone)];
  const column = (name: keyof Span) => rows.map((span) => span[name]);
  return sql`
      select ${spans ? sql`span.k` : sql`member.k`} as k, member.account_id, span.since, span.until, span.before
      from (${accountsOf(set)}) member ${known}
      cross join unnest(${column('group')}::text[], ${column('since')}::timestamptz[], ${column('until')}::timestamptz[],
        ${column('before')}::timestamptz[]) as span (k, since, until, before)`;
}

const inside = sql`((member.since is null or inbound.at >= member.since) and (member.until is null or inbound.at < member.until))`;
const ofMembers: AccountLink = (account) => sql`${account} in (select member.account_id from member)`;

/** One statement for the engagement of the given groups of a set. */
export async function engagementByGroup(
  snapshot: Snapshot,
  set: DealSet,
  settings: MetricSettings,
  groups: readonly string[],
): Promise<(group: string) => EngagementValue> {
  const { view } = set;
  const earlier = sql`(inbound.at >= member.before and inbound.at < member.since)`;
  const engaged = sql`${inside} and inbound.minutes > 0`;
  const rows = await snapshot.query<Record<string, string>>(sql`
    with member as materialized (
      select of_set.* from (${members(set)}) of_set where of_set.k = any(${groups}::text[]))
    select contacts.k as "group", contacts.number as contacts, activities.*
    from (
      select member.k, count(c.id) as number from member
      left join contact c on ${isKnown(view, sql`c`)} and c.account_id = member.account_id
      group by member.k) contacts
    left join (
      select member.k, sum(inbound.minutes) filter (where ${inside}) as minutes,
        count(distinct inbound.person) filter (where ${engaged}) as people,
        count(distinct inbound.contact_id) filter (where ${engaged}) as "engagedContacts",
        sum(inbound.minutes) filter (where ${earlier}) as before
      from member join (${inboundActivities(view, settings, ofMembers)}) inbound using (account_id)
      where ${inside} or ${earlier}
      group by member.k) activities on activities.k = contacts.k`);
  const values = new Map(rows.map((row) => [row.group!, valueOf(row)]));
  return (group) => values.get(group) ?? NOTHING;
}

function valueOf(row: Record<string, string | null>): EngagementValue {
  const number = (column: string) => Number(row[column] ?? 0);
  const [minutes, before] = [number('minutes'), number('before')];
  return {
    minutes,
    people: number('people'),
    trend: before === 0 ? null : (minutes - before) / before,
    contacts: number('contacts'),
    engagedContacts: number('engagedContacts'),
  };
}

/** How the records behind engagement belong to the groups of a set, for a list under each: the set is looked at once. */
export function engagementByParent(
  set: DealSet,
  isOf: (accounts: Sql, group: Sql) => Sql,
): Linking & { ofAll: () => Sql } {
  return {
    parentType: 'text',
    prefix: sql`with accounts as materialized (${members(set)})`,
    link: (group) => isOf(sql`accounts`, group),
    ofAll: () => isOf(sql`(${members(set)})`, sql`''`),
  };
}

/** Condition on the activity `t`: its minutes are among those of the group, of whose `accounts` it is. */
export function isEngagement(set: DealSet, settings: MetricSettings, accounts: Sql, group: Sql): Sql {
  return sql`t.id in (
    with member as materialized (select of_set.* from ${accounts} of_set where of_set.k = ${group})
    select inbound.id from member
    join (${inboundActivities(set.view, settings, ofMembers)}) inbound using (account_id)
    where ${inside})`;
}

/** Condition on the contact `t`: it is of an account of the group. */
export function isOfGroup(set: DealSet, accounts: Sql, group: Sql): Sql {
  return sql`${isKnown(set.view, sql`t`)}
      and t.account_id in (select of_set.account_id from ${accounts} of_set where of_set.k = ${group})`;
}

/** Condition on the contact `t`: it has minutes in the time that is looked at for the group. */
export function isEngaged(set: DealSet, { activityMinutes }: MetricSettings, accounts: Sql, group: Sql): Sql {
  const { view } = set;
  return sql`exists (
      select from activity a
      join ${accounts} of_set on of_set.k = ${group} and of_set.account_id = t.account_id
        and (of_set.since is null or a.occurred_at >= of_set.since) and (of_set.until is null or a.occurred_at < of_set.until)
      where a.organization_id = ${view.organization.id} and a.contact_id = t.id and a.direction = 'INBOUND' and not a.is_open
        and a.occurred_at <= ${view.moment}::timestamptz
        and coalesce(a.minutes, (${JSON.stringify(activityMinutes)}::jsonb ->> a.type)::integer, 0) > 0)`;
}
