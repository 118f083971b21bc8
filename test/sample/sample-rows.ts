import sql, { raw, type Sql } from 'sql-template-tag';
import type { Organization } from '../../src/identity/organization.service.ts';
import { exampleDomain } from '../../src/sample/people.ts';
import type { World } from '../support/world.ts';

/** Tables the sample writes, but for the journal, whose ids are made when it is written. */
const TABLES = [
  'app_user',
  'queue',
  'sales_target',
  'exchange_rate',
  'campaign',
  'account',
  'contact',
  'opportunity',
  'opportunity_version',
  'opportunity_contact_role',
  'lead',
  'lead_handoff',
  'lead_conversion',
  'conversion_field',
  'campaign_member',
  'activity',
];

export function rowsOf<Row extends object>(
  world: World,
  { id }: Organization,
  statement: Sql,
): Promise<Row[]> {
  return world.database.read({ organizationId: id, userId: null }, (snapshot) =>
    snapshot.query<Row>(statement),
  );
}

/** Every row of the sample as text, by table, with the organisation's own ids and domain replaced by names. */
export async function dumpSample(
  world: World,
  organization: Organization,
): Promise<Record<string, string[]>> {
  const named = await rowsOf<{ id: string; name: string }>(
    world,
    organization,
    sql`select id, name from stage where organization_id = ${organization.id}
      union all select id, name from lead_status where organization_id = ${organization.id}`,
  );
  const own = new Map([
    ...named.map(({ id, name }): [string, string] => [id, name]),
    [organization.id, 'organization'],
    [exampleDomain(organization.name), 'domain'],
  ]);
  const dump: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await rowsOf<{ text: string }>(
      world,
      organization,
      sql`select to_jsonb(t)::text as text from ${raw(table)} t
        where organization_id = ${organization.id} ${raw(table === 'app_user' ? `and role <> 'ADMIN'` : '')} order by id`,
    );
    dump[table] = rows.map(({ text }) => text.replace(ownParts(own), (part) => own.get(part)!));
  }
  return dump;
}

function ownParts(own: Map<string, string>): RegExp {
  return new RegExp([...own.keys()].map((part) => part.replaceAll('.', String.raw`\.`)).join('|'), 'g');
}
