import sql from 'sql-template-tag';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { activity } from './revert-sales.ts';
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

const REVERT = `mutation Revert($input: RevertConversionInput!) {
  revertConversion(input: $input) {
    conversion { id revertedAt account { id } contact { id } opportunity { id } lead { id } accountOutcome }
    lead { id isConverted status { name } conversion { id } conversions { nodes { id } } }
    userErrors { __typename code message path ... on RevertBlockedError { blockers { reason record { __typename id } } } }
  }
}`;

async function revert(conversionId: string, input: object = {}) {
  const conversion = encodeId('LeadConversion', conversionId);
  const { revertConversion } = await client.data(REVERT, { input: { conversion, ...input } });
  return revertConversion;
}

test('an undone conversion stays visible, without what it had created', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { conversionId, accountId } = await sales.convert(leadId);
  const id = encodeId('LeadConversion', conversionId);
  expect(await revert(conversionId, { reason: 'Wrong', idempotencyKey: 'k' })).toEqual({
    conversion: {
      ...{ id, revertedAt: expect.any(String), account: null, contact: null, opportunity: null },
      ...{ lead: { id: encodeId('Lead', leadId) }, accountOutcome: 'CREATED' },
    },
    lead: {
      ...{ id: encodeId('Lead', leadId), isConverted: false, status: { name: 'Open - Not Contacted' } },
      ...{ conversion: null, conversions: { nodes: [{ id }] } },
    },
    userErrors: [],
  });
  const lists = `{ accounts { totalCount } contacts { totalCount } opportunities { totalCount }
    metrics(window: { named: ALL_TIME }) { openPipeline { count } pipelineCreated { count } }
    account(by: { id: "${encodeId('Account', accountId)}" }) { id } }`;
  expect(await client.data(lists)).toEqual({
    ...{ accounts: { totalCount: 0 }, contacts: { totalCount: 0 }, opportunities: { totalCount: 0 } },
    metrics: { openPipeline: { count: 0 }, pipelineCreated: { count: 0 } },
    account: null,
  });
  expect(await revert(conversionId)).toMatchObject({
    conversion: null,
    lead: null,
    userErrors: [{ __typename: 'InputError', code: 'ALREADY_REVERTED', path: ['conversion'] }],
  });
});

test('blockers name their records, and a conversion stands for one that is no more', async () => {
  const { conversionId, contactId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  const call = await activity(sales, { contactId });
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`update opportunity set deleted_at = now() where organization_id = ${sales.organization.id}`),
  );
  const { userErrors } = await revert(conversionId);
  expect(userErrors).toEqual([
    {
      ...{ __typename: 'RevertBlockedError', code: 'REVERT_BLOCKED', path: ['conversion'] },
      message: 'The conversion was built upon: undo that first',
      blockers: [
        {
          reason: 'The opportunity was removed or merged since',
          record: { __typename: 'LeadConversion', id: encodeId('LeadConversion', conversionId) },
        },
        {
          reason: 'An activity was added since',
          record: { __typename: 'Activity', id: encodeId('Activity', call) },
        },
      ],
    },
  ]);
});

test('the audit tells who converted and who undid it, with everything changed, in public ids and amounts', async () => {
  const accountId = await sales.account('Acme');
  const { conversionId, contactId, opportunityId, leadId } = await sales.convert(
    await sales.lead({
      ...{ company: 'Acme', industry: 'Optics', annualRevenue: 1250n, annualRevenueCurrency: 'EUR' },
    }),
  );
  await revert(conversionId, { reason: 'Wrong person' });
  const { conversions } = await client.data(
    '{ conversions { nodes { audit { at action actor { kind name user { id } } before after } } } }',
  );
  const owner = encodeId('User', sales.ownerId);
  const [converted, reverted] = conversions.nodes[0].audit;
  expect(conversions.nodes[0].audit).toHaveLength(2);
  expect(converted).toMatchObject({
    action: 'convertLead',
    actor: { kind: 'PERSON', name: 'Ann', user: { id: owner } },
    before: { lead: { isConverted: false }, account: { industry: null, annualRevenue: null } },
    after: {
      lead: {
        isConverted: true,
        account: encodeId('Account', accountId),
        contact: encodeId('Contact', contactId),
        opportunity: encodeId('Opportunity', opportunityId!),
        conversion: encodeId('LeadConversion', conversionId),
      },
      account: { industry: 'Optics', annualRevenue: '12.50', annualRevenueCurrency: 'EUR' },
      contact: { lastName: 'Gonzalez', owner },
      opportunity: { name: 'Acme-', owner },
    },
  });
  expect(converted.before).not.toHaveProperty('contact');
  expect(reverted).toMatchObject({
    action: 'revertConversion',
    before: {
      lead: { isConverted: true },
      account: { industry: 'Optics', annualRevenue: '12.50' },
      contact: { lastName: 'Gonzalez', owner },
    },
    after: {
      lead: { isConverted: false, convertedAt: null },
      account: { industry: null, annualRevenue: null },
      contact: { deletedAt: expect.any(String) },
      reason: 'Wrong person',
    },
  });
  const [event] = await sales.rows(
    'outbox_event',
    "payload ->> 'recordType' = 'LeadConversion' and type = 'revertConversion'",
  );
  expect(event).toMatchObject({ payload: { recordId: conversionId } });
  expect(JSON.stringify([converted, reverted])).not.toContain(leadId);
});
