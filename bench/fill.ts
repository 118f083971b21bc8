import type pg from 'pg';
import type { Tenant } from '../src/database/tenant.ts';
import { type Bulk, bulkStatements } from '../test/support/bulk.ts';

const TABLES = ['account', 'contact', 'opportunity'];

/** Makes the rows with indexes, foreign keys and row-level security away, and brings these back: a tenth of the time. */
export async function fill(owner: pg.Pool, parts: [Tenant, Bulk][]): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query('begin');
    const restore = await takeAway(client);
    for (const [tenant, bulk] of parts)
      for (const statement of bulkStatements(tenant, bulk)) await client.query(statement);
    await client.query("set local maintenance_work_mem = '512MB'");
    for (const statement of restore) await client.query(statement);
    await client.query('commit');
  } finally {
    client.release(true);
  }
  await owner.query('vacuum analyze');
}

/** Returns the statements that restore what it took. */
async function takeAway(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; restore: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
      from pg_constraint where contype = 'f' and conrelid = any($1::regclass[])
      union all
      select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      from pg_index i where indrelid = any($1::regclass[])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [TABLES],
  );
  const { rows: forced } = await client.query<{ name: string }>(
    'select oid::regclass::text as name from pg_class where relforcerowsecurity',
  );
  for (const { drop } of rows) await client.query(drop);
  for (const { name } of forced) await client.query(`alter table ${name} no force row level security`);
  // Last of all row-level security: adding a foreign key looks for the rows it refers to.
  return [
    ...rows.map(({ restore }) => restore),
    ...forced.map(({ name }) => `alter table ${name} force row level security`),
  ];
}
