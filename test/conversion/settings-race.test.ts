import sql from 'sql-template-tag';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld({ poolSize: 4 });
  sales = await Sales.open(world);
});
afterAll(() => world.close());

test('a conversion that meets an administrator changing the stages waits, and takes what came of it', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { id } = sales.organization;
  let converting: ReturnType<Sales['convert']> | undefined;
  await world.database.write(sales.admin, async (tx) => {
    await tx.query(sql`update stage set position = position + 100 where organization_id = ${id}`);
    converting = sales.convert(leadId);
    const waits = async () =>
      (
        await world.owner.query(`select from pg_locks where not granted and pid in
        (select pid from pg_stat_activity where datname = current_database() and application_name = 'kontor')`)
      ).rowCount;
    while ((await waits()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  await converting;
  const [stage] = await sales.rows('opportunity');
  expect(stage).toMatchObject({ stage_position: 101 });
});
