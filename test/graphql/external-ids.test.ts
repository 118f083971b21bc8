import { Role } from '../../src/identity/identity.enums.ts';
import { salesforceId } from '../../src/imports/salesforce-id.ts';
import { type Client, type Data, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
const seen: string[] = [];
beforeAll(async () => {
  world = await openWorld();
  world.database.observe = (text) => void seen.push(text);
  server = await startTestServer(world);
});
beforeEach(async () => {
  const { id } = await world.organization();
  client = await server.client(id, Role.ADMIN);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const types = [
  { type: 'account', given: '001D000000IqhSL', fields: { name: 'Acme' } },
  { type: 'contact', given: '003D000000QYVzX', fields: { lastName: 'Boxer' } },
  { type: 'lead', given: '00QD000000aBcDe', fields: { lastName: 'Boxer' } },
  { type: 'opportunity', given: '006D000000HrTyz', fields: { name: 'Pilot', closeDate: '2026-12-31' } },
];

async function create(type: string, fields: Data): Promise<string> {
  const name = type[0]!.toUpperCase() + type.slice(1);
  const account = type === 'opportunity' ? { account: await create('account', { name: 'Owner' }) } : {};
  const payload = (
    await client.data(
      `mutation ($input: Create${name}Input!) { create${name}(input: $input) { ${type} { id } userErrors { code path message } } }`,
      { input: { ...account, ...fields } },
    )
  )[`create${name}`];
  expect(payload.userErrors).toEqual([]);
  return payload[type].id as string;
}

describe.each(types)('the Salesforce id of 15 characters of a $type', ({ type, given, fields }) => {
  const query = `query ($by: ${type[0]!.toUpperCase() + type.slice(1)}Key!) { ${type}(by: $by) { id } }`;
  const find = async (externalId: string) =>
    (await client.data(query, { by: { externalId } }))[type]?.id ?? null;

  test('finds what an import keeps under its 18, in one statement', async () => {
    const id = await create(type, { ...fields, externalId: salesforceId(given) });
    expect(await find(given)).toBe(id);
    seen.length = 0;
    await client.sendOnce(query, { by: { externalId: given } });
    expect(seen.filter((text) => text.includes(`from ${type} `))).toHaveLength(1);
    expect(await find(salesforceId(given)!)).toBe(id);
    expect(await find(given.toLowerCase())).toBeNull();
    expect(await find(given.slice(1))).toBeNull();
  });

  test("is first of all itself, for ids of 15 characters that are somebody's own", async () => {
    const own = await create(type, { ...fields, externalId: given });
    expect(await find(given)).toBe(own);
    const imported = await create(type, { ...fields, externalId: salesforceId(given) });
    expect(await find(given)).toBe(own);
    expect(await find(salesforceId(given)!)).toBe(imported);
  });
});
