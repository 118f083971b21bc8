import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { accountKeys } from '../../src/accounts/account.keys.ts';
import { registrableDomain } from '../../src/accounts/company.ts';
import type { Tenant } from '../../src/database/tenant.ts';
import { LeadStatusEntity } from '../../src/identity/identity.entity.ts';
import { LeadEntity } from '../../src/leads/lead.entity.ts';
import { leadKeys } from '../../src/leads/lead.keys.ts';
import { matchLeads, rematchLeadsOfAccount } from '../../src/leads/lead-matching.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let tenant: Tenant;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  ({ tenant } = await world.organization());
});
afterAll(() => world.close());

const at = new Date('2026-02-01T09:00:00Z');

async function account(name: string, fields: Partial<AccountEntity> = {}): Promise<string> {
  const id = uuidv7();
  await world.database.write(tenant, async ({ em }) => {
    em.create(AccountEntity, {
      organizationId: tenant.organizationId,
      id,
      name,
      ...fields,
      domain: registrableDomain(fields.website),
      ...accountKeys({ name }),
      createdAt: at,
      updatedAt: at,
    });
  });
  return id;
}

async function lead(fields: Partial<LeadEntity>): Promise<string> {
  const id = uuidv7();
  await world.database.write(tenant, async ({ em }) => {
    const { organizationId } = tenant;
    const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, position: 1 });
    const person = { lastName: 'Gonzalez', ...fields };
    em.create(LeadEntity, {
      organizationId,
      id,
      ...person,
      ...leadKeys(person),
      statusId: status.id,
      createdAt: at,
      updatedAt: at,
    });
  });
  return id;
}

async function stored(id: string) {
  return world.database.read(tenant, (snapshot) =>
    snapshot.one<{ account: string | null; method: string; score: number }>(sql`
      select matched_account_id as account, match_method as method, round(match_score::numeric, 2)::float8 as score
      from lead where organization_id = ${tenant.organizationId} and id = ${id}`),
  );
}

async function matched(id: string) {
  await world.database.write(tenant, (tx) => matchLeads(tx, [id]));
  return stored(id);
}

test('a lead matches by its website, else by the domain of its e-mail', async () => {
  const acme = await account('Another name', { website: 'https://www.acme.co.uk' });
  expect(await matched(await lead({ website: 'shop.acme.co.uk/x', email: 'a@other.com' }))).toEqual({
    account: acme,
    method: 'DOMAIN',
    score: 1,
  });
  expect(await matched(await lead({ email: 'rose@mail.acme.co.uk' }))).toMatchObject({ account: acme });
});

test('a free-mail address says nothing of a company', async () => {
  await account('Gmail', { website: 'gmail.com' });
  expect(await matched(await lead({ email: 'rose@gmail.com', company: 'Rose Ltd' }))).toEqual({
    account: null,
    method: 'NONE',
    score: 0,
  });
});

test('the domain outranks the name, the name a similar one', async () => {
  const byDomain = await account('Something else', { website: 'acme.com' });
  const byName = await account('ACME GmbH & Co. KG');
  expect(await matched(await lead({ company: 'Acme', email: 'a@acme.com' }))).toMatchObject({
    account: byDomain,
  });
  expect(await matched(await lead({ company: 'Ácme Inc.' }))).toEqual({
    account: byName,
    method: 'EXACT_NAME',
    score: 1,
  });
});

test('a similar name needs a supporting field', async () => {
  const id = await account('United Oil and Gas Singapore', { country: 'Singapore', phone: '(650) 450-8810' });
  const company = 'United Oil & Gas Singapur';
  expect(await matched(await lead({ company }))).toMatchObject({ method: 'NONE' });
  expect(await matched(await lead({ company, country: 'Malaysia' }))).toMatchObject({ method: 'NONE' });
  const found = await matched(await lead({ company, country: 'singapore' }));
  expect(found).toMatchObject({ account: id, method: 'SIMILAR_NAME' });
  expect(found!.score).toBeGreaterThanOrEqual(0.6);
  expect(found!.score).toBeLessThan(1);
  expect(await matched(await lead({ company, phone: '650 4508810' }))).toMatchObject({ account: id });
});

test('two accounts found in the first way that finds any are a tie, and none is picked', async () => {
  await account('Burlington Textiles', { website: 'burlington.com' });
  await account('Burlington Mills', { website: 'burlington.com' });
  await account('Unique Name');
  expect(await matched(await lead({ company: 'Unique Name', email: 'a@burlington.com' }))).toEqual({
    account: null,
    method: 'AMBIGUOUS',
    score: 1,
  });
  await account('Grand Hotels Resorts Europe', { city: 'Chicago' });
  await account('Grand Hotels Resorts Eastern', { city: 'Chicago' });
  const tie = await matched(await lead({ company: 'Grand Hotels Resorts East', city: 'Chicago' }));
  expect(tie).toMatchObject({ account: null, method: 'AMBIGUOUS' });
});

test('deleted accounts and those of another organisation are never found', async () => {
  await account('Acme', { deletedAt: at, website: 'acme.com' });
  const mine = tenant;
  ({ tenant } = await world.organization());
  await account('Acme', { website: 'acme.com', city: 'Rome' });
  tenant = mine;
  expect(await matched(await lead({ company: 'Acme', email: 'a@acme.com', city: 'Rome' }))).toMatchObject({
    method: 'NONE',
  });
});

test('matching is no edit: version and updatedAt stay', async () => {
  await account('Acme');
  const id = await lead({ company: 'Acme' });
  await matched(id);
  const row = await world.database.read(tenant, (snapshot) =>
    snapshot.one(
      sql`select version, updated_at from lead where organization_id = ${tenant.organizationId} and id = ${id}`,
    ),
  );
  expect(row).toEqual({ version: 1, updated_at: at.toISOString() });
});

test('converted leads and those a person matched stay as they are, unless that account is gone', async () => {
  const chosen = await account('Chosen by hand');
  const acme = await account('Acme');
  const manual = { company: 'Acme', matchedAccountId: chosen, matchMethod: 'MANUAL', matchScore: 1 } as const;
  const id = await lead(manual as Partial<LeadEntity>);
  expect(await matched(id)).toMatchObject({ account: chosen, method: 'MANUAL' });
  const converted = await lead({ company: 'Acme', isConverted: true, convertedAt: at });
  expect(await matched(converted)).toMatchObject({ method: 'NONE' });
  await world.database.write(tenant, async ({ em }) => {
    const gone = await em.findOneOrFail(AccountEntity, { organizationId: tenant.organizationId, id: chosen });
    gone.deletedAt = at;
  });
  expect(await matched(id)).toMatchObject({ account: acme, method: 'EXACT_NAME' });
});

test('a new account finds the open leads of its domain and name, a renamed or deleted one lets them go', async () => {
  const byDomain = await lead({ company: 'Whoever', email: 'a@acme.com' });
  const byName = await lead({ company: 'ACME Inc' });
  const other = await lead({ company: 'Other' });
  const id = await account('Acme', { website: 'acme.com' });
  const rematch = (before = {}) =>
    world.database.write(tenant, (tx) => rematchLeadsOfAccount(tx, id, before));
  await rematch();
  expect(await stored(byDomain)).toMatchObject({ account: id, method: 'DOMAIN' });
  expect(await stored(byName)).toMatchObject({ account: id, method: 'EXACT_NAME' });
  expect(await stored(other)).toMatchObject({ method: 'NONE' });

  const twin = await account('Acme');
  await world.database.write(tenant, (tx) => rematchLeadsOfAccount(tx, twin));
  expect(await stored(byName)).toMatchObject({ account: null, method: 'AMBIGUOUS' });

  await world.database.write(tenant, async ({ em }) => {
    const row = await em.findOneOrFail(AccountEntity, { organizationId: tenant.organizationId, id });
    em.assign(row, { name: 'Renamed', ...accountKeys({ name: 'Renamed' }), domain: null });
  });
  await rematch({ domain: 'acme.com', matchKey: 'acme' });
  expect(await stored(byDomain)).toMatchObject({ account: null, method: 'NONE' });
  expect(await stored(byName)).toMatchObject({ account: twin, method: 'EXACT_NAME' });
});

test('leads are matched many at a time: 1,200 in four statements', async () => {
  const { organizationId } = tenant;
  await account('Acme');
  const ids = Array.from({ length: 1200 }, () => uuidv7());
  await world.database.write(tenant, async ({ em }) => {
    const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, position: 1 });
    for (const [index, id] of ids.entries()) {
      const person = { lastName: `Lead ${index}`, company: index % 2 ? 'Acme' : `Company ${index}` };
      const row = { organizationId, id, ...person, ...leadKeys(person), statusId: status.id };
      em.create(LeadEntity, { ...row, createdAt: at, updatedAt: at });
    }
  });
  let statements = 0;
  world.database.observe = () => statements++;
  await world.database.write(tenant, (tx) => matchLeads(tx, ids));
  world.database.observe = undefined;
  expect(statements).toBe(4);
  const counts = await world.database.read(tenant, (snapshot) =>
    snapshot.query(sql`
      select match_method as method, count(*)::int as leads from lead
      where organization_id = ${organizationId} group by 1 order by 1`),
  );
  expect(counts).toEqual([
    { method: 'EXACT_NAME', leads: 600 },
    { method: 'NONE', leads: 600 },
  ]);
});

test('leads held by another transaction are left to it instead of waited for', async () => {
  await account('Acme');
  const id = await lead({ company: 'Acme' });
  await world.database.write(tenant, async (holder) => {
    await holder.query(
      sql`select id from lead where organization_id = ${tenant.organizationId} and id = ${id} for update`,
    );
    expect(await matched(id)).toMatchObject({ method: 'NONE' });
  });
  expect(await matched(id)).toMatchObject({ method: 'EXACT_NAME' });
});
