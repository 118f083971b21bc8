import { Role } from '../../src/identity/identity.enums.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
  const { id } = await world.organization();
  const other = await world.organization();
  await server.client(other.id, Role.MARKETER);
  await server.client(id, Role.AE);
  client = await server.client(id, Role.SDR);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const TEAM = `query ($first: Int, $after: String) { viewer { organization { users(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { id name role isActive } } } } }`;

test('the people of the own organisation are listed by name, page by page', async () => {
  const page = async (variables: object) => (await client.data(TEAM, variables)).viewer.organization.users;
  const first = await page({ first: 2 });
  expect(first.totalCount).toBe(3);
  expect(first.nodes.map(({ name }: { name: string }) => name)).toEqual(['AE', 'Administrator']);
  expect(first.nodes[0]).toMatchObject({ id: expect.stringMatching(/^usr_/), role: 'AE', isActive: true });
  const second = await page({ first: 2, after: first.pageInfo.endCursor });
  expect(second.nodes.map(({ name }: { name: string }) => name)).toEqual(['SDR']);
  expect(second.pageInfo.hasNextPage).toBe(false);
});
