import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Office, office } from '../leads/lead-life.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let at: Office;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
});
afterAll(() => world.close());

const QUEUE = 'queue { id name version }';
const create = (name: string, more: Data = {}) => mutate(at.admin, 'createQueue', { name, ...more }, QUEUE);
const update = (queue: string, name: string, more: Data = {}) =>
  mutate(at.admin, 'updateQueue', { queue, name, ...more }, QUEUE);
const remove = (queue: string, more: Data = {}) => mutate(at.admin, 'removeQueue', { queue, ...more }, QUEUE);
const made = async (name: string): Promise<string> => (await create(name)).queue.id as string;

async function listed(page = 'first: 10'): Promise<Data> {
  const query = `{ viewer { organization { queues(${page}) { totalCount pageInfo { endCursor } nodes { id name } } } } }`;
  const { data } = await at.admin.send(query);
  return data!.viewer.organization.queues as Data;
}
const names = async () => (await listed()).nodes.map(({ name }: Data) => name);

test('an administrator makes, renames, lists and removes queues', async () => {
  const { queue, userErrors } = await create('  Inbound ');
  expect([queue, userErrors]).toEqual([{ id: queue.id, name: 'Inbound', version: 1 }, []]);
  await create('Élan');
  await create('Events');
  expect(await names()).toEqual(['Events', 'Inbound', 'Élan']);
  const first = await listed('first: 1');
  expect(await listed(`first: 1, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
    totalCount: 3,
    nodes: [{ name: 'Inbound' }],
  });
  const id = queue.id as string;
  expect((await update(id, 'Web', { ifVersion: 1 })).queue).toEqual({ id, name: 'Web', version: 2 });
  expect((await update(id, 'WEB')).queue.name).toBe('WEB');
  expect((await update(id, 'WEB')).queue.version).toBe(3);
  expect(await remove(id, { ifVersion: 3 })).toEqual({ queue: null, userErrors: [] });
  expect(await names()).toEqual(['Events', 'Élan']);
  expect(
    (await auditOf(world, at.tenant, id)).map(({ action, before, after }) => [action, before, after]),
  ).toEqual([
    ['createQueue', null, { name: 'Inbound' }],
    ['updateQueue', { name: 'Inbound' }, { name: 'Web' }],
    ['updateQueue', { name: 'Web' }, { name: 'WEB' }],
    ['removeQueue', { name: 'WEB' }, null],
  ]);
});

test('no two queues share a name, whatever case and accents, even when both are made at once', async () => {
  const id = await made('Inbound');
  const other = await made('Events');
  const taken = [{ code: 'INVALID_INPUT', path: ['name'] }];
  for (const name of ['inbound', 'Ínbound', ' INBOUND ']) {
    expect((await create(name)).userErrors).toMatchObject(taken);
    expect((await update(other, name)).userErrors).toMatchObject(taken);
    expect((await update(id, name)).userErrors).toEqual([]);
  }
  for (const name of ['', '  ', 'x'.repeat(256), 'a\0'])
    expect((await create(name)).userErrors).toMatchObject(taken);
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      [`Race ${round}`, `RACE ${round}`, `race ${round}`].map((name) => create(name)),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ queue }) => queue === null))
      expect(userErrors).toMatchObject(taken);
  }
});

test('a queue that owns a lead stays; its leads are found by it', async () => {
  const [inbound, events] = [await made('Inbound'), await made('Events')];
  const lead = await at.lead({ owner: inbound });
  await at.lead({ owner: events });
  await at.lead();
  const found = async (queue: Data): Promise<string[]> => {
    const query = 'query ($filter: LeadFilter) { leads(filter: $filter) { nodes { id } } }';
    const { data } = await at.admin.send(query, { filter: { queue } });
    return data!.leads.nodes.map(({ id }: Data) => id);
  };
  expect(await found({ eq: inbound })).toEqual([lead]);
  expect(await found({ in: [inbound, events] })).toHaveLength(2);
  expect(await found({ isNull: true })).toHaveLength(1);
  const { errors } = await at.admin.send('{ leads(filter: { queue: { eq: "x" } }) { totalCount } }');
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect((await remove(inbound)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['queue'] }]);
  await mutate(at.admin, 'assignLead', { lead, owner: events }, 'lead { id }');
  expect((await remove(inbound)).userErrors).toEqual([]);
  expect((await remove(inbound)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['queue'] }]);
});

test('a queue that is removed while a lead is assigned to it: one of both is refused', async () => {
  const codes = ({ userErrors }: Data) => userErrors.map(({ code }: Data) => code);
  for (let round = 0; round < 12; round++) {
    const queue = await made(`Passing ${round}`);
    const lead = await at.lead();
    const [assigned, captured, removed] = await Promise.all([
      mutate(at.admin, 'assignLead', { lead, owner: queue }, 'lead { id }'),
      mutate(at.admin, 'createLead', { lastName: 'Boxer', owner: queue }, 'lead { id }'),
      remove(queue),
    ]);
    const isRemoved = codes(removed).length === 0;
    if (isRemoved) expect([codes(assigned), codes(captured)]).toEqual([['NOT_FOUND'], ['NOT_FOUND']]);
    else expect(codes(removed)).toEqual(['INVALID_INPUT']);
  }
});

test('only what is there, in this organisation, by its latest version, once per key', async () => {
  const elsewhere = await office(world);
  const id = await made('Inbound');
  for (const queue of [encodeId('Queue', uuidv7()), await elsewhere.queue()]) {
    expect((await update(queue, 'New')).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['queue'] }]);
    expect((await remove(queue)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['queue'] }]);
  }
  expect((await update(await at.user(), 'New')).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['queue'] },
  ]);
  for (const answer of [await update(id, 'New', { ifVersion: 2 }), await remove(id, { ifVersion: 2 })])
    expect(answer.userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 1 }]);
  const [once, twice] = [
    await create('Once', { idempotencyKey: 'k' }),
    await create('Once', { idempotencyKey: 'k' }),
  ];
  expect(twice).toEqual(once);
  expect(await names()).toEqual(['Inbound', 'Once']);
});

test('other roles see the queues and change none', async () => {
  const id = await made('Inbound');
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE]) {
    const caller = await at.as(role);
    const { data } = await caller.send('{ viewer { organization { queues { nodes { name } } } } }');
    expect(data!.viewer.organization.queues.nodes).toEqual([{ name: 'Inbound' }]);
    expect(await failure(caller, 'createQueue', { name: 'x' }, QUEUE)).toBe('FORBIDDEN');
    expect(await failure(caller, 'updateQueue', { queue: id, name: 'x' }, QUEUE)).toBe('FORBIDDEN');
    expect(await failure(caller, 'removeQueue', { queue: id }, QUEUE)).toBe('FORBIDDEN');
  }
});
