import 'reflect-metadata';
import { STANDARD_MAPPINGS } from '../../src/conversion/field-mapping.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
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

const MAPPINGS = 'organization { id version fieldMappings { target field sources policy isFixed } }';
const set = (mappings: Data[] | null | undefined, more: Data = {}, caller = admin): Promise<Data> =>
  mutate(caller, 'updateFieldMappings', { mappings, ...more }, MAPPINGS);
const define = (recordType: string, fields: Data[]): Promise<Data> =>
  mutate(admin, 'updateCustomFields', { recordType, fields }, 'organization { id }');

const tier = { key: 'tier', label: 'Tier', type: 'PICKLIST', options: ['Gold', 'Silver'] };
const role = { key: 'role', label: 'Role', type: 'TEXT' };
const seats = { key: 'seats', label: 'Seats', type: 'NUMBER' };
const all = (...more: Data[]): Data[] => [...STANDARD_MAPPINGS, ...more];
const to = (target: string, field: string, ...sources: string[]): Data => ({ target, field, sources });

test('the standard mapping is the default, is replaced as a whole, and comes back', async () => {
  const { data } = await admin.send(`{ viewer { ${MAPPINGS} } }`);
  const { fieldMappings } = data!.viewer.organization;
  expect(fieldMappings).toHaveLength(STANDARD_MAPPINGS.length);
  expect(fieldMappings).toContainEqual({
    ...to('ACCOUNT', 'domain', 'website', 'email'),
    ...{ policy: 'FILL_EMPTY', isFixed: true },
  });
  await define('LEAD', [role]);
  const mappings = all().filter(({ field }) => field !== 'rating');
  const { organization: now } = await set([
    ...mappings,
    { ...to('ACCOUNT', 'description', 'custom.role'), policy: 'NEWEST' },
  ]);
  expect(now.fieldMappings).toHaveLength(STANDARD_MAPPINGS.length);
  expect(now.fieldMappings.at(-1)).toEqual({
    ...to('ACCOUNT', 'description', 'custom.role'),
    ...{ policy: 'NEWEST', isFixed: false },
  });
  const back = await set(null, { ifVersion: now.version });
  expect(back.organization.fieldMappings).toEqual(fieldMappings);
  expect((await set(null)).organization.version).toBe(back.organization.version);
  const entries = await auditOf(world, organization.tenant, now.id);
  expect(entries.map(({ action }) => action)).toEqual([
    'updateCustomFields',
    'updateFieldMappings',
    'updateFieldMappings',
  ]);
  expect(entries[1]!.after).toMatchObject({ 'account.description': 'custom.role: NEWEST' });
});

test.each<[string, Data[], string[]]>([
  ['an unknown field', [to('ACCOUNT', 'nothing', 'company')], ['field']],
  ['a field of the prototype', [to('ACCOUNT', 'constructor', 'company')], ['field']],
  ['an undefined custom field', [to('ACCOUNT', 'custom.no', 'company')], ['field']],
  ['an unknown source', [to('ACCOUNT', 'description', 'status')], ['sources', '0']],
  ['a source of the prototype', [to('ACCOUNT', 'description', 'toString')], ['sources', '0']],
  ['an undefined custom source', [to('ACCOUNT', 'description', 'company', 'custom.no')], ['sources', '1']],
  ['a text as a number', [to('ACCOUNT', 'custom.seats', 'company')], ['sources', '0']],
  ['a text as a picklist', [to('ACCOUNT', 'custom.tier', 'industry')], ['sources', '0']],
  ['a picklist with more options', [to('ACCOUNT', 'custom.tier', 'custom.rank')], ['sources', '0']],
  ['a number as employees', [to('CONTACT', 'custom.note', 'custom.seats')], ['sources', '0']],
  ['a long text as a short one', [to('CONTACT', 'custom.note', 'description')], ['sources', '0']],
  ['no source', [to('ACCOUNT', 'description')], ['sources']],
  ['a source twice', [to('ACCOUNT', 'description', 'rating', 'rating')], ['sources', '1']],
  ['a field twice', [to('ACCOUNT', 'phone', 'mobile')], ['field']],
])('%s is refused', async (_, more, path) => {
  await define('LEAD', [role, seats, { ...tier, key: 'rank', options: ['Gold', 'Tin'] }]);
  await define('ACCOUNT', [tier, seats]);
  await define('CONTACT', [{ ...role, key: 'note' }]);
  const { organization: none, userErrors } = await set(all(...more));
  expect(none).toBeNull();
  const place = ['mappings', String(STANDARD_MAPPINGS.length)];
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: [...place, ...path] }]);
});

test('what records are recognised by, and opt-outs, neither go nor come from elsewhere', async () => {
  for (const [target, field] of [
    ...[
      ['ACCOUNT', 'name'],
      ['ACCOUNT', 'domain'],
      ['CONTACT', 'lastName'],
      ['CONTACT', 'email'],
    ],
    ...[
      ['CONTACT', 'doNotCall'],
      ['CONTACT', 'emailOptOut'],
    ],
  ] as const) {
    const others = all().filter((one) => one.target !== target || one.field !== field);
    expect((await set(others)).userErrors).toMatchObject([
      { path: ['mappings'], message: expect.stringContaining(`${target.toLowerCase()}.${field}`) },
    ]);
    const { sources } = STANDARD_MAPPINGS.find((one) => one.target === target && one.field === field)!;
    const elsewhere = {
      domain: ['email', 'website'],
      doNotCall: ['emailOptOut'],
      emailOptOut: ['doNotCall'],
    }[field as 'domain'];
    const changed = elsewhere ?? (field === 'email' ? [] : ['title', ...sources]);
    expect((await set([...others, to(target, field, ...changed)])).userErrors).toMatchObject([
      { path: ['mappings', String(others.length), 'sources'] },
    ]);
  }
  const loose = all().map((one) => (one.field === 'doNotCall' ? { ...one, policy: 'OVERWRITE' } : one));
  expect((await set(loose)).userErrors).toMatchObject([{ path: ['mappings', expect.any(String), 'policy'] }]);
  const free = all().map((one) => (one.field === 'lastName' ? { ...one, policy: 'OVERWRITE' } : one));
  expect((await set(free)).userErrors).toEqual([]);
});

test('a custom field a mapping uses is neither removed nor changed so that the mapping would not work', async () => {
  await define('LEAD', [role, tier]);
  await define('ACCOUNT', [tier]);
  await set(all(to('ACCOUNT', 'custom.tier', 'custom.tier'), to('ACCOUNT', 'description', 'custom.role')));
  for (const [recordType, fields] of [
    ['LEAD', [tier]],
    ['LEAD', [{ ...role, type: 'NUMBER' }, tier]],
    ['LEAD', [role, { ...tier, options: ['Gold', 'Silver', 'Tin'] }]],
    ['ACCOUNT', []],
    ['ACCOUNT', [{ ...tier, options: ['Gold'] }]],
  ] as const) {
    const { userErrors } = await define(recordType, [...fields]);
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['fields'] }]);
  }
  expect((await define('ACCOUNT', [{ ...tier, options: ['Gold', 'Silver', 'Tin'] }])).userErrors).toEqual([]);
  await set(null);
  expect((await define('ACCOUNT', [])).userErrors).toEqual([]);
});

test('only an administrator changes mappings, and only those seen; others keep their own', async () => {
  for (const other of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE])
    expect(
      await failure(
        await callerOf(world, organization, other),
        'updateFieldMappings',
        { mappings: null },
        MAPPINGS,
      ),
    ).toBe('FORBIDDEN');
  expect((await set(null, { ifVersion: 9 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
  expect((await set(undefined)).userErrors).toMatchObject([{ path: ['mappings'] }]);
  const short = all().filter(({ field }) => field !== 'rating');
  const once = await set(short, { idempotencyKey: 'k' });
  expect(await set(short, { idempotencyKey: 'k' })).toEqual(once);
  const other = await callerOf(world, await world.organization());
  const { data } = await other.send(`{ viewer { ${MAPPINGS} } }`);
  expect(data!.viewer.organization.fieldMappings).toHaveLength(STANDARD_MAPPINGS.length);
});
