import sql from 'sql-template-tag';
import { isConnectionLost } from '../../src/database/database.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { expectSound, itemsOf } from '../conversion/batch-sales.ts';
import { setReviewPolicy } from '../conversion/review-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';
import { cancel, countsOf, linesOf, revertJob, run, runToEnd, start, stateOf } from './jobs.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const leads = (count: number, companies = 3) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      sales.lead({ lastName: `Person ${index}`, company: `${'XYZ'[index % companies]!.repeat(5)}` }),
    ),
  );

test('a job works its lines off in their order, and each says what became of it', async () => {
  const items = itemsOf([...(await leads(25)), await sales.lead({ company: null })], none);
  const jobId = await start(sales, items);
  expect(await stateOf(sales, jobId)).toBe('QUEUED');
  expect(await run(sales, jobId, 10)).toBe(false);
  expect(await stateOf(sales, jobId)).toBe('RUNNING');
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 10, PENDING: 16 });
  await runToEnd(sales, jobId);
  expect(await stateOf(sales, jobId)).toBe('SUCCEEDED');
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 25, REFUSED: 1 });
  expect((await linesOf(sales, jobId))[25]!.errors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['items', '25', 'input', 'account'] },
  ]);
  expect(await sales.count('account')).toBe(3);
  await expectSound(sales);
});

test('an opportunity is shared by all lines of the job at the account, over its transactions', async () => {
  const items = itemsOf(await leads(9, 1), { account: { create: {} } });
  const jobId = await start(sales, items, { shareOpportunity: { create: { name: 'Deal' } } });
  while (!(await run(sales, jobId, 4)));
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 9 });
  expect(await sales.count('opportunity')).toBe(1);
  expect(await sales.count('opportunity_contact_role')).toBe(9);
  expect(await sales.rows('opportunity_contact_role', 'is_primary')).toHaveLength(1);
  await expectSound(sales);
});

test('a cancelled job keeps what is done, and the rest never runs', async () => {
  const jobId = await start(sales, itemsOf(await leads(10), none));
  await Promise.all([run(sales, jobId, 4), run(sales, jobId, 3), cancel(sales, jobId)]);
  await runToEnd(sales, jobId);
  const counts = await countsOf(sales, jobId);
  expect(await stateOf(sales, jobId)).toBe('CANCELLED');
  expect(counts['PENDING']).toBeUndefined();
  expect((counts['CONVERTED'] ?? 0) + counts['CANCELLED']!).toBe(10);
  expect(await sales.count('lead_conversion')).toBe(counts['CONVERTED'] ?? 0);
  await cancel(sales, jobId);
  expect(await countsOf(sales, jobId)).toEqual(counts);
});

test('several workers at one job convert each line once', async () => {
  const jobId = await start(sales, itemsOf(await leads(30), none));
  await Promise.all([1, 2, 3].map(() => runToEnd(sales, jobId)));
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 30 });
  expect(await sales.count('lead_conversion')).toBe(30);
  expect(await sales.count('account')).toBe(3);
});

test('backends that are killed in the middle lose nothing and do nothing twice', async () => {
  const jobId = await start(sales, itemsOf(await leads(40), none));
  let isOver = false;
  // as the queue does: what failed is taken up again
  const persistent = async (): Promise<void> => {
    try {
      await runToEnd(sales, jobId);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      await persistent();
    }
  };
  const worker = persistent().finally(() => (isOver = true));
  let killed = 0;
  while (!isOver && killed < 5) {
    const { rowCount } = await world.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kontor' and datname = current_database()
       and state <> 'idle'`,
    );
    killed += rowCount ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await worker;
  expect(killed).toBeGreaterThan(0);
  expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 40 });
  expect(await sales.count('lead_conversion')).toBe(40);
  await expectSound(sales);
});

test('undoing a job undoes all but what was built upon, which is listed; asked again, it does the rest', async () => {
  const jobId = await start(sales, itemsOf(await leads(6, 1), none));
  await expect(revertJob(sales, jobId)).rejects.toMatchObject({ errors: [{ code: 'INVALID_INPUT' }] });
  await runToEnd(sales, jobId);
  const [last] = (await sales.rows('contact', `last_name = 'Person 5'`)).map((row) => row['id'] as string);
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`update contact t set title = 'Boss', version = version + 1
      where t.organization_id = ${sales.organization.id} and t.id = ${last}`),
  );
  const undo = await revertJob(sales, jobId);
  expect(await revertJob(sales, jobId)).toBe(undo);
  await runToEnd(sales, undo);
  // the first one made the account, upon which the blocked one stands
  expect(await countsOf(sales, undo)).toEqual({ REVERTED: 4, REFUSED: 2 });
  expect((await linesOf(sales, undo))[0]!.errors).toMatchObject([{ code: 'REVERT_BLOCKED' }]);
  await world.database.write(sales.admin, (tx) =>
    tx.query(
      sql`update contact t set title = null where t.organization_id = ${sales.organization.id} and t.id = ${last}`,
    ),
  );
  const again = await revertJob(sales, jobId);
  await runToEnd(sales, again);
  expect(await countsOf(sales, again)).toEqual({ REVERTED: 2 });
  expect(await revertJob(sales, jobId)).toBe(again);
  expect(await sales.rows('account', 'deleted_at is null')).toEqual([]);
  await expectSound(sales);
});

test('who may not convert any longer has the lines left refused', async () => {
  const userId = await sales.user('Former', { role: Role.SDR });
  const as = { ...sales.admin, userId, role: Role.SDR };
  for (const change of [sql`is_active = false`, sql`is_active = true, role = 'ANALYST'`]) {
    await world.database.write(sales.admin, (tx) =>
      tx.query(
        sql`update app_user t set is_active = true, role = 'SDR' where t.organization_id = ${sales.organization.id} and t.id = ${userId}`,
      ),
    );
    const jobId = await start(sales, itemsOf(await leads(6), none), {}, { as });
    await run(sales, jobId, 2);
    await world.database.write(sales.admin, (tx) =>
      tx.query(
        sql`update app_user t set ${change} where t.organization_id = ${sales.organization.id} and t.id = ${userId}`,
      ),
    );
    await runToEnd(sales, jobId);
    expect(await stateOf(sales, jobId)).toBe('FAILED');
    expect(await countsOf(sales, jobId)).toEqual({ CONVERTED: 2, REFUSED: 4 });
    expect((await linesOf(sales, jobId))[5]!.errors).toMatchObject([{ code: 'HUMAN_REVIEW_REQUIRED' }]);
  }
});

test('where every conversion is to be reviewed, every line is refused, and the job has tried all', async () => {
  await setReviewPolicy(sales, 'REQUIRED');
  const jobId = await start(sales, itemsOf(await leads(2)));
  await runToEnd(sales, jobId);
  expect(await stateOf(sales, jobId)).toBe('SUCCEEDED');
  expect(await countsOf(sales, jobId)).toEqual({ REFUSED: 2 });
  expect((await linesOf(sales, jobId))[0]!.errors).toMatchObject([{ code: 'HUMAN_REVIEW_REQUIRED' }]);
  await cancel(sales, jobId);
  expect(await stateOf(sales, jobId)).toBe('SUCCEEDED');
});

test('a job is limited, keyed, only for who converts, and of one organisation', async () => {
  const lead = await sales.lead({ company: 'Acme' });
  for (const items of [[], itemsOf(Array<string>(5_001).fill(lead))])
    await expect(start(sales, items)).rejects.toMatchObject({ errors: [{ path: ['items'] }] });
  for (const clientRef of ['a\0b', 'x'.repeat(256)])
    await expect(start(sales, [{ ...itemsOf([lead])[0]!, clientRef }])).rejects.toMatchObject({
      errors: [{ path: ['items', '0', 'clientRef'] }],
    });
  const jobId = await start(sales, itemsOf([lead]), { idempotencyKey: 'k' });
  expect(await start(sales, itemsOf([lead]), { idempotencyKey: 'k' })).toBe(jobId);
  expect(await sales.count('conversion_job')).toBe(1);
  const marketer = { ...sales.admin, role: Role.MARKETER };
  await expect(start(sales, itemsOf([lead]), {}, { as: marketer })).rejects.toMatchObject({
    errors: [{ code: 'HUMAN_REVIEW_REQUIRED' }],
  });
  const stranger = await Sales.open(world);
  await expect(cancel(stranger, jobId)).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  await expect(revertJob(stranger, jobId)).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  expect(await run(stranger, jobId)).toBe(true);
  expect(await stateOf(sales, jobId)).toBe('QUEUED');
  expect(encodeId('ConversionJob', jobId)).toMatch(/^job_/);
});
