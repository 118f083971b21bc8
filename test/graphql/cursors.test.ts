import fc from 'fast-check';
import { fillBulk } from '../support/bulk.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { id, tenant } = await world.organization();
  await fillBulk(world, tenant, { accounts: 10, contacts: 1, opportunities: 1, leads: 1 });
  client = await server.client(id);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const ORDER_TYPES = { accounts: 'AccountOrder', opportunities: 'OpportunityOrder', leads: 'LeadOrder' };
type ListName = keyof typeof ORDER_TYPES;

interface OrderBy {
  field: string;
  direction: 'ASC' | 'DESC';
}

const query = (
  list: ListName,
) => `query ($first: Int, $after: String, $before: String, $orderBy: [${ORDER_TYPES[list]}!]) {
  ${list}(first: $first, after: $after, before: $before, orderBy: $orderBy) { nodes { id } pageInfo { endCursor } } }`;

test('a cursor belongs to its order and list', async () => {
  const byName = (await client.data(query('accounts'), { first: 1 })).accounts.pageInfo.endCursor;
  const other = async (list: ListName, orderBy: OrderBy[] | null) =>
    (await client.send(query(list), { first: 1, after: byName, orderBy })).errors;
  expect(await other('accounts', null)).toBeUndefined();
  for (const orderBy of [
    [{ field: 'NAME', direction: 'DESC' as const }],
    [{ field: 'TIER', direction: 'ASC' as const }],
    [
      { field: 'NAME', direction: 'ASC' as const },
      { field: 'TIER', direction: 'ASC' as const },
    ],
  ])
    expect(await other('accounts', orderBy)).toMatchObject([
      {
        message: expect.stringContaining('another order'),
        extensions: { code: 'BAD_USER_INPUT', argument: 'after' },
      },
    ]);
  expect(await other('leads', null)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a made-up cursor is BAD_USER_INPUT or a place in the list, never an internal error', async () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const id = '00000000-0000-7000-8001-000000000001';
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '2024-13-45',
      '2025-02-30',
      '99999-01-01',
      '2024-01-01T99:99:99Z',
      '2024-01-01T00:00:00Z',
      '1e999',
      '-1',
      '1.5',
      '99999999999999999999',
      'NaN',
      '\0',
      '﷐',
    ),
  );
  const signature = fc.constantFrom(
    'NAME',
    '-NAME',
    'TIER',
    'ANNUAL_REVENUE',
    'CREATED_AT',
    'TIER,-NAME',
    'CLOSE_DATE',
    'AMOUNT',
    'STAGE',
    'SCORE',
    'COMPANY',
  );
  const cursors = fc.oneof(
    text,
    fc.json(),
    fc.jsonValue().map(encode),
    fc
      .tuple(
        signature,
        fc.oneof(fc.constant(id), text),
        fc.array(fc.oneof(text, fc.constant(null), fc.jsonValue()), { maxLength: 3 }),
      )
      .map(([of, uuid, values]) => encode([of, uuid, ...values])),
  );
  const orders: [ListName, OrderBy[]][] = [
    ['accounts', [{ field: 'NAME', direction: 'ASC' }]],
    ['accounts', [{ field: 'TIER', direction: 'ASC' }]],
    ['accounts', [{ field: 'ANNUAL_REVENUE', direction: 'ASC' }]],
    ['accounts', [{ field: 'CREATED_AT', direction: 'ASC' }]],
    [
      'accounts',
      [
        { field: 'TIER', direction: 'ASC' },
        { field: 'NAME', direction: 'DESC' },
      ],
    ],
    ['opportunities', [{ field: 'CLOSE_DATE', direction: 'ASC' }]],
    ['opportunities', [{ field: 'STAGE', direction: 'ASC' }]],
    ['leads', [{ field: 'COMPANY', direction: 'ASC' }]],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...orders),
      cursors,
      fc.boolean(),
      async ([list, orderBy], cursor, backward) => {
        const at = backward ? { before: cursor } : { after: cursor };
        const { errors } = await client.sendOnce(query(list), { orderBy, ...at });
        for (const error of errors ?? []) expect(error.extensions?.code).toBe('BAD_USER_INPUT');
      },
    ),
    { numRuns: 600 },
  );
  // and those that get past the signature: every kind of value under every order
  for (const [list, orderBy] of orders)
    for (const value of [
      null,
      '',
      'x',
      '5',
      '-5',
      '1e3',
      ' 1',
      '2147483648',
      '9223372036854775808',
      '2024-01-01',
      '0000-01-01',
      '2025-02-30',
      '2024-01-01T00:00:00Z',
      '2025-02-30T00:00:00Z',
      '2024-01-01T00:00:00.1.2Z',
      '+275760-09-13T00:00:00Z',
      '\uD800',
      '\0',
      7,
      true,
      [],
      {},
    ]) {
      const of = orderBy.map(({ field, direction }) => (direction === 'DESC' ? `-${field}` : field)).join();
      const cursor = encode([of, id, ...orderBy.map(() => value)]);
      const { errors } = await client.sendOnce(query(list), { orderBy, after: cursor });
      expect([list, orderBy, value, errors?.map((error) => error.extensions?.code) ?? []]).toEqual([
        list,
        orderBy,
        value,
        errors ? ['BAD_USER_INPUT'] : [],
      ]);
    }
});
