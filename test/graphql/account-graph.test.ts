import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { fillBulk } from '../support/bulk.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const organization = await world.organization();
  await fillBulk(world, organization.tenant, { accounts: 30, contacts: 12, opportunities: 12, leads: 3 });
  client = await server.client(organization.id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const PAGE = /* GraphQL */ `
  query Page($first: Int!, $after: String) {
    accounts(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      nodes {
        id
        name
        domain
        tier
        isTarget
        annualRevenue {
          amount
          currency
        }
        address {
          city
        }
        owner {
          name
        }
        contacts(first: 10) {
          totalCount
          nodes {
            id
            firstName
            lastName
            email
            account {
              name
            }
          }
        }
        opportunities(first: 10) {
          nodes {
            id
            name
            amount {
              amount
              currency
            }
            closeDate
            stage {
              name
            }
            isWon
            contactRoles {
              isPrimary
            }
            stageHistory {
              stage {
                name
              }
              enteredAt
            }
          }
        }
        leads(first: 10) {
          totalCount
          nodes {
            id
            lastName
            status {
              name
            }
            accountMatch {
              method
              score
              account {
                name
              }
            }
          }
        }
        conversions(first: 10) {
          nodes {
            id
          }
        }
        children(first: 5) {
          nodes {
            id
          }
        }
        activities(first: 5) {
          nodes {
            id
          }
        }
      }
    }
  }
`;

test('a page of accounts comes with its contacts, opportunities and leads', async () => {
  const { accounts } = await client.data(PAGE, { first: 5 });
  expect(accounts.totalCount).toBe(30);
  expect(accounts.nodes.map((node: { name: string }) => node.name)).toEqual([
    'Account 1',
    'Account 10',
    'Account 11',
    'Account 12',
    'Account 13',
  ]);
  const [first] = accounts.nodes;
  expect(first.contacts.totalCount).toBe(12);
  expect(first.contacts.nodes).toHaveLength(10);
  expect(first.contacts.nodes[0]).toMatchObject({
    firstName: 'First1',
    email: 'p1@account1.example',
    account: { name: 'Account 1' },
  });
  expect(first.opportunities.nodes[0]).toMatchObject({
    name: 'Deal 1',
    amount: { amount: '1.00', currency: 'EUR' },
    closeDate: '2024-01-02',
  });
  expect(first.leads.nodes).toHaveLength(3);
});

test('pages follow one another without gap or overlap, forwards and backwards, in every order', async () => {
  for (const [field, direction] of [
    ['NAME', 'ASC'],
    ['TIER', 'ASC'],
    ['TIER', 'DESC'],
    ['ANNUAL_REVENUE', 'DESC'],
    ['CREATED_AT', 'DESC'],
  ]) {
    const LIST = `query ($first: Int, $after: String, $last: Int, $before: String) {
      accounts(first: $first, after: $after, last: $last, before: $before, orderBy: [{ field: ${field}, direction: ${direction} }]) {
        nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const names = (connection: { nodes: { name: string }[] }) => connection.nodes.map((node) => node.name);
    const all = names((await client.data(LIST, { first: 100 })).accounts);
    expect(new Set(all).size).toBe(30);

    const forwards: string[] = [];
    let after: string | null = null;
    do {
      const { accounts } = await client.data(LIST, { first: 7, after });
      forwards.push(...names(accounts));
      after = accounts.pageInfo.hasNextPage ? accounts.pageInfo.endCursor : null;
    } while (after);
    expect(forwards).toEqual(all);

    const backwards: string[] = [];
    let before: string | null = null;
    do {
      const { accounts } = await client.data(LIST, { last: 7, before });
      backwards.unshift(...names(accounts));
      before = accounts.pageInfo.hasPreviousPage ? accounts.pageInfo.startCursor : null;
    } while (before);
    expect(backwards).toEqual(all);
  }
});

test('without a token the answer is 401 with a GraphQL error', async () => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    errors: [{ message: expect.stringContaining('No token'), extensions: { code: 'UNAUTHENTICATED' } }],
  });
});
