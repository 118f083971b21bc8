import sql from 'sql-template-tag';
import { updateAccount } from '../../src/accounts/account.service.ts';
import { createContact, updateContact } from '../../src/contacts/contact.service.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { moveOpportunity } from '../../src/opportunities/opportunity.service.ts';
import { openWorld, type World } from '../support/world.ts';
import {
  activity,
  blockersOf,
  campaign,
  contactRole,
  matchAll,
  member,
  refusedRevert,
  revert,
  visible,
} from './revert-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const existing = (id: string) => ({ account: { existing: encodeId('Account', id) } });

test('what a conversion created is gone, the lead is as it was and can be converted again', async () => {
  const leadId = await sales.lead({ company: 'Acme', email: 'rose@acme.com' });
  await matchAll(sales);
  const before = await visible(sales);
  const first = await sales.convert(leadId);
  expect(await revert(sales, first.conversionId)).toEqual({ conversionId: first.conversionId, leadId });
  expect(await visible(sales)).toEqual(before);
  for (const [table, id] of [
    ['account', first.accountId],
    ['contact', first.contactId],
    ['opportunity', first.opportunityId!],
  ] as const)
    expect(await sales.row(table, id)).toMatchObject({ deleted_at: expect.anything(), version: 2 });
  const second = await sales.convert(leadId);
  expect(second.accountId).not.toBe(first.accountId);
  const conversions = await sales.rows('lead_conversion');
  expect(conversions.map((row) => [row['id'], row['reverted_at'] === null])).toEqual([
    [first.conversionId, false],
    [second.conversionId, true],
  ]);
});

test('fields filled and overwritten, activities, memberships and roles of existing records go back', async () => {
  const accountId = await sales.account('Acme', { annualRevenue: null, industry: 'Optics' });
  const contactId = await sales.contact('Gonzalez', { accountId, email: 'r@acme.com', source: 'Fair' });
  const opportunityId = await sales.opportunity('Deal', { accountId });
  const [bob, spring, autumn] = [
    await sales.user('Bob'),
    await campaign(sales, 'Spring'),
    await campaign(sales, 'Autumn'),
  ];
  const leadId = await sales.lead({
    ...{
      company: 'Acme',
      email: 'r@acme.com',
      website: 'https://acme.com',
      source: 'Web',
      phone: '+49 40 1',
    },
    ...{ annualRevenue: 9_007_199_254_740_993n, annualRevenueCurrency: 'EUR', doNotCall: true },
  });
  await member(sales, { campaignId: spring, leadId, respondedAt: new Date('2026-01-01') });
  await member(sales, { campaignId: spring, contactId, respondedAt: new Date('2026-02-01') });
  await member(sales, { campaignId: autumn, leadId });
  await activity(sales, { leadId, isOpen: true, ownerId: bob });
  await activity(sales, { leadId, accountId });
  await contactRole(sales, { opportunityId, contactId });
  await matchAll(sales);
  const before = await visible(sales);
  const { conversionId } = await sales.convert(leadId, {
    overwriteLeadSource: true,
    opportunity: { existing: { id: encodeId('Opportunity', opportunityId) } },
  });
  expect(await sales.row('account', accountId)).toMatchObject({ annual_revenue: '9007199254740993' });
  expect(await sales.row('contact', contactId)).toMatchObject({ source: 'Web', do_not_call: true });
  expect(await sales.rows('campaign_member')).toHaveLength(2);
  await revert(sales, conversionId);
  expect(await visible(sales)).toEqual(before);
});

test('a conversion is undone once: again with the key the same answer, without it ALREADY_REVERTED', async () => {
  const { conversionId, leadId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  const input = { idempotencyKey: 'undo', reason: 'Wrong company' };
  expect(await revert(sales, conversionId, input)).toEqual({ conversionId, leadId });
  const after = await sales.everything();
  expect(await revert(sales, conversionId, input)).toEqual({ conversionId, leadId });
  expect(await sales.everything()).toEqual(after);
  expect(await refusedRevert(sales, conversionId)).toMatchObject({
    code: 'ALREADY_REVERTED',
    path: ['conversion'],
  });
  await sales.convert(leadId);
  expect(await refusedRevert(sales, conversionId)).toMatchObject({ code: 'ALREADY_REVERTED' });
});

test.each([
  ['confirmed', [true]],
  ['taken back and given again', [false, true]],
])('an opt-out that a conversion gave and that was %s stays: undoing is blocked', async (_, given) => {
  const accountId = await sales.account('Acme');
  const contactId = await sales.contact('Gonzalez', { accountId, email: 'rose@acme.com' });
  const leadId = await sales.lead({ company: 'Acme', email: 'rose@acme.com', doNotCall: true });
  const { conversionId } = await sales.convert(leadId);
  for (const doNotCall of given)
    await world.database.write(sales.admin, (tx) =>
      updateContact(tx, sales.admin, sales.organization, {
        contact: encodeId('Contact', contactId),
        doNotCall,
      }),
    );
  expect(await blockersOf(sales, conversionId)).toEqual([
    ['Contact', contactId, 'The opt-out that the conversion had given the contact was asked for since'],
  ]);
});

test('an imported conversion and one that is not there are refused', async () => {
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`update lead_conversion set effects = null, is_imported = true
      where organization_id = ${sales.organization.id}`),
  );
  expect(await blockersOf(sales, conversionId)).toEqual([
    ['LeadConversion', conversionId, 'The conversion was imported: what it wrote was never recorded'],
  ]);
  expect(await refusedRevert(sales, sales.ownerId)).toMatchObject({
    code: 'NOT_FOUND',
    path: ['conversion'],
  });
});

test('who may not convert may not undo', async () => {
  const { conversionId } = await sales.convert(await sales.lead({ company: 'Acme' }));
  for (const role of [Role.MARKETER, Role.ANALYST])
    await expect(revert(sales, conversionId, {}, { ...sales.admin, role })).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN', right: 'lead:convert' },
    });
  await revert(sales, conversionId, {}, { ...sales.admin, role: Role.SDR });
});

test('leads matched to the account it created are matched anew; converted ones match nothing', async () => {
  const [first, open, converted] = [
    await sales.lead({ company: 'Acme', website: 'acme.com' }),
    await sales.lead({ company: 'Acme', website: 'acme.com', lastName: 'Open' }),
    await sales.lead({ company: 'Acme', website: 'acme.com', lastName: 'Converted' }),
  ];
  const other = await sales.account('Other');
  const { conversionId, accountId } = await sales.convert(first);
  for (const id of [open, converted])
    expect(await sales.row('lead', id)).toMatchObject({
      matched_account_id: accountId,
      match_method: 'DOMAIN',
    });
  await sales.convert(converted, { ...existing(other), ...none });
  // The other account could not take the domain while the first one had it.
  await revert(sales, conversionId);
  for (const id of [open, converted])
    expect(await sales.row('lead', id)).toMatchObject({ matched_account_id: null, match_method: 'NONE' });
});

describe('blocked by', () => {
  test('edits of what it created, a moved stage, and everything attached to it', async () => {
    const { admin, organization } = sales;
    const converted = await sales.convert(await sales.lead({ company: 'Acme', email: 'rose@acme.com' }));
    const { conversionId, accountId, contactId } = converted;
    const opportunityId = converted.opportunityId!;
    const newContact = await world.database.write(admin, (tx) =>
      createContact(tx, admin, organization, { lastName: 'New', account: encodeId('Account', accountId) }),
    );
    await world.database.write(admin, (tx) =>
      updateAccount(tx, admin, organization, { account: encodeId('Account', accountId), industry: 'Optics' }),
    );
    await world.database.write(admin, (tx) =>
      moveOpportunity(tx, admin, organization, {
        opportunity: encodeId('Opportunity', opportunityId),
        stage: 'Closed Won',
      }),
    );
    const child = await sales.account('Child', { parentId: accountId });
    const deal = await sales.opportunity('Second', { accountId });
    const call = await activity(sales, { contactId });
    await contactRole(sales, { opportunityId, contactId: newContact });
    await contactRole(sales, { opportunityId: deal, contactId, isPrimary: true });
    await member(sales, { contactId, campaignId: await campaign(sales, 'Spring') });
    const other = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'Other' }), none);
    expect(await blockersOf(sales, conversionId)).toEqual(
      [
        ['Account', accountId, 'The account was changed since: industry'],
        ['Account', child, 'An account was put under the account since'],
        ['Activity', call, 'An activity was added since'],
        ['Contact', contactId, 'The contact was added to a campaign since'],
        ['Contact', newContact, 'A contact was added to the account since'],
        ['Contact', other.contactId, 'A contact was added to the account since'],
        ['Contact', newContact, 'The contact was given a role in the deal since'],
        ['LeadConversion', other.conversionId, 'Another lead was converted into a record of this conversion'],
        ['Opportunity', deal, 'An opportunity was added to the account since'],
        ['Opportunity', deal, 'The contact was given a role in this deal since'],
        ['Opportunity', opportunityId, 'The opportunity was moved to another stage since'],
      ].sort(),
    );
  });

  test('an edit of a field it had written to an existing record, not by one of another field', async () => {
    const { admin, organization } = sales;
    const accountId = await sales.account('Acme');
    const { conversionId } = await sales.convert(
      await sales.lead({ company: 'Acme', industry: 'Optics', phone: '+49 1' }),
      none,
    );
    const update = (fields: { rating?: string; industry?: string }) =>
      world.database.write(admin, (tx) =>
        updateAccount(tx, admin, organization, { account: encodeId('Account', accountId), ...fields }),
      );
    await update({ rating: 'Hot', industry: 'Glass' });
    expect(await blockersOf(sales, conversionId)).toEqual([
      ['Account', accountId, 'The account was changed since: industry'],
    ]);
    await update({ industry: 'Optics' });
    await revert(sales, conversionId);
    expect(await sales.row('account', accountId)).toMatchObject({
      industry: null,
      phone: null,
      rating: 'Hot',
    });
  });

  test('a later conversion that found what it had written; the last goes first', async () => {
    const accountId = await sales.account('Acme');
    const contactId = await sales.contact('Gonzalez', { accountId, email: 'r@acme.com' });
    const opportunity = {
      existing: { id: encodeId('Opportunity', await sales.opportunity('Deal', { accountId })) },
    };
    const spring = await campaign(sales, 'Spring');
    const before = await visible(sales);
    const conversions: string[] = [];
    const leads: string[] = [];
    for (const doNotCall of [true, true]) {
      const leadId = await sales.lead({ company: 'Acme', email: 'r@acme.com', doNotCall });
      await member(sales, { campaignId: spring, leadId });
      leads.push(leadId);
      conversions.push((await sales.convert(leadId, { opportunity })).conversionId);
    }
    const relies = 'A later conversion relies on what this one wrote';
    expect(await blockersOf(sales, conversions[0]!)).toEqual([['LeadConversion', conversions[1], relies]]);
    expect(await sales.row('contact', contactId)).toMatchObject({ do_not_call: true });
    for (const id of conversions.toReversed()) await revert(sales, id);
    const after = await visible(sales);
    for (const table of ['account', 'contact', 'opportunity', 'opportunity_contact_role'])
      expect(after[table]).toEqual(before[table]);
    expect(after['campaign_member']!.map((row) => row['lead_id']).sort()).toEqual(leads.sort());
  });

  test('nothing that a later conversion of the same account left alone', async () => {
    const first = await sales.convert(await sales.lead({ company: 'Acme' }));
    const second = await sales.convert(await sales.lead({ company: 'Acme', phone: '+49 2', lastName: 'B' }));
    await revert(sales, second.conversionId);
    expect(await sales.row('account', first.accountId)).toMatchObject({ phone: null });
    await revert(sales, first.conversionId);
    expect(await visible(sales)).toMatchObject({ account: [], contact: [], opportunity: [] });
  });
});
