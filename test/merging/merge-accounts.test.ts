import { v7 as uuidv7 } from 'uuid';
import { updateAccount } from '../../src/accounts/account.service.ts';
import { createContact } from '../../src/contacts/contact.service.ts';
import { CustomFieldType, CustomRecordType } from '../../src/custom-fields/custom-field.enums.ts';
import { updateCustomFields } from '../../src/custom-fields/custom-field-settings.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { activity, matchAll } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { acc, merge, previewMerge, refusedMerge, told } from './merge-sales.ts';

let world: World;
let sales: Sales;
let tenants: ReturnType<typeof watchTenants>;
beforeAll(async () => {
  world = await openWorld();
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  tenants.assertNone();
});
afterAll(() => world.close());

const NOTHING = {
  ...{ contacts: 0, opportunities: 0, conversions: 0, activities: 0 },
  ...{ accounts: 0, leads: 0, contactRoles: 0, campaignMembers: 0 },
};

test('everything that hangs on the duplicates goes to the survivor', async () => {
  const survivor = await sales.account('Acme', { website: 'acme.com' });
  const duplicate = await sales.account('Acme Germany', { website: 'acme.de' });
  const other = await sales.account('Other');
  const child = await sales.account('Acme Hamburg', { parentId: duplicate });
  const contact = await sales.contact('Boxer', { accountId: duplicate });
  const elsewhere = await sales.contact('Elsewhere', { accountId: other });
  const deal = await sales.opportunity('Deal', { accountId: duplicate });
  const lead = await sales.lead({ company: 'Acme Germany', email: 'rose@acme.de' });
  const open = await sales.lead({ company: 'Acme Germany', lastName: 'Open' });
  const call = await activity(sales, { accountId: duplicate });
  const { conversionId, accountId } = await sales.convert(lead);
  expect(accountId).toBe(duplicate);
  await matchAll(sales);
  const version = (await sales.row('opportunity', deal))['version'] as number;
  const history = await sales.rows('opportunity_version');

  const result = await merge(sales, survivor, [duplicate]);
  expect(result.moved).toEqual({
    ...NOTHING,
    ...{ contacts: 2, opportunities: 2, conversions: 1, activities: 1, accounts: 1, leads: 1 },
  });
  expect((await sales.row('account', child))['parent_id']).toBe(survivor);
  expect((await sales.row('contact', contact))['account_id']).toBe(survivor);
  expect((await sales.row('contact', elsewhere))['account_id']).toBe(other);
  expect(await sales.row('opportunity', deal)).toMatchObject({ account_id: survivor, version: version + 1 });
  expect((await sales.row('activity', call))['account_id']).toBe(survivor);
  expect((await sales.row('lead_conversion', conversionId))['account_id']).toBe(survivor);
  expect(await sales.rows('opportunity_version')).toEqual(history);
  // the names and domains of what was merged lead to the survivor, too
  expect(await sales.row('lead', open)).toMatchObject({
    ...{ matched_account_id: survivor, match_method: 'EXACT_NAME', match_score: 1 },
  });
  expect(await sales.row('account', duplicate)).toMatchObject({
    ...{ merged_into_id: survivor, merged_by_id: sales.ownerId, name: 'Acme Germany' },
  });
});

test('empty fields are filled in the order of the duplicates, an address as a whole, and no value is overwritten', async () => {
  const fields = ['region', 'segment'].map((key) => ({ key, label: key, type: CustomFieldType.TEXT }));
  await world.database.write(sales.admin, (tx) =>
    updateCustomFields(tx, sales.admin, { recordType: CustomRecordType.ACCOUNT, fields }),
  );
  const survivor = await sales.account('Acme', {
    phone: '1',
    isTarget: false,
    customFields: { region: 'N' },
  });
  const first = await sales.account('ACME', {
    ...{ phone: '2', industry: 'Optics', city: 'Hamburg', tier: 2 },
    ...{ customFields: { region: 'S', segment: 'B' } },
  });
  const second = await sales.account('Acme Inc', {
    ...{ phone: '1', industry: 'Lenses', street: 'Hafen 1', country: 'DE', isTarget: true },
    ...{ annualRevenue: 100050n, annualRevenueCurrency: 'USD' },
  });
  const result = await merge(sales, survivor, [first, second]);
  expect(told(result)).toEqual([
    ['name', 'ACME', 'Acme', 'Acme', 'KEPT'],
    ['name', 'Acme Inc', 'Acme', 'Acme', 'KEPT'],
    ['industry', 'Optics', null, 'Optics', 'FILLED'],
    ['industry', 'Lenses', null, 'Optics', 'DROPPED'],
    ['annualRevenue', '1000.50 USD', null, '1000.50 USD', 'FILLED'],
    ['phone', '2', '1', '1', 'KEPT'],
    ['phone', '1', '1', '1', 'KEPT'],
    ['address', 'Hamburg', null, 'Hamburg', 'FILLED'],
    ['address', 'Hafen 1, DE', null, 'Hamburg', 'DROPPED'],
    ['tier', '2', null, '2', 'FILLED'],
    ['isTarget', 'true', null, 'true', 'FILLED'],
    ['custom.region', 'S', 'N', 'N', 'KEPT'],
    ['custom.segment', 'B', null, 'B', 'FILLED'],
  ]);
  expect(await sales.row('account', survivor)).toMatchObject({
    ...{
      name: 'Acme',
      phone: '1',
      industry: 'Optics',
      industry_key: 'optics',
      city: 'Hamburg',
      street: null,
    },
    ...{ annual_revenue: '100050', annual_revenue_currency: 'USD', is_target: true, version: 2 },
    custom_fields: { region: 'N', segment: 'B' },
  });
});

test('the caller may choose the record a field is taken from', async () => {
  const survivor = await sales.account('Acme', { phone: '1', city: 'Bremen' });
  const first = await sales.account('ACME AG', { phone: '2', industry: 'A' });
  const second = await sales.account('Acme Corporation', { phone: '3', industry: 'B' });
  const fields = [
    { field: 'name', from: acc(first) },
    { field: 'phone', from: acc(second) },
    { field: 'industry', from: acc(second) },
    { field: 'address', from: acc(survivor) },
  ];
  const result = await merge(sales, survivor, [first, second], { fields });
  expect(told(result)).toEqual([
    ['name', 'ACME AG', 'Acme', 'ACME AG', 'OVERWRITTEN'],
    ['name', 'Acme Corporation', 'Acme', 'ACME AG', 'DROPPED'],
    ['industry', 'A', null, 'B', 'DROPPED'],
    ['industry', 'B', null, 'B', 'FILLED'],
    ['phone', '2', '1', '3', 'DROPPED'],
    ['phone', '3', '1', '3', 'OVERWRITTEN'],
  ]);
  expect(await sales.row('account', survivor)).toMatchObject({
    ...{ name: 'ACME AG', name_key: 'acme ag', phone: '3', industry: 'B', city: 'Bremen' },
  });
});

test('a dry run tells exactly what the merge does then, and writes nothing', async () => {
  const survivor = await sales.account('Acme');
  const duplicate = await sales.account('ACME', { phone: '2', website: 'acme.com' });
  await sales.contact('Boxer', { accountId: duplicate, email: 'b@acme.com' });
  await sales.contact('Boxer', { accountId: survivor, email: 'B@acme.com' });
  await sales.convert(await sales.lead({ website: 'acme.com', company: 'Acme Web' }));
  const before = await sales.everything();
  const preview = await previewMerge(sales, survivor, [duplicate]);
  expect(await sales.everything()).toEqual(before);
  expect(preview.moved).toMatchObject({ contacts: 2, conversions: 1 });
  expect(await merge(sales, survivor, [duplicate])).toEqual(preview);
});

test('contacts of one e-mail address who meet at the survivor are told, and left alone', async () => {
  const survivor = await sales.account('Acme');
  const duplicate = await sales.account('ACME');
  const here = await sales.contact('Boxer', { accountId: survivor, email: 'b@acme.com' });
  const there = await sales.contact('Boxer', { accountId: duplicate, email: 'B@Acme.com' });
  await sales.contact('Twin', { accountId: survivor, email: 't@acme.com' });
  await sales.contact('Twin', { accountId: survivor, email: 't@acme.com' });
  const { warnings } = await merge(sales, survivor, [duplicate]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ code: 'DUPLICATE_FOUND', path: ['duplicates'] });
  expect(warnings[0]!.candidates!.map(({ id }) => id).sort()).toEqual([here, there].sort());
  expect(await sales.rows('contact', 'deleted_at is null')).toHaveLength(4);
});

test('the hierarchy stays without circles, whoever belonged to whom', async () => {
  // top ← duplicate ← middle ← survivor ← bottom ← second
  const top = await sales.account('Top');
  const duplicate = await sales.account('Duplicate', { parentId: top });
  const middle = await sales.account('Middle', { parentId: duplicate });
  const survivor = await sales.account('Survivor', { parentId: middle });
  const bottom = await sales.account('Bottom', { parentId: survivor });
  const second = await sales.account('Second', { parentId: bottom });
  const { fields } = await merge(sales, survivor, [second, duplicate]);
  expect(fields.filter(({ field }) => field === 'parent')).toEqual([
    expect.objectContaining({ source: acc(top), next: acc(top), outcome: 'FILLED' }),
    expect.objectContaining({ current: acc(middle), next: acc(top), outcome: 'OVERWRITTEN' }),
  ]);
  const parents = new Map((await sales.rows('account')).map((row) => [row['id'], row['parent_id']]));
  expect([survivor, middle, bottom].map((id) => parents.get(id))).toEqual([top, survivor, survivor]);
});

test('a child that is merged into its parent leaves its own children there', async () => {
  const survivor = await sales.account('Parent');
  const duplicate = await sales.account('Child', { parentId: survivor });
  const grandchild = await sales.account('Grandchild', { parentId: duplicate });
  await merge(sales, survivor, [duplicate]);
  expect((await sales.row('account', survivor))['parent_id']).toBeNull();
  expect((await sales.row('account', grandchild))['parent_id']).toBe(survivor);
  const parent = await sales.account('A');
  const child = await sales.account('B', { parentId: parent });
  await merge(sales, child, [parent]);
  expect((await sales.row('account', child))['parent_id']).toBeNull();
});

test('a chain of merges is one step: what went into a duplicate leads to the last survivor', async () => {
  const [a, b, c] = [await sales.account('A'), await sales.account('B'), await sales.account('C')];
  await merge(sales, b, [a]);
  await merge(sales, c, [b]);
  for (const id of [a, b]) expect((await sales.row('account', id))['merged_into_id']).toBe(c);
  // and the survivor of a later merge may be named by an id that was merged away
  const d = await sales.account('D');
  expect((await merge(sales, a, [d])).survivorId).toBe(c);
});

test('ids of merged accounts work in inputs: the survivor is meant', async () => {
  const { admin, organization } = sales;
  const survivor = await sales.account('Acme');
  const duplicate = await sales.account('ACME Germany');
  const subsidiary = await sales.account('Subsidiary');
  await merge(sales, survivor, [duplicate]);
  const write = <T>(work: Parameters<typeof world.database.write<T>>[1]) => world.database.write(admin, work);
  const account = acc(duplicate);
  expect(await write((tx) => updateAccount(tx, admin, organization, { account, phone: '7' }))).toBe(survivor);
  await write((tx) => updateAccount(tx, admin, organization, { account: acc(subsidiary), parent: account }));
  expect((await sales.row('account', subsidiary))['parent_id']).toBe(survivor);
  const contact = await write((tx) => createContact(tx, admin, organization, { lastName: 'New', account }));
  expect((await sales.row('contact', contact))['account_id']).toBe(survivor);
  const converted = await sales.convert(await sales.lead(), { account: { existing: account } });
  expect(converted.accountId).toBe(survivor);
});

test('a new lead of a merged company joins the survivor, by the name and by the domain the company had', async () => {
  const survivor = await sales.account('Acme', { website: 'acme.com' });
  const duplicate = await sales.account('Zenith Optics', { website: 'zenith.de' });
  await merge(sales, survivor, [duplicate]);
  for (const fields of [{ company: 'Zenith Optics GmbH' }, { company: 'Z', email: 'x@zenith.de' }]) {
    const lead = await sales.lead(fields);
    await matchAll(sales);
    expect((await sales.row('lead', lead))['matched_account_id']).toBe(survivor);
    expect((await sales.convert(lead)).accountId).toBe(survivor);
  }
});

test('audit: one entry for the survivor and one for each duplicate, with what moved; each with its event', async () => {
  const survivor = await sales.account('Acme');
  const duplicate = await sales.account('ACME', { phone: '2' });
  const contact = await sales.contact('Boxer', { accountId: duplicate });
  await merge(sales, survivor, [duplicate]);
  const [one, other] = await sales.rows('audit_entry', `action = 'mergeAccounts'`);
  expect(one).toMatchObject({
    ...{ record_id: survivor, before: { phone: null }, after: { phone: '2', merged: [duplicate] } },
  });
  expect(other).toMatchObject({
    ...{ record_id: duplicate, before: { mergedIntoId: null } },
    after: { mergedIntoId: survivor, moved: { contacts: [contact] } },
  });
  expect(await sales.rows('outbox_event', `type = 'mergeAccounts'`)).toHaveLength(2);
});

test('the same key answers the same and does nothing twice; with another input it is refused', async () => {
  const survivor = await sales.account('Acme');
  const [b, c] = [await sales.account('B', { phone: '1' }), await sales.account('C')];
  const first = await merge(sales, survivor, [b], { idempotencyKey: 'k' });
  const everything = await sales.everything();
  expect(await merge(sales, survivor, [b], { idempotencyKey: 'k' })).toEqual(first);
  expect(await sales.everything()).toEqual(everything);
  expect(await refusedMerge(sales, () => merge(sales, survivor, [c], { idempotencyKey: 'k' }))).toMatchObject(
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  );
});

test('what cannot be merged is refused where it stands in the input, and nothing is written', async () => {
  const other = await Sales.open(world);
  const [a, b] = [await sales.account('A'), await sales.account('B')];
  const gone = await sales.account('Gone', { deletedAt: new Date() });
  const merged = await sales.account('Merged');
  await merge(sales, a, [merged]);
  const foreign = await other.account('Foreign');
  const cases: [string, string[], object, object][] = [
    [a, [], {}, { code: 'INVALID_INPUT', path: ['duplicates'] }],
    [a, Array.from({ length: 21 }, () => uuidv7()), {}, { code: 'INVALID_INPUT', path: ['duplicates'] }],
    [a, [b, a], {}, { code: 'INVALID_INPUT', path: ['duplicates', '1'] }],
    [merged, [a], {}, { code: 'INVALID_INPUT', path: ['duplicates', '0'] }],
    [a, [b, b], {}, { code: 'INVALID_INPUT', path: ['duplicates', '1'] }],
    [uuidv7(), [b], {}, { code: 'NOT_FOUND', path: ['survivor'] }],
    [foreign, [b], {}, { code: 'NOT_FOUND', path: ['survivor'] }],
    [gone, [b], {}, { code: 'NOT_FOUND', path: ['survivor'] }],
    [a, [foreign], {}, { code: 'NOT_FOUND', path: ['duplicates', '0'] }],
    [a, [b, gone], {}, { code: 'NOT_FOUND', path: ['duplicates', '1'] }],
    [b, [merged], {}, { code: 'NOT_FOUND', message: `The account was merged into ${acc(a)} already` }],
    [b, [a], { ifVersion: 7 }, { code: 'STALE_VERSION', current: 1 }],
    [
      b,
      [a],
      { fields: [{ field: 'nameKey', from: acc(a) }] },
      { allowed: expect.arrayContaining(['name']) as unknown },
    ],
    [b, [a], { fields: [{ field: 'isTarget', from: acc(a) }] }, { path: ['fields', '0', 'field'] }],
    [b, [a], { fields: [{ field: 'phone', from: acc(a) }] }, { path: ['fields', '0', 'from'] }],
    [b, [a], { fields: [{ field: 'name', from: acc(foreign) }] }, { code: 'NOT_FOUND' }],
    [
      b,
      [a],
      { fields: [{ field: 'name', from: 'x' }] },
      { code: 'INVALID_INPUT', path: ['fields', '0', 'from'] },
    ],
    [
      b,
      [a],
      { fields: [a, b].map((id) => ({ field: 'name', from: acc(id) })) },
      { path: ['fields', '1', 'field'] },
    ],
  ];
  for (const [survivor, duplicates, more, error] of cases) {
    expect(await refusedMerge(sales, () => merge(sales, survivor, duplicates, more))).toMatchObject(error);
    // a dry run says the same
    expect(await refusedMerge(sales, () => previewMerge(sales, survivor, duplicates, more))).toMatchObject(
      error,
    );
  }
});

test.each([Role.SDR, Role.MARKETER, Role.ANALYST, Role.SERVICE])('%s may not merge', async (role) => {
  const [a, b] = [await sales.account('A'), await sales.account('B')];
  const work = async () => merge(sales, a, [b], {}, { ...sales.admin, role });
  await expect(work()).rejects.toThrow(`The role ${role} lacks the right record:merge`);
});

test('an AE may', async () => {
  const [a, b] = [await sales.account('A'), await sales.account('B')];
  expect((await merge(sales, a, [b], {}, { ...sales.admin, role: Role.AE })).survivorId).toBe(a);
});
