import { fiscalQuarterEnd } from '../../src/identity/fiscal-calendar.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world, { currency: 'USD', fiscalYearStartMonth: 2, timeZone: 'America/New_York' });
});
afterAll(() => world.close());

const RICH = {
  firstName: 'Rose',
  lastName: 'Gonzalez',
  company: 'Edge Communications',
  email: 'Rose@Edge.com',
  phone: '(512) 757-6000',
  mobile: '(512) 757-9340',
  title: 'SVP, Procurement',
  website: 'https://www.edgecomm.com',
  industry: 'Electronics',
  employees: 1000,
  annualRevenue: 139000000n,
  annualRevenueCurrency: 'USD',
  street: '312 Constitution Place',
  city: 'Austin',
  state: 'TX',
  postalCode: '78767',
  country: 'USA',
  rating: 'Hot',
  description: 'Met at the fair',
  source: 'Trade Show',
  doNotCall: true,
};

test('with nothing but the lead, it becomes a new account, contact and opportunity', async () => {
  const leadId = await sales.lead(RICH);
  const result = await sales.convert(leadId);
  expect(result).toMatchObject({ leadId, warnings: [] });

  const account = await sales.row('account', result.accountId);
  expect(account).toMatchObject({
    name: 'Edge Communications',
    name_key: 'edge communications',
    match_key: 'edge communications',
    domain: 'edgecomm.com',
    website: 'https://www.edgecomm.com',
    industry: 'Electronics',
    industry_key: 'electronics',
    employees: 1000,
    annual_revenue: '139000000',
    annual_revenue_currency: 'USD',
    phone: '(512) 757-6000',
    street: '312 Constitution Place',
    city: 'Austin',
    state: 'TX',
    postal_code: '78767',
    country: 'USA',
    rating: 'Hot',
    owner_id: sales.ownerId,
    custom_fields: {},
    version: 1,
  });
  const contact = await sales.row('contact', result.contactId);
  expect(contact).toMatchObject({
    account_id: result.accountId,
    first_name: 'Rose',
    last_name: 'Gonzalez',
    name_key: 'rose gonzalez',
    email: 'Rose@Edge.com',
    email_key: 'rose@edge.com',
    phone: '(512) 757-6000',
    mobile: '(512) 757-9340',
    title: 'SVP, Procurement',
    title_key: 'svp, procurement',
    source: 'Trade Show',
    description: 'Met at the fair',
    city: 'Austin',
    do_not_call: true,
    email_opt_out: false,
    owner_id: sales.ownerId,
  });
  const lead = await sales.row('lead', leadId);
  const opportunity = await sales.row('opportunity', result.opportunityId!);
  expect(opportunity).toMatchObject({
    account_id: result.accountId,
    name: 'Edge Communications-',
    stage_position: 1,
    amount: null,
    currency: 'USD',
    probability: 10,
    forecast_category: 'PIPELINE',
    close_date: fiscalQuarterEnd(new Date(lead['converted_at'] as string), sales.organization),
    is_closed: false,
    closed_at: null,
    source: 'Trade Show',
    owner_id: sales.ownerId,
  });
  const [status] = await sales.rows('lead_status', `id = '${String(lead['status_id'])}'`);
  expect(status).toMatchObject({ name: 'Closed - Converted', is_converted: true });
  expect(lead).toMatchObject({ is_converted: true, version: 2 });
});

test('the new opportunity begins its history, and the contact is its one primary contact', async () => {
  const { opportunityId, contactId } = await sales.convert(await sales.lead(RICH));
  const opportunity = await sales.row('opportunity', opportunityId!);
  expect(await sales.rows('opportunity_version')).toMatchObject([
    {
      opportunity_id: opportunityId,
      stage_id: opportunity['stage_id'],
      amount: null,
      probability: 10,
      close_date: opportunity['close_date'],
      valid_from: opportunity['created_at'],
      valid_to: null,
    },
  ]);
  expect(await sales.rows('opportunity_contact_role')).toMatchObject([
    { opportunity_id: opportunityId, contact_id: contactId, is_primary: true, role: null },
  ]);
});

test('the conversion tells outcomes, provenance, who and when; journal and outbox tell the rest', async () => {
  const leadId = await sales.lead({
    lastName: 'Doe',
    company: 'Doe Ltd',
    email: 'jane@doe.com',
    source: 'Web',
  });
  const result = await sales.convert(leadId);
  const lead = await sales.row('lead', leadId);
  expect(await sales.rows('lead_conversion')).toMatchObject([
    {
      id: result.conversionId,
      lead_id: leadId,
      account_id: result.accountId,
      contact_id: result.contactId,
      opportunity_id: result.opportunityId,
      account_outcome: 'CREATED',
      contact_outcome: 'CREATED',
      opportunity_outcome: 'CREATED',
      converted_at: lead['converted_at'],
      converted_by_id: sales.ownerId,
      is_imported: false,
      reverted_at: null,
      effects: { at: expect.any(String), changes: expect.any(Array) },
    },
  ]);
  const fields = await sales.rows('conversion_field');
  expect(fields.map((row) => [row['target'], row['field'], row['value'], row['outcome']]).sort()).toEqual([
    ['ACCOUNT', 'domain', 'doe.com', 'FILLED'],
    ['ACCOUNT', 'name', 'Doe Ltd', 'FILLED'],
    ['CONTACT', 'email', 'jane@doe.com', 'FILLED'],
    ['CONTACT', 'lastName', 'Doe', 'FILLED'],
    ['CONTACT', 'source', 'Web', 'FILLED'],
    ['OPPORTUNITY', 'source', 'Web', 'FILLED'],
  ]);
  const audit = await sales.rows('audit_entry');
  expect(
    audit.map((row) => [row['record_type'], row['record_id'], row['action'], row['actor_user_id']]).sort(),
  ).toEqual([
    ['Account', result.accountId, 'convertLead', sales.ownerId],
    ['Contact', result.contactId, 'convertLead', sales.ownerId],
    ['Lead', leadId, 'convertLead', sales.ownerId],
    ['LeadConversion', result.conversionId, 'convertLead', sales.ownerId],
    ['Opportunity', result.opportunityId, 'convertLead', sales.ownerId],
  ]);
  const ofLead = audit.find((row) => row['record_type'] === 'Lead')!;
  expect(ofLead['after']).toMatchObject({ isConverted: true, conversionId: result.conversionId });
  expect(await sales.rows('outbox_event')).toMatchObject([
    { type: 'convertLead', payload: { recordType: 'LeadConversion', recordId: result.conversionId } },
  ]);
});

test("the account's domain is the website's, else that of a company e-mail", async () => {
  const ofEmail = await sales.convert(await sales.lead({ company: 'One', email: 'a@mail.one.co.uk' }));
  expect(await sales.row('account', ofEmail.accountId)).toMatchObject({ domain: 'one.co.uk', website: null });
  const freeMail = await sales.convert(await sales.lead({ company: 'Two', email: 'a@gmail.com' }));
  expect(await sales.row('account', freeMail.accountId)).toMatchObject({ domain: null });
});

test("an opportunity inherits the lead's campaign, told by its name", async () => {
  const campaignId = '01900000-0000-7000-8000-000000000001';
  await world.database.write(sales.admin, (tx) =>
    tx.em
      .getConnection()
      .execute(
        `insert into campaign (organization_id, id, name, name_key, created_at, updated_at) values ('${sales.organization.id}', '${campaignId}', 'Fair 2026', 'fair 2026', now(), now())`,
        [],
        'run',
        tx.em.getTransactionContext(),
      ),
  );
  const { opportunityId } = await sales.convert(await sales.lead({ company: 'Acme', campaignId }));
  expect(await sales.row('opportunity', opportunityId!)).toMatchObject({ campaign_id: campaignId });
  expect(await sales.rows('conversion_field', "field = 'campaign'")).toMatchObject([
    { target: 'OPPORTUNITY', value: 'Fair 2026', outcome: 'FILLED' },
  ]);
});

test('a new account finds the other open leads of its company', async () => {
  const first = await sales.lead({ company: 'Acme', email: 'a@acme.com' });
  const second = await sales.lead({ company: 'Acme', email: 'b@acme.com' });
  const { accountId } = await sales.convert(first);
  expect(await sales.row('lead', second)).toMatchObject({
    matched_account_id: accountId,
    match_method: 'DOMAIN',
    version: 1,
  });
});
