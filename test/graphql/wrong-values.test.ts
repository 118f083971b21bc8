import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  client = await server.client((await world.organization()).id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});
afterEach(() => expect(server.log).toEqual([]));

const NUL = 'a\0b';

test.each([
  ['account', 'AccountKey', 'externalId'],
  ['contact', 'ContactKey', 'externalId'],
  ['contact', 'ContactKey', 'email'],
  ['lead', 'LeadKey', 'externalId'],
  ['opportunity', 'OpportunityKey', 'externalId'],
  ['campaign', 'CampaignKey', 'externalId'],
])(
  'a NUL character in a key of %s (%s.%s) is refused there, and the rest is answered',
  async (field, type, key) => {
    const query = `query ($by: ${type}!) { it: ${field}(by: $by) { id } viewer { role } }`;
    const refusal = [{ path: ['it'], extensions: { code: 'BAD_USER_INPUT', argument: `by.${key}` } }];
    expect(await client.send(query, { by: { [key]: NUL } })).toMatchObject({
      ...{ status: 200, data: { it: null, viewer: { role: 'ADMIN' } }, errors: refusal },
    });
    const literal = `{ it: ${field}(by: { ${key}: "a\\u0000b" }) { id } viewer { role } }`;
    expect(await client.send(literal)).toMatchObject({ data: { it: null }, errors: refusal });
  },
);

test.each([
  ['accounts', 'AccountFilter', { name: { eq: NUL } }, 'filter.name.eq'],
  [
    'accounts',
    'AccountFilter',
    { or: [{ isTarget: true }, { name: { contains: NUL } }] },
    'filter.or[1].name.contains',
  ],
  ['accounts', 'AccountFilter', { domain: { in: ['a.example', NUL] } }, 'filter.domain.in[1]'],
  ['leads', 'LeadFilter', { status: { ne: NUL } }, 'filter.status.ne'],
  [
    'opportunities',
    'OpportunityFilter',
    { not: { stage: { startsWith: NUL } } },
    'filter.not.stage.startsWith',
  ],
  ['exchangeRates', 'ExchangeRateFilter', { currency: NUL }, 'filter.currency'],
  ['contacts', 'ContactFilter', { name: { contains: '\ude80' } }, 'filter.name.contains'],
  ['leads', 'LeadFilter', { company: { in: ['\ud83d'] } }, 'filter.company.in[0]'],
])(
  'a character that no text can have, in a filter of %s, is refused where it stands',
  async (field, type, filter, argument) => {
    const answer = await client.send(
      `query ($filter: ${type}) { ${field}(filter: $filter) { totalCount } }`,
      {
        filter,
      },
    );
    expect(answer.errors).toMatchObject([
      { path: [field], extensions: { code: 'BAD_USER_INPUT', argument } },
    ]);
  },
);

const WINDOW = 'query ($window: WindowInput) { metrics(window: $window) { won { count } } }';
const DEALS = 'query ($wanted: OpportunityFilter) { opportunities(filter: $wanted) { totalCount } }';

test.each<[string, string, Data, string]>([
  ['a date', WINDOW, { window: { from: '2026-02-30' } }, 'window.from'],
  ['a text for an object', WINDOW, { window: 'TODAY' }, 'window'],
  ['a name', WINDOW, { window: { named: 'TOMORROW' } }, 'window.named'],
  ['an unknown field', WINDOW, { window: { since: '2026-02-01' } }, 'window'],
  [
    'a decimal in a list',
    DEALS,
    { wanted: { or: [{}, { amount: { gt: '1e3' } }] } },
    'wanted.or[1].amount.gt',
  ],
  ['an instant', DEALS, { wanted: { createdAt: { lt: '2026-02-01T00:00:00' } } }, 'wanted.createdAt.lt'],
  [
    'an early instant',
    DEALS,
    { wanted: { createdAt: { lt: '0001-01-01T00:00:00Z' } } },
    'wanted.createdAt.lt',
  ],
  ['nothing', 'query ($id: ID!) { node(id: $id) { id } }', {}, 'id'],
])('a wrong value in a variable is named by its place: %s', async (_what, query, variables, argument) => {
  const { status, data, errors } = await client.send(query, variables);
  expect(data).toBeFalsy();
  expect([status, errors]).toMatchObject([400, [{ extensions: { code: 'BAD_USER_INPUT', argument } }]]);
});

test('several wrong values are each named, the first ten of them, whatever their texts say', async () => {
  const wrong = { from: '" at "window.to"; ', to: 'never' };
  const { errors } = await client.send(WINDOW, { window: wrong });
  expect(errors!.map(({ extensions }) => extensions!['argument'])).toEqual(['window.from', 'window.to']);
  const many = { or: Array(50).fill({ closeDate: { eq: 'x' } }) };
  const places = (await client.send(DEALS, { wanted: many })).errors!.map(
    ({ extensions }) => extensions!['argument'],
  );
  expect(places).toEqual([
    ...Array.from({ length: 10 }, (_, index) => `wanted.or[${index}].closeDate.eq`),
    undefined,
  ]);
});

test.each([
  ['Date', '{ metrics(window: { from: "2026-02-30" }) { won { count } } }'],
  ['Date', '{ metrics(window: { from: 20260201 }) { won { count } } }'],
  ['Decimal', '{ opportunities(filter: { amount: { gt: "1e3" } }) { totalCount } }'],
  ['DateTime', '{ metrics(asOf: "0001-01-01T00:00:00Z") { won { count } } }'],
])('a wrong literal %s is found by its line and column; a type is no argument', async (type, query) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as Data;
  expect(errors).toEqual([
    {
      message: expect.stringContaining(type),
      locations: [{ line: 1, column: expect.any(Number) }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
});

test('a movement backwards is refused in ISO 8601', async () => {
  const query = `{ pipelineMovement(from: "2026-03-01T00:00:00+01:00", to: "2026-02-01T00:00:00Z") { won { count } } }`;
  expect((await client.send(query)).errors).toMatchObject([
    {
      message: 'to must not lie before from (2026-02-28T23:00:00.000Z), got 2026-02-01T00:00:00.000Z',
      path: ['pipelineMovement'],
      extensions: { argument: 'to' },
    },
  ]);
});

test('an offset is no time zone for a window: the database would read it the other way round', async () => {
  for (const timeZone of ['+08:00', 'EST5EDT', 'local'])
    expect((await client.send(WINDOW, { window: { named: 'TODAY', timeZone } })).errors).toMatchObject([
      {
        message: `window.timeZone is no IANA time zone (Europe/Berlin, …): ${timeZone}`,
        path: ['metrics'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'window.timeZone' },
      },
    ]);
});
