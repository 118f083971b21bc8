import sql from 'sql-template-tag';
import { tenantTables } from '../../migrations/tenant-tables.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('the application role owns nothing, is no superuser and cannot bypass row-level security', async () => {
  const { rows } = await world.database.pool.query(`
    select current_user as role, rolsuper, rolbypassrls, rolcreaterole,
      (select count(*)::int from pg_class where relowner = r.oid) as owned
    from pg_roles r where rolname = current_user`);
  expect(rows).toEqual([
    { role: 'kontor_app', rolsuper: false, rolbypassrls: false, rolcreaterole: false, owned: 0 },
  ]);
});

test('every table with an organization_id forces row-level security, keys and references start with it', async () => {
  const { rows: tables } = await world.owner.query<{ name: string; enabled: boolean; forced: boolean }>(`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`);
  expect(tables.map((table) => table.name)).toEqual([...tenantTables].sort());
  expect(tables.filter((table) => !table.enabled || !table.forced)).toEqual([]);

  const { rows: loose } = await world.owner.query(
    `
    select conname from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype in ('f', 'p', 'u') and k.conrelid::regclass::text = any($1) and a.attname <> 'organization_id'`,
    [[...tenantTables]],
  );
  expect(loose).toEqual([]);
  const { rows: looseIndexes } = await world.owner.query(
    `
    select i.indexrelid::regclass::text as name from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid::regclass::text = any($1) and a.attname <> 'organization_id'`,
    [[...tenantTables]],
  );
  expect(looseIndexes).toEqual([]);
});

test('a statement without context returns no rows and writes none', async () => {
  const { tenant } = await world.organization();
  const { pool } = world.database;
  for (const table of ['organization', ...tenantTables]) {
    const { rows } = await pool.query(`select count(*)::int as n from ${table}`);
    expect([table, rows[0].n]).toEqual([table, 0]);
  }
  await expect(
    pool.query('insert into company_lock (organization_id, key) values ($1, $2)', [
      tenant.organizationId,
      'acme',
    ]),
  ).rejects.toThrow('row-level security');
});

test('a transaction sees its own organisation only, whatever it asks for', async () => {
  const one = await world.organization();
  const two = await world.organization();
  const names = await world.database.read(one.tenant, (snapshot) =>
    snapshot.query<{ organization_id: string }>(sql`select distinct organization_id from app_user`),
  );
  expect(names).toEqual([{ organization_id: one.id }]);
  const foreign = await world.database.read(one.tenant, (snapshot) =>
    snapshot.query(sql`select id from app_user where organization_id = ${two.id}`),
  );
  expect(foreign).toEqual([]);
});
