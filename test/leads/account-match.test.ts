import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { rematchLeadsOfAccount } from '../../src/leads/lead-matching.ts';
import { importTables, sfId } from '../imports/export-folder.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { startTestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Office, office } from './lead-life.ts';

let world: World;
let at: Office;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
});
afterAll(() => world.close());

const MATCH = `accountMatch {
  method score account { id } runnerUp { id } runnerUpScore candidates { id } }`;
const match = (input: Data, caller = at.admin) =>
  mutate(caller, 'matchLead', input, `lead { id version ${MATCH} }`);

async function matchOf(lead: string): Promise<Data> {
  const { data } = await at.admin.send(`query ($id: ID!) { lead(by: { id: $id }) { ${MATCH} } }`, {
    id: lead,
  });
  return data!.lead.accountMatch as Data;
}

test('a match tells what of the lead agrees with the account, a choice by hand too', async () => {
  const address = { city: 'Rome', country: 'IT' };
  const account = await at.account('Acme Incorporated Widgets', {
    website: 'acme.com',
    address,
    phone: '+39 06 1',
  });
  const agreeing = async (fields: Data, by = {}): Promise<unknown[]> => {
    const lead = await at.lead(fields);
    if ('account' in by) await match({ lead, ...by });
    const query = 'query ($id: ID!) { lead(by: { id: $id }) { accountMatch { method matchedOn } } }';
    const { data } = await at.admin.send(query, { id: lead });
    return [data!.lead.accountMatch.method, data!.lead.accountMatch.matchedOn];
  };
  const company = 'Acme Incorporated Widgets';
  expect(await agreeing({ company, email: 'a@acme.com', address })).toEqual([
    'DOMAIN',
    ['domain', 'name', 'country', 'city'],
  ]);
  expect(await agreeing({ company })).toEqual(['EXACT_NAME', ['name']]);
  expect(await agreeing({ company: 'Acme Incorporated Widget', phone: '39061' })).toEqual([
    'SIMILAR_NAME',
    ['name', 'phone'],
  ]);
  expect(await agreeing({ company: 'Other', address: { city: 'ROME' } }, { account })).toEqual([
    'MANUAL',
    ['city'],
  ]);
  expect(await agreeing({ company: 'Nothing alike' })).toEqual(['NONE', []]);
});

test('a match tells its runner-up: the next way of matching, or the next best name', async () => {
  const byDomain = await at.account('Something else', { website: 'acme.com' });
  const byName = await at.account('Acme Inc.');
  expect(await matchOf(await at.lead({ company: 'Acme', email: 'a@acme.com' }))).toEqual({
    method: 'DOMAIN',
    score: 1,
    account: { id: byDomain },
    runnerUp: { id: byName },
    runnerUpScore: 1,
    candidates: [],
  });
  expect(await matchOf(await at.lead({ company: 'ACME' }))).toMatchObject({
    account: { id: byName },
    runnerUp: null,
    runnerUpScore: null,
  });
  const similar = await at.account('Acme Incorporated Widgets', { address: { city: 'Rome' } });
  const widgets = await at.account('Acme Incorporated Widget');
  const named = await matchOf(
    await at.lead({ company: 'Acme Incorporated Widget', address: { city: 'rome' } }),
  );
  expect(named).toMatchObject({ method: 'EXACT_NAME', account: { id: widgets }, runnerUp: { id: similar } });
  expect(named.runnerUpScore).toBeGreaterThanOrEqual(0.6);
  expect(named.runnerUpScore).toBeLessThan(1);
});

test('an account that matches in several ways is no runner-up to itself', async () => {
  await at.account('Acme', { website: 'acme.com' });
  const found = await matchOf(await at.lead({ company: 'Acme', email: 'a@acme.com' }));
  expect(found).toMatchObject({ method: 'DOMAIN', runnerUp: null, runnerUpScore: null });
});

test('an ambiguous match lists the accounts that tie, and only those', async () => {
  const first = await at.account('Burlington Textiles', { website: 'burlington.com' });
  const second = await at.account('Burlington Mills');
  await mutate(at.admin, 'updateAccount', { account: second, website: 'burlington.com' }, 'account { id }');
  await at.account('Unique Name');
  const found = await matchOf(await at.lead({ company: 'Unique Name', email: 'a@burlington.com' }));
  expect(found).toMatchObject({ method: 'AMBIGUOUS', account: null, runnerUp: null, runnerUpScore: null });
  expect(found.candidates.map(({ id }: Data) => id).sort()).toEqual([first, second].sort());
});

test('the matches of a page are explained by one statement', async () => {
  await at.account('Acme', { website: 'acme.com' });
  for (let index = 0; index < 5; index++) await at.lead({ company: 'Acme', email: `a${index}@acme.com` });
  const seen: string[] = [];
  world.database.observe = (text) => void seen.push(text);
  await at.admin.send(`{ leads(first: 5) { nodes { ${MATCH} } } }`);
  world.database.observe = undefined;
  expect(seen.filter((text) => text.includes('account_match_similar'))).toHaveLength(1);
});

test('a match by hand stands against the matching, until it is taken back', async () => {
  const acme = await at.account('Acme');
  const chosen = await at.account('Chosen');
  const lead = await at.lead({ company: 'Acme' });
  const { lead: byHand } = await match({ lead, account: chosen });
  expect(byHand).toMatchObject({
    version: 2,
    accountMatch: { method: 'MANUAL', score: 1, account: { id: chosen }, runnerUp: { id: acme } },
  });
  expect((await match({ lead, account: chosen })).lead.version).toBe(2);

  await mutate(at.admin, 'updateLead', { lead, company: 'Acme Inc.' }, 'lead { id }');
  await mutate(at.admin, 'updateAccount', { account: acme, website: 'acme.com' }, 'account { id }');
  expect(await matchOf(lead)).toMatchObject({ method: 'MANUAL', account: { id: chosen } });

  const { lead: found } = await match({ lead, account: null });
  expect(found).toMatchObject({
    version: 4,
    accountMatch: { method: 'EXACT_NAME', account: { id: acme } },
  });
  expect((await match({ lead, account: null })).lead.version).toBe(4);
  const audit = await auditOf(world, at.tenant, lead);
  expect(audit.map(({ action }) => action)).toEqual(['createLead', 'matchLead', 'updateLead', 'matchLead']);
  expect(audit[1]!.after).toEqual({ matchedAccountId: parseId(chosen)!.uuid, matchMethod: 'MANUAL' });
});

test('an import replaces no match by hand, whatever it says of the lead', async () => {
  const chosen = await at.account('Chosen');
  const load = (company: string) =>
    importTables(world, at.organization, {
      Account: [{ Id: sfId('001', 1), Name: 'Acme' }],
      Lead: [{ Id: sfId('00Q', 1), LastName: 'Boxer', Company: company }],
    });
  await load('Other');
  const { data } = await at.admin.send('{ leads { nodes { id } } }');
  const lead = data!.leads.nodes[0].id as string;
  await match({ lead, account: chosen });
  expect((await load('Acme')).types.leads).toMatchObject({ updated: 1 });
  expect(await matchOf(lead)).toMatchObject({ method: 'MANUAL', account: { id: chosen } });
  expect((await match({ lead, account: null })).lead.accountMatch.method).toBe('EXACT_NAME');
});

test('a page of matches is the same over both executors', async () => {
  const server = await startTestServer(world);
  try {
    await at.account('Twin', { website: 'twin.com' });
    const other = await at.account('Other Twin');
    const byDomain = await at.lead({ company: 'Other Twin', email: 'a@twin.com' });
    await at.lead({ company: 'Nobody' });
    await match({ lead: await at.lead(), account: other });
    const client = await server.client(at.organization.id);
    // more than once: from its second time on a query is compiled
    for (let time = 0; time < 3; time++) {
      const { leads } = await client.data(
        `{ leads(orderBy: { field: CREATED_AT }) { nodes { id ${MATCH} } } }`,
      );
      expect(leads.nodes.map(({ accountMatch }: Data) => accountMatch.method)).toEqual([
        'DOMAIN',
        'NONE',
        'MANUAL',
      ]);
      expect(leads.nodes[0]).toMatchObject({ id: byDomain, accountMatch: { runnerUp: { id: other } } });
    }
  } finally {
    await server.close();
  }
});

test('a conversion takes the account chosen by hand', async () => {
  await at.account('Acme');
  const chosen = await at.account('Chosen');
  const lead = await at.lead({ company: 'Acme' });
  await match({ lead, account: chosen });
  const { account, userErrors } = await mutate(at.admin, 'convertLead', { lead }, 'account { id }');
  expect(userErrors).toEqual([]);
  expect(account).toEqual({ id: chosen });
  expect((await match({ lead, account: chosen })).userErrors).toMatchObject([{ code: 'LEAD_CONVERTED' }]);
});

test('an account chosen by hand that is gone leaves the lead to the matching', async () => {
  const acme = await at.account('Acme');
  const chosen = await at.account('Chosen');
  const lead = await at.lead({ company: 'Acme' });
  await match({ lead, account: chosen });
  const { uuid } = parseId(chosen)!;
  await world.database.write(at.tenant, async (tx) => {
    const key = { organizationId: at.tenant.organizationId, id: uuid };
    (await tx.em.findOneOrFail(AccountEntity, key)).deletedAt = new Date();
    await rematchLeadsOfAccount(tx, uuid);
  });
  expect(await matchOf(lead)).toMatchObject({ method: 'EXACT_NAME', account: { id: acme } });
});

test('the account must be said, and be there', async () => {
  const lead = await at.lead();
  const foreign = await (await office(world)).account('Acme');
  expect((await match({ lead })).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['account'] }]);
  expect((await match({ lead, account: lead })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['account'] },
  ]);
  for (const account of [foreign, encodeId('Account', uuidv7())])
    expect((await match({ lead, account })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['account'] },
    ]);
  expect((await match({ lead, account: null, ifVersion: 7 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
});

test('matching by hand and an edit at once are both kept', async () => {
  const chosen = await at.account('Chosen');
  await at.account('Acme');
  for (let round = 0; round < 10; round++) {
    const lead = await at.lead();
    await Promise.all([
      match({ lead, account: chosen }),
      mutate(at.admin, 'updateLead', { lead, company: 'Acme' }, 'lead { id }'),
    ]);
    expect(await matchOf(lead)).toMatchObject({ method: 'MANUAL', account: { id: chosen } });
  }
});

test('an analyst matches none', async () => {
  const input = { lead: await at.lead(), account: null };
  expect(await failure(await at.as(Role.ANALYST), 'matchLead', input, 'lead { id }')).toBe('FORBIDDEN');
});
