import sql from 'sql-template-tag';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { startTestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const CONVERT = `mutation ($input: ConvertLeadInput!) { convertLead(input: $input) {
  account { id } warnings { code ... on DuplicateFoundError { candidates { score record { id } } } } userErrors { code } } }`;

test('a remembered warning leaves out candidates that were deleted since', async () => {
  const server = await startTestServer(world);
  const sales = await Sales.open(world);
  const client = await server.client(sales.organization.id, Role.ADMIN);
  const accountId = await sales.account('Acme');
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  const input = { lead, account: { create: {} }, allowDuplicate: true, idempotencyKey: 'k' };
  const first = (await client.data(CONVERT, { input })).convertLead;
  const candidate = { score: 1, record: { id: encodeId('Account', accountId) } };
  expect(first.warnings).toEqual([{ code: 'DUPLICATE_FOUND', candidates: [candidate] }]);
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update account set deleted_at = now()
      where organization_id = ${sales.organization.id} and id = ${accountId}`),
  );
  expect((await client.data(CONVERT, { input })).convertLead).toEqual({
    ...first,
    warnings: [{ code: 'DUPLICATE_FOUND', candidates: [] }],
  });
  await server.close();
});
