import sql from 'sql-template-tag';
import { encodeId, type NodeType } from '../../src/graphql/ids.ts';
import { fillBulk } from '../support/bulk.ts';
import { fillLineage } from '../support/bulk-lineage.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { bulkId } from './plan-cases.ts';

let world: World;
let server: TestServer;
let ours: Awaited<ReturnType<World['organization']>>;
let theirs: Awaited<ReturnType<World['organization']>>;
let client: Client;
let stranger: Client;

// Both organisations have rows of the same ids up to the third account; they alone have more, a queue and lineage.
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  ours = await world.organization({ name: 'Ours' });
  theirs = await world.organization({ name: 'Theirs' });
  await fillBulk(world, ours.tenant, { accounts: 3, contacts: 2, opportunities: 2, leads: 2 });
  await fillBulk(world, theirs.tenant, { accounts: 9, contacts: 2, opportunities: 2, leads: 2 });
  await fillLineage(world, theirs.tenant, 18);
  await world.database.write(theirs.tenant, async (tx) => {
    for (const table of [sql`account`, sql`contact`, sql`opportunity`, sql`lead`, sql`campaign`])
      await tx.query(sql`update ${table} t set external_id = 'secret ' || right(t.id::text, 4)
        where t.organization_id = ${theirs.id}`);
    await tx.query(sql`update account t set name = 'Secret ' || t.name, name_key = 'secret ' || t.name_key, owner_id = ${theirs.adminId}
      where t.organization_id = ${theirs.id}`);
  });
  client = await server.client(ours.id);
  stranger = await server.client(theirs.id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

/** Ids of records that only they have. */
const foreign = (): [NodeType, string][] => [
  ['Account', bulkId(1, 7)],
  ['Contact', bulkId(2, 14)],
  ['Opportunity', bulkId(3, 14)],
  ['Lead', bulkId(4, 14)],
  ['LeadConversion', bulkId(7, 14)],
  ['LeadHandoff', bulkId(9, 14)],
  ['ConversionProposal', bulkId(8, 14)],
  ['Activity', bulkId(1, 7)],
  ['Campaign', bulkId(10, 7)],
  ['CampaignMember', bulkId(11, 7)],
  ['SalesTarget', bulkId(4, 14)],
  ['ExchangeRate', bulkId(4, 14)],
  ['Queue', bulkId(6, 1)],
  ['User', theirs.adminId],
  ['Organization', theirs.id],
];

test("another organisation's ids are those of nothing, for every type of node", async () => {
  const ids = foreign().map(([type, uuid]) => encodeId(type, uuid));
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }';
  const known = await stranger.data(query, { ids });
  expect(known.nodes.map((node: Data) => node.__typename)).toEqual(foreign().map(([type]) => type));
  expect(await client.data(query, { ids })).toEqual({ nodes: ids.map(() => null) });
  for (const id of ids)
    expect(await client.data('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
});

test("records are not found by another organisation's keys", async () => {
  const keys = {
    account: [
      { id: encodeId('Account', bulkId(1, 7)) },
      { domain: 'account7.example' },
      { externalId: 'secret 0001' },
    ],
    contact: [
      { id: encodeId('Contact', bulkId(2, 14)) },
      { email: 'p14@account7.example' },
      { externalId: 'secret 0001' },
    ],
    opportunity: [{ id: encodeId('Opportunity', bulkId(3, 14)) }, { externalId: 'secret 0001' }],
    lead: [{ id: encodeId('Lead', bulkId(4, 14)) }, { externalId: 'secret 0001' }],
    campaign: [{ id: encodeId('Campaign', bulkId(10, 14)) }, { externalId: 'secret 0001' }],
  };
  for (const [field, ways] of Object.entries(keys)) {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Key!`;
    for (const by of ways) {
      const query = `query ($by: ${type}) { ${field}(by: $by) { id } }`;
      expect((await stranger.data(query, { by }))[field]).not.toBeNull();
      expect(await client.data(query, { by })).toEqual({ [field]: null });
    }
  }
});

test("filters by another organisation's ids and texts find nothing, in roots, nested lists and counts", async () => {
  const account = encodeId('Account', bulkId(1, 7));
  const user = encodeId('User', theirs.adminId);
  const campaign = encodeId('Campaign', bulkId(10, 1));
  const filters: [list: string, filter: Data][] = [
    ['accounts', { id: { eq: account } }],
    ['accounts', { id: { in: [account] } }],
    ['accounts', { owner: { eq: user } }],
    ['accounts', { parent: { in: [account] } }],
    ['accounts', { name: { contains: 'secret' } }],
    ['accounts', { or: [{ name: { startsWith: 'Secret' } }, { domain: { contains: 'account7' } }] }],
    ['contacts', { account: { eq: account } }],
    ['contacts', { email: { contains: '@account7' } }],
    ['opportunities', { account: { in: [account] } }],
    ['opportunities', { owner: { eq: user } }],
    ['leads', { owner: { eq: user } }],
    ['leads', { email: { contains: '@account7' } }],
    ['conversions', { convertedBy: { eq: user } }],
    ['campaigns', { owner: { eq: user } }],
    ['campaigns', { or: [{ name: { contains: 'ampaign' } }, { type: { contains: 'ype' } }] }],
    ['leads', { campaign: { eq: campaign } }],
    ['opportunities', { campaign: { in: [campaign] } }],
    ['conversions', { sdr: { eq: user } }],
    ['conversions', { ae: { eq: user } }],
    ['leadHandoffs', { from: { eq: user } }],
    ['leadHandoffs', { to: { eq: user } }],
    ['leads', { queue: { eq: encodeId('Queue', bulkId(6, 1)) } }],
    ['conversions', { source: { contains: 'source' } }],
    ['conversionProposals', { lead: { eq: encodeId('Lead', bulkId(4, 14)) } }],
    ['conversionProposals', { proposedBy: { in: [user] } }],
  ];
  for (const [list, filter] of filters) {
    const type =
      list === 'opportunities' ? 'OpportunityFilter' : `${list[0]!.toUpperCase()}${list.slice(1, -1)}Filter`;
    const query = `query ($filter: ${type}) { ${list}(filter: $filter) { totalCount nodes { id } } }`;
    expect([filter, await client.data(query, { filter })]).toEqual([
      filter,
      { [list]: { totalCount: 0, nodes: [] } },
    ]);
  }
  const nested = await client.data(
    `{ accounts { nodes { contacts(filter: { account: { eq: "${account}" } }) { totalCount nodes { id } } } } }`,
  );
  expect(nested.accounts.nodes).toEqual(Array(3).fill({ contacts: { totalCount: 0, nodes: [] } }));
});

test('rows of the same ids are each organisation’s own, at every depth', async () => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Account { name owner { id } conversions { totalCount } activities { totalCount }
    contacts { totalCount nodes { account { name } opportunities { totalCount } } } opportunities { nodes { account { name } contactRoles { role } } }
    leads { nodes { accountMatch { account { name } } } } } } }`;
  const variables = { id: encodeId('Account', bulkId(1, 2)) };
  const mine = (await client.data(query, variables)).node;
  expect(mine).toMatchObject({
    name: 'Account 2',
    owner: null,
    conversions: { totalCount: 0 },
    activities: { totalCount: 0 },
  });
  expect(JSON.stringify(mine)).not.toContain('Secret');
  const their = (await stranger.data(query, variables)).node;
  expect(their).toMatchObject({ name: 'Secret Account 2', conversions: { totalCount: 2 } });
  expect(mine.contacts.nodes[0].opportunities.totalCount).toBe(0);
  expect(their.contacts.nodes[0].opportunities.totalCount).toBe(1);
});

test("another organisation's cursor is a place in one's own list, nothing more", async () => {
  const query = `query ($after: String, $before: String, $last: Int) { accounts(after: $after, before: $before, last: $last, orderBy: [{ field: CREATED_AT }]) {
    totalCount nodes { name } pageInfo { endCursor startCursor } } }`;
  const { accounts } = await stranger.data(query);
  expect(accounts.totalCount).toBe(9);
  const beyond = await client.data(query, { after: accounts.pageInfo.endCursor });
  expect(beyond.accounts).toMatchObject({ totalCount: 3, nodes: [] });
  const before = await client.data(query, { before: accounts.pageInfo.endCursor, last: 10 });
  expect(before.accounts.nodes.map((node: Data) => node.name)).toEqual([
    'Account 1',
    'Account 2',
    'Account 3',
  ]);
  const after = await client.data(query, { after: accounts.pageInfo.startCursor });
  expect(after.accounts.nodes.map((node: Data) => node.name)).toEqual(['Account 2', 'Account 3']);
});

test.each([
  ['node(id: "nonsense") { id }', 'id'],
  ['node(id: "") { id }', 'id'],
  ['node(id: "acc_00000000000000000000000000x") { id }', 'id'],
  ['node(id: "xyz_01h455vb4pex5vsknk084sn02q") { id }', 'id'],
  ['node(id: "018f4e5c-0000-7000-8000-000000000000") { id }', 'id'],
  ['nodes(ids: ["acc_01h455vb4pex5vsknk084sn02q", "ACC_01h455vb4pex5vsknk084sn02q"]) { id }', 'ids[1]'],
  ['account(by: { id: "con_01h455vb4pex5vsknk084sn02q" }) { id }', 'by.id'],
  ['lead(by: { id: "acc_01h455vb4pex5vsknk084sn02q" }) { id }', 'by.id'],
  ['contact(by: { id: "acc_1" }) { id }', 'by.id'],
  ['opportunity(by: { id: "opp" }) { id }', 'by.id'],
  ['campaign(by: { id: "acc_01h455vb4pex5vsknk084sn02q" }) { id }', 'by.id'],
  ['campaigns(filter: { owner: { eq: "x" } }) { totalCount }', 'filter.owner.eq'],
  ['accounts(filter: { id: { eq: "usr_01h455vb4pex5vsknk084sn02q" } }) { totalCount }', 'filter.id.eq'],
  [
    'accounts(filter: { owner: { in: ["acc_01h455vb4pex5vsknk084sn02q"] } }) { totalCount }',
    'filter.owner.in',
  ],
  ['leads(filter: { or: [{ owner: { eq: "x" } }] }) { totalCount }', 'filter.or[0].owner.eq'],
  [
    'contacts(filter: { not: { account: { eq: "led_01h455vb4pex5vsknk084sn02q" } } }) { totalCount }',
    'filter.not.account.eq',
  ],
  [
    'conversions(filter: { convertedBy: { eq: "que_01h455vb4pex5vsknk084sn02q" } }) { totalCount }',
    'filter.convertedBy.eq',
  ],
  ['account(by: { domain: "not a domain" }) { id }', 'by.domain'],
])('%s is BAD_USER_INPUT and names its argument', async (field, argument) => {
  const { errors } = await client.send(`{ ${field} }`);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  expect(errors![0]!.message).toContain(argument);
});
