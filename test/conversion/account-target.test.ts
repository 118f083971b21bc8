import sql from 'sql-template-tag';
import { encodeId } from '../../src/graphql/ids.ts';
import { MatchMethod } from '../../src/leads/lead.enums.ts';
import { openWorld, type World } from '../support/world.ts';
import { created, Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const account = (id: string) => ({ existing: encodeId('Account', id) });

test('an account with the domain of the lead is joined', async () => {
  const id = await sales.account('Acme Holding', { website: 'acme.com' });
  const result = await sales.convert(await sales.lead({ company: 'Acme', email: 'a@acme.com' }), none);
  expect(result).toMatchObject({ accountId: id, warnings: [] });
});

test('an account with the same name but for case, accents and legal form is joined', async () => {
  const id = await sales.account('ÄCME GmbH & Co. KG');
  expect(await sales.convert(await sales.lead({ company: 'Acme Inc.' }), none)).toMatchObject({
    accountId: id,
  });
});

test('one account found by domain and name is one match', async () => {
  const id = await sales.account('Acme', { website: 'acme.com' });
  const leadId = await sales.lead({ company: 'Acme', email: 'a@acme.com' });
  expect(await sales.convert(leadId, none)).toMatchObject({ accountId: id });
});

test.each(['BLOCK', 'WARN', 'ALLOW'] as const)(
  'two exact matches are refused under the policy %s',
  async (policy) => {
    await sales.setPolicies(policy, policy);
    const byDomain = await sales.account('Acme Holding', { website: 'acme.com' });
    const byName = await sales.account('Acme');
    const leadId = await sales.lead({ company: 'Acme', email: 'a@acme.com' });
    const error = await sales.refusal(leadId, { ...none, allowDuplicate: true });
    expect(error).toMatchObject({ code: 'DUPLICATE_FOUND', path: ['account'] });
    expect(error.candidates).toHaveLength(2);
    expect(error.candidates).toEqual(
      expect.arrayContaining([
        { kind: 'Account', id: byDomain, score: 1, matchedOn: ['domain'], method: 'DOMAIN' },
        { kind: 'Account', id: byName, score: 1, matchedOn: ['name'], method: 'EXACT_NAME' },
      ]),
    );
    const chosen = await sales.convert(leadId, { ...none, account: account(byName) });
    expect(chosen.accountId).toBe(byName);
  },
);

test('the account a person matched the lead to goes before any other, unless it is gone', async () => {
  const chosen = await sales.account('Chosen');
  const gone = await sales.account('Gone', { deletedAt: created });
  const acme = await sales.account('Acme');
  const manual = { company: 'Acme', matchMethod: MatchMethod.MANUAL, matchScore: 1 };
  const first = await sales.convert(await sales.lead({ ...manual, matchedAccountId: chosen }), none);
  expect(first.accountId).toBe(chosen);
  const second = await sales.convert(await sales.lead({ ...manual, matchedAccountId: gone }), none);
  expect(second.accountId).toBe(acme);
});

test('a draft replaces what the lead says', async () => {
  const leadId = await sales.lead({
    company: 'Acme',
    email: 'a@acme.com',
    industry: 'Energy',
    employees: 5,
  });
  const create = { name: 'Acme Europe', domain: 'https://www.acme.eu/', industry: '', employees: 7 };
  const { accountId } = await sales.convert(leadId, { ...none, account: { create } });
  expect(await sales.row('account', accountId)).toMatchObject({
    name: 'Acme Europe',
    match_key: 'acme europe',
    domain: 'acme.eu',
    industry: null,
    employees: 7,
  });
  const fields = await sales.rows('conversion_field', "target = 'ACCOUNT'");
  expect(fields.map((row) => [row['field'], row['value'], row['outcome']]).sort()).toEqual([
    ['domain', 'acme.eu', 'FILLED'],
    ['employees', '7', 'FILLED'],
    ['industry', 'Energy', 'DROPPED'],
    ['name', 'Acme Europe', 'FILLED'],
  ]);
});

test('a lead without company needs an account, unless one matches', async () => {
  const leadId = await sales.lead({ email: 'a@acme.com' });
  expect(await sales.refusal(leadId)).toMatchObject({ code: 'INVALID_INPUT', path: ['account'] });
  expect(await sales.refusal(leadId, { account: { create: {} } })).toMatchObject({ path: ['account'] });
  const matching = await sales.lead({ email: 'b@known.com' });
  const known = await sales.account('Known', { website: 'known.com' });
  const joined = await sales.convert(matching);
  expect(joined.accountId).toBe(known);
  expect(await sales.row('opportunity', joined.opportunityId!)).toMatchObject({ name: 'Known-' });
  const named = await sales.convert(leadId, { account: { create: { name: 'Acme' } } });
  expect(await sales.row('opportunity', named.opportunityId!)).toMatchObject({ name: 'Acme-' });
});

test('only empty fields of an existing account are filled, its owner stays', async () => {
  const ownerId = await sales.user('Bob');
  const id = await sales.account('Acme', {
    industry: 'Energy',
    ownerId,
    annualRevenue: 5n,
    annualRevenueCurrency: 'USD',
  });
  const leadId = await sales.lead({
    company: 'ACME Inc',
    website: 'acme.com',
    industry: 'Finance',
    employees: 12,
    annualRevenue: 700n,
    annualRevenueCurrency: 'EUR',
    rating: 'Hot',
  });
  const { conversionId } = await sales.convert(leadId, none);
  expect(await sales.row('account', id)).toMatchObject({
    name: 'Acme',
    website: 'acme.com',
    domain: 'acme.com',
    industry: 'Energy',
    employees: 12,
    annual_revenue: '5',
    annual_revenue_currency: 'USD',
    rating: 'Hot',
    owner_id: ownerId,
    version: 2,
  });
  expect(await sales.row('lead_conversion', conversionId)).toMatchObject({ account_outcome: 'MERGED' });
  const fields = await sales.rows('conversion_field', "target = 'ACCOUNT'");
  expect(fields.map((row) => [row['field'], row['value'], row['outcome']]).sort()).toEqual([
    ['annualRevenue', '7.00', 'KEPT'],
    ['domain', 'acme.com', 'FILLED'],
    ['employees', '12', 'FILLED'],
    ['industry', 'Finance', 'KEPT'],
    ['name', 'ACME Inc', 'KEPT'],
    ['rating', 'Hot', 'FILLED'],
    ['website', 'acme.com', 'FILLED'],
  ]);
  const [entry] = await sales.rows('audit_entry', "record_type = 'Account'");
  expect(entry).toMatchObject({
    before: { website: null, employees: null },
    after: { website: 'acme.com', employees: 12 },
  });
});

test('an account that gets nothing is attached, unchanged', async () => {
  const id = await sales.account('Acme');
  const before = await sales.row('account', id);
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Acme' }), none);
  expect(await sales.row('account', id)).toEqual(before);
  expect(await sales.row('lead_conversion', conversionId)).toMatchObject({ account_outcome: 'ATTACHED' });
});

test('an address is completed, but never mixed with another one', async () => {
  const austin = await sales.account('Austin Corp', { city: 'Austin' });
  const berlin = await sales.account('Berlin Corp', { city: 'Berlin' });
  const place = { street: '1 Main St', city: 'AUSTIN', state: 'TX' };
  await sales.convert(await sales.lead({ company: 'Austin Corp', ...place }), none);
  expect(await sales.row('account', austin)).toMatchObject({
    street: '1 Main St',
    city: 'Austin',
    state: 'TX',
  });
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Berlin Corp', ...place }), none);
  expect(await sales.row('account', berlin)).toMatchObject({ street: null, city: 'Berlin', state: null });
  const fields = await sales.rows(
    'conversion_field',
    `target = 'ACCOUNT' and conversion_id = '${conversionId}'`,
  );
  expect(fields.map((row) => [row['field'], row['outcome']]).sort()).toEqual([
    ['city', 'KEPT'],
    ['name', 'KEPT'],
    ['state', 'DROPPED'],
    ['street', 'DROPPED'],
  ]);
});

test('an existing account does not take a domain that another account has', async () => {
  await sales.account('Acme', { website: 'acme.com' });
  const other = await sales.account('Acme Trading');
  const leadId = await sales.lead({ company: 'Acme Trading', email: 'a@acme.com' });
  const { conversionId } = await sales.convert(leadId, { ...none, account: account(other) });
  expect(await sales.rows('account')).toContainEqual(expect.objectContaining({ id: other, domain: null }));
  expect(await sales.rows('conversion_field')).toContainEqual(
    expect.objectContaining({
      conversion_id: conversionId,
      target: 'ACCOUNT',
      field: 'domain',
      outcome: 'DROPPED',
    }),
  );

  const next = await sales.lead({ company: 'Acme', email: 'b@acme.com' });
  expect(await sales.convert(next, none)).toMatchObject({ warnings: [] });
});

test('while one lead brings its domain to an existing account, another of the domain waits and joins it', async () => {
  const existing = await sales.account('Acme Holding');
  const [first, second] = [
    await sales.lead({ company: 'Acme', email: 'a@acme.com' }),
    await sales.lead({ company: 'Acme Europe', email: 'b@acme.com' }),
  ];
  let joining: ReturnType<Sales['convert']> | undefined;
  await world.database.write(sales.admin, async (tx) => {
    await tx.query(
      sql`select id from account where organization_id = ${sales.organization.id} and id = ${existing} for update`,
    );
    const filling = sales.convert(first, { ...none, account: account(existing) });
    await waiting(1);
    joining = sales.convert(second, none);
    await waiting(2);
    void filling;
  });
  expect(await joining).toMatchObject({ accountId: existing });
});

/** Until so many transactions wait for a lock. */
async function waiting(transactions: number): Promise<void> {
  const blocked = async () =>
    (
      await world.owner.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
    ).rowCount;
  while ((await blocked()) !== transactions) await new Promise((resolve) => setTimeout(resolve, 5));
}
