import fc from 'fast-check';
import sql from 'sql-template-tag';
import { fillBulk } from '../support/bulk.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;

// Few different values and many nulls, so that every order has ties.
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { id, tenant } = await world.organization();
  await fillBulk(world, tenant, { accounts: 47, contacts: 3, opportunities: 1, leads: 1 });
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`update account t set tier = case when t.employees % 3 > 0 then t.employees % 3 end,
      annual_revenue = case when t.employees % 4 > 0 then t.employees % 4 * 100 end,
      annual_revenue_currency = case when t.employees % 4 > 0 then 'EUR' end,
      name = 'N' || t.employees % 5, name_key = 'n' || t.employees % 5,
      created_at = timestamptz '2025-01-01' + t.employees % 7 * interval '1 day' + interval '0.123 s' where t.organization_id = ${id}`);
    await tx.query(sql`update lead t set score = case when t.score % 3 > 0 then t.score % 3 end,
      company = case when t.score % 2 > 0 then 'C' end, company_key = case when t.score % 2 > 0 then 'c' end
      where t.organization_id = ${id}`);
  });
  client = await server.client(id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const LISTS = {
  accounts: {
    type: 'AccountOrder',
    fields: {
      NAME: 'name',
      CREATED_AT: 'createdAt',
      UPDATED_AT: 'updatedAt',
      TIER: 'tier',
      ANNUAL_REVENUE: 'annualRevenue { amount }',
    },
  },
  contacts: {
    type: 'ContactOrder',
    fields: { NAME: 'lastName', CREATED_AT: 'createdAt', UPDATED_AT: 'updatedAt' },
  },
  opportunities: {
    type: 'OpportunityOrder',
    fields: {
      NAME: 'name',
      AMOUNT: 'amount { amount }',
      CLOSE_DATE: 'closeDate',
      CREATED_AT: 'createdAt',
      STAGE: 'stage { position }',
    },
  },
  leads: {
    type: 'LeadOrder',
    fields: {
      NAME: 'lastName',
      COMPANY: 'company',
      CREATED_AT: 'createdAt',
      UPDATED_AT: 'updatedAt',
      SCORE: 'score',
    },
  },
} as const;
type ListName = keyof typeof LISTS;

interface OrderBy {
  field: string;
  direction: 'ASC' | 'DESC';
}

const query = (list: ListName) =>
  `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: [${LISTS[list].type}!]) {
    ${list}(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
      totalCount nodes { id ${Object.values(LISTS[list].fields).join(' ')} }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

/** A node's value for an order, comparable by `<`; null for none. */
function valueOf(node: Data, list: ListName, field: string): string | number | null {
  const [name, inner] = (LISTS[list].fields as Record<string, string>)[field]!.split(/[ {}]+/) as [
    string,
    string?,
  ];
  const value = inner ? (node[name]?.[inner] ?? null) : node[name];
  if (inner === 'amount') return value === null ? null : Number(value);
  if (list === 'contacts' && field === 'NAME')
    return `first${String(value).slice(4)} ${String(value).toLowerCase()}`;
  if (list === 'leads' && field === 'NAME')
    return `lead${String(value).slice(6)} ${String(value).toLowerCase()}`;
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** The order as its description says: nulls last both ways; equal rows by id, in the first order's direction. */
function sorted(nodes: Data[], list: ListName, orderBy: OrderBy[]): string[] {
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return nodes
    .toSorted((a, b) => {
      for (const { field, direction } of orderBy) {
        const [x, y] = [valueOf(a, list, field), valueOf(b, list, field)];
        if (x === y) continue;
        if (x === null || y === null) return x === null ? 1 : -1;
        return compare(x, y) * (direction === 'DESC' ? -1 : 1);
      }
      return compare(a.id, b.id) * (orderBy[0]!.direction === 'DESC' ? -1 : 1);
    })
    .map((node) => node.id as string);
}

async function page(list: ListName, variables: Data): Promise<Data> {
  const { data, errors } = await client.sendOnce(query(list), variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data![list] as Data;
}

async function allNodes(list: ListName): Promise<Data[]> {
  const first = await page(list, { first: 100 });
  const second = await page(list, { first: 100, after: first.pageInfo.endCursor });
  return [...first.nodes, ...second.nodes];
}

test.each(Object.keys(LISTS) as ListName[])(
  'pages of %s joined are the sorted whole, whatever order and size',
  async (list) => {
    const nodes = await allNodes(list);
    const { totalCount } = await page(list, { first: 0 });
    expect(nodes).toHaveLength(totalCount);
    const orders = fc.shuffledSubarray(Object.keys(LISTS[list].fields), { minLength: 1 }).chain((fields) =>
      fc.tuple(
        ...fields.map((field) =>
          fc.record({
            field: fc.constant(field),
            direction: fc.constantFrom('ASC' as const, 'DESC' as const),
          }),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        orders,
        fc.integer({ min: 4, max: 60 }),
        fc.boolean(),
        async (orderBy, size, backward) => {
          const ids: string[] = [];
          let cursor: string | null = null;
          for (let steps = 0; steps === 0 || cursor; steps++) {
            const at: Data = backward ? { last: size, before: cursor } : { first: size, after: cursor };
            const { nodes: rows, pageInfo } = await page(list, { orderBy, ...at });
            const found = rows.map((node: Data) => node.id as string);
            if (backward) ids.unshift(...found);
            else ids.push(...found);
            expect(backward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(cursor !== null);
            const more: boolean = backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
            cursor = more ? (backward ? pageInfo.startCursor : pageInfo.endCursor) : null;
            expect(found).toHaveLength(more ? size : found.length);
          }
          expect(ids).toEqual(sorted(nodes, list, orderBy));
        },
      ),
      { numRuns: 25 },
    );
  },
);

test('a page of nothing, of all, and what its pageInfo says', async () => {
  expect(await page('accounts', { first: 0 })).toMatchObject({
    nodes: [],
    totalCount: 47,
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
  expect(await page('accounts', { last: 0 })).toMatchObject({
    nodes: [],
    pageInfo: { hasPreviousPage: true },
  });
  const all = await page('accounts', { first: 100 });
  expect(all.nodes).toHaveLength(47);
  expect(all.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  expect((await page('accounts', {})).nodes).toHaveLength(25);
  expect(await page('accounts', { after: all.pageInfo.endCursor })).toMatchObject({
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: true },
  });
  expect((await page('accounts', { before: all.pageInfo.endCursor, last: 100 })).nodes).toHaveLength(46);
  expect((await page('accounts', { before: all.pageInfo.endCursor })).nodes).toHaveLength(25);
});

test.each([
  [{ first: -1 }, 'first'],
  [{ first: 101 }, 'first'],
  [{ last: -1 }, 'last'],
  [{ last: 101 }, 'last'],
  [{ first: 1, last: 1 }, 'last'],
  [{ first: 1, before: 'x' }, 'before'],
  [{ last: 1, after: 'x' }, 'after'],
  [{ after: 'x', before: 'x' }, 'before'],
  [{ orderBy: [{ field: 'NAME' }, { field: 'NAME', direction: 'DESC' }] }, 'orderBy'],
])('%j is BAD_USER_INPUT and names its argument', async (variables, argument) => {
  const { errors } = await client.send(query('accounts'), variables);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

test('nested lists have pages of their own', async () => {
  const nested = `query ($after: String, $order: [ContactOrder!]) { accounts(first: 5) { nodes { id contacts(first: 2, after: $after, orderBy: $order) {
    totalCount nodes { id lastName } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`;
  for (const order of [null, [{ field: 'CREATED_AT', direction: 'DESC' }]]) {
    const { accounts } = await client.data(nested, { order });
    for (const { contacts } of accounts.nodes)
      expect(contacts).toMatchObject({
        totalCount: 3,
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      });
    const [first] = accounts.nodes;
    expect(first.contacts.edges.map((edge: Data) => edge.node.id)).toEqual(
      first.contacts.nodes.map((node: Data) => node.id),
    );
    const rest = await client.data(nested, { order, after: first.contacts.edges[0].cursor });
    const again = rest.accounts.nodes.find((account: Data) => account.id === first.id).contacts;
    expect(again.nodes[0].id).toBe(first.contacts.nodes[1].id);
    expect(again.nodes).toHaveLength(2);
    expect(again.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  }
  const tooMany = await client.send('{ accounts { nodes { contacts(first: 101) { totalCount } } } }');
  expect(tooMany.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
});
