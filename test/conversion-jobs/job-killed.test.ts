import { encodeId } from '../../src/graphql/ids.ts';
import { expectSound } from '../conversion/batch-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { mutate } from '../support/mutate.ts';
import { startServers } from '../support/served.ts';
import { openWorld, type World } from '../support/world.ts';
import { countsOf, stateOf, until } from './jobs.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const LEADS = 150;

// A dead process is missed after half a minute.
test('a job outlives the process that works it off: the next one goes on, and each line is done once', async () => {
  const sales = await Sales.open(world);
  const leads = await Promise.all(
    Array.from({ length: LEADS }, (_, index) =>
      sales.lead({ lastName: `Person ${index}`, company: `${'XYZ'[index % 3]!.repeat(5)}` }),
    ),
  );
  const items = leads.map((id) => ({ input: { lead: encodeId('Lead', id), opportunity: { none: true } } }));
  const organization = { ...sales.organization, adminId: sales.ownerId };

  const dying = await startServers(world, 1);
  const [admin] = await dying.admins(organization);
  const { job } = await mutate(admin!, 'startConversionJob', { items }, 'job { id state total }');
  expect(job).toMatchObject({ state: 'QUEUED', total: LEADS });
  const [{ id: jobId }] = (await sales.rows<{ id: string }>('conversion_job')) as [{ id: string }];
  const converted = async () => (await countsOf(sales, jobId))['CONVERTED'] ?? 0;
  await until(async () => (await converted()) > 0);
  await dying.running[0]!.stop('SIGKILL');
  const before = await converted();
  expect(before).toBeLessThan(LEADS);
  expect(await stateOf(sales, jobId)).toBe('RUNNING');

  const next = await startServers(world, 1);
  await until(async () => (await stateOf(sales, jobId)) !== 'RUNNING');
  expect(await stateOf(sales, jobId)).toBe('SUCCEEDED');
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: LEADS });
  expect(await sales.count('lead_conversion')).toBe(LEADS);
  expect(await sales.count('account')).toBe(3);
  await expectSound(sales);
  await next.close();
  await dying.close();
}, 180_000);
