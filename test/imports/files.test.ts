import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSalesforce } from '../../src/imports/salesforce-import.ts';
import { openWorld, type World } from '../support/world.ts';
import { administrator, importTables, type Organization, rowsOf, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization()));
afterAll(() => world.close());

const first = sfId('001', 1);
const second = sfId('001', 2);
const third = sfId('001', 3);

async function load(text: string | Buffer, name = 'Account') {
  return await importTables(world, organization, { [name]: text });
}
const accounts = () => rowsOf(world, organization, 'account', 'name, description, phone');

describe('a file', () => {
  test('may start with a byte order mark, end its lines as Windows does, and hold texts of several lines', async () => {
    const result = await load(
      `\uFEFFId,Name,Description,Phone\r\n${first},"Acme, ""the"" one","two\r\nlines",1\r\n\r\n${second},Beta,,2\r\n`,
    );
    expect(result.types.accounts).toMatchObject({ created: 2, rejected: 0 });
    expect(await accounts()).toEqual([
      { name: 'Acme, "the" one', description: 'two\r\nlines', phone: '1' },
      { name: 'Beta', description: null, phone: '2' },
    ]);
  });

  test('may mix line endings, name its columns in any case and order, and have columns we do not know', async () => {
    await load(`NAME,shoe_size__c,ID,phone\r\nAcme,9,${first},1\nBeta,8,${second},2`);
    expect(await accounts()).toMatchObject([
      { name: 'Acme', phone: '1' },
      { name: 'Beta', phone: '2' },
    ]);
  });

  test('may be called in any case', async () => {
    expect((await load(`Id,Name\n${first},Acme\n`, 'account')).types.accounts.created).toBe(1);
  });

  test('may have a header only, or nothing', async () => {
    for (const text of ['Id,Name\n', 'Id,Name', '', '\uFEFF', '\n\n'])
      expect((await load(text)).types.accounts).toEqual({
        created: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
      });
  });

  test('keeps quotes that stand inside an unquoted cell', async () => {
    await load(`Id,Name\n${first},Acme "Berlin"\n`);
    expect(await accounts()).toMatchObject([{ name: 'Acme "Berlin"' }]);
  });

  test('may hold texts as long as Salesforce allows', async () => {
    const long = 'x'.repeat(131_072);
    await load(`Id,Name,Description\n${first},Acme,"${long}"\n`);
    expect(await accounts()).toMatchObject([{ description: long }]);
  });
});

describe('a bad row', () => {
  test('is reported with the line it starts at, and the rest goes in', async () => {
    const result = await load(
      `Id,Name,Description,Phone\n${first},Acme,"1\n2\n3",1\nnonsense,Beta,,\n${second},Gamma\n${third},Delta,,,5\n${sfId('001', 4)},,,\n${first},Again,,\n${sfId('001', 5)},Epsilon,,5\n`,
    );
    expect(result.types.accounts).toEqual({ created: 2, updated: 0, unchanged: 0, rejected: 5 });
    expect(result.rejectedTotal).toBe(5);
    const file = 'Account.csv';
    expect(result.rejected).toEqual([
      { file, line: 5, column: 'Id', id: 'nonsense', reason: '"nonsense" is no Salesforce id (15 or 18 letters and digits)' },
      { file, line: 6, column: null, id: second, reason: 'has 2 cells where the header has 4' },
      { file, line: 7, column: null, id: third, reason: 'has 5 cells where the header has 4' },
      { file, line: 8, column: 'Name', id: sfId('001', 4), reason: 'is blank' },
      { file, line: 9, column: 'Id', id: first, reason: 'repeats the one at line 2' },
    ]); // prettier-ignore
    expect(await accounts()).toMatchObject([{ name: 'Acme' }, { name: 'Epsilon' }]);
  });

  test('with a character no text may hold is reported', async () => {
    const result = await load(`Id,Name\n${first},"Ac\0me"\n`);
    expect(result.rejected).toMatchObject([{ line: 2, column: 'Name', reason: 'contains a NUL character' }]);
  });

  test('is listed up to a thousand, and counted beyond', async () => {
    const rows = Array.from({ length: 1200 }, (_, row) => `bad${row},x\n`).join('');
    const result = await load(`Id,Name\n${rows}`);
    expect(result.rejected).toHaveLength(1000);
    expect(result.rejectedTotal).toBe(1200);
    expect(result.types.accounts.rejected).toBe(1200);
  });
});

describe('what is no export at all is refused in one sentence', () => {
  test.each([
    ['a missing column', 'Name\nAcme\n', 'Account.csv: the column Id is missing'],
    ['other separators', 'Id;Name\n1;Acme\n', 'Account.csv: the columns Id, Name are missing (the header has one column: are they separated by commas?)'],
    ['a column named twice', 'Id,Name,name\n', 'Account.csv: the column name is there twice'],
    ['a quote that never closes', `Id,Name\n${first},ok\n${second},"Acme\n`, 'Account.csv: a quote opened in the row at line 3 is never closed'],
    ['bytes that are no UTF-8', Buffer.from(`Id,Name\n${first},Caf\xe9\n`, 'latin1'), 'Account.csv: not UTF-8 text at or after line 1; save it as CSV in UTF-8'],
    ['an unfinished last character', Buffer.from([0x49, 0x64, 0xc3]), 'Account.csv: ends in the middle of a UTF-8 character'],
  ])('%s', async (_, text, message) => {
    await expect(load(text)).rejects.toMatchObject({ name: 'ImportError', message });
    expect(await accounts()).toEqual([]);
  }); // prettier-ignore

  test('a lead file without last names', async () => {
    await expect(load('Id,Company\n', 'Lead')).rejects.toThrow('Lead.csv: the column LastName is missing');
  });

  test('a folder that is not there, is a file, or holds nothing of Salesforce', async () => {
    const run = (dir: string) =>
      importSalesforce(world.database, organization, administrator(organization), { dir });
    const dir = await mkdtemp(join(tmpdir(), 'kontor-import-'));
    try {
      await writeFile(join(dir, 'notes.txt'), 'nothing');
      await expect(run(join(dir, 'gone'))).rejects.toThrow(/The folder .*gone does not exist/);
      await expect(run(join(dir, 'notes.txt'))).rejects.toThrow('is no folder');
      await expect(run(dir)).rejects.toThrow(
        'holds none of Account.csv, Contact.csv, Lead.csv, Opportunity.csv, OpportunityHistory.csv',
      );
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  test('a time zone that does not exist', async () => {
    await expect(
      importTables(world, organization, { Account: 'Id,Name\n' }, { timeZone: 'Berlin' }),
    ).rejects.toThrow('The time zone Berlin is no IANA time zone');
  });
});

test('files that are not there are noted', async () => {
  const { notes } = await load('Id,Name\n');
  expect(notes).toEqual(
    ['Contact.csv is not there', 'Lead.csv is not there', 'Opportunity.csv is not there', 'OpportunityHistory.csv is not there'], // prettier-ignore
  );
});

test('only who may change settings may import', async () => {
  const principal = { ...administrator(organization), role: 'AE' as never };
  await expect(importSalesforce(world.database, organization, principal, { dir: '/' })).rejects.toThrow(
    'The role AE lacks the right settings:write',
  );
});

test('strict: one bad row anywhere, and nothing is written', async () => {
  const good = { Id: first, Name: 'Acme' };
  const bad = { Id: sfId('003', 1), LastName: 'Lost', AccountId: sfId('001', 99) };
  const strict = importTables(world, organization, { Account: [good], Contact: [bad] }, { strict: true });
  await expect(strict).rejects.toMatchObject({
    name: 'StrictImportError',
    result: {
      rejectedTotal: 1,
      types: { accounts: { created: 0 }, contacts: { created: 0, rejected: 1 } },
      rejected: [{ file: 'Contact.csv', line: 2, column: 'AccountId' }],
    },
  });
  expect(await accounts()).toEqual([]);

  const unreadable = importTables(
    world,
    organization,
    { Account: [good, { Id: 'x', Name: 'y' }] },
    { strict: true },
  );
  await expect(unreadable).rejects.toThrow(
    'Nothing was imported: 1 bad row(s) in strict mode, first Account.csv line 3, Id',
  );
  expect(await accounts()).toEqual([]);
});
