import sql from 'sql-template-tag';
import { once } from '../../src/database/idempotency.ts';
import type { Transaction } from '../../src/database/database.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { startTestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let principal: Principal;

beforeAll(async () => {
  world = await openWorld({ poolSize: 2 });
  const { tenant } = await world.organization();
  principal = { ...tenant, kind: 'PERSON', role: Role.ADMIN, name: 'Admin', tokenId: tenant.organizationId };
});
afterAll(() => world.close());

/** Adds a queue, and at the first `losses` attempts has its own connection cut before the commit. */
function addingQueue(name: string, losses: number) {
  let attempts = 0;
  const add = async (tx: Transaction) => {
    attempts++;
    await tx.query(sql`insert into queue (organization_id, id, name, created_at, updated_at)
      values (${principal.organizationId}, gen_random_uuid(), ${name}, ${new Date()}, ${new Date()})`);
    const [backend] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    if (attempts <= losses) await world.owner.query('select pg_terminate_backend($1, 5000)', [backend!.pid]);
    return { attempts };
  };
  return { add, attempts: () => attempts };
}

const queuesNamed = (name: string) =>
  world.database.read(principal, (snapshot) =>
    snapshot.query(
      sql`select name from queue where organization_id = ${principal.organizationId} and name = ${name}`,
    ),
  );

test('a write with an idempotency key outlives lost connections and happens once', async () => {
  const { add } = addingQueue('keyed', 2);
  const write = () =>
    world.database.write(principal, (tx) =>
      once(tx, principal, 'test', 'key', { name: 'keyed' }, () => add(tx)),
    );
  expect(await write()).toEqual({ attempts: 3 });
  expect(await write()).toEqual({ attempts: 3 });
  expect(await queuesNamed('keyed')).toHaveLength(1);
});

test('a write without a key fails on a lost connection: nobody knows whether it has happened', async () => {
  const { add, attempts } = addingQueue('bare', 1);
  await expect(world.database.write(principal, add)).rejects.toThrow(/terminat|connection/i);
  expect(attempts()).toBe(1);
  expect(await queuesNamed('bare')).toEqual([]);
});

test('a client is told that the database does not answer, and that it may try again', async () => {
  const scratch = await openWorld({ poolSize: 1 });
  scratch.owner.on('error', () => undefined);
  const server = await startTestServer(scratch, 'compiled');
  try {
    const { id } = await scratch.organization();
    const client = await server.client(id);
    await client.data('{ viewer { user { name } } }');
    const name = new URL(scratch.url).pathname.slice(1);
    await world.owner.query(`alter database ${name} connection limit 0`);
    await world.owner.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1',
      [name],
    );
    const { errors } = await client.sendOnce('{ accounts { nodes { id } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
    expect(errors![0]!.message).toContain('try again');
    await world.owner.query(`alter database ${name} connection limit -1`);
    expect(await client.data('{ accounts { nodes { id } } }')).toEqual({ accounts: { nodes: [] } });
  } finally {
    await server.close();
    await scratch.close();
  }
});
