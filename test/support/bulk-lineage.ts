import sql from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import type { World } from './world.ts';

/**
 * On top of `fillBulk`, with as many leads, contacts and opportunities: a main contact of every opportunity, one call of
 * every account, a queue that owns every 50th lead without owner, and the first `conversions` leads converted to the
 * contact and opportunity of the same number, with two fields of provenance each. One in 100 is undone, and proposed anew;
 * the others were converted in spite of a proposal that was rejected or had expired.
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
      insert into queue (organization_id, id, name, created_at, updated_at)
      values (${org}, '00000000-0000-7000-8006-000000000001', 'Inbound', ${at}, ${at})`);
    await tx.query(sql`
      update lead l set queue_id = '00000000-0000-7000-8006-000000000001'
      where l.organization_id = ${org} and l.owner_id is null and ('x' || right(l.id::text, 8))::bit(32)::int % 50 = 1`);
    await tx.query(sql`
      insert into lead_conversion (organization_id, id, lead_id, account_id, contact_id, opportunity_id, account_outcome,
        contact_outcome, opportunity_outcome, converted_at, converted_by_id, reverted_at)
      select ${org}, replace(l.id::text, '-8004-', '-8007-')::uuid, l.id, c.account_id, c.id, o.id,
        case n % 3 when 0 then 'CREATED' when 1 then 'MERGED' else 'ATTACHED' end, 'CREATED', 'CREATED',
        timestamptz '2025-06-01' + n * interval '1 minute', case when n % 100 = 0 then ${tenant.userId}::uuid end,
        case when n % 100 = 7 then timestamptz '2026-01-01' end
      from lead l
      cross join lateral (select ('x' || right(l.id::text, 8))::bit(32)::int as n) number
      join contact c on c.organization_id = ${org} and c.id = replace(l.id::text, '-8004-', '-8002-')::uuid
      join opportunity o on o.organization_id = ${org} and o.id = replace(l.id::text, '-8004-', '-8003-')::uuid
      where l.organization_id = ${org} and n <= ${conversions}`);
    await tx.query(sql`
      update lead l set is_converted = true, converted_at = c.converted_at from lead_conversion c
      where c.organization_id = ${org} and l.organization_id = ${org} and l.id = c.lead_id and c.reverted_at is null`);
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
  await world.owner.query(
    'analyze conversion_proposal, lead, lead_conversion, conversion_field, opportunity_contact_role, activity, queue',
  );
}
