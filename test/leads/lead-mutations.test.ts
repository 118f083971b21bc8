import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { LeadConversionEntity } from '../../src/conversion/conversion.entity.ts';
import type { Tenant } from '../../src/database/tenant.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { LeadStatusEntity, QueueEntity, UserEntity } from '../../src/identity/identity.entity.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { LeadEntity } from '../../src/leads/lead.entity.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let tenant: Tenant;
let adminId: string;
let admin: Caller;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  organization = await world.organization();
  ({ tenant, adminId } = organization);
  admin = await callerOf(world, organization);
});
afterAll(() => world.close());

const LEAD = `lead { id firstName lastName company email phone mobile title website industry employees
  annualRevenue { amount currency } address { street city state postalCode country } doNotCall emailOptOut
  status { name } source score owner { __typename ... on User { id } ... on Queue { id } } isConverted version
  createdAt updatedAt accountMatch { account { id } method } }`;

function create(input: Data, caller = admin) {
  return mutate(caller, 'createLead', input, LEAD);
}

function update(input: Data, caller = admin) {
  return mutate(caller, 'updateLead', input, LEAD);
}

async function aLead(fields: Data = {}): Promise<Data> {
  const { lead, userErrors } = await create({ lastName: 'Boxer', ...fields });
  expect(userErrors).toEqual([]);
  return lead as Data;
}

async function aQueue(): Promise<string> {
  const id = uuidv7();
  const at = new Date();
  await world.database.write(tenant, async ({ em }) => {
    const { organizationId } = tenant;
    em.create(QueueEntity, { organizationId, id, name: `Queue ${id}`, createdAt: at, updatedAt: at });
  });
  return encodeId('Queue', id);
}

async function aUser(isActive: boolean): Promise<string> {
  const id = uuidv7();
  const at = new Date();
  await world.database.write(tenant, async ({ em }) => {
    const { organizationId } = tenant;
    const user = { name: 'Una', role: Role.SDR, isActive } as const;
    em.create(UserEntity, { organizationId, id, ...user, createdAt: at, updatedAt: at });
  });
  return encodeId('User', id);
}

/** Marks a lead converted, as a conversion leaves it. */
async function converted(leadId: string): Promise<string> {
  const { organizationId } = tenant;
  const id = parseId(leadId)!.uuid;
  const conversionId = uuidv7();
  const at = new Date();
  await world.database.write(tenant, async ({ em }) => {
    const lead = await em.findOneOrFail(LeadEntity, { organizationId, id });
    const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, isConverted: true });
    em.assign(lead, { isConverted: true, convertedAt: at, statusId: status.id });
    em.create(LeadConversionEntity, { organizationId, id: conversionId, leadId: id, convertedAt: at });
  });
  return encodeId('LeadConversion', conversionId);
}

describe('creating', () => {
  test('a lead gets what is given, normalised keys, the first open status and its maker as owner', async () => {
    const lead = await aLead({
      firstName: '  Bertha ',
      lastName: ' Boxer',
      company: 'Farmers Coop. of Florida',
      email: 'bertha@fcof.net',
      phone: '(850) 644-4200',
      mobile: '850 1',
      title: 'Director',
      website: 'https://www.fcof.net/about',
      source: 'Web',
      score: -3,
      industry: 'Agriculture',
      employees: 0,
      annualRevenue: { amount: '900750000.50' },
      address: { street: '321 Westcott\nBuilding', city: 'Tallahassee', country: 'USA' },
      rating: 'Hot',
      description: 'Met at the fair',
      doNotCall: true,
      externalId: 'x1',
    });
    expect(lead).toMatchObject({
      firstName: 'Bertha',
      lastName: 'Boxer',
      company: 'Farmers Coop. of Florida',
      status: { name: 'Open - Not Contacted' },
      owner: { __typename: 'User', id: encodeId('User', adminId) },
      annualRevenue: { amount: '900750000.50', currency: 'EUR' },
      address: { street: '321 Westcott\nBuilding', city: 'Tallahassee', state: null, postalCode: null },
      doNotCall: true,
      emailOptOut: false,
      employees: 0,
      score: -3,
      isConverted: false,
      version: 1,
    });
    expect(await storedRow(world, tenant, 'lead', lead.id as string)).toMatchObject({
      name_key: 'bertha boxer',
      match_key: 'farmers coop of florida',
      email_key: 'bertha@fcof.net',
      domain: 'fcof.net',
      source_key: 'web',
      annual_revenue: '90075000050',
      rating: 'Hot',
      description: 'Met at the fair',
      external_id: 'x1',
      created_at: lead.createdAt as string,
    });
    const [entry, ...others] = await auditOf(world, tenant, lead.id as string);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: 'createLead',
      recordType: 'Lead',
      actorKind: 'PERSON',
      before: null,
      after: { lastName: 'Boxer', annualRevenue: '90075000050', ownerId: adminId },
    });
    expect(entry!.after).not.toHaveProperty('nameKey');
  });

  test('a program owns nothing: its leads belong to nobody unless it names an owner', async () => {
    const program = await callerOf(world, organization, Role.SERVICE);
    expect((await create({ lastName: 'A' }, program)).lead.owner).toBeNull();
    const owner = await aUser(true);
    expect((await create({ lastName: 'B', owner }, program)).lead.owner).toEqual({
      __typename: 'User',
      id: owner,
    });
    expect((await aLead({ owner: null })).owner).toBeNull();
  });

  test('a queue may own a lead, until a person takes it', async () => {
    const owner = await aQueue();
    const lead = await aLead({ owner });
    expect(lead.owner).toEqual({ __typename: 'Queue', id: owner });
    const person = encodeId('User', adminId);
    const taken = await update({ lead: lead.id, owner: person });
    expect(taken.lead.owner).toEqual({ __typename: 'User', id: person });
    expect(await storedRow(world, tenant, 'lead', lead.id as string)).toMatchObject({
      owner_id: adminId,
      queue_id: null,
    });
  });

  test('an open status can be named, whatever case', async () => {
    expect((await aLead({ status: 'working - CONTACTED' })).status.name).toBe('Working - Contacted');
  });

  test('the lead is matched to its account at once', async () => {
    const { account } = await mutate(
      admin,
      'createAccount',
      { name: 'Farmers', domain: 'fcof.net' },
      'account { id }',
    );
    expect((await aLead({ email: 'bertha@mail.fcof.net' })).accountMatch).toEqual({
      account: { id: account.id },
      method: 'DOMAIN',
    });
  });

  test.each<[string, Data, string[]]>([
    ['a blank last name', { lastName: ' \n ' }, ['lastName']],
    ['a last name too long', { lastName: 'x'.repeat(256) }, ['lastName']],
    ['a last name whose key is too long for an index', { lastName: 'ﷺ'.repeat(200) }, ['lastName']],
    ['a NUL', { company: 'a\u0000b' }, ['company']],
    ['half a surrogate pair', { company: 'a\ud800' }, ['company']],
    ['no e-mail address', { email: 'bertha' }, ['email']],
    ['an e-mail address without domain', { email: 'bertha@fcof' }, ['email']],
    ['an e-mail address too long', { email: `b@${'x'.repeat(250)}.com` }, ['email']],
    ['a phone number too long', { phone: '1'.repeat(41) }, ['phone']],
    ['a mobile number too long', { mobile: '1'.repeat(41) }, ['mobile']],
    ['a website that is none', { website: 'localhost' }, ['website']],
    ['a description too long', { description: 'x'.repeat(32_001) }, ['description']],
    ['fewer than no employees', { employees: -1 }, ['employees']],
    ['a revenue of another precision', { annualRevenue: { amount: '1.005' } }, ['annualRevenue', 'amount']],
    ['a negative revenue', { annualRevenue: { amount: '-1' } }, ['annualRevenue', 'amount']],
    ['no currency', { annualRevenue: { amount: '1', currency: 'EURO' } }, ['annualRevenue', 'currency']],
    ['a part of the address too long', { address: { city: 'x'.repeat(256) } }, ['address', 'city']],
    ['an opt-out that is neither', { doNotCall: null }, ['doNotCall']],
    ['an owner that is no id', { owner: 'me' }, ['owner']],
    ['an owner of another kind', { owner: encodeId('Account', uuidv7()) }, ['owner']],
    ['an idempotency key too long', { idempotencyKey: 'x'.repeat(256) }, ['idempotencyKey']],
  ])('refuses %s, naming the field', async (_, fields, path) => {
    const { lead, userErrors } = await create({ lastName: 'Boxer', ...fields });
    expect(lead).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'InputError', code: 'INVALID_INPUT', path }]);
  });

  test('all fields that will not do are refused together', async () => {
    const { userErrors } = await create({ lastName: '', email: 'x', employees: -1 });
    expect(userErrors.map(({ path }: Data) => path[0]).sort()).toEqual(['email', 'employees', 'lastName']);
  });

  test('a status that is none, or is for converted leads, is refused with those possible', async () => {
    const allowed = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted'];
    for (const status of ['Nurturing', 'Closed - Converted'])
      expect((await create({ lastName: 'Boxer', status })).userErrors).toMatchObject([
        { __typename: 'AllowedValuesError', code: 'INVALID_INPUT', path: ['status'], allowed },
      ]);
  });

  test('an owner who is unknown, of another organisation or inactive is refused', async () => {
    const stranger = encodeId('User', (await world.organization()).adminId);
    for (const owner of [encodeId('User', uuidv7()), stranger, encodeId('Queue', uuidv7())])
      expect((await create({ lastName: 'Boxer', owner })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['owner'] },
      ]);
    expect((await create({ lastName: 'Boxer', owner: await aUser(false) })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['owner'] },
    ]);
  });

  test('two leads never share an external id, even when both are made at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => create({ lastName: 'Boxer', externalId: 'same' })),
    );
    expect(answers.filter(({ lead }) => lead !== null)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ lead }) => lead === null))
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['externalId'] }]);
    const other = await callerOf(world, await world.organization());
    expect((await create({ lastName: 'Boxer', externalId: 'same' }, other)).userErrors).toEqual([]);
  });

  test('with an idempotency key it happens once; another input under that key is refused', async () => {
    const input = { lastName: 'Boxer', idempotencyKey: 'k' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(input)));
    expect(new Set(answers.map(({ lead }) => lead.id)).size).toBe(1);
    expect(await auditOf(world, tenant, answers[0]!.lead.id as string)).toHaveLength(1);
    expect((await create({ ...input, lastName: 'Other' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] },
    ]);
  });
});

describe('changing', () => {
  test('a field given changes, null empties, one omitted stays', async () => {
    const lead = await aLead({ firstName: 'Bertha', company: 'Farmers', title: 'Director', source: 'Web' });
    const { lead: changed } = await update({ lead: lead.id, title: null, source: '  ', company: 'Coop' });
    expect(changed).toMatchObject({
      firstName: 'Bertha',
      title: null,
      source: null,
      company: 'Coop',
      version: 2,
    });
    expect(Date.parse(changed.updatedAt)).toBeGreaterThan(Date.parse(lead.updatedAt));
    expect(changed.createdAt).toBe(lead.createdAt);
    expect(await storedRow(world, tenant, 'lead', lead.id as string)).toMatchObject({
      company_key: 'coop',
      match_key: 'coop',
      source_key: null,
      version: 2,
    });
    expect((await auditOf(world, tenant, lead.id as string))[1]).toMatchObject({
      action: 'updateLead',
      before: { title: 'Director', source: 'Web', company: 'Farmers' },
      after: { title: null, source: null, company: 'Coop' },
    });
    expect(Object.keys((await auditOf(world, tenant, lead.id as string))[1]!.after)).toHaveLength(3);
  });

  test('an address is replaced as a whole, or emptied', async () => {
    const lead = await aLead({ address: { street: 'Main St', city: 'Rome' } });
    const moved = await update({ lead: lead.id, address: { city: 'Paris' } });
    expect(moved.lead.address).toMatchObject({ street: null, city: 'Paris' });
    expect((await update({ lead: lead.id, address: null })).lead.address).toBeNull();
  });

  test('revenue and its currency go together', async () => {
    const lead = await aLead({ annualRevenue: { amount: '10', currency: 'JPY' } });
    expect(lead.annualRevenue).toEqual({ amount: '10', currency: 'JPY' });
    expect((await update({ lead: lead.id, annualRevenue: null })).lead.annualRevenue).toBeNull();
  });

  test('what is there already is no change: no version, no audit', async () => {
    const lead = await aLead({ company: 'Farmers', annualRevenue: { amount: '10.5' }, score: 7 });
    const same = { company: ' Farmers', annualRevenue: { amount: '10.50' }, score: 7, phone: null };
    const { lead: kept, userErrors } = await update({
      lead: lead.id,
      lastName: 'Boxer',
      status: 'Open - Not Contacted',
      owner: encodeId('User', adminId),
      ...same,
    });
    expect(userErrors).toEqual([]);
    expect(kept).toEqual(lead);
    expect(await auditOf(world, tenant, lead.id as string)).toHaveLength(1);
  });

  test('a required field can not be emptied', async () => {
    const lead = await aLead();
    for (const field of ['lastName', 'status', 'emailOptOut'])
      expect((await update({ lead: lead.id, [field]: null })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: [field] },
      ]);
    expect((await update({ lead: lead.id, lastName: ' ' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['lastName'] },
    ]);
  });

  test('a version other than the present one is stale', async () => {
    const lead = await aLead();
    expect((await update({ lead: lead.id, ifVersion: 1, score: 1 })).lead.version).toBe(2);
    for (const ifVersion of [1, 3])
      expect((await update({ lead: lead.id, ifVersion, score: 2 })).userErrors).toMatchObject([
        { __typename: 'StaleVersionError', code: 'STALE_VERSION', path: ['ifVersion'], current: 2 },
      ]);
  });

  test('of changes to one version at once, one is made', async () => {
    const lead = await aLead();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => update({ lead: lead.id, ifVersion: 1, score: index })),
    );
    expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(1);
    for (const { userErrors } of answers.filter((answer) => answer.userErrors.length > 0))
      expect(userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 2 }]);
  });

  test('changes of different fields at once are all kept', async () => {
    const lead = await aLead();
    const fields = { score: 1, title: 'CEO', company: 'Coop', phone: '1', source: 'Web' };
    await Promise.all(
      Object.entries(fields).map(([field, value]) => update({ lead: lead.id, [field]: value })),
    );
    const { lead: now } = await update({ lead: lead.id });
    expect(now).toMatchObject({ ...fields, version: 6 });
    expect(await auditOf(world, tenant, lead.id as string)).toHaveLength(6);
  });

  test('a repeated key changes nothing again, though the lead has changed since', async () => {
    const lead = await aLead();
    const input = { lead: lead.id, score: 1, ifVersion: 1, idempotencyKey: 'k' };
    await update(input);
    await update({ lead: lead.id, score: 2 });
    const { lead: again, userErrors } = await update(input);
    expect(userErrors).toEqual([]);
    expect(again).toMatchObject({ score: 2, version: 3 });
  });

  test('a lead that is not there is NOT_FOUND: unknown, deleted, of another organisation; no id is INVALID_INPUT', async () => {
    const deleted = await aLead();
    const { organizationId } = tenant;
    await world.database.write(tenant, async ({ em }) => {
      const id = parseId(deleted.id as string)!.uuid;
      (await em.findOneOrFail(LeadEntity, { organizationId, id })).deletedAt = new Date();
    });
    const other = await callerOf(world, await world.organization());
    const foreign = (await create({ lastName: 'Boxer' }, other)).lead;
    for (const lead of [encodeId('Lead', uuidv7()), deleted.id, foreign.id])
      expect((await update({ lead, score: 1 })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['lead'] },
      ]);
    expect((await update({ lead: foreign.id, score: 1 }, other)).lead.version).toBe(2);
    for (const lead of ['', 'led_x', encodeId('Account', uuidv7())])
      expect((await update({ lead, score: 1 })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['lead'] },
      ]);
  });

  test('a converted lead is read-only, and says by which conversion', async () => {
    const lead = await aLead();
    const conversion = await converted(lead.id as string);
    expect(await update({ lead: lead.id, score: 1 })).toEqual({
      lead: null,
      userErrors: [
        {
          __typename: 'LeadConvertedError',
          code: 'LEAD_CONVERTED',
          message: 'The lead is converted, and so read-only',
          path: ['lead'],
          conversion: { id: conversion },
        },
      ],
    });
  });

  test('a lead only labelled converted can be changed, and keep its label', async () => {
    const lead = await aLead();
    const { organizationId } = tenant;
    await world.database.write(tenant, async ({ em }) => {
      const id = parseId(lead.id as string)!.uuid;
      const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, isConverted: true });
      (await em.findOneOrFail(LeadEntity, { organizationId, id })).statusId = status.id;
    });
    const changed = await update({ lead: lead.id, status: 'Closed - Converted', score: 5 });
    expect(changed).toMatchObject({ userErrors: [], lead: { score: 5, isConverted: false } });
    const reopened = await update({ lead: lead.id, status: 'Working - Contacted' });
    expect(reopened.lead.status.name).toBe('Working - Contacted');
    expect((await update({ lead: lead.id, status: 'Closed - Converted' })).userErrors).toMatchObject([
      { __typename: 'AllowedValuesError', path: ['status'] },
    ]);
  });

  test('its account is looked for anew', async () => {
    const { account } = await mutate(admin, 'createAccount', { name: 'Coop Inc.' }, 'account { id }');
    const lead = await aLead({ company: 'Farmers' });
    expect(lead.accountMatch.method).toBe('NONE');
    const { lead: changed } = await update({ lead: lead.id, company: 'COOP' });
    expect(changed.accountMatch).toEqual({ account: { id: account.id }, method: 'EXACT_NAME' });
    expect(changed.version).toBe(2);
  });

  test('an external id taken by another lead is refused; the own one is none of another', async () => {
    await aLead({ externalId: 'taken' });
    const lead = await aLead({ externalId: 'own' });
    expect((await update({ lead: lead.id, externalId: 'taken' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['externalId'] },
    ]);
    expect((await update({ lead: lead.id, externalId: 'own', score: 1 })).userErrors).toEqual([]);
  });

  test('whoever writes leads may note an opt-out; only an administrator takes it back', async () => {
    const sdr = await callerOf(world, organization, Role.SDR);
    const lead = await aLead();
    const noted = await update({ lead: lead.id, doNotCall: true, emailOptOut: true }, sdr);
    expect(noted.lead).toMatchObject({ doNotCall: true, emailOptOut: true });
    const refused = await update({ lead: lead.id, doNotCall: false, emailOptOut: false, score: 1 }, sdr);
    expect(refused.userErrors).toMatchObject([
      { code: 'FORBIDDEN_FIELD', path: ['doNotCall'] },
      { code: 'FORBIDDEN_FIELD', path: ['emailOptOut'] },
    ]);
    expect((await update({ lead: lead.id, doNotCall: true, score: 1 }, sdr)).userErrors).toEqual([]);
    expect((await update({ lead: lead.id, doNotCall: false })).lead).toMatchObject({
      doNotCall: false,
      emailOptOut: true,
      score: 1,
    });
  });
});

test.each([Role.ADMIN, Role.SDR, Role.AE, Role.MARKETER, Role.SERVICE])('%s writes leads', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { lead } = await create({ lastName: 'Boxer' }, caller);
  expect((await update({ lead: lead.id, score: 1 }, caller)).lead.version).toBe(2);
  const [entry] = await auditOf(world, tenant, lead.id as string);
  expect(entry!.actorKind).toBe(role === Role.SERVICE ? 'SERVICE' : 'PERSON');
});

test('an analyst only reads leads', async () => {
  const analyst = await callerOf(world, organization, Role.ANALYST);
  const lead = await aLead();
  expect(await failure(analyst, 'createLead', { lastName: 'Boxer' }, LEAD)).toBe('FORBIDDEN');
  expect(await failure(analyst, 'updateLead', { lead: lead.id, score: 1 }, LEAD)).toBe('FORBIDDEN');
});
