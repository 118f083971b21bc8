import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { ConversionTarget, MergePolicy } from '../../src/conversion/conversion.enums.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { approved, person, program, propose } from './review-sales.ts';
import { revert } from './revert-sales.ts';
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
  client = await server.client(sales.organization.id, Role.ADMIN);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const AUDIT = `{ conversions { nodes { audit {
  at action actor { kind name user { id } } proposedBy { kind name user { id } } before after plan policies
} } } }`;

async function audit() {
  const { conversions } = await client.data(AUDIT);
  return conversions.nodes[0].audit;
}

type Payload = Record<string, unknown>;
const events = async (type: string) =>
  (await sales.rows('outbox_event', `type = '${type}'`)).map((row) => row['payload'] as Payload);

/** An account that is joined, one field of it overwritten; a similar contact; defaults for the deal. */
async function merging() {
  const accountId = await sales.account('Acme', { industry: 'Retail', phone: '+1' });
  const leadId = await sales.lead({ company: 'Acme', industry: 'Banking', phone: '+2', email: 'a@acme.com' });
  const mergePolicy = [
    { target: ConversionTarget.ACCOUNT, field: 'industry', policy: MergePolicy.OVERWRITE },
  ];
  return { accountId, leadId, mergePolicy };
}

test('the audit of a conversion tells the plan and the policies it was made by, in public ids', async () => {
  const { accountId, leadId, mergePolicy } = await merging();
  await sales.convert(leadId, { mergePolicy });
  const [entry, ...others] = await audit();
  expect(others).toEqual([]);
  const account = encodeId('Account', accountId);
  const owner = encodeId('User', sales.ownerId);
  expect(entry).toMatchObject({ action: 'convertLead', actor: { name: 'Ann' }, proposedBy: null });
  expect(entry.plan).toEqual({
    account: { outcome: 'MERGED', record: account },
    contact: { outcome: 'CREATED', record: null },
    opportunity: { outcome: 'CREATED', record: null, role: null },
    convertedStatus: 'Closed - Converted',
    fields: expect.any(Array),
    candidates: {
      account: [{ record: account, score: 1, matchedOn: ['name'], method: 'EXACT_NAME' }],
      contact: [],
    },
  });
  const field = (target: string, name: string) =>
    entry.plan.fields.filter((one: Payload) => one['target'] === target && one['field'] === name);
  expect(field('ACCOUNT', 'industry')).toEqual([
    {
      ...{ target: 'ACCOUNT', field: 'industry', source: 'Banking', current: 'Retail', next: 'Banking' },
      ...{ outcome: 'OVERWRITTEN', reason: 'The input says to overwrite it' },
      ...{ sourceField: 'industry', otherSources: [] },
    },
  ]);
  expect(field('ACCOUNT', 'phone')).toMatchObject([{ outcome: 'KEPT', source: '+2', next: '+1' }]);
  expect(field('CONTACT', 'owner')).toMatchObject([{ next: owner, reason: "Default: the lead's owner" }]);
  expect(field('OPPORTUNITY', 'stage')).toMatchObject([
    { next: 'Prospecting', reason: 'Default: the first open stage' },
  ]);
  expect(entry.policies).toEqual({
    merge: { default: 'FILL_EMPTY', fields: mergePolicy },
    ...{ duplicate: 'BLOCK', similar: 'WARN', allowDuplicate: false, review: 'NONE' },
  });
  // neither ids as they are inside, nor columns derived from others
  const text = JSON.stringify(entry);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  expect(text).not.toMatch(/"\w+(Key|Uuid|_id)"/);
});

test('a conversion is one event, which tells who, what was planned, and everything before and after', async () => {
  const { accountId, leadId, mergePolicy } = await merging();
  const { conversionId, contactId, opportunityId } = await sales.convert(leadId, {
    mergePolicy,
    idempotencyKey: 'secret key',
  });
  const [event, ...others] = await sales.rows('outbox_event');
  expect(others).toEqual([]);
  expect(event!['type']).toBe('convertLead');
  const entry = (await sales.rows('audit_entry', "record_type = 'LeadConversion'"))[0]!;
  const { plan, policies } = entry['details'] as Payload;
  expect(event!['payload']).toEqual({
    recordType: 'LeadConversion',
    recordId: conversionId,
    actorUserId: sales.ownerId,
    actor: { kind: 'PERSON', userUuid: sales.ownerId, name: 'Ann' },
    proposedBy: null,
    records: [
      { recordType: 'Account', recordId: accountId },
      { recordType: 'Contact', recordId: contactId },
      { recordType: 'Opportunity', recordId: opportunityId },
      { recordType: 'Lead', recordId: leadId },
    ],
    before: entry['before'],
    after: entry['after'],
    ...{ plan, policies },
  });
  expect(entry['before']).toMatchObject({ account: { industry: 'Retail' }, lead: { isConverted: false } });
  expect(entry['after']).toMatchObject({
    account: { industry: 'Banking' },
    contact: { email: 'a@acme.com' },
    opportunity: { name: 'Acme-' },
    lead: { isConverted: true },
  });
  expect(JSON.stringify([event, entry])).not.toContain('secret key');
});

test('a reviewed conversion is told to be made by who approved, and proposed by the program', async () => {
  const id = await propose(sales, await sales.lead({ company: 'Acme' }));
  const bob = await person(sales, 'Bob');
  const { conversionId } = await approved(sales, id, {}, bob);
  const [entry] = await audit();
  expect(entry).toMatchObject({
    action: 'convertLead',
    actor: { kind: 'PERSON', name: 'Bob', user: { id: encodeId('User', bob.userId!) } },
    proposedBy: { kind: 'SERVICE', name: 'Agent', user: null },
    plan: { account: { outcome: 'CREATED' } },
  });
  const [event, ...others] = await events('convertLead');
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    recordId: conversionId,
    actor: { name: 'Bob' },
    proposedBy: { kind: 'SERVICE', userUuid: null, name: 'Agent' },
  });
  const told = (await sales.rows('outbox_event')).map(({ type, payload }) => [
    type,
    (payload as Payload)['recordType'],
  ]);
  expect(told.sort()).toEqual([
    ['approveConversion', 'ConversionProposal'],
    ['convertLead', 'LeadConversion'],
    ['proposeConversion', 'ConversionProposal'],
  ]);
});

test('undoing is one event, too, and tells no plan', async () => {
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  await revert(sales, conversionId, { reason: 'Wrong' });
  const [event, ...others] = await events('revertConversion');
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    recordId: conversionId,
    actor: { name: 'Ann' },
    after: { reason: 'Wrong', lead: { isConverted: false } },
  });
  expect((event!['records'] as Payload[]).map(({ recordType }) => recordType).sort()).toEqual([
    ...['Account', 'Contact', 'Lead', 'Opportunity'],
  ]);
  const entries = await audit();
  expect(entries).toHaveLength(2);
  expect(entries[1]).toMatchObject({ action: 'revertConversion', plan: null, policies: null });
});

test('a repetition tells nothing again, a refusal nothing at all', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  await sales.convert(leadId, { idempotencyKey: 'k' });
  await sales.convert(leadId, { idempotencyKey: 'k' });
  await sales.refusal(leadId);
  await sales.refusal(await sales.lead({ company: 'Beta' }), {}, program(sales));
  expect(await sales.count('outbox_event')).toBe(1);
});
