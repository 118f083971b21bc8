import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
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

const ACCOUNT = `account { id name domain externalId industry employees annualRevenue { amount currency } phone
  address { city country } rating type typeLabel tier isTarget owner { id } parent { id } version createdAt updatedAt }`;

function create(input: Data, caller = admin) {
  return mutate(caller, 'createAccount', input, ACCOUNT);
}

function update(input: Data, caller = admin) {
  return mutate(caller, 'updateAccount', input, ACCOUNT);
}

async function anAccount(fields: Data = {}): Promise<Data> {
  const { account, userErrors } = await create({ name: 'Acme', ...fields });
  expect(userErrors).toEqual([]);
  return account as Data;
}

function row(account: Data) {
  return storedRow(world, organization.tenant, 'account', account.id as string);
}

function audit(account: Data) {
  return auditOf(world, organization.tenant, account.id as string);
}

async function setInside(account: Data, fields: Partial<AccountEntity>): Promise<void> {
  const { id: organizationId, tenant } = organization;
  await world.database.write(tenant, async ({ em }) => {
    const id = parseId(account.id as string)!.uuid;
    em.assign(await em.findOneOrFail(AccountEntity, { organizationId, id }), fields);
  });
}

async function matchOf(lead: string) {
  const { data } = await admin.send(
    'query ($id: ID!) { lead(by: { id: $id }) { accountMatch { method account { id } } } }',
    {
      id: lead,
    },
  );
  return data!.lead.accountMatch as Data;
}

describe('creating', () => {
  test('an account gets what is given, and the keys it is found by', async () => {
    const parent = await anAccount();
    const account = await anAccount({
      name: ' Société Générale S.A. ',
      website: 'https://www.socgen.fr/en',
      externalId: 'a1',
      industry: 'Banking',
      employees: 10,
      annualRevenue: { amount: '5', currency: 'USD' },
      phone: '+33 1',
      address: { city: 'Paris', country: 'France' },
      rating: 'Hot',
      type: 'CUSTOMER',
      description: 'A bank',
      tier: 9,
      isTarget: true,
      parent: parent.id,
    });
    expect(account).toMatchObject({
      name: 'Société Générale S.A.',
      domain: 'socgen.fr',
      annualRevenue: { amount: '5.00', currency: 'USD' },
      type: 'CUSTOMER',
      tier: 9,
      isTarget: true,
      owner: { id: encodeId('User', organization.adminId) },
      parent: { id: parent.id },
      version: 1,
    });
    expect(await row(account)).toMatchObject({
      name_key: 'societe generale s.a.',
      match_key: 'societe generale',
      industry_key: 'banking',
      website: 'https://www.socgen.fr/en',
      description: 'A bank',
    });
    const entries = await audit(account);
    expect(entries).toMatchObject([
      {
        action: 'createAccount',
        recordType: 'Account',
        before: null,
        after: { name: 'Société Générale S.A.' },
      },
    ]);
  });

  test('a domain given beside the website counts', async () => {
    expect((await anAccount({ domain: 'WWW.Acme.co.uk', website: 'acme.com' })).domain).toBe('acme.co.uk');
    expect((await anAccount({ domain: null, website: 'acme.com' })).domain).toBeNull();
    expect((await anAccount({ isTarget: false })).isTarget).toBe(false);
  });

  test('open leads of the company are matched to it', async () => {
    const { lead } = await mutate(
      admin,
      'createLead',
      { lastName: 'Boxer', company: 'ACME Inc' },
      'lead { id }',
    );
    const account = await anAccount();
    expect(await matchOf(lead.id as string)).toEqual({ method: 'EXACT_NAME', account: { id: account.id } });
  });

  test.each<[string, Data, string[]]>([
    ['a blank name', { name: '\t' }, ['name']],
    ['a name too long', { name: 'x'.repeat(256) }, ['name']],
    ['a domain that is none', { domain: 'acme' }, ['domain']],
    ['a website that is none', { website: 'http://10.0.0.1/' }, ['website']],
    ['tier 0', { tier: 0 }, ['tier']],
    ['tier 10', { tier: 10 }, ['tier']],
    ['fewer than no employees', { employees: -1 }, ['employees']],
    [
      'an amount too large',
      { annualRevenue: { amount: '99999999999999999999' } },
      ['annualRevenue', 'amount'],
    ],
    ['a target that is neither', { isTarget: null }, ['isTarget']],
    ['a phone number too long', { phone: '1'.repeat(41) }, ['phone']],
    ['a parent that is no id', { parent: 'acc_1' }, ['parent']],
    ['an owner of another kind', { owner: encodeId('Queue', uuidv7()) }, ['owner']],
  ])('refuses %s, naming the field', async (_, fields, path) => {
    expect(await create({ name: 'Acme', ...fields })).toMatchObject({
      account: null,
      userErrors: [{ __typename: 'InputError', code: 'INVALID_INPUT', path }],
    });
  });

  test('a parent that is not there is NOT_FOUND: unknown, deleted, of another organisation', async () => {
    const deleted = await anAccount();
    await setInside(deleted, { deletedAt: new Date() });
    const elsewhere = await callerOf(world, await world.organization());
    const foreign = (await create({ name: 'Acme' }, elsewhere)).account;
    for (const parent of [encodeId('Account', uuidv7()), deleted.id, foreign.id])
      expect((await create({ name: 'Acme', parent })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['parent'] },
      ]);
  });

  test('two accounts never share an external id, even when both are made at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => create({ name: `Acme ${index}`, externalId: 'same' })),
    );
    expect(answers.filter(({ account }) => account !== null)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ account }) => account === null))
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['externalId'] }]);
  });

  test('with an idempotency key it happens once', async () => {
    const input = { name: 'Acme', idempotencyKey: 'k' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(input)));
    expect(new Set(answers.map(({ account }) => account.id)).size).toBe(1);
    expect(await audit(answers[0]!.account as Data)).toHaveLength(1);
  });
});

describe('changing', () => {
  test('a field given changes, null empties, one omitted stays', async () => {
    const account = await anAccount({ industry: 'Banking', tier: 1, website: 'acme.com', phone: '1' });
    const { account: changed } = await update({ account: account.id, industry: 'Energy', tier: null });
    expect(changed).toMatchObject({
      name: 'Acme',
      industry: 'Energy',
      tier: null,
      domain: 'acme.com',
      phone: '1',
      version: 2,
    });
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(account.updatedAt));
    expect(await row(account)).toMatchObject({ industry_key: 'energy', version: 2 });
    expect((await audit(account))[1]).toEqual({
      action: 'updateAccount',
      recordType: 'Account',
      actorKind: 'PERSON',
      before: { industry: 'Banking', tier: 1 },
      after: { industry: 'Energy', tier: null },
    });
  });

  test('a new website brings its domain; a website that goes leaves it', async () => {
    const account = await anAccount({ website: 'acme.com' });
    expect((await update({ account: account.id, website: 'www.acme.org/x' })).account.domain).toBe(
      'acme.org',
    );
    expect((await update({ account: account.id, website: null })).account.domain).toBe('acme.org');
    expect((await update({ account: account.id, domain: null })).account.domain).toBeNull();
  });

  test('what is there already is no change', async () => {
    const account = await anAccount({
      annualRevenue: { amount: '1.5' },
      website: 'acme.com',
      address: { city: 'Rome' },
    });
    const same = await update({
      account: account.id,
      name: 'Acme ',
      annualRevenue: { amount: '1.50', currency: 'EUR' },
      website: 'acme.com',
      address: { city: ' Rome', street: '' },
      parent: null,
      isTarget: false,
    });
    expect(same).toEqual({ account, userErrors: [] });
    expect(await audit(account)).toHaveLength(1);
  });

  test('name and target can not be emptied', async () => {
    const account = await anAccount();
    for (const field of ['name', 'isTarget'])
      expect((await update({ account: account.id, [field]: null })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: [field] },
      ]);
  });

  test("another type clears the source system's label of the former one", async () => {
    const account = await anAccount({ type: 'CUSTOMER' });
    await setInside(account, { typeLabel: 'Customer - Direct' });
    expect((await update({ account: account.id, type: 'CUSTOMER' })).account.typeLabel).toBe(
      'Customer - Direct',
    );
    expect((await update({ account: account.id, type: 'PARTNER' })).account).toMatchObject({
      type: 'PARTNER',
      typeLabel: null,
    });
  });

  test('leads are matched anew when name or domain changes, those of the former name too', async () => {
    const account = await anAccount({ name: 'Old Name', domain: 'old.com' });
    const lead = async (input: Data) =>
      (await mutate(admin, 'createLead', { lastName: 'Boxer', ...input }, 'lead { id }')).lead.id as string;
    const ofOldName = await lead({ company: 'Old Name' });
    const ofNewName = await lead({ company: 'New Name' });
    const ofNewDomain = await lead({ email: 'a@new.com' });
    expect((await matchOf(ofOldName)).method).toBe('EXACT_NAME');
    await update({ account: account.id, name: 'New Name', domain: 'new.com' });
    expect(await matchOf(ofOldName)).toEqual({ method: 'NONE', account: null });
    expect(await matchOf(ofNewName)).toEqual({ method: 'EXACT_NAME', account: { id: account.id } });
    expect(await matchOf(ofNewDomain)).toEqual({ method: 'DOMAIN', account: { id: account.id } });
  });

  test('of changes to one version at once, one is made', async () => {
    const account = await anAccount();
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((tier) => update({ account: account.id, ifVersion: 1, tier })),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    for (const { userErrors } of answers.filter((answer) => answer.userErrors.length > 0))
      expect(userErrors).toMatchObject([
        { __typename: 'StaleVersionError', code: 'STALE_VERSION', current: 2 },
      ]);
  });

  test('an account that is not there is NOT_FOUND; no id is INVALID_INPUT', async () => {
    const deleted = await anAccount();
    await setInside(deleted, { deletedAt: new Date() });
    const elsewhere = await callerOf(world, await world.organization());
    const foreign = (await create({ name: 'Acme' }, elsewhere)).account;
    for (const account of [encodeId('Account', uuidv7()), deleted.id, foreign.id])
      expect((await update({ account, tier: 1 })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['account'] },
      ]);
    expect((await update({ account: 'Acme', tier: 1 })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['account'] },
    ]);
  });

  test('an external id taken by another account is refused', async () => {
    await anAccount({ externalId: 'taken' });
    const account = await anAccount();
    expect((await update({ account: account.id, externalId: 'taken' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['externalId'] },
    ]);
  });
});

describe('parents', () => {
  test('a parent changes and goes', async () => {
    const [top, account] = [await anAccount(), await anAccount()];
    expect((await update({ account: account.id, parent: top.id })).account.parent).toEqual({ id: top.id });
    expect((await update({ account: account.id, parent: null })).account.parent).toBeNull();
  });

  test('neither the account itself nor one that belongs to it, however deep, becomes its parent', async () => {
    const top = await anAccount();
    const middle = await anAccount({ parent: top.id });
    const bottom = await anAccount({ parent: middle.id });
    for (const parent of [top.id, middle.id, bottom.id])
      expect((await update({ account: top.id, parent })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['parent'] },
      ]);
    expect((await update({ account: bottom.id, parent: top.id })).userErrors).toEqual([]);
  });

  test('two changes at once make no circle, even without touching the same accounts', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await anAccount(), await anAccount()];
      const [belowA, belowB] = [await anAccount({ parent: a.id }), await anAccount({ parent: b.id })];
      const answers = await Promise.all([
        update({ account: a.id, parent: belowB.id }),
        update({ account: b.id, parent: belowA.id }),
      ]);
      const refused = answers.filter(({ userErrors }) => userErrors.length > 0);
      expect(refused).toHaveLength(1);
      expect(refused[0]!.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['parent'] }]);
    }
  });
});

test.each([Role.ADMIN, Role.SDR, Role.AE, Role.SERVICE])('%s writes accounts', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { account } = await create({ name: 'Acme' }, caller);
  expect((await update({ account: account.id, tier: 1 }, caller)).account.version).toBe(2);
});

test.each([Role.MARKETER, Role.ANALYST])('%s does not', async (role) => {
  const caller = await callerOf(world, organization, role);
  const account = await anAccount();
  expect(await failure(caller, 'createAccount', { name: 'Acme' }, ACCOUNT)).toBe('FORBIDDEN');
  expect(await failure(caller, 'updateAccount', { account: account.id, tier: 1 }, ACCOUNT)).toBe('FORBIDDEN');
  expect(await row(account)).toMatchObject({ tier: null, version: 1 });
});
