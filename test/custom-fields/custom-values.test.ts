import 'reflect-metadata';
import { checkOrganization } from '../../src/database/check.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let admin: Caller;
const FIELDS = [
  { key: 'note', label: 'Note', type: 'TEXT' },
  { key: 'budget', label: 'Budget', type: 'NUMBER' },
  { key: 'isPublic', label: 'Public?', type: 'BOOLEAN' },
  { key: 'renewal_key', label: 'Renewal', type: 'DATE' },
  { key: 'tier', label: 'Tier', type: 'PICKLIST', options: ['Gold', 'Silver'] },
];
beforeAll(async () => {
  world = await openWorld();
  organization = await world.organization();
  admin = await callerOf(world, organization);
  for (const recordType of ['LEAD', 'ACCOUNT', 'CONTACT', 'OPPORTUNITY'])
    await mutate(admin, 'updateCustomFields', { recordType, fields: FIELDS }, 'organization { id }');
});
afterAll(() => world.close());

const TYPES = {
  lead: ['Lead', { lastName: 'Boxer' }],
  account: ['Account', { name: 'Acme' }],
  contact: ['Contact', { lastName: 'Boxer' }],
  opportunity: ['Opportunity', { name: 'Deal', closeDate: '2026-12-01' }],
} as const;
type Type = keyof typeof TYPES;

async function create(type: Type, customFields: unknown): Promise<Data> {
  const [name, input] = TYPES[type];
  return mutate(admin, `create${name}`, { ...input, customFields }, `${type} { id version customFields }`);
}
const update = (type: Type, id: string, customFields: unknown): Promise<Data> =>
  mutate(
    admin,
    `update${TYPES[type][0]}`,
    { [type]: id, customFields },
    `${type} { id version customFields }`,
  );

test.each(Object.keys(TYPES) as Type[])('a record of %s keeps values of every type, by key', async (type) => {
  const given = {
    note: '  two words ',
    budget: '0012.50',
    isPublic: false,
    renewal_key: '2026-02-24',
    tier: 'gold',
  };
  const stored = {
    note: 'two words',
    budget: '12.5',
    isPublic: false,
    renewal_key: '2026-02-24',
    tier: 'Gold',
  };
  const { [type]: made, userErrors } = await create(type, given);
  expect(userErrors).toEqual([]);
  expect(made.customFields).toEqual(stored);
  // an omitted key stays, null and a blank text empty one, the same again is no change
  const { [type]: changed } = await update(type, made.id, {
    budget: -7,
    isPublic: null,
    note: ' ',
    tier: 'Gold',
  });
  expect(changed.customFields).toEqual({ budget: '-7', renewal_key: '2026-02-24', tier: 'Gold' });
  const { [type]: same } = await update(type, made.id, { budget: '-7.0' });
  expect(same.version).toBe(changed.version);
  expect((await update(type, made.id, null))[type].version).toBe(changed.version);
  const [creation, change, ...others] = await auditOf(world, organization.tenant, made.id);
  expect(creation!.after).toMatchObject({ 'custom.budget': '12.5', 'custom.tier': 'Gold' });
  expect(change).toMatchObject({
    before: { 'custom.note': 'two words', 'custom.budget': '12.5', 'custom.isPublic': false },
    after: { 'custom.note': null, 'custom.budget': '-7', 'custom.isPublic': null },
  });
  expect(Object.keys(change!.after)).toHaveLength(3);
  expect(others).toEqual([]);
  expect(await checkOrganization(world.database, organization.id)).toEqual([]);
});

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

test.each([
  ['note', 1],
  ['note', { a: 1 }],
  ['note', 'x'.repeat(256)],
  ['note', 'a\0b'],
  ['note', '\uD800'],
  ['budget', 1.5],
  ['budget', JSON.parse('1e400')],
  ['budget', '1e5'],
  ['budget', '1'.repeat(31)],
  ['budget', `1.${'1'.repeat(21)}`],
  ['budget', ''],
  ['budget', 2 ** 53],
  ['budget', ['1']],
  ['isPublic', 'true'],
  ['isPublic', 0],
  ['renewal_key', '2026-02-30'],
  ['renewal_key', '1700-01-01'],
  ['renewal_key', 20260224],
  ['tier', 'Bronze'],
  ['tier', true],
  ['nothing', 1],
  ['__proto__', { polluted: true }],
  ['constructor', 'x'],
  ['toString', null],
  ['hasOwnProperty', 'x'],
  ['a\0', 'x'],
  ['custom.note', 'x'],
])('%s: %j is refused at its key', async (key, value) => {
  const customFields = Object.defineProperty({}, key, { value, enumerable: true });
  const { lead, userErrors } = await create('lead', customFields);
  expect(lead).toBeNull();
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['customFields', key] }]);
  expect(({} as Data)['polluted']).toBeUndefined();
});

test('what is no object of values is refused as a whole, and what is nested too deeply before anything looks at it', async () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'x']));
  for (const customFields of ['text', 7, true, [], [1], many]) {
    const { userErrors } = await create('lead', customFields);
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['customFields'] }]);
  }
  const { errors } = await admin.send(
    'mutation ($input: CreateLeadInput!) { createLead(input: $input) { lead { id } } }',
    { input: { lastName: 'A', customFields: { note: deep(5000) } } },
  );
  expect(errors[0]!.message).toContain('nested more than');
});

test('an unknown key is answered with those there are, a wrong option with the options, all at once', async () => {
  const { userErrors } = await create('contact', { rank: 1, tier: 'x' });
  expect(userErrors).toMatchObject([
    { path: ['customFields', 'rank'], allowed: FIELDS.map(({ key }) => key) },
    { path: ['customFields', 'tier'], allowed: ['Gold', 'Silver'] },
  ]);
});

test('a batch takes values of each lead, and refuses each by itself', async () => {
  const items = [{ note: 'one' }, { budget: 'much' }, undefined, { rank: 1 }].map((customFields) => ({
    input: { lastName: 'Batch', customFields },
  }));
  const { results } = await mutate(
    admin,
    'createLeads',
    { items, mode: 'PER_RECORD' },
    'results { payload { lead { customFields } userErrors { path } } }',
  );
  expect(results.map(({ payload }: Data) => payload)).toEqual([
    { lead: { customFields: { note: 'one' } }, userErrors: [] },
    { lead: null, userErrors: [{ path: ['items', '1', 'input', 'customFields', 'budget'] }] },
    { lead: { customFields: {} }, userErrors: [] },
    { lead: null, userErrors: [{ path: ['items', '3', 'input', 'customFields', 'rank'] }] },
  ]);
});
