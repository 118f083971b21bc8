import sql from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import type { World } from './world.ts';

/** A second person: most records are theirs where a few are the administrator's. */
const SELLER = '00000000-0000-7000-8008-000000000001';

/**
 * On top of `fillBulk`, with as many leads, contacts and opportunities: a main contact of every opportunity, one call of
 * every account, a queue that owns every 50th lead without owner, and the first `conversions` leads converted to the
 * contact and opportunity of the same number, with two fields of provenance each. One in 100 is undone, and proposed anew;
 * the others were converted in spite of a proposal that was rejected or had expired. Every lead was handed over once, to a
 * second person but for one in 100; the hand-offs of open leads are pending. As many campaigns, the first the newest, have
 * the contact of the same number and, if it is open, the lead counted from the end; one in 100 is an opportunity's.
 * As many days have a target each, and a rate.
 */
export async function fillLineage(world: World, tenant: Tenant, conversions: number): Promise<void> {
  const org = tenant.organizationId;
  const at = new Date('2026-02-01T00:00:00Z');
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`set local statement_timeout = 0`);
    await tx.query(sql`
      insert into opportunity_contact_role (organization_id, id, opportunity_id, contact_id, role, is_primary, created_at)
      select ${org}, o.id, o.id, c.id, 'CHAMPION', true, o.created_at from opportunity o
      join contact c on c.organization_id = ${org} and c.id = replace(o.id::text, '-8003-', '-8002-')::uuid
      where o.organization_id = ${org}`);
    await tx.query(sql`
      insert into activity (organization_id, id, type, subject, minutes, occurred_at, account_id, owner_id, created_at, updated_at)
      select ${org}, a.id, 'CALL', 'Call of ' || a.name, 5, a.updated_at, a.id, a.owner_id, a.updated_at, a.updated_at
      from account a where a.organization_id = ${org}`);
    await tx.query(sql`
      insert into app_user (organization_id, id, name, role, created_at, updated_at)
      values (${org}, ${SELLER}, 'Selma Seller', 'AE', ${at}, ${at})`);
    await tx.query(sql`
      insert into queue (organization_id, id, name, created_at, updated_at)
      values (${org}, '00000000-0000-7000-8006-000000000001', 'Inbound', ${at}, ${at})`);
    await tx.query(sql`
      update lead l set queue_id = '00000000-0000-7000-8006-000000000001'
      where l.organization_id = ${org} and l.owner_id is null and ('x' || right(l.id::text, 8))::bit(32)::int % 50 = 1`);
    await tx.query(sql`
      insert into lead_conversion (organization_id, id, lead_id, account_id, contact_id, opportunity_id, account_outcome,
        contact_outcome, opportunity_outcome, converted_at, converted_by_id, sdr_id, ae_id, reverted_at)
      select ${org}, replace(l.id::text, '-8004-', '-8007-')::uuid, l.id, c.account_id, c.id, o.id,
        case n % 3 when 0 then 'CREATED' when 1 then 'MERGED' else 'ATTACHED' end,
        case n % 100 when 1 then 'MERGED' when 2 then 'ATTACHED' else 'CREATED' end,
        case n % 100 when 1 then 'MERGED' when 2 then 'ATTACHED' else 'CREATED' end,
        timestamptz '2025-06-01' + n * interval '1 minute', case when n % 100 = 0 then ${tenant.userId}::uuid end,
        case when n % 100 = 0 then ${tenant.userId}::uuid else ${SELLER}::uuid end,
        case when n % 100 = 0 then ${tenant.userId}::uuid else ${SELLER}::uuid end,
        case when n % 100 = 7 then timestamptz '2026-01-01' end
      from lead l
      cross join lateral (select ('x' || right(l.id::text, 8))::bit(32)::int as n) number
      join contact c on c.organization_id = ${org} and c.id = replace(l.id::text, '-8004-', '-8002-')::uuid
      join opportunity o on o.organization_id = ${org} and o.id = replace(l.id::text, '-8004-', '-8003-')::uuid
      where l.organization_id = ${org} and n <= ${conversions}`);
    await tx.query(sql`
      update lead l set is_converted = true, converted_at = c.converted_at from lead_conversion c
      where c.organization_id = ${org} and l.organization_id = ${org} and l.id = c.lead_id and c.reverted_at is null`);
    const leads = sql`lead l cross join lateral (select ('x' || right(l.id::text, 8))::bit(32)::int as n) number
      where l.organization_id = ${org}`;
    await tx.query(sql`
      insert into sales_target (organization_id, id, owner_id, starts_on, ends_on, amount, created_at, updated_at)
      select ${org}, l.id, case n % 100 when 0 then ${tenant.userId}::uuid when 7 then null else ${SELLER}::uuid end,
        date '1950-01-01' + n, date '1950-01-02' + n, n, ${at}, ${at} from ${leads}`);
    await tx.query(sql`
      insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
      select ${org}, l.id, case n % 100 when 0 then 'USD' else 'GBP' end, date '1950-01-01' + n, 1.5, 1.5, ${at}, ${at}
      from ${leads}`);
    await tx.query(sql`
      insert into lead_handoff (organization_id, id, lead_id, from_user_id, to_user_id, handed_at, decision, decided_at,
        reason, created_at, updated_at)
      select ${org}, replace(l.id::text, '-8004-', '-8009-')::uuid, l.id,
        case n % 100 when 0 then ${tenant.userId}::uuid when 7 then null else ${SELLER}::uuid end,
        case when n % 100 = 3 then ${tenant.userId}::uuid else ${SELLER}::uuid end,
        timestamptz '2025-05-01' + n * interval '1 minute',
        case when l.is_converted then case n % 100 when 1 then 'BOUNCED' else 'WITHDRAWN' end end,
        case when l.is_converted then timestamptz '2025-05-02' + n * interval '1 minute' end,
        case when l.is_converted then 'No budget' end, ${at}, ${at}
      from lead l cross join lateral (select ('x' || right(l.id::text, 8))::bit(32)::int as n) number
      where l.organization_id = ${org}`);
    await tx.query(sql`
      insert into conversion_field (organization_id, id, conversion_id, target, field, value, outcome)
      select ${org}, gen_random_uuid(), c.id, f.target, f.field, f.value, f.outcome from lead_conversion c
      cross join (values ('ACCOUNT', 'name', 'Acme', 'FILLED'), ('CONTACT', 'email', 'a@b.example', 'KEPT'))
        as f (target, field, value, outcome)
      where c.organization_id = ${org}`);
  });
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`set local statement_timeout = 0`);
    await tx.query(sql`
      insert into conversion_proposal (organization_id, id, lead_id, input, plan_state, plan, proposer, proposed_by_kind,
        proposed_by_id, proposed_by_name, proposed_at, state, reviewed_by_id, reviewed_at, expired_at, expired_because)
      select ${org}, replace(c.id::text, '-8007-', '-8008-')::uuid, c.lead_id, '{}', '{}',
        '{"account":{"outcome":"CREATED","record":null},"contact":{"outcome":"CREATED","record":null},"opportunity":null,"fields":[],"candidates":{"account":[],"contact":[]}}',
        'token:bulk', 'SERVICE', case when n % 100 = 0 then ${tenant.userId}::uuid end, 'Agent',
        timestamptz '2025-05-01' + n * interval '1 minute', state,
        case when state = 'REJECTED' then ${tenant.userId}::uuid end, case when state = 'REJECTED' then ${at}::timestamptz end,
        case when state = 'EXPIRED' then ${at}::timestamptz end, case when state = 'EXPIRED' then '["lead"]'::jsonb end
      from lead_conversion c
      cross join lateral (select ('x' || right(c.id::text, 8))::bit(32)::int as n) number
      cross join lateral (select case when n % 100 = 7 then 'OPEN' when n % 2 = 0 then 'REJECTED' else 'EXPIRED' end as state) is_in
      where c.organization_id = ${org}`);
  });
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`set local statement_timeout = 0`);
    await tx.query(sql`
      insert into campaign (organization_id, id, name, name_key, type, type_key, is_active, start_date, owner_id, created_at, updated_at)
      select ${org}, ('00000000-0000-7000-800a-' || lpad(to_hex(n), 12, '0'))::uuid, 'Campaign ' || n, 'campaign ' || n,
        'Type ' || n % 20, 'type ' || n % 20, n % 100 > 0, case when n % 11 > 0 then date '2024-01-01' + n % 1000 end,
        case when n % 100 = 1 then ${tenant.userId}::uuid end,
        timestamptz '2024-01-01' + (${conversions}::int - n) * interval '1 minute', ${at}
      from generate_series(1, ${conversions}::int) n`);
    await tx.query(sql`
      insert into campaign_member (organization_id, id, campaign_id, contact_id, status, created_at)
      select ${org}, replace(c.id::text, '-800a-', '-800b-')::uuid, c.id, p.id, 'Sent', c.created_at from campaign c
      join contact p on p.organization_id = ${org} and p.id = replace(c.id::text, '-800a-', '-8002-')::uuid
      where c.organization_id = ${org}`);
    await tx.query(sql`
      insert into campaign_member (organization_id, id, campaign_id, lead_id, created_at)
      select ${org}, replace(l.id::text, '-8004-', '-800c-')::uuid, c.id, l.id, c.created_at
      from (select id, is_converted, row_number() over (order by id desc) as place from lead where organization_id = ${org}) l
      join campaign c on c.organization_id = ${org} and c.id = ('00000000-0000-7000-800a-' || lpad(to_hex(l.place), 12, '0'))::uuid
      where not l.is_converted`);
    for (const table of [sql`opportunity`, sql`lead`])
      await tx.query(sql`
        update ${table} t set campaign_id = c.id from campaign c
        where t.organization_id = ${org} and c.organization_id = ${org} and right(t.id::text, 12) = right(c.id::text, 12)
          and ('x' || right(t.id::text, 8))::bit(32)::int % 100 = 1`);
  });
  await world.owner.query(
    'analyze campaign, campaign_member, opportunity, lead, lead_conversion, lead_handoff, conversion_proposal, conversion_field, opportunity_contact_role, activity, queue',
  );
}
