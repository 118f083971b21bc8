import sql from 'sql-template-tag';
import { fillBulk } from '../support/bulk.ts';
import { fillLineage } from '../support/bulk-lineage.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { unboundTables } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { bulkId } from './plan-cases.ts';

let world: World;
let server: TestServer;
let client: Client;
let organizationId: string;
const seen: { text: string; values: readonly unknown[] }[] = [];

beforeAll(async () => {
  world = await openWorld();
  world.database.observe = (text, values) => void seen.push({ text, values });
  server = await startTestServer(world, 'compiled');
  const { id, tenant } = await world.organization();
  organizationId = id;
  await fillBulk(world, tenant, { accounts: 100, contacts: 2, opportunities: 2, leads: 3 });
  await fillLineage(world, tenant, 200);
  // one lead of the newest account waits in the queue, the others have an owner or none
  await world.database.write(tenant, (tx) =>
    tx.query(
      sql`update lead t set queue_id = ${bulkId(6, 1)} where t.organization_id = ${id} and t.id = ${bulkId(4, 298)}`,
    ),
  );
  client = await server.client(id);
  await client.sendOnce('{ viewer { role } }');
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** The statements of one operation. */
async function statements(query: string, variables = {}): Promise<string[]> {
  seen.length = 0;
  const { errors } = await client.sendOnce(query, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return seen.map(({ text }) => text);
}

// The newest account comes first: it has an owner, contacts, deals, leads and conversions, as others have.
const PAGE = `query ($first: Int!) {
  accounts(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name owner { name } parent { name }
      contacts(first: 10) { nodes { id owner { name } conversions(first: 2) { nodes { id } } opportunities(first: 2) { nodes { id } } } }
      opportunities(first: 10) {
        nodes {
          id amount { amount } stage { name } owner { name } contactRoles { isPrimary contact { lastName account { name } } }
          stageHistory { stage { name } enteredAt } conversions(first: 2) { nodes { id } }
        }
      }
      leads(first: 10) { nodes { id status { name } owner { ... on User { name } ... on Queue { name } } accountMatch { account { name } } } }
      conversions(first: 10) { nodes { accountOutcome convertedBy { name } lead { company } contact { lastName } opportunity { name } fields { field } } }
      activities(first: 10) { nodes { subject owner { name } } }
      children(first: 10) { nodes { name } }
      metrics { openPipeline { amount { amount } count records(first: 2) { nodes { id } } } won { count } winRate { value } salesCycle { medianDays } velocity { value { amount } } }
    }
  }
}`;

// The first campaign has an owner, a lead, a contact and a deal.
const CAMPAIGNS = `query ($first: Int!) {
  campaigns(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
    totalCount
    nodes {
      name actualCost { amount } owner { name }
      members(first: 5) { totalCount nodes { status campaign { name }
        lead { company campaign { name } campaigns(first: 2) { nodes { id } } activities(first: 2) { nodes { id } } }
        contact { lastName campaigns(first: 2) { nodes { id } } activities(first: 2) { nodes { id } } } } }
      opportunities(first: 5) { totalCount nodes { name campaign { name } activities(first: 2) { nodes { id } } } }
    }
  }
}`;

/** A page's size is written into its statement. */
const withoutSizes = (text: string) => text.replace(/limit \d+/g, 'limit …');

test('a page of 20 accounts with everything on it takes the statements of a page of 1', async () => {
  const ofOne = (await statements(PAGE, { first: 1 })).map(withoutSizes);
  const ofTwenty = (await statements(PAGE, { first: 20 })).map(withoutSizes);
  expect(ofTwenty.toSorted()).toEqual(ofOne.toSorted());
  expect(ofOne.length).toBeGreaterThan(15);
  expect(ofOne.length).toBeLessThan(30);
});

test('a page of 20 campaigns with everything on it takes the statements of a page of 1', async () => {
  const ofOne = (await statements(CAMPAIGNS, { first: 1 })).map(withoutSizes);
  const ofTwenty = (await statements(CAMPAIGNS, { first: 20 })).map(withoutSizes);
  expect(ofTwenty.toSorted()).toEqual(ofOne.toSorted());
  expect(ofOne.length).toBeGreaterThan(12);
  expect(ofOne.length).toBeLessThan(20);
});

test('each list is counted by one statement, only when its count is selected', async () => {
  const lists = ['contacts', 'opportunities', 'leads', 'conversions', 'children', 'activities'];
  const query = (total: string, nested: string) =>
    `{ accounts(first: 20) { ${total} nodes { ${lists.map((list) => `${list}(first: 3) { ${nested} nodes { id } }`).join(' ')} } } }`;
  const bare = await statements(query('', ''));
  expect(bare.filter((text) => text.includes('count(*)'))).toEqual([]);
  expect(bare).toHaveLength(1 + lists.length);
  expect(await statements(query('totalCount', ''))).toHaveLength(bare.length + 1);
  expect(await statements(query('totalCount', 'totalCount'))).toHaveLength(bare.length + 1 + lists.length);
});

test('a field selected twice with other arguments takes one statement more, with the same ones none', async () => {
  const once = await statements('{ accounts(first: 5) { nodes { contacts(first: 2) { nodes { id } } } } }');
  const same = await statements(
    '{ accounts(first: 5) { nodes { contacts(first: 2) { nodes { id } } again: contacts(first: 2) { nodes { email } } } } }',
  );
  const other = await statements(
    '{ accounts(first: 5) { nodes { contacts(first: 2) { nodes { id } } more: contacts(first: 3) { nodes { id } } } } }',
  );
  expect(same).toHaveLength(once.length);
  expect(other).toHaveLength(once.length + 1);
});

test('every statement binds the organisation, in each of its subqueries', async () => {
  seen.length = 0;
  const filters = `accounts(first: 2, filter: { or: [{ name: { contains: "ccount" } }, { industry: { in: ["a", "b"] } }], not: { tier: { gt: 3 } } }) { totalCount nodes { id } }
    opportunities(first: 2, filter: { stage: { ne: "Prospecting", startsWith: "P" }, source: { contains: "7" } }) { totalCount nodes { id } }
    leads(first: 2, filter: { status: { eq: "Open - Not Contacted" } }) { totalCount nodes { id } }
    conversions(first: 2, filter: { source: { contains: "7" } }) { totalCount nodes { id } }
    campaigns(first: 2, filter: { name: { contains: "7" }, type: { startsWith: "T" } }) { totalCount nodes { id } } campaign(by: { externalId: "x" }) { id }
    account(by: { domain: "account1.example" }) { id } contact(by: { email: "p1@account1.example" }) { id }
    opportunity(by: { externalId: "x" }) { id } lead(by: { externalId: "x" }) { id }
    viewer { user { name } organization { stages { name } leadStatuses { name } } }
    metrics(scope: { account: { tier: { lte: 2 } }, opportunity: { source: { contains: "7" } } }) { openPipeline { count records(first: 2) { nodes { id } } } medianDealSize { value { amount } } }`;
  await client.sendOnce(`{ ${filters} }`);
  await client.sendOnce(PAGE, { first: 3 });
  await client.sendOnce(CAMPAIGNS, { first: 3 });
  const tenant = { organizationId, userId: null };
  expect(seen.length).toBeGreaterThan(30);
  expect(seen.flatMap(({ text, values }) => unboundTables(text, values, tenant))).toEqual([]);
  expect(seen.filter(({ values }) => !values.includes(organizationId))).toEqual([]);
});

test('the check of statements finds what binds nothing, another organisation or only the outer query', () => {
  const tenant = { organizationId, userId: null };
  const found = (text: string, ...values: unknown[]) => unboundTables(text, values, tenant).length;
  expect(found('select 1 from account t where t.organization_id = $1', organizationId)).toBe(0);
  expect(found('select 1 from account t where t.organization_id = $1', 'another')).toBe(1);
  expect(found('select 1 from account t where t.id = $1', organizationId)).toBe(1);
  expect(found('select 1 from account t where t.organization_id = t.organization_id', organizationId)).toBe(
    1,
  );
  expect(
    found(
      'select 1 from account t join contact c on c.account_id = t.id where t.organization_id = $1',
      organizationId,
    ),
  ).toBe(1);
  expect(
    found(
      'select 1 from account t where t.organization_id = $1 and t.id in (select c.id from contact c)',
      organizationId,
    ),
  ).toBe(1);
  expect(found('select account_name_like($1, $2)', 'another', organizationId)).toBe(1);
});
