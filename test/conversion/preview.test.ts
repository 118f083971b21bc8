import sql from 'sql-template-tag';
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

const PREVIEW = `query Preview($input: ConvertLeadInput!) {
  previewLeadConversion(input: $input) {
    plan {
      planToken accountOutcome account { id } contactOutcome contact { id } opportunityOutcome opportunity { id }
      fields { target field source current next outcome reason }
      accountCandidates { record { id } score matchedOn method }
      contactCandidates { record { id } score matchedOn method }
    }
    userErrors { __typename code path ... on LeadConvertedError { conversion { id } } ... on AllowedValuesError { allowed } }
  }
}`;
const CONVERT = `mutation Convert($input: ConvertLeadInput!) {
  convertLead(input: $input) {
    conversion { id accountOutcome } account { id }
    userErrors { __typename code message path ... on PlanExpiredError { changes } }
  }
}`;

async function preview(leadId: string, input: object = {}, as = client) {
  const asked = { lead: encodeId('Lead', leadId), ...input };
  const { previewLeadConversion } = await as.data(PREVIEW, { input: asked });
  return previewLeadConversion;
}

/** Every row of every table, with the transaction that wrote it. */
async function dump(): Promise<{ name: string; rows: object[] }[]> {
  const owner = await world.owner.connect();
  try {
    // row-level security holds for the owner, too
    await owner.query("select set_config('app.organization_id', $1, false)", [sales.organization.id]);
    const { rows: tables } = await owner.query<{ name: string }>(
      "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
    );
    const dumped = [];
    for (const { name } of tables) {
      const { rows } = await owner.query<object>(
        `select xmin::text, ctid::text, * from ${name} order by ctid`,
      );
      dumped.push({ name, rows });
    }
    return dumped;
  } finally {
    await owner.query('reset all');
    owner.release();
  }
}

async function convert(leadId: string, input: object, as = client) {
  const { convertLead } = await as.data(CONVERT, { input: { lead: encodeId('Lead', leadId), ...input } });
  return convertLead;
}

test('a preview tells of every field where it comes from and what becomes of it, and writes nothing', async () => {
  const accountId = await sales.account('Acme', { website: 'acme.com', phone: '+1', industry: null });
  const leadId = await sales.lead({
    ...{ firstName: 'Rose', company: 'ACME Inc', domain: 'acme.com', email: 'rose@acme.com' },
    ...{ phone: '+2', industry: 'Retail' },
  });
  const before = await dump();
  expect(before.find(({ name }) => name === 'lead')?.rows).toHaveLength(1);
  const { plan, userErrors } = await preview(leadId, { opportunity: { create: { stage: 'Qualification' } } });
  expect(await dump()).toEqual(before);
  expect(userErrors).toEqual([]);
  const account = { id: encodeId('Account', accountId) };
  expect(plan).toMatchObject({
    ...{ accountOutcome: 'MERGED', account, contactOutcome: 'CREATED', contact: null },
    ...{ opportunityOutcome: 'CREATED', opportunity: null, contactCandidates: [] },
    accountCandidates: [{ record: account, score: 1, matchedOn: ['domain', 'name'], method: 'DOMAIN' }],
  });
  const field = (target: string, name: string) =>
    plan.fields.find((one: Record<string, string>) => one['target'] === target && one['field'] === name);
  expect(field('ACCOUNT', 'phone')).toMatchObject({
    source: '+2',
    current: '+1',
    next: '+1',
    outcome: 'KEPT',
  });
  expect(field('ACCOUNT', 'industry')).toMatchObject({
    ...{ source: 'Retail', current: null, next: 'Retail', outcome: 'FILLED', reason: 'The field was empty' },
  });
  expect(field('CONTACT', 'phone')).toMatchObject({
    next: '+2',
    outcome: 'FILLED',
    reason: 'The record is new',
  });
  expect(field('OPPORTUNITY', 'stage')).toMatchObject({
    ...{ source: null, next: 'Qualification', reason: 'The input gives the value' },
  });
  expect(field('OPPORTUNITY', 'name')).toMatchObject({
    ...{ next: 'ACME Inc-', reason: 'Default: the company and a hyphen' },
  });
  expect(field('OPPORTUNITY', 'closeDate').reason).toBe('Default: the last day of the fiscal quarter');
  expect(field('CONTACT', 'owner')).toMatchObject({
    ...{ next: encodeId('User', sales.ownerId), reason: "Default: the lead's owner" },
  });
  expect(field('ACCOUNT', 'owner')).toBeUndefined();
});

test('what convertLead would refuse, the preview refuses in the same way', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  expect(await preview(leadId, { convertedStatus: 'Nope' })).toEqual({
    plan: null,
    userErrors: [
      {
        ...{ __typename: 'AllowedValuesError', code: 'INVALID_CONVERTED_STATUS', path: ['convertedStatus'] },
        allowed: ['Closed - Converted'],
      },
    ],
  });
  expect((await preview(leadId, { planToken: 'x' })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['planToken'] },
  ]);
  const { conversionId } = await sales.convert(leadId);
  expect(await preview(leadId)).toMatchObject({
    plan: null,
    userErrors: [{ code: 'LEAD_CONVERTED', conversion: { id: encodeId('LeadConversion', conversionId) } }],
  });
});

test('everybody who may read may preview; the token gives nobody the right to convert', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  for (const role of [Role.SERVICE, Role.MARKETER, Role.ANALYST]) {
    const reader = await server.client(sales.organization.id, role);
    const { plan } = await preview(leadId, {}, reader);
    expect(plan.accountOutcome).toBe('CREATED');
    if (role === Role.ANALYST) continue;
    expect((await convert(leadId, { planToken: plan.planToken }, reader)).userErrors).toMatchObject([
      { code: 'HUMAN_REVIEW_REQUIRED' },
    ]);
  }
  const { plan } = await preview(leadId, {}, await server.client(sales.organization.id, Role.SERVICE));
  expect(await convert(leadId, { planToken: plan.planToken })).toMatchObject({
    conversion: { accountOutcome: 'CREATED' },
    userErrors: [],
  });
});

test('over the API, a plan that has expired says what changed', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { plan } = await preview(leadId);
  await world.database.write(sales.admin, (tx) =>
    tx.query(
      sql`update lead set phone = '+3', version = 2 where organization_id = ${sales.organization.id} and id = ${leadId}`,
    ),
  );
  const { conversion, userErrors } = await convert(leadId, { planToken: plan.planToken });
  expect(conversion).toBeNull();
  expect(userErrors).toMatchObject([
    { __typename: 'PlanExpiredError', code: 'PLAN_EXPIRED', path: ['planToken'] },
  ]);
  expect(userErrors[0].changes).toContain('lead: version 1 → 2');
  expect(userErrors[0].changes).toContain('account.phone: (none) → +3');
});

test('the transaction of a preview could not write, were it told to', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const writing = world.database.plan(sales.admin, (tx) =>
    tx.query(
      sql`update lead set phone = '1' where organization_id = ${sales.organization.id} and id = ${leadId}`,
    ),
  );
  await expect(writing).rejects.toMatchObject({ code: '25006' });
});
