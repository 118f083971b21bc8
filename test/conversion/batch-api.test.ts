import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

let world: World;
let server: TestServer;
let sales: Sales;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
});
beforeEach(async () => {
  sales = await Sales.open(world);
  client = await server.client(sales.organization.id, Role.SDR);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const CONVERT = `mutation ($input: ConvertLeadsInput!) {
  convertLeads(input: $input) {
    results {
      clientRef
      payload {
        conversion { accountOutcome } lead { id isConverted } account { name } contact { lastName }
        opportunity { name contactRoles { isPrimary role } }
        userErrors { __typename code path ... on LeadConvertedError { conversion { lead { id } } } }
      }
    }
    userErrors { code path }
  }
}`;
const convert = async (input: Data, as = client) => (await as.data(CONVERT, { input })).convertLeads as Data;
const item = (leadId: string, clientRef: string | null = null) => ({
  clientRef,
  input: { lead: encodeId('Lead', leadId) },
});

test('results come in the order of the items with their clientRef, read after the commit', async () => {
  const [good, other, converted] = [
    await sales.lead({ company: 'Acme', lastName: 'Good' }),
    await sales.lead({ company: 'Acme', lastName: 'Other' }),
    await sales.lead({ company: 'Beta' }),
  ];
  await sales.convert(converted!);
  const items = [item(good!, 'a'), item(converted!, 'a'), item(other!)];
  const { results, userErrors } = await convert({
    items,
    mode: 'PER_RECORD',
    shareOpportunity: { create: {} },
  });
  expect(userErrors).toEqual([]);
  expect(results).toMatchObject([
    {
      clientRef: 'a',
      payload: {
        conversion: { accountOutcome: 'CREATED' },
        lead: { id: encodeId('Lead', good!), isConverted: true },
        account: { name: 'Acme' },
        contact: { lastName: 'Good' },
        opportunity: { name: 'Acme-', contactRoles: [{ isPrimary: true }, { isPrimary: false }] },
        userErrors: [],
      },
    },
    {
      clientRef: 'a',
      payload: {
        lead: null,
        userErrors: [
          {
            __typename: 'LeadConvertedError',
            code: 'LEAD_CONVERTED',
            path: ['items', '1', 'input', 'lead'],
            conversion: { lead: { id: encodeId('Lead', converted!) } },
          },
        ],
      },
    },
    { clientRef: null, payload: { conversion: { accountOutcome: 'ATTACHED' }, userErrors: [] } },
  ]);
});

test('a batch is all or nothing unless it says otherwise', async () => {
  const [good, converted] = [await sales.lead({ company: 'Acme' }), await sales.lead({ company: 'Beta' })];
  await sales.convert(converted);
  const { results, userErrors } = await convert({ items: [item(good), item(converted)] });
  expect(userErrors).toEqual([{ code: 'BATCH_ABORTED', path: ['items'] }]);
  expect(results.map(({ payload }: Data) => payload.userErrors[0].code)).toEqual([
    'BATCH_ABORTED',
    'LEAD_CONVERTED',
  ]);
  expect(await sales.count('lead_conversion')).toBe(1);
});

test('a clientRef that is too long or no text is refused at its path', async () => {
  const refs = ['x'.repeat(255), 'x'.repeat(256), 'a\0b', '\ud800'];
  const leads = [];
  for (const company of ['Acme', 'Beta', 'Gamma', 'Delta']) leads.push(await sales.lead({ company }));
  const items = leads.map((lead, index) => item(lead, refs[index]));
  const { results } = await convert({ items, mode: 'PER_RECORD' });
  expect(results.map(({ payload }: Data) => payload.userErrors)).toMatchObject([
    [],
    [{ code: 'INVALID_INPUT', path: ['items', '1', 'clientRef'] }],
    [{ code: 'INVALID_INPUT', path: ['items', '2', 'clientRef'] }],
    [{ code: 'INVALID_INPUT', path: ['items', '3', 'clientRef'] }],
  ]);
  expect(await sales.count('lead_conversion')).toBe(1);
});

test('an empty batch and one of 101 are refused as a whole', async () => {
  const lead = await sales.lead({ company: 'Acme' });
  for (const items of [[], Array(101).fill(item(lead))])
    expect(await convert({ items })).toMatchObject({
      results: [],
      userErrors: [{ code: 'INVALID_INPUT', path: ['items'] }],
    });
});

test('programs and marketers are told that a person has to do it, an analyst is forbidden to', async () => {
  const items = [item(await sales.lead({ company: 'Acme' }))];
  for (const role of [Role.SERVICE, Role.MARKETER]) {
    const answer = await convert({ items }, await server.client(sales.organization.id, role));
    expect(answer).toMatchObject({ results: [], userErrors: [{ code: 'HUMAN_REVIEW_REQUIRED' }] });
  }
  const analyst = await server.client(sales.organization.id, Role.ANALYST);
  const { errors } = await analyst.send(CONVERT, { input: { items } });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await sales.count('lead_conversion')).toBe(0);
});

test('what is selected of each result counts for each item', async () => {
  const items = Array(100).fill(item(await sales.lead({ company: 'Acme' })));
  const deep = `mutation ($input: ConvertLeadsInput!) { convertLeads(input: $input) { results { payload {
    account { contacts(first: 100) { nodes { opportunities(first: 20) { nodes { id } } } } } } } } }`;
  const { errors } = await client.send(deep, { input: { items } });
  expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_LARGE' } }]);
});
