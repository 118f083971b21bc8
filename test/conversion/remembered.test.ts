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

test('a remembered conversion that was undone since says so, and a new key converts the lead again', async () => {
  const server = await startTestServer(world);
  const sales = await Sales.open(world);
  const client = await server.client(sales.organization.id, Role.ADMIN);
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  const fields = `conversion { id revertedAt } lead { isConverted } account { id }
    warnings { __typename code message path } userErrors { code }`;
  const one = `mutation ($input: ConvertLeadInput!) { result: convertLead(input: $input) { ${fields} } }`;
  const many = `mutation ($input: ConvertLeadsInput!) { result: convertLeads(input: $input) { results { payload { ${fields} } } } }`;
  const convert = async (idempotencyKey: string) =>
    (await client.data(one, { input: { lead, idempotencyKey } })).result;
  const convertMany = async () =>
    (await client.data(many, { input: { items: [{ input: { lead } }], idempotencyKey: 'k' } })).result
      .results[0].payload;
  const undo = async (conversion: string) =>
    (
      await client.data(
        'mutation ($conversion: ID!) { revertConversion(input: { conversion: $conversion }) { conversion { revertedAt } } }',
        { conversion },
      )
    ).revertConversion.conversion.revertedAt;

  for (const repeat of [() => convert('k'), convertMany]) {
    const first = await repeat();
    expect(first).toMatchObject({ conversion: { revertedAt: null }, warnings: [], userErrors: [] });
    expect(await repeat()).toEqual(first);
    const revertedAt = await undo(first.conversion.id);
    const message = `The conversion was undone at ${revertedAt}, and this call converted nothing: the lead can be converted again with a new idempotencyKey`;
    expect(await repeat()).toEqual({
      conversion: { id: first.conversion.id, revertedAt },
      lead: { isConverted: false },
      account: null,
      warnings: [{ __typename: 'InputError', code: 'ALREADY_REVERTED', message, path: ['idempotencyKey'] }],
      userErrors: [],
    });
  }
  const again = await convert('another');
  expect(again).toMatchObject({ lead: { isConverted: true }, warnings: [], userErrors: [] });
  await server.close();
});
