import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { ContactEntity } from '../../src/contacts/contact.entity.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, type Organization, rowsOf, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization()));
afterAll(() => world.close());

const load = (tables: Record<string, Cells[]>, options = {}) =>
  importTables(world, organization, tables, options);
const account = (cells: Cells = {}) => ({ Id: sfId('001', 1), Name: 'Acme', ...cells });
const contact = (cells: Cells = {}) => ({ Id: sfId('003', 1), LastName: 'Boxer', ...cells });
const accounts = (columns: string) => rowsOf(world, organization, 'account', columns);
const contacts = (columns: string) => rowsOf(world, organization, 'contact', columns);

/** Changes the one account as Kontor would. */
async function edit(values: Partial<AccountEntity>): Promise<void> {
  await world.database.write(organization.tenant, async ({ em }) => {
    em.assign(await em.findOneOrFail(AccountEntity, { organizationId: organization.id }), values);
  });
}

test('a changed row updates its record, found by its id of 15 or 18 characters, and no other', async () => {
  const other = { Id: sfId('001', 2), Name: 'Beta' };
  await load({ Account: [account({ Phone: '1' }), { ...other, Phone: '' }] });
  const { types } = await load({
    Account: [
      { ...account({ Phone: '2' }), Id: sfId('001', 1).slice(0, 15) },
      { ...other, Phone: '' },
    ],
  });
  expect(types.accounts).toEqual({ created: 0, updated: 1, unchanged: 1, rejected: 0 });
  expect(await accounts('phone, version')).toEqual([
    { phone: '2', version: 2 },
    { phone: null, version: 1 },
  ]);
});

test('the last import wins over an edit, once; its record then is as old as that import', async () => {
  const tables = { Account: [account({ Phone: '1', LastModifiedDate: '2026-01-01' })] };
  await load(tables);
  await edit({ phone: 'ours', updatedAt: new Date('2026-02-01T00:00Z') });
  const now = new Date('2026-03-01T00:00Z');
  await load(tables, { now });
  expect(await accounts('phone, updated_at, version')).toEqual([
    { phone: '1', updated_at: now.toISOString(), version: 3 },
  ]);
  expect((await load(tables)).types.accounts.unchanged).toBe(1);
});

test('a blank cell empties its field, an absent column leaves it', async () => {
  await load({
    Account: [account({ Phone: '1', Industry: 'Energy', Website: 'acme.de' })],
    Contact: [contact({ FirstName: 'Bertha' })],
  });
  await load({ Account: [account({ Phone: '' })], Contact: [contact()] });
  expect(await accounts('phone, industry, industry_key, domain')).toEqual([
    { phone: null, industry: 'Energy', industry_key: 'energy', domain: 'acme.de' },
  ]);
  expect(await contacts('first_name, name_key, version')).toEqual([
    { first_name: 'Bertha', name_key: 'bertha boxer', version: 1 },
  ]);
});

test('what only Kontor knows stays: tier, target, a domain given by hand', async () => {
  await load({ Account: [account({ Website: '' })] });
  await edit({ tier: 1, isTarget: true, domain: 'acme.com' });
  await load({ Account: [account({ Website: '', Phone: '1' })] });
  expect(await accounts('tier, is_target, domain, phone')).toEqual([
    { tier: 1, is_target: true, domain: 'acme.com', phone: '1' },
  ]);
});

test('opt-outs are never loosened', async () => {
  await load({ Contact: [contact({ HasOptedOutOfEmail: 'TRUE', DoNotCall: 'FALSE' })] });
  await world.database.write(organization.tenant, async ({ em }) => {
    em.assign(await em.findOneOrFail(ContactEntity, { organizationId: organization.id }), {
      doNotCall: true,
    });
  });
  await load({ Contact: [contact({ HasOptedOutOfEmail: 'FALSE', DoNotCall: 'FALSE' })] });
  expect(await contacts('email_opt_out, do_not_call')).toEqual([{ email_opt_out: true, do_not_call: true }]);
});

test('what was deleted in Kontor stays deleted, and what belongs to it is reported', async () => {
  await load({ Account: [account()] });
  await edit({ deletedAt: new Date('2026-02-01T00:00Z') });
  const before = await dump(world, organization);
  const { types, rejected, notes } = await load({
    Account: [account({ Phone: '1' })],
    Contact: [contact({ AccountId: sfId('001', 1) })],
  });
  expect(types.accounts).toEqual({ created: 0, updated: 0, unchanged: 0, rejected: 0, skippedDeleted: 1 });
  expect(rejected).toMatchObject([
    { column: 'AccountId', reason: `names a deleted account: ${sfId('001', 1)}` },
  ]);
  expect(notes).toContain('1 rows of Account.csv were deleted in Kontor and stay so');
  expect(await dump(world, organization)).toEqual(before);
});

test('an exact creation date replaces an estimate, and an estimate only moves back', async () => {
  const created = async (cells: Cells) => {
    await load({ Account: [account(cells)] });
    return (await accounts('created_at, created_at_estimated'))[0];
  };
  expect(await created({ LastModifiedDate: '2026-03-01' })).toEqual({ created_at: '2026-03-01T00:00:00.000Z', created_at_estimated: true }); // prettier-ignore
  expect(await created({ LastModifiedDate: '2026-04-01' })).toEqual({ created_at: '2026-03-01T00:00:00.000Z', created_at_estimated: true }); // prettier-ignore
  expect(await created({ CreatedDate: '2025-01-01' })).toEqual({ created_at: '2025-01-01T00:00:00.000Z', created_at_estimated: false }); // prettier-ignore
  expect(await created({ LastModifiedDate: '2024-01-01' })).toEqual({ created_at: '2025-01-01T00:00:00.000Z', created_at_estimated: false }); // prettier-ignore
});

test('two imports at once do the work of one', async () => {
  const tables = { Account: [account()], Contact: [contact({ AccountId: sfId('001', 1) })] };
  const results = await Promise.all([load(tables), load(tables)]);
  const outcomes = results.map(({ types }) => [types.accounts.created, types.accounts.unchanged]).sort();
  expect(outcomes).toEqual([[0, 1], [1, 0]]); // prettier-ignore
});

test('another organisation with the same ids has its own records', async () => {
  await load({ Account: [account({ Phone: 'first' })] });
  const elsewhere = await world.organization();
  await importTables(world, elsewhere, { Account: [account({ Phone: 'second' })] });
  expect(await accounts('phone')).toEqual([{ phone: 'first' }]);
  expect(await rowsOf(world, elsewhere, 'account', 'phone')).toEqual([{ phone: 'second' }]);
});
