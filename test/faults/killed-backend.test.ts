import fs from 'node:fs';
import { createRequire } from 'node:module';
import sql from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import { openWorld, type World } from '../support/world.ts';

const POOL_SIZE = 3;
const pid = sql`select pg_backend_pid() as pid`;

let world: World;
let tenant: Tenant;

beforeAll(async () => {
  world = await openWorld({ poolSize: POOL_SIZE });
  ({ tenant } = await world.organization());
});
afterAll(() => world.close());

async function kill(backend: number): Promise<void> {
  const { rows } = await world.owner.query('select pg_terminate_backend($1, 5000) as killed', [backend]);
  expect(rows).toEqual([{ killed: true }]);
}

const countStages = () =>
  world.database.read(tenant, (snapshot) =>
    snapshot.query<{ count: string }>(
      sql`select count(*) as count from stage where organization_id = ${tenant.organizationId}`,
    ),
  );

const insertQueue = (name: string) =>
  world.database.write(tenant, (tx) =>
    tx.query(sql`insert into queue (organization_id, id, name, created_at, updated_at)
      values (${tenant.organizationId}, gen_random_uuid(), ${name}, ${new Date()}, ${new Date()})`),
  );

const queues = async () =>
  (
    await world.database.read(tenant, (snapshot) =>
      snapshot.query<{ name: string }>(
        sql`select name from queue where organization_id = ${tenant.organizationId} order by name`,
      ),
    )
  ).map(({ name }) => name);

/** As many at once as the pool has connections: none may be missing. */
async function expectAllConnectionsServe(): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: POOL_SIZE }, () =>
      world.database.read(tenant, async (snapshot) => {
        const [row] = await snapshot.query<{ pid: number }>(pid);
        await snapshot.query(sql`select pg_sleep(0.05)`);
        return row!.pid;
      }),
    ),
  );
  expect(new Set(answers).size).toBe(POOL_SIZE);
  expect(await countStages()).toEqual([{ count: '10' }]);
}

test('five backends killed inside reads: each read fails, the process still serves', async () => {
  for (let time = 1; time <= 5; time++) {
    const read = world.database.read(tenant, async (snapshot) => {
      const [row] = await snapshot.query<{ pid: number }>(pid);
      await kill(row!.pid);
      return await snapshot.query(pid);
    });
    await expect(read).rejects.toThrow(/terminat|connection error/i);
  }
  await expectAllConnectionsServe();
});

test('five backends killed inside writes: nothing of them is written, the process still serves', async () => {
  for (let time = 1; time <= 5; time++) {
    const write = world.database.write(tenant, async (tx) => {
      const [row] = await tx.query<{ pid: number }>(pid);
      await tx.query(sql`insert into queue (organization_id, id, name, created_at, updated_at)
        values (${tenant.organizationId}, gen_random_uuid(), ${`lost ${time}`}, ${new Date()}, ${new Date()})`);
      await kill(row!.pid);
      await tx.query(pid);
    });
    await expect(write).rejects.toThrow(/terminat|connection error/i);
  }
  await insertQueue('kept');
  expect(await queues()).toEqual(['kept']);
  await expectAllConnectionsServe();
});

test('backends killed while a statement runs, on every connection at once', async () => {
  for (let time = 1; time <= 2; time++) {
    const sleeping = Array.from({ length: POOL_SIZE }, (_, index) =>
      index === 0
        ? world.database.write(tenant, (tx) => tx.query(sql`select pg_sleep(30)`))
        : world.database.read(tenant, (snapshot) => snapshot.query(sql`select pg_sleep(30)`)),
    );
    const failures = Promise.allSettled(sleeping);
    let backends: number[] = [];
    while (backends.length < POOL_SIZE) {
      const { rows } = await world.owner.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name = 'kontor'
         and state = 'active' and query like 'select pg_sleep(30)%'`,
      );
      backends = rows.map((row) => row.pid);
    }
    await Promise.all(backends.map(kill));
    expect((await failures).map(({ status }) => status)).toEqual(Array(POOL_SIZE).fill('rejected'));
  }
  await expectAllConnectionsServe();
});

test('idle backends killed between operations are replaced', async () => {
  await expectAllConnectionsServe();
  const { rows } = await world.owner.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and application_name = 'kontor'",
  );
  await Promise.all(rows.map((row) => kill(row.pid)));
  // The pool hears of it in its own time: until then an operation may meet a dead connection.
  while (world.database.pool.idleCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await insertQueue('kept too');
  expect(await queues()).toContain('kept too');
  await expectAllConnectionsServe();
});

test('one version of kysely is installed: another one leaks connections of killed backends', () => {
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const locked = Object.entries(packages).filter(([path]) => path.endsWith('node_modules/kysely'));
  expect(locked).toMatchObject([['node_modules/kysely', { version: '0.29.9' }]]);
  const ours = createRequire(import.meta.url);
  const mikroOrm = createRequire(ours.resolve('@mikro-orm/postgresql'));
  expect(createRequire(mikroOrm.resolve('@mikro-orm/sql')).resolve('kysely')).toBe(ours.resolve('kysely'));
});
