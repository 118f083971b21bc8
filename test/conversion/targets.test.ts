import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
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
const contact = (id: string) => ({ existing: encodeId('Contact', id) });
const joining = (id: string, role?: BuyingRole) => ({ existing: { id: encodeId('Opportunity', id), role } });
const unknownId = '01900000-0000-7000-8000-00000000dead';

describe('account', () => {
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
    const { conversionId } = await sales.convert(
      await sales.lead({ company: 'Berlin Corp', ...place }),
      none,
    );
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
});

describe('contact', () => {
  test('the contact with the e-mail address at the account is joined', async () => {
    const accountId = await sales.account('Acme');
    const elsewhere = await sales.account('Elsewhere');
    await sales.contact('Gonzalez', { accountId: elsewhere, email: 'rose@acme.com' });
    const id = await sales.contact('Gonzales', { accountId, email: 'Rose@Acme.com' });
    const leadId = await sales.lead({
      company: 'Acme',
      email: 'rose@acme.com',
      title: 'CEO',
      firstName: 'Rose',
    });
    const result = await sales.convert(leadId, { ...none, account: account(accountId) });
    expect(result.contactId).toBe(id);
    // Another last name: the first name would make somebody else of it.
    expect(await sales.row('contact', id)).toMatchObject({
      last_name: 'Gonzales',
      first_name: null,
      title: 'CEO',
    });
    expect(await sales.row('lead_conversion', result.conversionId)).toMatchObject({
      contact_outcome: 'MERGED',
    });
  });

  test('two contacts with the e-mail address at the account are refused', async () => {
    await sales.setPolicies('ALLOW', 'ALLOW');
    const accountId = await sales.account('Acme');
    const twins = [
      await sales.contact('One', { accountId, email: 'rose@acme.com' }),
      await sales.contact('Two', { accountId, email: 'rose@acme.com' }),
    ];
    const error = await sales.refusal(await sales.lead({ company: 'Acme', email: 'rose@acme.com' }));
    expect(error).toMatchObject({ code: 'DUPLICATE_FOUND', path: ['contact'] });
    expect(error.candidates!.map(({ id }) => id).sort()).toEqual(twins.sort());
  });

  test('an existing contact must be one of the account', async () => {
    const accountId = await sales.account('Acme');
    const other = await sales.account('Other');
    const leadId = await sales.lead({ company: 'Acme' });
    const outsider = await sales.contact('Outsider', { accountId: other });
    const homeless = await sales.contact('Homeless');
    for (const id of [outsider, homeless])
      expect(await sales.refusal(leadId, { contact: contact(id) })).toMatchObject({
        code: 'CONTACT_NOT_IN_ACCOUNT',
        path: ['contact', 'existing'],
      });
    const input = { account: { create: { name: 'New' } }, contact: contact(outsider) };
    expect((await sales.refusal(leadId, input)).code).toBe('CONTACT_NOT_IN_ACCOUNT');
    const insider = await sales.contact('Insider', { accountId });
    expect(await sales.convert(leadId, { contact: contact(insider) })).toMatchObject({ contactId: insider });
  });

  test("a contact's source is kept, or overwritten when the input says so; opt-outs are only ever added", async () => {
    const accountId = await sales.account('Acme');
    const kept = await sales.contact('Kept', { accountId, source: 'Web', emailOptOut: true });
    const lead = { company: 'Acme', source: 'Fair', doNotCall: true };
    await sales.convert(await sales.lead(lead), { ...none, contact: contact(kept) });
    expect(await sales.row('contact', kept)).toMatchObject({
      source: 'Web',
      email_opt_out: true,
      do_not_call: true,
    });
    const replaced = await sales.contact('Replaced', { accountId, source: 'Web' });
    const input = { ...none, contact: contact(replaced), overwriteLeadSource: true };
    const { conversionId } = await sales.convert(await sales.lead(lead), input);
    expect(await sales.row('contact', replaced)).toMatchObject({ source: 'Fair' });
    expect(
      await sales.rows(
        'conversion_field',
        `conversion_id = '${conversionId}' and field = 'source' and target = 'CONTACT'`,
      ),
    ).toMatchObject([{ value: 'Fair', outcome: 'OVERWRITTEN' }]);
    const empty = await sales.lead({ company: 'Acme', source: null });
    await sales.convert(empty, { ...none, contact: contact(replaced), overwriteLeadSource: true });
    expect(await sales.row('contact', replaced)).toMatchObject({ source: 'Fair' });
  });

  test('a draft replaces what the lead says', async () => {
    const leadId = await sales.lead({ company: 'Acme', firstName: 'R', email: 'old@acme.com', title: 'CEO' });
    const create = { firstName: 'Rose', lastName: 'Gómez', email: 'new@acme.com', phone: '1', title: '' };
    const { contactId } = await sales.convert(leadId, { ...none, contact: { create } });
    expect(await sales.row('contact', contactId)).toMatchObject({
      first_name: 'Rose',
      last_name: 'Gómez',
      name_key: 'rose gomez',
      email_key: 'new@acme.com',
      phone: '1',
      title: null,
      title_key: null,
    });
  });
});

describe('opportunity', () => {
  test('none is made when none is wanted; what would have gone there is told as dropped', async () => {
    const { opportunityId, conversionId } = await sales.convert(
      await sales.lead({ company: 'Acme', source: 'Web' }),
      none,
    );
    expect(opportunityId).toBeNull();
    expect(await sales.row('lead_conversion', conversionId)).toMatchObject({
      opportunity_id: null,
      opportunity_outcome: null,
    });
    expect(await sales.count('opportunity')).toBe(0);
    expect(await sales.rows('conversion_field', "target = 'OPPORTUNITY'")).toMatchObject([
      { field: 'source', value: 'Web', outcome: 'DROPPED' },
    ]);
  });

  test('a draft names, prices, stages and dates it', async () => {
    const create = {
      name: 'Big deal',
      amount: { amount: '1250.50', currency: 'CHF' },
      stage: 'value proposition',
      closeDate: '2027-02-28',
      role: BuyingRole.CHAMPION,
    };
    const leadId = await sales.lead({ company: 'Acme' });
    const { opportunityId } = await sales.convert(leadId, { opportunity: { create } });
    expect(await sales.row('opportunity', opportunityId!)).toMatchObject({
      name: 'Big deal',
      name_key: 'big deal',
      amount: '125050',
      currency: 'CHF',
      stage_position: 4,
      probability: 50,
      close_date: '2027-02-28',
    });
    expect(await sales.rows('opportunity_contact_role')).toMatchObject([
      { role: 'CHAMPION', is_primary: true },
    ]);
  });

  test('one that begins in a closed stage is closed from the start', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const { opportunityId } = await sales.convert(leadId, {
      opportunity: { create: { stage: 'Closed Won' } },
    });
    const opportunity = await sales.row('opportunity', opportunityId!);
    expect(opportunity).toMatchObject({
      is_closed: true,
      is_won: true,
      closed_at: opportunity['created_at'],
    });
  });

  test('an unknown stage is refused with those there are', async () => {
    const error = await sales.refusal(await sales.lead({ company: 'Acme' }), {
      opportunity: { create: { stage: 'Nope' } },
    });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', path: ['opportunity', 'create', 'stage'] });
    expect(error.allowed).toHaveLength(10);
  });

  test('an existing one gets what it lacks, and the contact beside the primary one it has', async () => {
    const accountId = await sales.account('Acme');
    const first = await sales.contact('First', { accountId, email: 'first@acme.com' });
    const id = await sales.opportunity('Deal', { accountId, ownerId: await sales.user('Bob') });
    const input = { opportunity: joining(id, BuyingRole.INFLUENCER) };
    const lead = { company: 'Acme', source: 'Web', email: 'first@acme.com' };
    const one = await sales.convert(await sales.lead(lead), input);
    expect(one).toMatchObject({ contactId: first, opportunityId: id });
    expect(await sales.row('lead_conversion', one.conversionId)).toMatchObject({
      opportunity_outcome: 'MERGED',
    });
    expect(await sales.row('opportunity', id)).toMatchObject({ source: 'Web', version: 2, name: 'Deal' });

    const two = await sales.convert(
      await sales.lead({ ...lead, lastName: 'Second', email: 'second@acme.com' }),
      {
        opportunity: joining(id),
      },
    );
    expect(await sales.row('lead_conversion', two.conversionId)).toMatchObject({
      opportunity_outcome: 'ATTACHED',
    });
    // The same person again: no second role, and a role that is known stays when none is named.
    await sales.convert(await sales.lead(lead), { opportunity: joining(id) });
    const roles = await sales.rows('opportunity_contact_role');
    expect(roles.map((row) => [row['contact_id'], row['is_primary'], row['role']]).sort()).toEqual(
      [
        [first, true, 'INFLUENCER'],
        [two.contactId, false, null],
      ].sort(),
    );
    expect(await sales.count('opportunity_version')).toBe(1);
  });

  test('an existing one must be open and at the account', async () => {
    const accountId = await sales.account('Acme');
    const elsewhere = await sales.opportunity('Elsewhere', { accountId: await sales.account('Other') });
    const closed = await sales.opportunity('Closed', { accountId, position: 9 });
    const leadId = await sales.lead({ company: 'Acme' });
    const path = ['opportunity', 'existing', 'id'];
    expect(await sales.refusal(leadId, { opportunity: joining(elsewhere) })).toMatchObject({
      code: 'OPPORTUNITY_NOT_IN_ACCOUNT',
      path,
    });
    expect(await sales.refusal(leadId, { opportunity: joining(closed) })).toMatchObject({
      code: 'OPPORTUNITY_CLOSED',
      path,
    });
  });
});

describe('input', () => {
  type Refused = [Omit<ConvertLeadInput, 'lead'>, string[]];
  test.each<Refused>([
    [{ account: { matchOrCreate: false } }, ['account', 'matchOrCreate']],
    [{ contact: { matchOrCreate: false } }, ['contact', 'matchOrCreate']],
    [{ opportunity: { none: false } }, ['opportunity', 'none']],
    [{ account: { existing: '' } }, ['account', 'existing']],
    [{ account: { existing: 'acc_1' } }, ['account', 'existing']],
    [{ account: contact(unknownId) }, ['account', 'existing']],
    [{ contact: { existing: '' } }, ['contact', 'existing']],
    [{ opportunity: { existing: { id: '' } } }, ['opportunity', 'existing', 'id']],
    [{ account: {} }, ['account']],
    [{ account: { create: { name: 'A' }, matchOrCreate: true } }, ['account']],
    [{ opportunity: { none: null } }, ['opportunity']],
    [{ account: { create: { name: ' ' } } }, ['account', 'create', 'name']],
    [{ account: { create: { domain: 'nowhere' } } }, ['account', 'create', 'domain']],
    [{ account: { create: { employees: -1 } } }, ['account', 'create', 'employees']],
    [{ contact: { create: { email: 'nobody' } } }, ['contact', 'create', 'email']],
    [{ contact: { create: { lastName: '' } } }, ['contact', 'create', 'lastName']],
    [{ opportunity: { create: { name: '' } } }, ['opportunity', 'create', 'name']],
    [
      { opportunity: { create: { amount: { amount: '1.234', currency: 'EUR' } } } },
      ['opportunity', 'create', 'amount', 'amount'],
    ],
    [{ idempotencyKey: '' }, ['idempotencyKey']],
  ])('%j is refused at %j', async (input, path) => {
    const leadId = await sales.lead({ company: 'Acme' });
    expect(await sales.refusal(leadId, input)).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  test("ids of nothing, of something deleted or of another organisation's are not found", async () => {
    const other = await Sales.open(world);
    const theirs = {
      account: await other.account('Acme'),
      contact: await other.contact('X'),
      opportunity: await other.opportunity('X'),
      user: await other.user('X'),
      lead: await other.lead({ company: 'Acme' }),
    };
    const deleted = await sales.account('Deleted', { deletedAt: created });
    const leadId = await sales.lead({ company: 'Acme' });
    const notFound = async (input: Omit<ConvertLeadInput, 'lead'>, path: string[], lead = leadId) =>
      expect(await sales.refusal(lead, input)).toMatchObject({ code: 'NOT_FOUND', path });
    for (const id of [unknownId, theirs.account, deleted])
      await notFound({ account: account(id) }, ['account', 'existing']);
    await notFound({ contact: contact(theirs.contact) }, ['contact', 'existing']);
    await notFound({ opportunity: joining(theirs.opportunity) }, ['opportunity', 'existing', 'id']);
    await notFound({ owner: encodeId('User', theirs.user) }, ['owner']);
    await notFound({}, ['lead'], theirs.lead);
    await notFound({}, ['lead'], await sales.lead({ company: 'Acme', deletedAt: created }));
    // And an account of another organisation is no match.
    const { accountId } = await sales.convert(leadId, none);
    expect(accountId).not.toBe(theirs.account);
  });
});
