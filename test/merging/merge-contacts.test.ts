import { v7 as uuidv7 } from 'uuid';
import { updateContact } from '../../src/contacts/contact.service.ts';
import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { activity, campaign, contactRole, member } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { acc, con, mergePeople, previewPeople, refusedMerge, told } from './merge-sales.ts';

let world: World;
let sales: Sales;
let accountId: string;
let tenants: ReturnType<typeof watchTenants>;
beforeAll(async () => {
  world = await openWorld();
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  sales = await Sales.open(world);
  accountId = await sales.account('Acme');
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  tenants.assertNone();
});
afterAll(() => world.close());

test('fields are filled in order, names and addresses as a whole, and an opt-out of anybody stays', async () => {
  const survivor = await sales.contact('Boxer', { accountId, firstName: 'Rose', phone: '1' });
  const first = await sales.contact('Box', { accountId, city: 'Hamburg', doNotCall: true, phone: '2' });
  const second = await sales.contact('Boxer', {
    ...{ accountId, street: 'Hafen 1', emailOptOut: true, email: 'r@acme.com', title: 'CEO' },
    buyingRole: BuyingRole.CHAMPION,
  });
  const result = await mergePeople(sales, survivor, [first, second]);
  expect(told(result)).toEqual([
    ['name', 'Box', 'Rose Boxer', 'Rose Boxer', 'KEPT'],
    ['name', 'Boxer', 'Rose Boxer', 'Rose Boxer', 'KEPT'],
    ['account', acc(accountId), acc(accountId), acc(accountId), 'KEPT'],
    ['account', acc(accountId), acc(accountId), acc(accountId), 'KEPT'],
    ['email', 'r@acme.com', null, 'r@acme.com', 'FILLED'],
    ['phone', '2', '1', '1', 'KEPT'],
    ['title', 'CEO', null, 'CEO', 'FILLED'],
    ['address', 'Hamburg', null, 'Hamburg', 'FILLED'],
    ['address', 'Hafen 1', null, 'Hamburg', 'DROPPED'],
    ['doNotCall', 'true', null, 'true', 'FILLED'],
    ['emailOptOut', 'true', null, 'true', 'FILLED'],
    ['buyingRole', 'CHAMPION', null, 'CHAMPION', 'FILLED'],
  ]);
  expect(await sales.row('contact', survivor)).toMatchObject({
    ...{ first_name: 'Rose', city: 'Hamburg', street: null, do_not_call: true, email_opt_out: true },
    ...{ email_key: 'r@acme.com', title_key: 'ceo' },
  });
});

test('a deal has the person once: the role that was named stays, and who was primary', async () => {
  const [a, b, c] = [
    await sales.contact('A', { accountId }),
    await sales.contact('B', { accountId }),
    await sales.contact('C', { accountId }),
  ];
  const deals = [];
  for (const name of ['both', 'theirs', 'mine']) deals.push(await sales.opportunity(name, { accountId }));
  const [both, theirs, mine] = deals as [string, string, string];
  await contactRole(sales, { opportunityId: both, contactId: a });
  await contactRole(sales, { opportunityId: both, contactId: b, isPrimary: true });
  await contactRole(sales, { opportunityId: both, contactId: c, role: BuyingRole.USER });
  await contactRole(sales, {
    opportunityId: theirs,
    contactId: c,
    isPrimary: true,
    role: BuyingRole.BLOCKER,
  });
  await contactRole(sales, { opportunityId: mine, contactId: a, isPrimary: true });
  const { moved } = await mergePeople(sales, a, [b, c]);
  expect(moved.contactRoles).toBe(3);
  const roles = await sales.rows('opportunity_contact_role');
  expect(
    roles.map((row) => [row['opportunity_id'], row['contact_id'], row['role'], row['is_primary']]),
  ).toEqual(
    expect.arrayContaining([
      [both, a, 'USER', true],
      [theirs, a, 'BLOCKER', true],
      [mine, a, null, true],
    ]),
  );
  expect(roles).toHaveLength(3);
});

test('a campaign has the person once, with the earliest response; activities and lineage go along', async () => {
  const [a, b] = [await sales.contact('A', { accountId }), await sales.contact('B', { accountId })];
  const [fair, web] = [await campaign(sales, 'Fair'), await campaign(sales, 'Web')];
  const [early, late] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];
  await member(sales, { campaignId: fair, contactId: a, respondedAt: late });
  await member(sales, { campaignId: fair, contactId: b, respondedAt: early });
  await member(sales, { campaignId: web, contactId: b, respondedAt: null });
  const call = await activity(sales, { contactId: b, accountId });
  const conversion = await sales.convert(await sales.lead(), {
    account: { existing: acc(accountId) },
    contact: { existing: con(b) },
  });
  const { moved } = await mergePeople(sales, a, [b]);
  expect(moved).toMatchObject({ campaignMembers: 2, activities: 1, conversions: 1, contactRoles: 1 });
  const members = await sales.rows('campaign_member');
  expect(members.map((row) => [row['campaign_id'], row['contact_id'], row['responded_at']])).toEqual(
    expect.arrayContaining([
      [fair, a, early.toISOString()],
      [web, a, null],
    ]),
  );
  expect(members).toHaveLength(2);
  expect((await sales.row('activity', call))['contact_id']).toBe(a);
  expect((await sales.row('lead_conversion', conversion.conversionId))['contact_id']).toBe(a);
});

test('a dry run tells exactly what the merge does then, and writes nothing', async () => {
  const [a, b] = [await sales.contact('A', { accountId }), await sales.contact('B', { title: 'CEO' })];
  const before = await sales.everything();
  const preview = await previewPeople(sales, a, [b]);
  expect(await sales.everything()).toEqual(before);
  expect(await mergePeople(sales, a, [b])).toEqual(preview);
});

test('contacts of two accounts are refused; one without account fits, and a survivor without gets it', async () => {
  const other = await sales.account('Other');
  const here = await sales.contact('Here', { accountId });
  const there = await sales.contact('There', { accountId: other });
  const nowhere = await sales.contact('Nowhere');
  const refusal = { code: 'CONTACT_NOT_IN_ACCOUNT', path: ['duplicates', '1'] };
  expect(await refusedMerge(sales, () => mergePeople(sales, here, [nowhere, there]))).toMatchObject(refusal);
  expect(await refusedMerge(sales, () => mergePeople(sales, nowhere, [here, there]))).toMatchObject(refusal);
  await mergePeople(sales, nowhere, [here]);
  expect((await sales.row('contact', nowhere))['account_id']).toBe(accountId);
});

test('the merged-away id works in inputs, and the address it had finds the survivor', async () => {
  const { admin, organization } = sales;
  const a = await sales.contact('A', { accountId, email: 'a@acme.com' });
  const b = await sales.contact('B', { accountId, email: 'b@acme.com' });
  await mergePeople(sales, a, [b]);
  const updated = await world.database.write(admin, (tx) =>
    updateContact(tx, admin, organization, { contact: con(b), title: 'CTO' }),
  );
  expect(updated).toBe(a);
  const account = { existing: acc(accountId) };
  const given = await sales.convert(await sales.lead(), { account, contact: { existing: con(b) } });
  const found = await sales.convert(await sales.lead({ email: 'b@acme.com' }), { account });
  expect([given.contactId, found.contactId]).toEqual([a, a]);
});

test('what cannot be merged is refused, and only those with the right merge', async () => {
  const [a, b] = [await sales.contact('A', { accountId }), await sales.contact('B', { accountId })];
  for (const [survivor, duplicates, error] of [
    [a, [a], { code: 'INVALID_INPUT', path: ['duplicates', '0'] }],
    [a, [uuidv7()], { code: 'NOT_FOUND', path: ['duplicates', '0'] }],
    [uuidv7(), [a], { code: 'NOT_FOUND', path: ['survivor'] }],
  ] as [string, string[], object][])
    expect(await refusedMerge(sales, () => mergePeople(sales, survivor, duplicates))).toMatchObject(error);
  const sdr = { ...sales.admin, role: Role.SDR };
  await expect((async () => mergePeople(sales, a, [b], {}, sdr))()).rejects.toThrow('record:merge');
  const first = await mergePeople(sales, a, [b], { idempotencyKey: 'k' });
  expect(await mergePeople(sales, a, [b], { idempotencyKey: 'k' })).toEqual(first);
});
