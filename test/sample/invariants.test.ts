import sql, { type Sql } from 'sql-template-tag';
import type { Organization } from '../../src/identity/organization.service.ts';
import { generateSample } from '../../src/sample/generate.ts';
import { openWorld, type World } from '../support/world.ts';
import { rowsOf } from './sample-rows.ts';

const NOW = new Date('2026-11-23T20:15:00Z');
const TODAY = '2026-11-23';

let world: World;
let organization: Organization;
let id: string;
beforeAll(async () => {
  world = await openWorld();
  const made = await world.organization({ timeZone: 'UTC' });
  await generateSample(world.database, made, { now: NOW });
  organization = made;
  id = made.id;
});
afterAll(() => world.close());

const rows = <Row extends object>(statement: Sql) => rowsOf<Row>(world, organization, statement);

describe('opportunities', () => {
  test('the present state is the last version, and versions follow each other without a gap from creation on', async () => {
    const broken = await rows(sql`
      with version as (
        select v.*, lead(valid_from) over history as next_from, lag(valid_from) over history as last_from,
          row(stage_id, amount, currency, probability, forecast_category, close_date, is_closed, is_won) as state,
          lag(row(stage_id, amount, currency, probability, forecast_category, close_date, is_closed, is_won)) over history as last_state
        from opportunity_version v where organization_id = ${id}
        window history as (partition by opportunity_id order by valid_from)
      )
      select o.id, o.name from opportunity o join version v on v.organization_id = o.organization_id and v.opportunity_id = o.id
      where o.organization_id = ${id} and (
        v.valid_to is distinct from v.next_from
        or (v.last_from is null and v.valid_from <> o.created_at)
        or v.state = v.last_state
        or (v.valid_to is null and (o.updated_at < v.valid_from or v.state is distinct from
          row(o.stage_id, o.amount, o.currency, o.probability, o.forecast_category, o.close_date, o.is_closed, o.is_won))))`);
    expect(broken).toEqual([]);
    const [versions] = await rows<{ count: number; opportunities: number }>(sql`
      select count(*)::int as count, count(distinct opportunity_id)::int as opportunities
      from opportunity_version where organization_id = ${id}`);
    expect(versions!.opportunities).toBe(220);
    expect(versions!.count).toBeGreaterThan(220 * 4);
  });

  test('closed_at is the beginning of the last closed stretch, and the close date of a closed deal is that day', async () => {
    const broken = await rows(sql`
      select o.id from opportunity o
      where o.organization_id = ${id} and (
        o.closed_at is distinct from (
          select min(v.valid_from) from opportunity_version v
          where v.organization_id = ${id} and v.opportunity_id = o.id and v.is_closed and v.valid_from > (
            select max(open.valid_from) from opportunity_version open
            where open.organization_id = ${id} and open.opportunity_id = o.id and not open.is_closed))
        or o.close_date <> o.closed_at::date)`);
    expect(broken).toEqual([]);
    const [reopened] = await rows<{ count: number }>(sql`
      select count(distinct c.opportunity_id)::int as count from opportunity_version c
      join opportunity_version o on o.organization_id = ${id} and o.opportunity_id = c.opportunity_id
      where c.organization_id = ${id} and c.is_closed and not o.is_closed and o.valid_from = c.valid_to`);
    expect(reopened!.count).toBeGreaterThanOrEqual(3);
  });

  test('the push count is how often history moved the close date later; some deals have slipped', async () => {
    const broken = await rows(sql`
      select o.id, o.push_count, moved.later from opportunity o join (
        select opportunity_id, count(*) filter (where close_date > before)::int as later from (
          select opportunity_id, close_date, lag(close_date) over (partition by opportunity_id order by valid_from) as before
          from opportunity_version where organization_id = ${id}) step
        group by opportunity_id) moved on moved.opportunity_id = o.id
      where o.organization_id = ${id} and o.push_count <> moved.later`);
    expect(broken).toEqual([]);
    const [counted] = await rows<{ pushed: number; slipped: number; withoutAmount: number }>(sql`
      select count(*) filter (where push_count > 1)::int as pushed,
        count(*) filter (where not is_closed and close_date < ${TODAY}::date)::int as slipped,
        count(*) filter (where amount is null)::int as "withoutAmount"
      from opportunity where organization_id = ${id}`);
    expect(counted!.pushed).toBeGreaterThan(10);
    expect(counted!.slipped).toBeGreaterThan(2);
    expect(counted!.withoutAmount).toBeGreaterThan(1);
    expect(counted!.withoutAmount).toBeLessThan(25);
  });

  test('each has exactly one primary contact, and all its contacts are of its account', async () => {
    const broken = await rows(sql`
      select o.id from opportunity o
      left join opportunity_contact_role r on r.organization_id = ${id} and r.opportunity_id = o.id
      left join contact c on c.organization_id = ${id} and c.id = r.contact_id
      where o.organization_id = ${id}
      group by o.id, o.account_id
      having count(*) filter (where r.is_primary) <> 1 or bool_or(c.account_id is distinct from o.account_id)`);
    expect(broken).toEqual([]);
  });
});

describe('leads', () => {
  test('a lead is converted exactly when it has a conversion, whose contact is of its account', async () => {
    const broken = await rows(sql`
      select l.id from lead l
      join lead_status s on s.organization_id = ${id} and s.id = l.status_id
      left join lead_conversion c on c.organization_id = ${id} and c.lead_id = l.id and c.reverted_at is null
      left join contact p on p.organization_id = ${id} and p.id = c.contact_id
      left join opportunity o on o.organization_id = ${id} and o.id = c.opportunity_id
      where l.organization_id = ${id} and (
        l.is_converted <> (c.id is not null) or l.is_converted <> s.is_converted or l.converted_at <> c.converted_at
        or p.account_id <> c.account_id or o.account_id <> c.account_id
        or (c.opportunity_id is null) <> (c.opportunity_outcome is null))`);
    expect(broken).toEqual([]);
  });

  test('milestones follow each other in time, and nothing happened after today began', async () => {
    const broken = await rows(sql`
      select id from lead where organization_id = ${id} and (
        mql_at <= created_at or sal_at < coalesce(mql_at, 'infinity') or sql_at < coalesce(sal_at, 'infinity')
        or converted_at < coalesce(sql_at, 'infinity') or updated_at < created_at)`);
    expect(broken).toEqual([]);
    const late = await rows(sql`
      select 'lead' as type, id from lead where organization_id = ${id} and updated_at >= ${TODAY}::date
      union all select 'account', id from account where organization_id = ${id} and updated_at >= ${TODAY}::date
      union all select 'contact', id from contact where organization_id = ${id} and updated_at >= ${TODAY}::date
      union all select 'version', id from opportunity_version where organization_id = ${id} and valid_from >= ${TODAY}::date
      union all select 'activity', id from activity
        where organization_id = ${id} and occurred_at >= ${TODAY}::date and not is_open
      union all select 'member', id from campaign_member where organization_id = ${id}
        and (created_at >= ${TODAY}::date or responded_at < created_at and responded_at >= ${TODAY}::date)`);
    expect(late).toEqual([]);
  });

  test('the funnel narrows from lead to conversion', async () => {
    const [funnel] = await rows<Record<string, number>>(sql`
      select count(*)::int as leads, count(mql_at)::int as mql, count(sal_at)::int as sal, count(sql_at)::int as sql,
        count(converted_at)::int as converted, count(queue_id)::int as queued,
        count(*) filter (where match_method = 'AMBIGUOUS')::int as ambiguous,
        count(*) filter (where match_method = 'DOMAIN' and not is_converted)::int as by_domain,
        count(*) filter (where match_method = 'EXACT_NAME')::int as by_name
      from lead where organization_id = ${id}`);
    const {
      leads,
      mql,
      sal,
      sql: sqls,
      converted,
      queued,
      ambiguous,
      by_domain: byDomain,
      by_name: byName,
    } = funnel!;
    const steps = [leads!, mql!, sal!, sqls!, converted!];
    expect(steps).toEqual(steps.toSorted((a, b) => b - a));
    expect(new Set(steps).size).toBe(5);
    expect(queued).toBeGreaterThan(4);
    expect(ambiguous).toBe(4);
    expect(byDomain).toBeGreaterThan(30);
    expect(byName).toBe(8);
  });

  test('a conversion made what it says, and its fields tell the values that are there now', async () => {
    const broken = await rows(sql`
      select c.id from lead_conversion c
      join account a on a.organization_id = ${id} and a.id = c.account_id
      join contact p on p.organization_id = ${id} and p.id = c.contact_id
      left join opportunity o on o.organization_id = ${id} and o.id = c.opportunity_id
      where c.organization_id = ${id} and (
        (c.account_outcome = 'CREATED') <> (a.created_at = c.converted_at)
        or (c.contact_outcome = 'CREATED') <> (p.created_at = c.converted_at)
        or (c.opportunity_outcome is not distinct from 'CREATED') <> (o.created_at is not distinct from c.converted_at)
        or a.created_at > c.converted_at or p.created_at > c.converted_at or o.created_at > c.converted_at
        or (c.account_outcome = 'MERGED') <> (c.account_outcome <> 'CREATED' and exists (
          select from conversion_field f where f.organization_id = ${id} and f.conversion_id = c.id
            and f.target = 'ACCOUNT' and f.outcome = 'FILLED')))`);
    expect(broken).toEqual([]);
    const wrong = await rows(sql`
      select f.field, f.value, a.name from conversion_field f
      join lead_conversion c on c.organization_id = ${id} and c.id = f.conversion_id
      join account a on a.organization_id = ${id} and a.id = c.account_id
      where f.organization_id = ${id} and f.target = 'ACCOUNT' and f.outcome = 'FILLED' and f.value is distinct from
        case f.field when 'annualRevenue' then round(a.annual_revenue / 100.0, 2)::text
          when 'postalCode' then a.postal_code else to_jsonb(a) ->> f.field end`);
    expect(wrong).toEqual([]);
  });

  test('several leads feed one account, and every way to come by a record is there', async () => {
    const fed = await rows<{ leads: number }>(sql`
      select count(*)::int as leads from lead_conversion where organization_id = ${id}
      group by account_id order by leads desc limit 1`);
    expect(fed[0]!.leads).toBeGreaterThanOrEqual(4);
    const outcomes = await rows<{ target: string; outcome: string }>(sql`
      select distinct 'account' as target, account_outcome as outcome from lead_conversion where organization_id = ${id}
      union select 'contact', contact_outcome from lead_conversion where organization_id = ${id}
      union select 'opportunity', coalesce(opportunity_outcome, 'NONE') from lead_conversion where organization_id = ${id}
      order by 1, 2`);
    expect(outcomes.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
      'account ATTACHED',
      'account CREATED',
      'account MERGED',
      'contact ATTACHED',
      'contact CREATED',
      'contact MERGED',
      'opportunity ATTACHED',
      'opportunity CREATED',
      'opportunity MERGED',
      'opportunity NONE',
    ]);
  });
});

describe('hand-offs', () => {
  test('an accepted lead is the AE’s, and sales accepted it then; others still wait or were bounced', async () => {
    const broken = await rows(sql`
      select h.id from lead_handoff h
      join lead l on l.organization_id = ${id} and l.id = h.lead_id
      join app_user f on f.organization_id = ${id} and f.id = h.from_user_id
      join app_user t on t.organization_id = ${id} and t.id = h.to_user_id
      left join lead_conversion c on c.organization_id = ${id} and c.lead_id = l.id
      where h.organization_id = ${id} and (
        f.role <> 'SDR' or t.role <> 'AE' or h.handed_at <= l.mql_at or h.decided_at <= h.handed_at
        or (l.owner_id = h.to_user_id) <> (h.decision is not distinct from 'ACCEPTED')
        or h.decision = 'ACCEPTED' and (h.decided_at <> l.sal_at or c.sdr_id <> h.from_user_id or c.ae_id <> h.to_user_id))`);
    expect(broken).toEqual([]);
    const counted = await rows<{ state: string; count: number }>(sql`
      select coalesce(decision, 'PENDING') as state, count(*)::int as count from lead_handoff
      where organization_id = ${id} group by decision order by 1`);
    expect(counted.map(({ state }) => state)).toEqual(['ACCEPTED', 'BOUNCED', 'PENDING']);
    for (const { count } of counted) expect(count).toBeGreaterThan(2);
  });

  test('a conversion knows who fed it and who sells', async () => {
    const people = await rows<{ sdr: string; ae: string | null }>(sql`
      select distinct s.role as sdr, a.role as ae from lead_conversion c
      join app_user s on s.organization_id = ${id} and s.id = c.sdr_id
      left join app_user a on a.organization_id = ${id} and a.id = c.ae_id
      where c.organization_id = ${id}`);
    expect(people).toEqual([{ sdr: 'SDR', ae: 'AE' }]);
  });
});

describe('charts', () => {
  test('won amounts change from month to month and grow over the years', async () => {
    const months = await rows<{ amount: string }>(sql`
      select coalesce(sum(o.amount) filter (where o.is_won), 0) as amount
      from generate_series(${TODAY}::date - interval '20 months', ${TODAY}::date, interval '1 month') month
      left join opportunity o on o.organization_id = ${id} and date_trunc('month', o.close_date) = date_trunc('month', month)
      group by month order by month`);
    expect(new Set(months.map(({ amount }) => amount)).size).toBeGreaterThan(15);
    expect(months.filter(({ amount }) => amount === '0').length).toBeLessThan(5);
    const [halves] = await rows<{ first: string; second: string }>(sql`
      select sum(amount) filter (where close_date < ${TODAY}::date - 365) as first,
        sum(amount) filter (where close_date >= ${TODAY}::date - 365) as second
      from opportunity where organization_id = ${id} and is_won`);
    expect(Number(halves!.second)).toBeGreaterThan(Number(halves!.first));
  });

  test('larger accounts buy more at once, and a quarter of the tiers is targeted', async () => {
    const tiers = await rows<{ tier: number | null; median: number }>(sql`
      select a.tier, percentile_disc(0.5) within group (order by o.amount)::float8 as median
      from opportunity o join account a on a.organization_id = ${id} and a.id = o.account_id
      where o.organization_id = ${id} and a.tier is not null group by a.tier order by a.tier`);
    const medians = tiers.map(({ median }) => median);
    expect(medians).toEqual(medians.toSorted((a, b) => b - a));
    const [targets] = await rows<{ targets: number; untiered: number; children: number; known: number }>(sql`
      select count(*) filter (where is_target)::int as targets, count(*) filter (where tier is null)::int as untiered,
        count(parent_id)::int as children,
        count(*) filter (where is_target and exists (
          select from contact c where c.organization_id = ${id} and c.account_id = a.id))::int as known
      from account a where organization_id = ${id}`);
    expect(targets).toMatchObject({ targets: 25, children: 8 });
    expect(targets!.untiered).toBeGreaterThan(2);
    expect(targets!.known).toBeLessThanOrEqual(25);
    expect(targets!.known).toBeGreaterThan(20);
  });

  test('people come to us and we go to them; accounts are engaged now', async () => {
    const [activity] = await rows<Record<string, number>>(sql`
      select count(*) filter (where direction = 'INBOUND')::int as inbound,
        count(*) filter (where direction = 'OUTBOUND')::int as outbound, count(*) filter (where is_open)::int as open
      from activity where organization_id = ${id}`);
    expect(activity!.inbound).toBeGreaterThan(500);
    expect(activity!.outbound).toBeGreaterThan(300);
    expect(activity!.open).toBe(22);
    const qualified = await rows(sql`
      select account_id from activity
      where organization_id = ${id} and direction = 'INBOUND' and account_id is not null
        and occurred_at >= ${TODAY}::date - interval '3 months'
      group by account_id having sum(coalesce(minutes, case type when 'DOWNLOAD' then 10 when 'REPLY' then 2 when 'PAGE_VIEW' then 1 end)) >= 100 and count(distinct contact_id) >= 2`);
    expect(qualified.length).toBeGreaterThan(4);
    expect(qualified.length).toBeLessThan(40);
  });

  test('nobody is written to or called against their wish', async () => {
    const against = await rows(sql`
      select a.id from activity a
      left join lead l on l.organization_id = ${id} and l.id = a.lead_id
      left join contact c on c.organization_id = ${id} and c.id = a.contact_id and a.lead_id is null
      where a.organization_id = ${id} and a.direction = 'OUTBOUND' and (
        (a.type = 'EMAIL' and (l.email_opt_out or c.email_opt_out))
        or (a.type = 'CALL' and (l.do_not_call or c.do_not_call)))`);
    expect(against).toEqual([]);
  });
});

describe('what metrics are measured by', () => {
  test('AEs and SDRs are in teams, and campaigns have an owner and a budget', async () => {
    const teams = await rows<object>(sql`
      select role, team, count(*)::int as people from app_user
      where organization_id = ${id} and team is not null group by role, team order by role, team`);
    expect(teams).toEqual([
      { role: 'AE', team: 'Enterprise', people: 2 },
      { role: 'AE', team: 'Mid-Market', people: 3 },
      { role: 'SDR', team: 'Sales Development', people: 3 },
    ]);
    const campaigns = await rows<{ role: string; overspent: boolean | null; budgeted_cost: string }>(sql`
      select u.role, c.budgeted_cost, c.actual_cost > c.budgeted_cost as overspent from campaign c
      join app_user u on u.organization_id = ${id} and u.id = c.owner_id where c.organization_id = ${id}`);
    expect(campaigns).toHaveLength(8);
    expect(campaigns.filter(({ role, budgeted_cost: budget }) => role !== 'MARKETER' || !budget)).toEqual([]);
    expect(new Set(campaigns.map(({ overspent }) => overspent))).toEqual(new Set([true, false, null]));
  });

  test('each AE has a target for the last eight fiscal quarters, this one and the next', async () => {
    const targets = await rows<{ starts: string[]; role: string; wrong: number }>(sql`
      select u.role, array_agg(s.starts_on::text order by s.starts_on) as starts,
        count(*) filter (where s.ends_on <> s.starts_on + interval '3 months' or s.amount < 2000000)::int as wrong
      from sales_target s left join app_user u on u.organization_id = ${id} and u.id = s.owner_id
      where s.organization_id = ${id} group by u.id, u.role`);
    expect(targets).toHaveLength(5);
    for (const { role, starts, wrong } of targets) {
      expect([role, starts.length, wrong]).toEqual(['AE', 10, 0]);
      expect([starts[0], starts[8], starts[9]]).toEqual(['2024-10-01', '2026-10-01', '2027-01-01']);
    }
  });

  test('some deals are in dollars, which rates convert at any close date, two in a currency without rates', async () => {
    const deals = await rows<{ currency: string; count: number; unrated: number }>(sql`
      select o.currency, count(*)::int as count, count(*) filter (where not exists (
        select from exchange_rate r where r.organization_id = ${id} and r.currency = o.currency
          and r.valid_from <= o.close_date))::int as unrated
      from opportunity o where o.organization_id = ${id} and o.currency <> 'EUR' group by o.currency order by 1`);
    expect(deals).toEqual([
      { currency: 'CHF', count: 2, unrated: 2 },
      { currency: 'USD', count: 18, unrated: 0 },
    ]);
    const [rates] = await rows<{ days: number; different: number; least: string; most: string }>(sql`
      select count(*)::int as days, count(distinct rate)::int as different, min(rate) as least, max(rate) as most
      from exchange_rate where organization_id = ${id}`);
    expect(rates).toMatchObject({ days: 13 });
    expect(rates!.different).toBeGreaterThan(10);
    expect(Number(rates!.least)).toBeGreaterThan(0.85);
    expect(Number(rates!.most)).toBeLessThan(1);
  });

  test('of the roles a buying group needs, target accounts have some and lack some', async () => {
    const [groups] = await rows<Record<string, number>>(sql`
      select count(*) filter (where filled = 0)::int as none, count(*) filter (where filled in (1, 2))::int as some,
        count(*) filter (where filled = 3)::int as whole
      from (select count(distinct c.buying_role) as filled from account a
        left join contact c on c.organization_id = ${id} and c.account_id = a.id
          and c.buying_role in ('CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER')
        where a.organization_id = ${id} and a.is_target group by a.id) filling`);
    for (const count of Object.values(groups!)) expect(count).toBeGreaterThan(0);
  });
});

describe('names', () => {
  test('every domain and e-mail address is one nobody can own', async () => {
    const real = await rows(sql`
      select domain as name from account where organization_id = ${id} and domain !~ '^[a-z0-9-]+[.]example$'
      union all select website from account where organization_id = ${id} and website !~ '^https://www[.][a-z0-9-]+[.]example$'
      union all select website from lead where organization_id = ${id} and website !~ '^https://www[.][a-z0-9-]+[.]example$'
      union all select email from lead where organization_id = ${id} and email !~ '@[a-z0-9-]+[.]example$'
      union all select email from contact where organization_id = ${id} and email !~ '@[a-z0-9-]+[.]example$'
      union all select email from app_user where organization_id = ${id} and email !~ '@organization-1[.]example$'`);
    expect(real).toEqual([]);
  });

  test('every telephone number is one kept free for fiction', async () => {
    const free = String.raw`^(\+49 (30 23125|40 66969|69 90009|89 99998) \d{3}|\+44 (20 7946 0|113 496 0|161 496 0|7700 900)\d{3}|\+1 \d{3} 555 01\d{2}|\+33 (1 99 00|2 61 91|4 65 71|6 39 98) \d{4})$`;
    const real = await rows(sql`
      select phone from account where organization_id = ${id} and phone !~ ${free}
      union all select phone from lead where organization_id = ${id} and (phone !~ ${free} or mobile !~ ${free})
      union all select phone from contact where organization_id = ${id} and (phone !~ ${free} or mobile !~ ${free})`);
    expect(real).toEqual([]);
  });
});
