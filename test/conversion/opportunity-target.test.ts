import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

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
const joining = (id: string, role?: BuyingRole) => ({ existing: { id: encodeId('Opportunity', id), role } });

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
