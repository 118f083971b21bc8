import sql, { raw } from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { runToEnd, start } from '../conversion-jobs/jobs.ts';
import { itemsOf } from '../conversion/batch-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let sales: Sales;
let jobId: string;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
  jobId = await start(sales, itemsOf([await sales.lead({ company: 'Acme' }), await sales.lead()]));
  await runToEnd(sales, jobId);
});
afterAll(() => world.close());

async function violatedAfter(set: string, position: number): Promise<[string, string[]][]> {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update conversion_job_line set ${raw(set)}
      where organization_id = ${sales.organization.id} and job_id = ${jobId} and position = ${position}`),
  );
  const found = await checkOrganization(world.database, sales.organization.id);
  return found.map(({ name, examples }) => [name, examples]);
}

test('a job that has ended and left a line is reported', async () => {
  expect(await violatedAfter(`state = 'PENDING'`, 1)).toEqual([
    ['ended-job-has-ended-lines', [encodeId('ConversionJob', jobId)]],
  ]);
});

test.each([
  ['done without a conversion', `state = 'CONVERTED'`, 1],
  ['refused with one', `state = 'REFUSED'`, 0],
  ['about another lead', `lead_id = gen_random_uuid()`, 0],
])('a line that is %s is reported', async (_, set, position) => {
  expect(await violatedAfter(set, position)).toEqual([
    ['converted-line-has-conversion', [encodeId('ConversionJob', jobId)]],
  ]);
});
