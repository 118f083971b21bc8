import 'reflect-metadata';
import { checkOrganization } from '../../src/database/check.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  organization = await world.organization();
  admin = await callerOf(world, organization);
});
afterAll(() => world.close());

const FIELDS = 'organization { id version customFields { recordType key label type options description } }';
const role = { key: 'role', label: 'Role', type: 'TEXT' };
const tier = { key: 'tier', label: 'Tier', type: 'PICKLIST', options: ['Gold', 'Silver'] };

const set = (fields: Data[], more: Data = {}, caller = admin): Promise<Data> =>
  mutate(caller, 'updateCustomFields', { recordType: 'LEAD', fields, ...more }, FIELDS);
const pathsOf = ({ userErrors }: Data) => userErrors.map(({ path }: Data) => path.join('.'));

async function lead(customFields: unknown): Promise<Data> {
  return mutate(admin, 'createLead', { lastName: 'Boxer', customFields }, 'lead { id version customFields }');
}

test('an administrator defines fields, in order, which everybody reads', async () => {
  const watch = watchTenants(world.database);
  const { organization: now, userErrors } = await set([
    { ...tier, description: 'How dear' },
    role,
    { key: 'constructor', label: 'Odd', type: 'BOOLEAN' },
  ]);
  expect(userErrors).toEqual([]);
  expect(now.version).toBe(2);
  expect(now.customFields).toEqual([
    { ...tier, recordType: 'LEAD', description: 'How dear' },
    { ...role, recordType: 'LEAD', options: [], description: null },
    { recordType: 'LEAD', key: 'constructor', label: 'Odd', type: 'BOOLEAN', options: [], description: null },
  ]);
  // what is omitted stays, and the same list is no change
  const again = await set([
    { ...tier, options: undefined },
    role,
    { key: 'constructor', label: 'Odd', type: 'BOOLEAN' },
  ]);
  expect(again.organization).toEqual(now);
  const analyst = await callerOf(world, organization, Role.ANALYST);
  const { data } = await analyst.send(
    '{ viewer { organization { all: customFields { key } account: customFields(recordType: ACCOUNT) { key } } } }',
  );
  expect(data!.viewer.organization).toEqual({
    all: [{ key: 'tier' }, { key: 'role' }, { key: 'constructor' }],
    account: [],
  });
  watch.assertNone();
  expect(await auditOf(world, organization.tenant, now.id)).toMatchObject([
    {
      action: 'updateCustomFields',
      before: { recordType: 'LEAD', fields: [] },
      after: { recordType: 'LEAD', fields: [{ key: 'tier', options: ['Gold', 'Silver'] }, role, {}] },
    },
  ]);
});

test('only an administrator changes them, only what was seen, and a key does it once', async () => {
  for (const other of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE])
    expect(
      await failure(
        await callerOf(world, organization, other),
        'updateCustomFields',
        { recordType: 'LEAD', fields: [] },
        FIELDS,
      ),
    ).toBe('FORBIDDEN');
  expect((await set([role], { ifVersion: 7 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
  const once = await set([role], { idempotencyKey: 'k' });
  expect(await set([role], { idempotencyKey: 'k' })).toEqual(once);
  expect((await set([], { idempotencyKey: 'k' })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
});

test('everything wrong with a list is told at once', async () => {
  const bad = [
    ...['__proto__', 'Role', '', 'a-b', `a${'b'.repeat(40)}`, 'a\0'].map((key) => ({ ...role, key })),
    role,
    role,
    { ...role, key: 'blank', label: ' ' },
    { ...role, key: 'withOptions', options: ['A'] },
    { ...tier, options: [] },
    { ...tier, key: 'twice', options: ['Gold', 'GÓLD'] },
  ];
  expect(pathsOf(await set(bad))).toEqual([
    ...[0, 1, 2, 3, 4, 5].map((index) => `fields.${index}.key`),
    'fields.7.key',
    'fields.8.label',
    'fields.9.options',
    'fields.10.options',
    'fields.11.options.1',
  ]);
  const many = Array.from({ length: 101 }, (_, index) => ({ ...role, key: `f${index}` }));
  expect(pathsOf(await set(many))).toEqual(['fields']);
});

test('what records have values of is neither removed nor retyped, until none has', async () => {
  await set([role, tier]);
  const { lead: held } = await lead({ role: 'CTO', tier: 'gold' });
  expect(held.customFields).toEqual({ role: 'CTO', tier: 'Gold' });
  expect(pathsOf(await set([tier]))).toEqual(['fields']);
  expect(pathsOf(await set([{ ...role, type: 'NUMBER' }, tier]))).toEqual(['fields.0.type']);
  expect(pathsOf(await set([role, { ...tier, options: ['Silver'] }]))).toEqual(['fields.1.options']);
  expect((await set([role, { ...tier, options: ['Gold', 'Bronze'] }])).userErrors).toEqual([]);
  const { lead: empty } = await mutate(
    admin,
    'updateLead',
    { lead: held.id, customFields: { role: null } },
    'lead { customFields }',
  );
  expect(empty.customFields).toEqual({ tier: 'Gold' });
  expect((await set([{ ...role, type: 'NUMBER' }, tier])).userErrors).toEqual([]);
  expect((await set([tier])).userErrors).toEqual([]);
  expect(await checkOrganization(world.database, organization.id)).toEqual([]);
});

test('a field that is removed while records get values of it: either is refused, and no value is lost', async () => {
  for (let round = 0; round < 10; round++) {
    await set([role]);
    const [removal, ...leads] = await Promise.all([
      set([]),
      ...[1, 2, 3].map(() => lead({ role: `CTO ${round}` })),
    ]);
    const refused = leads.filter(({ userErrors }) => userErrors.length > 0);
    if (removal.userErrors.length > 0) expect(refused).toEqual([]);
    else expect(leads.map(({ lead: made }) => made)).toEqual([null, null, null]);
    expect(await checkOrganization(world.database, organization.id)).toEqual([]);
    for (const { lead: made } of leads)
      if (made)
        await mutate(admin, 'updateLead', { lead: made.id, customFields: { role: null } }, 'lead { id }');
  }
});

test("another organisation's fields are neither seen nor changed", async () => {
  await set([role]);
  const other = await callerOf(world, await world.organization());
  const { organization: theirs } = await set([], {}, other);
  expect(theirs.customFields).toEqual([]);
  expect(
    (await mutate(other, 'createLead', { lastName: 'A', customFields: { role: 'x' } }, 'lead { id }'))
      .userErrors,
  ).toMatchObject([{ path: ['customFields', 'role'], allowed: [] }]);
  const { data } = await admin.send('{ viewer { organization { customFields { key } } } }');
  expect(data!.viewer.organization.customFields).toEqual([{ key: 'role' }]);
});
