import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
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

const CONVERT = `mutation Convert($input: ConvertLeadInput!) {
  convertLead(input: $input) {
    conversion { id accountOutcome contactOutcome opportunityOutcome convertedBy { name } fields { target field value outcome } }
    lead { id isConverted status { name } conversion { id } version }
    account { name domain contacts { nodes { id } } conversions { nodes { lead { id } } } }
    contact { id lastName account { name } }
    opportunity { name stage { name } amount { amount } contactRoles { contact { id } isPrimary } }
    warnings { ...error }
    userErrors { ...error }
  }
}
fragment error on UserError {
  __typename code message path
  ... on LeadConvertedError { conversion { id } }
  ... on DuplicateFoundError { candidates { record { id } score matchedOn method } }
  ... on StaleVersionError { current }
  ... on AllowedValuesError { allowed }
}`;

async function convert(leadId: string, input: object = {}, as = client) {
  const { convertLead } = await as.data(CONVERT, { input: { lead: encodeId('Lead', leadId), ...input } });
  return convertLead;
}

test('a conversion answers with everything it made, read after the commit', async () => {
  const leadId = await sales.lead({ company: 'Acme', email: 'rose@acme.com' });
  const answer = await convert(leadId);
  expect(answer).toMatchObject({
    conversion: { accountOutcome: 'CREATED', contactOutcome: 'CREATED', opportunityOutcome: 'CREATED' },
    lead: {
      id: encodeId('Lead', leadId),
      isConverted: true,
      status: { name: 'Closed - Converted' },
      conversion: { id: answer.conversion.id },
      version: 2,
    },
    account: {
      name: 'Acme',
      domain: 'acme.com',
      contacts: { nodes: [{ id: answer.contact.id }] },
      conversions: { nodes: [{ lead: { id: encodeId('Lead', leadId) } }] },
    },
    contact: { lastName: 'Gonzalez', account: { name: 'Acme' } },
    opportunity: {
      name: 'Acme-',
      stage: { name: 'Prospecting' },
      amount: null,
      contactRoles: [{ contact: { id: answer.contact.id }, isPrimary: true }],
    },
    warnings: [],
    userErrors: [],
  });
  expect(answer.conversion.fields).toContainEqual({
    target: 'ACCOUNT',
    field: 'name',
    value: 'Acme',
    outcome: 'FILLED',
  });
});

test('a refusal is a typed error with its data, and everything else is null', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const nothing = {
    conversion: null,
    lead: null,
    account: null,
    contact: null,
    opportunity: null,
    warnings: [],
  };
  expect(await convert(leadId, { ifVersion: 7 })).toEqual({
    ...nothing,
    userErrors: [
      {
        __typename: 'StaleVersionError',
        code: 'STALE_VERSION',
        message: expect.any(String),
        path: ['ifVersion'],
        current: 1,
      },
    ],
  });
  expect((await convert(leadId, { convertedStatus: 'Nope' })).userErrors).toMatchObject([
    { __typename: 'AllowedValuesError', allowed: ['Closed - Converted'] },
  ]);
  const { conversion } = await convert(leadId);
  expect((await convert(leadId)).userErrors).toMatchObject([
    { __typename: 'LeadConvertedError', code: 'LEAD_CONVERTED', conversion: { id: conversion.id } },
  ]);
});

test('in one request, a refusal knows the conversion before it', async () => {
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  const fields = 'conversion { id } userErrors { code ... on LeadConvertedError { conversion { id } } }';
  const { first, second } = await client.data(`mutation {
    first: convertLead(input: { lead: "${lead}", idempotencyKey: "1" }) { ${fields} }
    second: convertLead(input: { lead: "${lead}", idempotencyKey: "2" }) { ${fields} }
  }`);
  expect(second.userErrors).toEqual([{ code: 'LEAD_CONVERTED', conversion: { id: first.conversion.id } }]);
});

test('duplicates come with the records', async () => {
  const id = encodeId('Account', await sales.account('Acme'));
  const leadId = await sales.lead({ company: 'Acme' });
  const create = { account: { create: {} } };
  const candidates = [{ record: { id }, score: 1, matchedOn: ['name'], method: 'EXACT_NAME' }];
  expect((await convert(leadId, create)).userErrors).toMatchObject([
    { __typename: 'DuplicateFoundError', path: ['account'], candidates },
  ]);
  const { warnings, userErrors } = await convert(leadId, { ...create, allowDuplicate: true });
  expect({ warnings, userErrors }).toMatchObject({ warnings: [{ candidates }], userErrors: [] });
});

test('contradictory targets cannot be typed', async () => {
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  for (const account of [{ create: {}, matchOrCreate: true }, {}, { existing: null }]) {
    const answer = await client.send(CONVERT, { input: { lead, account } });
    expect(answer.errors![0]!.message).toMatch(/input\.account|AccountTarget/);
  }
  const literal = await client.send(
    `mutation { convertLead(input: { lead: "${lead}", opportunity: { none: true, create: {} } }) { userErrors { code } } }`,
  );
  expect(literal.errors![0]!.message).toMatch(/OpportunityTarget/);
  expect(await sales.count('lead_conversion')).toBe(0);
});

test('a marketer is told that a person has to review it, an analyst is forbidden to', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const marketer = await server.client(sales.organization.id, Role.MARKETER);
  expect((await convert(leadId, {}, marketer)).userErrors).toMatchObject([
    { __typename: 'InputError', code: 'HUMAN_REVIEW_REQUIRED' },
  ]);
  const analyst = await server.client(sales.organization.id, Role.ANALYST);
  const answer = await analyst.send(CONVERT, { input: { lead: encodeId('Lead', leadId) } });
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('fifty requests at once for one lead: one conversion, 49 errors that carry it', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => convert(leadId, { idempotencyKey: `key ${index}` })),
  );
  const [done, ...others] = answers.filter(({ conversion }) => conversion !== null);
  expect(others).toEqual([]);
  const refused = answers.filter(({ conversion }) => conversion === null);
  expect(refused).toHaveLength(49);
  for (const { userErrors } of refused)
    expect(userErrors).toMatchObject([{ code: 'LEAD_CONVERTED', conversion: { id: done.conversion.id } }]);
});
