import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const template = 'kontor_template';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of one's own, copied from a template that the first caller of a run makes. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onCluster(async (client) => {
    await ensureTemplate(client);
    await createFromTemplate(client, name);
  });
  return {
    url: databaseUrl(name),
    drop: () => onCluster((client) => dropDatabase(client, name)),
  };
}

/**
 * Ends its connections and drops it. `with (force)` would be refused while autovacuum works in the database, since only
 * superusers may end its workers; the plain form has them leave.
 */
async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await retryWhileInUse(async () => {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [name],
    );
    await client.query(`drop database if exists ${name}`);
  });
}

/** Test files run in several processes: one makes the template while the others wait for it. */
async function ensureTemplate(client: pg.Client): Promise<void> {
  await client.query(`select pg_advisory_lock(hashtext('${template}'))`);
  try {
    const existing = await client.query('select from pg_database where datname = $1', [template]);
    if (existing.rowCount !== 0) return;
    const unfinished = `${template}_unfinished`;
    await dropDatabase(client, unfinished);
    await client.query(`create database ${unfinished}`);
    const { migrate } = await import('../../src/database/migrate.ts');
    await migrate(databaseUrl(unfinished));
    await retryWhileInUse(() => client.query(`alter database ${unfinished} rename to ${template}`));
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('${template}'))`);
  }
}

async function createFromTemplate(client: pg.Client, name: string): Promise<void> {
  await retryWhileInUse(() => client.query(`create database ${name} template ${template}`));
}

/** PostgreSQL copies and renames a database only while nobody is connected to it, other copies included. */
async function retryWhileInUse(statement: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await statement();
      return;
    } catch (error) {
      const inUse = error instanceof pg.DatabaseError && error.code === '55006';
      if (!inUse || attempt === 200) throw error;
      await sleep(50);
    }
  }
}

async function onCluster<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: clusterUrl().href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(name: string): string {
  const url = clusterUrl();
  url.pathname = `/${name}`;
  return url.href;
}

function clusterUrl(): URL {
  const url = process.env['KONTOR_TEST_CLUSTER_URL'];
  if (!url)
    throw new Error(
      'The test cluster is not running: start the tests with jest (its global setup starts it).',
    );
  return new URL(url);
}
