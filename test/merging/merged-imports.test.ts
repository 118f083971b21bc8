import sql from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { mergeAccounts } from '../../src/merging/merge-accounts.service.ts';
import { mergeContacts } from '../../src/merging/merge-contacts.service.ts';
import {
  administrator,
  type Cells,
  importTables,
  type Organization,
  rowsOf,
  sfId,
} from '../imports/export-folder.ts';
import { openWorld, type World } from '../support/world.ts';
import { acc, con } from './merge-sales.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization()));
afterEach(async () => {
  expect(await checkOrganization(world.database, organization.id)).toEqual([]);
});
afterAll(() => world.close());

const load = (tables: Record<string, Cells[]>, options = {}) =>
  importTables(world, organization, tables, options);

/** Where all conversions lead. */
const conversions = (column: 'account_id' | 'contact_id') =>
  world.database.read(organization.tenant, (snapshot) =>
    snapshot.query(
      column === 'account_id'
        ? sql`select account_id from lead_conversion where organization_id = ${organization.id}`
        : sql`select contact_id from lead_conversion where organization_id = ${organization.id}`,
    ),
  );

/** Our id of an imported record. */
async function idOf(table: 'account' | 'contact', externalId: string): Promise<string> {
  const statement =
    table === 'account'
      ? sql`select id from account where organization_id = ${organization.id} and external_id = ${externalId}`
      : sql`select id from contact where organization_id = ${organization.id} and external_id = ${externalId}`;
  const row = await world.database.read(organization.tenant, (snapshot) =>
    snapshot.one<{ id: string }>(statement),
  );
  return row!.id;
}

async function merge(survivor: string, duplicate: string): Promise<void> {
  const [a, b] = [await idOf('account', survivor), await idOf('account', duplicate)];
  const admin = administrator(organization);
  await world.database.write(admin, (tx) =>
    mergeAccounts(tx, admin, { survivor: acc(a), duplicates: [acc(b)] }),
  );
}

const [one, two, three] = [sfId('001', 1), sfId('001', 2), sfId('001', 3)] as const;

test("a merged account's row is left alone, and links to its Id lead to the survivor", async () => {
  const accounts = [
    { Id: one, Name: 'Acme', Phone: '1', ParentId: '' },
    { Id: two, Name: 'ACME', Phone: '2', ParentId: '' },
    { Id: three, Name: 'Acme Hamburg', Phone: '', ParentId: two },
  ];
  await load({ Account: accounts });
  await merge(one, two);
  const again = [accounts[0]!, { ...accounts[1]!, Name: 'ACME again' }, accounts[2]!];
  const { types, notes, rejectedTotal } = await load(
    {
      Account: again,
      Contact: [{ Id: sfId('003', 1), LastName: 'Boxer', AccountId: two }],
      Opportunity: [
        {
          Id: sfId('006', 1),
          Name: 'Deal',
          AccountId: two,
          StageName: 'Prospecting',
          CloseDate: '2026-03-31',
        },
      ],
      Lead: [
        {
          ...{ Id: sfId('00Q', 1), LastName: 'Boxer', Company: 'ACME', IsConverted: 'true' },
          ...{ ConvertedDate: '2026-01-05', ConvertedAccountId: two, ConvertedContactId: sfId('003', 1) },
        },
      ],
    },
    { strict: true },
  );
  expect(rejectedTotal).toBe(0);
  expect(types.accounts).toMatchObject({ created: 0, updated: 0, unchanged: 2, skippedDeleted: 1 });
  expect(notes).toContain('1 rows of Account.csv were merged into others in Kontor and were left alone');
  const survivor = await idOf('account', one);
  const living = await rowsOf(world, organization, 'account', 'name, deleted_at is null as living');
  expect(living.filter((row) => row['living'])).toHaveLength(2);
  expect(await conversions('account_id')).toEqual([{ account_id: survivor }]);
  for (const table of ['contact', 'opportunity'])
    expect(await rowsOf(world, organization, table, 'account_id')).toEqual([{ account_id: survivor }]);
});

test('an export in which the survivor belongs to what was merged into it imports without a circle', async () => {
  const accounts = [
    { Id: one, Name: 'Top', ParentId: '' },
    { Id: two, Name: 'Middle', ParentId: one },
    { Id: three, Name: 'Bottom', ParentId: two },
  ];
  await load({ Account: accounts });
  await merge(three, two);
  const { types } = await load({ Account: accounts }, { strict: true });
  expect(types.accounts).toMatchObject({ unchanged: 2, skippedDeleted: 1, rejected: 0 });
  await merge(three, one);
  const last = await load({ Account: accounts }, { strict: true });
  expect(last.types.accounts).toMatchObject({ unchanged: 1, skippedDeleted: 2, rejected: 0 });
});

test("a merged contact's row is left alone, and a conversion into it leads to the survivor", async () => {
  const [first, second] = [sfId('003', 1), sfId('003', 2)];
  const contacts = [
    { Id: first, LastName: 'Boxer' },
    { Id: second, LastName: 'Box' },
  ];
  await load({ Contact: contacts });
  const [a, b] = [await idOf('contact', first), await idOf('contact', second)];
  const admin = administrator(organization);
  await world.database.write(admin, (tx) =>
    mergeContacts(tx, admin, { survivor: con(a), duplicates: [con(b)] }),
  );
  const lead = {
    ...{
      Id: sfId('00Q', 1),
      LastName: 'Box',
      Company: 'X',
      IsConverted: 'true',
      ConvertedDate: '2026-01-05',
    },
    ConvertedContactId: second,
  };
  const { types } = await load({ Contact: contacts, Lead: [lead] }, { strict: true });
  expect(types.contacts).toMatchObject({ created: 0, updated: 0, unchanged: 1, skippedDeleted: 1 });
  expect(await conversions('contact_id')).toEqual([{ contact_id: a }]);
});
