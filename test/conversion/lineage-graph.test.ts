import { encodeId } from '../../src/graphql/ids.ts';
import { callerOf } from '../support/graphql.ts';
import { openWorld, type World } from '../support/world.ts';
import { revert } from './revert-sales.ts';
import { Sales } from './sales.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const LINEAGE = `{ accounts(first: 50) { nodes { name lineage {
  nodes { __typename id ... on Lead { lastName } ... on Contact { lastName } }
  edges { from to outcome at conversion { id } } } } } }`;

async function lineages(sales: Sales) {
  const caller = await callerOf(world, { ...sales.organization, adminId: sales.ownerId });
  const statements: string[] = [];
  world.database.observe = (text) => void statements.push(text);
  const { data, errors } = await caller.send(LINEAGE);
  world.database.observe = undefined;
  expect(errors).toEqual([]);
  const { accounts } = data!;
  const of = (name: string) =>
    accounts.nodes.find((account: { name: string }) => account.name === name).lineage;
  return { of, statements: statements.length };
}

test("an account's lineage is a graph of its leads and what they became; undone conversions are not in it", async () => {
  const sales = await Sales.open(world);
  await sales.account('Empty');
  const first = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'First' }));
  const second = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'Second' }), {
    opportunity: { none: true },
  });
  const undone = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'Third' }));
  await revert(sales, undone.conversionId);
  const { of } = await lineages(sales);
  const account = encodeId('Account', first.accountId);
  const { nodes, edges } = of('Acme');
  expect(
    nodes.map((node: { __typename: string; lastName?: string }) => [node.__typename, node.lastName]),
  ).toEqual(
    expect.arrayContaining([
      ['Account', undefined],
      ['Lead', 'First'],
      ['Lead', 'Second'],
      ['Contact', 'First'],
      ['Contact', 'Second'],
      ['Opportunity', undefined],
    ]),
  );
  expect(nodes).toHaveLength(6);
  const edge = ({ leadId, conversionId }: typeof first, to: string, outcome: string) => ({
    ...{ from: encodeId('Lead', leadId), to, outcome, at: expect.any(String) },
    conversion: { id: encodeId('LeadConversion', conversionId) },
  });
  expect(edges).toEqual([
    edge(second, account, 'ATTACHED'),
    edge(second, encodeId('Contact', second.contactId), 'CREATED'),
    edge(first, account, 'CREATED'),
    edge(first, encodeId('Contact', first.contactId), 'CREATED'),
    edge(first, encodeId('Opportunity', first.opportunityId!), 'CREATED'),
  ]);
  expect(of('Empty')).toMatchObject({ nodes: [{ __typename: 'Account' }], edges: [] });
});

test('the lineages of many accounts take the statements of one', async () => {
  const sales = await Sales.open(world);
  await sales.convert(await sales.lead({ company: 'Company 0' }));
  const { statements } = await lineages(sales);
  for (const index of [1, 2, 3]) await sales.convert(await sales.lead({ company: `Company ${index}` }));
  expect((await lineages(sales)).statements).toBe(statements);
});
