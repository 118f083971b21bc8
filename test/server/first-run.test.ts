import 'reflect-metadata';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import { createOrganization, listOrganizations } from '../../src/identity/organization.service.ts';
import { ensureMain, firstRun, hasRecords } from '../../src/server/first-run.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const names = async () => (await listOrganizations(world.owner)).map(({ name }) => name);
const sampleState = async () => (await world.owner.query('select sample from installation')).rows[0].sample;

async function countOfSample(table: string): Promise<number> {
  const sample = (await listOrganizations(world.owner)).find(({ name }) => name === 'Sample')!;
  const client = await world.owner.connect();
  await client.query(`set app.organization_id = '${sample.id}'`);
  const { rows } = await client.query(`select count(*)::int as n from ${table}`);
  client.release(true);
  return rows[0].n;
}

function start(...words: string[]): ChildProcess {
  const script = fileURLToPath(new URL('../support/first-run-starter.ts', import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', script, ...words], {
    env: { PATH: process.env['PATH'], DATABASE_URL: world.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('the first start makes Main, empty, and Sample with records; later starts change nothing', async () => {
  await firstRun(world, { sample: true });
  expect(await names()).toEqual(['Main', 'Sample']);
  const [main, sample] = await listOrganizations(world.owner);
  expect(await hasRecords(world.database, main!.id)).toBe(false);
  expect(await hasRecords(world.database, sample!.id)).toBe(true);
  const before = await countOfSample('account');
  await firstRun(world, { sample: true });
  expect([await names(), await countOfSample('account')]).toEqual([['Main', 'Sample'], before]);
});

test('without a sample at first there is none later, either', async () => {
  await firstRun(world, { sample: false });
  await firstRun(world, { sample: true });
  expect(await names()).toEqual(['Main']);
});

test('a renamed sample does not come back', async () => {
  await firstRun(world, { sample: true });
  await world.owner.query(
    `update organization set name = 'Training', name_key = 'training' where name = 'Sample'`,
  );
  await firstRun(world, { sample: true });
  expect(await names()).toEqual(['Main', 'Training']);
});

test('Main alone, made by a command, gets the sample at the next start, unless it has records by then', async () => {
  await ensureMain(world);
  await ensureMain(world);
  expect(await names()).toEqual(['Main']);
  const [main] = await listOrganizations(world.owner);
  const insert = (id: string) => sql`
    insert into account (organization_id, id, name, name_key, match_key, created_at, updated_at)
    values (${main!.id}, ${id}, 'Alster Optik', 'alster optik', 'alster optik', now(), now())`;
  const tenant = { organizationId: main!.id, userId: null };
  await world.database.write(tenant, (tx) => tx.query(insert(main!.id)));
  await firstRun(world, { sample: true });
  expect([await names(), await sampleState()]).toEqual([['Main'], null]);
  await world.database.write(tenant, (tx) =>
    tx.query(sql`delete from account where organization_id = ${main!.id}`),
  );
  await firstRun(world, { sample: true });
  expect(await names()).toEqual(['Main', 'Sample']);
});

test('an organisation somebody called Sample is left alone', async () => {
  await ensureMain(world);
  const { id } = await createOrganization(world.database, { name: 'sample' });
  await firstRun(world, { sample: true });
  expect(await names()).toEqual(['Main', 'sample']);
  expect(await hasRecords(world.database, id)).toBe(false);
});

test('a sample that was begun and never filled is filled by the next start', async () => {
  await ensureMain(world);
  await world.owner.query(`update installation set sample = 'MAKING'`);
  await createOrganization(world.database, { name: 'Sample' });
  await firstRun(world, { sample: true });
  expect([await countOfSample('account'), await sampleState()]).toEqual([60, 'MADE']);
});

test('two starts at once make everything once', async () => {
  const starts = [start(), start()];
  const codes = await Promise.all(starts.map(async (child) => (await once(child, 'close'))[0] as number));
  expect(codes).toEqual([0, 0]);
  expect(await names()).toEqual(['Main', 'Sample']);
  expect(await countOfSample('account')).toBe(60);
});

test('a start that is killed while it makes the sample is completed by the next one', async () => {
  const child = start();
  child.stdout!.setEncoding('utf8');
  const closed = once(child, 'close');
  await once(child.stdout!, 'data');
  child.kill('SIGKILL');
  await closed;
  expect(await sampleState()).toBe('MAKING');
  await firstRun(world, { sample: true });
  expect([await names(), await sampleState()]).toEqual([['Main', 'Sample'], 'MADE']);
  expect(await countOfSample('account')).toBe(60);
});
