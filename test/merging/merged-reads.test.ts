import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { blockersOf, campaign, member, revert } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { acc, con, merge, mergePeople } from './merge-sales.ts';

let world: World;
let sales: Sales;
let caller: Caller;
let tenants: ReturnType<typeof watchTenants>;
beforeAll(async () => {
  world = await openWorld();
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  sales = await Sales.open(world);
  caller = await callerOf(world, { ...sales.organization, adminId: sales.ownerId });
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  tenants.assertNone();
});
afterAll(() => world.close());

async function ask(query: string, variables: Data = {}): Promise<Data> {
  const { data, errors } = await caller.send(query, variables);
  if (errors.length > 0) throw errors[0]!.originalError ?? errors[0]!;
  return data!;
}

test('every key of a merged-away account gives the survivor', async () => {
  const survivor = await sales.account('Acme', { website: 'acme.com' });
  const duplicate = await sales.account('ACME', { website: 'acme.de', externalId: 'X1' });
  await merge(sales, survivor, [duplicate]);
  const data = await ask(
    `query ($id: ID!, $other: ID!) {
      byId: account(by: { id: $id }) { id name externalId }
      byDomain: account(by: { domain: "acme.de" }) { id }
      byExternalId: account(by: { externalId: "X1" }) { id }
      node(id: $id) { id ... on Account { name } }
      nodes(ids: [$id, $other, $id]) { id }
      accounts(filter: { id: { in: [$id, $other] } }) { nodes { id } totalCount }
    }`,
    { id: acc(duplicate), other: acc(survivor) },
  );
  const id = acc(survivor);
  expect(data).toEqual({
    byId: { id, name: 'Acme', externalId: null },
    byDomain: { id },
    byExternalId: { id },
    node: { id, name: 'Acme' },
    nodes: [{ id }, { id }, { id }],
    accounts: { nodes: [{ id }], totalCount: 1 },
  });
});

test('every key of a merged-away contact gives the survivor', async () => {
  const [a, b] = [await sales.contact('A'), await sales.contact('B', { email: 'b@b.com', externalId: 'Y1' })];
  await sales.contact('C', { email: 'c@c.com' });
  await mergePeople(sales, a, [b]);
  const data = await ask(
    `query ($id: ID!) {
      byId: contact(by: { id: $id }) { id }
      byEmail: contact(by: { email: "B@b.com" }) { id }
      byExternalId: contact(by: { externalId: "Y1" }) { id mergedFrom { id name externalId mergedBy { id } } }
      node(id: $id) { id }
    }`,
    { id: con(b) },
  );
  const id = con(a);
  const mergedBy = { id: encodeId('User', sales.ownerId) };
  expect(data).toEqual({
    ...{ byId: { id }, byEmail: { id }, node: { id } },
    byExternalId: { id, mergedFrom: [{ id: con(b), name: 'B', externalId: 'Y1', mergedBy }] },
  });
});

test("filters by a merged-away account's id give what is the survivor's", async () => {
  const [survivor, duplicate] = [await sales.account('A'), await sales.account('B')];
  const other = await sales.account('Other', { parentId: survivor });
  await sales.contact('Boxer', { accountId: duplicate });
  await sales.opportunity('Deal', { accountId: survivor });
  await merge(sales, survivor, [duplicate]);
  const data = await ask(
    `query ($id: ID!, $other: ID!) {
      contacts(filter: { account: { eq: $id } }) { nodes { lastName account { id } } }
      opportunities(filter: { account: { in: [$id, $other] } }) { nodes { name } }
      accounts(filter: { parent: { eq: $id } }) { nodes { id } }
      none: contacts(filter: { account: { eq: $other } }) { nodes { id } }
    }`,
    { id: acc(duplicate), other: acc(other) },
  );
  expect(data).toEqual({
    contacts: { nodes: [{ lastName: 'Boxer', account: { id: acc(survivor) } }] },
    opportunities: { nodes: [{ name: 'Deal' }] },
    accounts: { nodes: [{ id: acc(other) }] },
    none: { nodes: [] },
  });
});

test('lineage goes through merges of accounts and contacts, and each record is one node', async () => {
  const first = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'One', title: 'CEO' }));
  const second = await sales.convert(await sales.lead({ company: 'Zenith', lastName: 'Two' }));
  await merge(sales, first.accountId, [second.accountId]);
  await mergePeople(sales, first.contactId, [second.contactId]);
  const { account } = await ask(
    `query ($id: ID!) { account(by: { id: $id }) {
      id name mergedFrom { id name mergedBy { name } }
      conversions { totalCount nodes { id account { id } contact { id } fields { field } lead { conversion { id } } } }
      contacts { nodes { conversions { totalCount } } }
      opportunities { nodes { conversions { totalCount } } }
      lineage { nodes { id __typename } edges { from to outcome conversion { id } } }
    } }`,
    { id: acc(second.accountId) },
  );
  const id = acc(first.accountId);
  const contact = con(first.contactId);
  expect(account).toMatchObject({ id, mergedFrom: [{ id: acc(second.accountId), name: 'Zenith' }] });
  expect(account.conversions.totalCount).toBe(2);
  for (const conversion of account.conversions.nodes) {
    expect(conversion).toMatchObject({ account: { id }, contact: { id: contact } });
    expect(conversion.fields.length).toBeGreaterThan(0);
    expect(conversion.lead.conversion.id).toBe(conversion.id);
  }
  expect(account.contacts.nodes).toEqual([{ conversions: { totalCount: 2 } }]);
  expect(account.opportunities.nodes.map((deal: Data) => deal['conversions'].totalCount)).toEqual([1, 1]);
  const types = account.lineage.nodes.map((node: Data) => node['__typename'] as string);
  expect(types.sort()).toEqual(['Account', 'Contact', 'Lead', 'Lead', 'Opportunity', 'Opportunity']);
  expect(account.lineage.edges).toHaveLength(6);
  const ids = account.lineage.nodes.map((node: Data) => node['id'] as string);
  for (const { from, to } of account.lineage.edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
});

test('a conversion whose account or contact was merged cannot be undone: the survivor is named', async () => {
  const survivor = await sales.account('Acme');
  const { conversionId, accountId, contactId } = await sales.convert(await sales.lead({ company: 'Zenith' }));
  const person = await sales.contact('Boxer', { accountId, firstName: 'Rose' });
  await mergePeople(sales, person, [contactId]);
  const byContact = [
    'Contact',
    person,
    "The contact was merged into Rose Boxer since, which can't be undone",
  ];
  expect(await blockersOf(sales, conversionId)).toEqual([byContact]);
  await merge(sales, survivor, [accountId]);
  expect(await blockersOf(sales, conversionId)).toEqual([
    ['Account', survivor, "The account was merged into Acme since, which can't be undone"],
    byContact,
  ]);
  const { revertConversion } = await ask(
    `mutation ($conversion: ID!) { revertConversion(input: { conversion: $conversion }) { userErrors {
      code message ... on RevertBlockedError { blockers { record { id } } } } } }`,
    { conversion: encodeId('LeadConversion', conversionId) },
  );
  expect(revertConversion.userErrors).toEqual([
    {
      code: 'REVERT_BLOCKED',
      message: 'A record of the conversion was merged since: neither that nor the conversion can be undone',
      blockers: [{ record: { id: acc(survivor) } }, { record: { id: con(person) } }],
    },
  ]);
});

test('a conversion that wrote to the survivor is blocked, one that only joined it is not', async () => {
  const made = await sales.convert(await sales.lead({ company: 'Acme', phone: '1' }));
  const survivor = made.accountId;
  const joined = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'Two', phone: '1' }));
  await merge(sales, survivor, [await sales.account('Zenith')]);
  expect(await blockersOf(sales, made.conversionId)).toEqual([
    ['Account', survivor, "Another account was merged into Acme since, which can't be undone"],
  ]);
  await revert(sales, joined.conversionId);
  const fair = await campaign(sales, 'Fair');
  const leadId = await sales.lead({ company: 'Acme', lastName: 'Three' });
  await member(sales, { campaignId: fair, leadId });
  const third = await sales.convert(leadId);
  await mergePeople(sales, third.contactId, [await sales.contact('Twin', { accountId: survivor })]);
  expect(await blockersOf(sales, third.conversionId)).toEqual([
    ['Contact', third.contactId, "Another contact was merged into Gonzalez since, which can't be undone"].map(
      (text) => text.replace('Gonzalez', 'Three'),
    ),
  ]);
});

test('mergeAccounts and mergeContacts answer with the survivor, the fields and what moved', async () => {
  const survivor = await sales.account('Acme');
  const duplicate = await sales.account('ACME Ltd', { phone: '2' });
  const boxer = await sales.contact('Boxer', { accountId: duplicate, email: 'b@acme.com' });
  const twin = await sales.contact('Boxer', { accountId: survivor, email: 'b@acme.com' });
  const mutation = `mutation ($input: MergeAccountsInput!) { mergeAccounts(input: $input) {
    account { id phone } fields { duplicate target field next outcome } moved { contacts opportunities }
    warnings { code ... on DuplicateFoundError { candidates { record { id } } } } userErrors { code path } } }`;
  const input = { survivor: acc(survivor), duplicates: [acc(duplicate)] };
  const answer = (phone: string | null) => ({
    mergeAccounts: {
      account: { id: acc(survivor), phone },
      fields: [
        { duplicate: acc(duplicate), target: 'ACCOUNT', field: 'name', next: 'Acme', outcome: 'KEPT' },
        { duplicate: acc(duplicate), target: 'ACCOUNT', field: 'phone', next: '2', outcome: 'FILLED' },
      ],
      moved: { contacts: 1, opportunities: 0 },
      warnings: [
        {
          code: 'DUPLICATE_FOUND',
          candidates: expect.arrayContaining(
            [boxer, twin].map((id) => ({ record: { id: con(id) } })),
          ) as unknown,
        },
      ],
      userErrors: [],
    },
  });
  expect(await ask(mutation, { input: { ...input, dryRun: true, idempotencyKey: 'k' } })).toEqual(
    answer(null),
  );
  expect(await ask(mutation, { input: { ...input, idempotencyKey: 'k' } })).toEqual(answer('2'));
  const people = await ask(
    `mutation ($input: MergeContactsInput!) { mergeContacts(input: $input) {
      contact { id account { id } } moved { contactRoles } userErrors { code } } }`,
    { input: { survivor: con(twin), duplicates: [con(boxer)] } },
  );
  expect(people['mergeContacts']).toEqual({
    ...{ contact: { id: con(twin), account: { id: acc(survivor) } }, moved: { contactRoles: 0 } },
    userErrors: [],
  });
  const { mergeAccounts } = await ask(mutation, { input: { ...input, survivor: con(twin) } });
  expect(mergeAccounts).toMatchObject({
    ...{ account: null, fields: [], moved: { contacts: 0 }, warnings: [] },
    userErrors: [{ code: 'INVALID_INPUT', path: ['survivor'] }],
  });
});
