import { workConversionJobs } from '../../src/conversion-jobs/job-worker.ts';
import { JobQueue } from '../../src/database/job-queue.ts';
import { expectSound, itemsOf } from '../conversion/batch-sales.ts';
import { SECRET } from '../conversion/preview-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';
import { countsOf, start, stateOf, until } from './jobs.ts';

let world: World;
let sales: Sales;
const warnings: string[] = [];
beforeAll(async () => {
  world = await openWorld();
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const leads = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => sales.lead({ lastName: `P${index}`, company: 'Acme' })),
  );

async function openWorker(): Promise<JobQueue> {
  const queue = await JobQueue.open(world.database, (line) => warnings.push(line));
  await workConversionJobs(queue, { database: world.database, tokenSecret: SECRET }, (error) => {
    throw error;
  });
  return queue;
}

test('a job that is handed over is worked off by one of two workers; what was rolled back is not', async () => {
  const workers = [await openWorker(), await openWorker()];
  const enqueue: Parameters<JobQueue['enqueue']> extends [infer Tx, infer Message]
    ? (tx: Tx, message: Message) => Promise<void>
    : never = (tx, message) => workers[0]!.enqueue(tx, message);
  const aborted = start(
    sales,
    itemsOf(await leads(1), none),
    {},
    {
      enqueue: async (tx, message) => {
        await enqueue(tx, message);
        throw new Error('rolled back');
      },
    },
  );
  await expect(aborted).rejects.toThrow('rolled back');
  const jobIds = [
    await start(sales, itemsOf(await leads(30), none), {}, { enqueue }),
    await start(sales, itemsOf(await leads(5), none), {}, { enqueue }),
  ];
  await until(async () =>
    (await Promise.all(jobIds.map((id) => stateOf(sales, id)))).every((s) => s === 'SUCCEEDED'),
  );
  expect(await countsOf(sales, jobIds[0]!)).toEqual({ CONVERTED: 30 });
  expect(await countsOf(sales, jobIds[1]!)).toEqual({ CONVERTED: 5 });
  await Promise.all(workers.map((worker) => worker.stop()));
  const { rows } = await world.owner.query(`select data from pgboss.job`);
  expect(rows).toHaveLength(2);
  for (const { data } of rows)
    expect(Object.keys(data as object).toSorted()).toEqual(['jobId', 'organizationId']);
  await expectSound(sales);
  expect(warnings).toEqual([]);
});
