import sql from 'sql-template-tag';
import { updateLeadStatuses } from '../../src/identity/lead-status-settings.ts';
import { removeQueue } from '../../src/identity/queue.service.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { blockersOf, revert } from './revert-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const GONE = 'The status or the queue that the lead had was removed since';

test('a lead whose former status was removed since stays converted, and the blocker says why', async () => {
  const statuses = await sales.rows<{ id: string; name: string; position: number }>('lead_status');
  const [first] = statuses.toSorted((a, b) => a.position - b.position);
  const leadId = await sales.lead({ company: 'Acme', statusId: first!.id });
  const { conversionId } = await sales.convert(leadId);
  const kept = statuses
    .filter(({ id }) => id !== first!.id)
    .map(({ id, name }) => ({ id: encodeId('LeadStatus', id), name }));
  await world.database.write(sales.admin, (tx) => updateLeadStatuses(tx, sales.admin, { statuses: kept }));
  expect(await blockersOf(sales, conversionId)).toEqual([['Lead', leadId, GONE]]);
});

test('the same with the queue it was in', async () => {
  const queueId = await sales.queue('Web');
  const leadId = await sales.lead({ company: 'Acme', ownerId: null, queueId });
  const owner = encodeId('User', sales.ownerId);
  const { conversionId } = await sales.convert(leadId, { owner });
  // what an accepted hand-off does to the lead within its conversion
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update lead_conversion set effects = jsonb_set(effects, '{changes}', (
        select jsonb_agg(case when e ->> 'table' = 'lead' then e
          || jsonb_build_object('before', e -> 'before' || jsonb_build_object('queue_id', ${queueId}::text))
          || jsonb_build_object('after', e -> 'after' || '{"queue_id": null}') else e end)
        from jsonb_array_elements(effects -> 'changes') e))
      where organization_id = ${sales.organization.id} and id = ${conversionId}`),
  );
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update lead set queue_id = null where organization_id = ${sales.organization.id} and id = ${leadId}`),
  );
  await world.database.write(sales.admin, (tx) =>
    removeQueue(tx, sales.admin, { queue: encodeId('Queue', queueId) }),
  );
  expect(await blockersOf(sales, conversionId)).toEqual([['Lead', leadId, GONE]]);
});

test('a status that is there still is no blocker', async () => {
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  await revert(sales, conversionId);
  expect((await sales.row('lead_conversion', conversionId))['reverted_at']).not.toBeNull();
});
