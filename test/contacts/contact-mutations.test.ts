import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { ContactEntity } from '../../src/contacts/contact.entity.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
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

const CONTACT = `contact { id account { id } firstName lastName email phone mobile title source
  address { street city } doNotCall emailOptOut buyingRole owner { id } version createdAt updatedAt }`;

function create(input: Data, caller = admin) {
  return mutate(caller, 'createContact', input, CONTACT);
}

function update(input: Data, caller = admin) {
  return mutate(caller, 'updateContact', input, CONTACT);
}

async function aContact(fields: Data = {}): Promise<Data> {
  const { contact, userErrors } = await create({ lastName: 'Gonzalez', ...fields });
  expect(userErrors).toEqual([]);
  return contact as Data;
}

async function anAccount(caller = admin): Promise<string> {
  return (await mutate(caller, 'createAccount', { name: 'Acme' }, 'account { id }')).account.id as string;
}

async function remove(entity: typeof AccountEntity | typeof ContactEntity, publicId: string): Promise<void> {
  const { id: organizationId, tenant } = organization;
  const { uuid: id } = parseId(publicId)!;
  await world.database.write(tenant, async ({ em }) => {
    const row =
      entity === AccountEntity
        ? await em.findOneOrFail(AccountEntity, { organizationId, id })
        : await em.findOneOrFail(ContactEntity, { organizationId, id });
    row.deletedAt = new Date();
  });
}

test('a contact gets what is given, at its account', async () => {
  const account = await anAccount();
  const contact = await aContact({
    account,
    firstName: 'Rose',
    email: ' Rose@Edge.com ',
    phone: '1',
    mobile: '2',
    title: 'SVP, Procurement',
    source: 'Web',
    description: 'Knows everybody',
    address: { city: 'Austin' },
    emailOptOut: true,
    buyingRole: 'CHAMPION',
    externalId: 'c1',
  });
  expect(contact).toMatchObject({
    account: { id: account },
    firstName: 'Rose',
    email: 'Rose@Edge.com',
    address: { street: null, city: 'Austin' },
    doNotCall: false,
    emailOptOut: true,
    buyingRole: 'CHAMPION',
    owner: { id: encodeId('User', organization.adminId) },
    version: 1,
  });
  expect(await storedRow(world, organization.tenant, 'contact', contact.id as string)).toMatchObject({
    name_key: 'rose gonzalez',
    email_key: 'rose@edge.com',
    title_key: 'svp, procurement',
    description: 'Knows everybody',
    external_id: 'c1',
  });
  expect(await auditOf(world, organization.tenant, contact.id as string)).toMatchObject([
    { action: 'createContact', recordType: 'Contact', before: null, after: { email: 'Rose@Edge.com' } },
  ]);
});

test.each<[string, Data, string[]]>([
  ['a blank last name', { lastName: ' ' }, ['lastName']],
  ['a first name too long', { firstName: 'x'.repeat(256) }, ['firstName']],
  ['no e-mail address', { email: 'rose at edge.com' }, ['email']],
  ['a phone number too long', { phone: '1'.repeat(41) }, ['phone']],
  ['a description too long', { description: 'x'.repeat(32_001) }, ['description']],
  ['an opt-out that is neither', { emailOptOut: null }, ['emailOptOut']],
  ['an account that is no id', { account: '1' }, ['account']],
])('refuses %s, naming the field', async (_, fields, path) => {
  const expected = { contact: null, userErrors: [{ code: 'INVALID_INPUT', path }] };
  expect(await create({ lastName: 'Gonzalez', ...fields })).toMatchObject(expected);
  const { id } = await aContact();
  expect(await update({ contact: id, ...fields })).toMatchObject(expected);
});

test('an account that is not there is NOT_FOUND: unknown, deleted, of another organisation', async () => {
  const deleted = await anAccount();
  await remove(AccountEntity, deleted);
  const foreign = await anAccount(await callerOf(world, await world.organization()));
  const { id } = await aContact();
  for (const account of [encodeId('Account', uuidv7()), deleted, foreign]) {
    const expected = [{ code: 'NOT_FOUND', path: ['account'] }];
    expect((await create({ lastName: 'Gonzalez', account })).userErrors).toMatchObject(expected);
    expect((await update({ contact: id, account })).userErrors).toMatchObject(expected);
  }
});

test('a field given changes, null empties, one omitted stays; what is there already is no change', async () => {
  const contact = await aContact({
    firstName: 'Rose',
    title: 'SVP',
    buyingRole: 'USER',
    account: await anAccount(),
  });
  const elsewhere = await anAccount();
  const input = { contact: contact.id, account: elsewhere, title: 'CEO', buyingRole: null };
  const { contact: changed } = await update(input);
  expect(changed).toMatchObject({
    account: { id: elsewhere },
    firstName: 'Rose',
    title: 'CEO',
    buyingRole: null,
    version: 2,
  });
  expect(await update(input)).toEqual({ contact: changed, userErrors: [] });
  const entries = await auditOf(world, organization.tenant, contact.id as string);
  expect(entries).toHaveLength(2);
  expect(entries[1]).toMatchObject({ before: { title: 'SVP', buyingRole: 'USER' }, after: { title: 'CEO' } });
  expect(Object.keys(entries[1]!.after).sort()).toEqual(['accountId', 'buyingRole', 'title']);
  expect((await update({ contact: contact.id, account: null })).contact.account).toBeNull();
  expect(await storedRow(world, organization.tenant, 'contact', contact.id as string)).toMatchObject({
    title_key: 'ceo',
    version: 3,
  });
});

test('of changes to one version at once, one is made', async () => {
  const contact = await aContact();
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((title) => update({ contact: contact.id, ifVersion: 1, title })),
  );
  expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  for (const { userErrors } of answers.filter((answer) => answer.userErrors.length > 0))
    expect(userErrors).toMatchObject([{ code: 'STALE_VERSION', path: ['ifVersion'], current: 2 }]);
});

test('a contact that is not there is NOT_FOUND; no id is INVALID_INPUT', async () => {
  const deleted = await aContact();
  await remove(ContactEntity, deleted.id as string);
  const foreign = (await create({ lastName: 'A' }, await callerOf(world, await world.organization())))
    .contact;
  for (const contact of [encodeId('Contact', uuidv7()), deleted.id, foreign.id])
    expect((await update({ contact, title: 'CEO' })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['contact'] },
    ]);
  expect((await update({ contact: encodeId('Lead', uuidv7()) })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['contact'] },
  ]);
});

test('two contacts never share an external id, even when both are made at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => create({ lastName: 'Gonzalez', externalId: 'same' })),
  );
  expect(answers.filter(({ contact }) => contact !== null)).toHaveLength(1);
  const { id } = await aContact();
  expect((await update({ contact: id, externalId: 'same' })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['externalId'] },
  ]);
});

test('with an idempotency key it happens once', async () => {
  const input = { lastName: 'Gonzalez', idempotencyKey: 'k' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => create(input)));
  expect(new Set(answers.map(({ contact }) => contact.id)).size).toBe(1);
});

test("an opt-out is anybody's to note, but only an administrator takes it back", async () => {
  const ae = await callerOf(world, organization, Role.AE);
  const contact = await aContact();
  expect((await update({ contact: contact.id, emailOptOut: true }, ae)).contact.emailOptOut).toBe(true);
  expect((await update({ contact: contact.id, emailOptOut: false }, ae)).userErrors).toMatchObject([
    { code: 'FORBIDDEN_FIELD', path: ['emailOptOut'] },
  ]);
  expect((await update({ contact: contact.id, emailOptOut: false })).contact.emailOptOut).toBe(false);
});

test.each([Role.ADMIN, Role.SDR, Role.AE, Role.SERVICE])('%s writes contacts', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { contact } = await create({ lastName: 'Gonzalez' }, caller);
  expect((await update({ contact: contact.id, title: 'CEO' }, caller)).contact.version).toBe(2);
});

test.each([Role.MARKETER, Role.ANALYST])('%s does not', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { id } = await aContact();
  expect(await failure(caller, 'createContact', { lastName: 'A' }, CONTACT)).toBe('FORBIDDEN');
  expect(await failure(caller, 'updateContact', { contact: id, title: 'CEO' }, CONTACT)).toBe('FORBIDDEN');
});
