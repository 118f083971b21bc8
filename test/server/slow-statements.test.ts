import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let patient: World;
let server: TestServer;
let patientServer: TestServer;
let client: Client;
let patientClient: Client;

beforeAll(async () => {
  [world, patient] = [await openWorld({ statementMilliseconds: 400 }), await openWorld({ poolSize: 2 })];
  server = await startTestServer(world);
  patientServer = await startTestServer(patient, 'compiled');
  client = await server.client((await world.organization()).id);
  patientClient = await patientServer.client((await patient.organization()).id);
  await patientClient.data(CONTACTS);
});
afterAll(async () => {
  for (const each of [server, patientServer, world, patient]) await each.close();
});
beforeEach(() => {
  server.log.length = 0;
  patientServer.log.length = 0;
});

const CONTACTS = 'query People { viewer { role } contacts { nodes { id } } }';
const TAKE =
  'mutation { createAccounts: createAccount(input: { name: "Slow" }) { account { name } userErrors { message } } }';

/** Somebody else has the table: whoever needs it waits. */
async function whileTaken<T>({ owner }: World, table: string, work: () => Promise<T>): Promise<T> {
  const other = await owner.connect();
  try {
    await other.query(`begin; lock table ${table} in access exclusive mode`);
    return await work();
  } finally {
    await other.query('rollback');
    other.release();
  }
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const waiting = async ({ owner }: World) => {
  const { rows } = await owner.query(
    `select 1 from pg_stat_activity where datname = current_database() and application_name = 'kontor' and wait_event_type = 'Lock'`,
  );
  return rows.length;
};

/** A request whose client goes as soon as it waits in the database. */
async function abandoned(query: string): Promise<void> {
  const patience = new AbortController();
  const request = fetch(`${patientServer.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${patientClient.token}` },
    body: JSON.stringify({ query }),
    signal: patience.signal,
  });
  await eventually(async () => (await waiting(patient)) > 0);
  patience.abort();
  await expect(request).rejects.toThrow('aborted');
}

test('a query that takes too long ends in TIMED_OUT, says where and what to do, and is a warning in the log', async () => {
  await whileTaken(world, 'contact', async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await client.send(CONTACTS);
      expect(answer).toMatchObject({
        data: null,
        errors: [{ path: ['contacts'], extensions: { code: 'TIMED_OUT' } }],
      });
      expect(answer.errors![0]!.message).toMatch(/too long.*narrower scope or window, fewer periods/);
    }
  });
  expect(server.log.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      level: 40,
      operation: 'People',
      path: ['contacts'],
      msg: 'a statement took too long',
    }),
  );
  expect(server.log.join()).not.toContain('internal error');
  expect(await client.data(CONTACTS)).toMatchObject({ contacts: { nodes: [] } });
});

test('a write that takes too long ends in TIMED_OUT, and nothing of it is written', async () => {
  await whileTaken(world, 'account', async () => {
    expect(await client.send(TAKE)).toMatchObject({
      errors: [{ path: ['createAccounts'], extensions: { code: 'TIMED_OUT' } }],
    });
  });
  expect(server.log.join()).not.toContain('internal error');
  expect(await client.data('{ accounts { totalCount } }')).toEqual({ accounts: { totalCount: 0 } });
});

test('a query whose client has gone is ended, time and again, and the pool stays whole', async () => {
  await whileTaken(patient, 'contact', async () => {
    // more than the pool has connections
    for (let time = 0; time < 5; time++) {
      await abandoned(CONTACTS);
      await eventually(async () => (await waiting(patient)) === 0);
    }
  });
  expect(await patientClient.data(CONTACTS)).toMatchObject({ contacts: { nodes: [] } });
  expect(patientServer.log).toEqual([]);
});

test('a mutation whose client has gone is done all the same', async () => {
  await whileTaken(patient, 'account', async () => {
    await abandoned(TAKE);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await waiting(patient)).toBe(1);
  });
  await eventually(
    async () => (await patientClient.data('{ accounts { totalCount } }')).accounts.totalCount === 1,
  );
});
