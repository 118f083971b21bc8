import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { callerOf, type Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, type Organization, rowsOf, select, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization({ timeZone: 'Europe/Berlin' })));
afterEach(async () => expect(await checkOrganization(world.database, organization.id)).toEqual([]));
afterAll(() => world.close());

const now = new Date('2026-03-01T12:00:00Z');
const load = (tables: Record<string, Cells[]>, options = {}) =>
  importTables(world, organization, tables, { now, ...options });
const [account, contact, deal, lead] = [sfId('001', 1), sfId('003', 1), sfId('006', 1), sfId('00Q', 1)];
const CreatedDate = '2026-02-01T10:00:00Z';
const base = () => ({
  Account: [1, 2].map((n) => ({ Id: sfId('001', n), Name: `Acme ${n}`, CreatedDate })),
  Contact: [{ Id: contact, LastName: 'Rose', AccountId: account, CreatedDate }],
  Lead: [{ Id: lead, LastName: 'Boxer', Company: 'Acme', CreatedDate }],
  Opportunity: [{ Id: deal, Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', AccountId: sfId('001', 2), CreatedDate }],
}); // prettier-ignore
const task = (cells: Cells = {}): Cells => ({
  ...{ Id: sfId('00T', 1), WhoId: contact, WhatId: '', Status: 'Completed', ActivityDate: '2026-02-02' },
  ...cells,
});
const event = (cells: Cells = {}): Cells => ({
  ...{ Id: sfId('00U', 1), WhoId: contact, WhatId: '', StartDateTime: '2026-02-02T09:00:00Z' },
  ...cells,
});
const columns = 'type, direction, minutes, occurred_at as at, is_open as open';
const activities = () => rowsOf(world, organization, 'activity', columns);
const links = () =>
  select(
    world,
    organization,
    `select l.last_name as lead, c.last_name as contact, a.name as account, o.name as deal from activity t
      left join lead l on l.organization_id = $org and l.id = t.lead_id
      left join contact c on c.organization_id = $org and c.id = t.contact_id
      left join account a on a.organization_id = $org and a.id = t.account_id
      left join opportunity o on o.organization_id = $org and o.id = t.opportunity_id
      where t.organization_id = $org order by t.external_id`,
  );
async function expectSettled(tables: Record<string, Cells[]>) {
  const before = await dump(world, organization);
  const again = await load(tables);
  expect(await dump(world, organization)).toEqual(before);
  return again;
}

test.each([
  [{ TaskSubtype: 'Call', CallDurationInSeconds: '61' }, { type: 'CALL', direction: 'OUTBOUND', minutes: 2 }],
  [{ TaskSubtype: 'Call', CallType: 'Inbound', CallDurationInSeconds: '0' }, { type: 'CALL', direction: 'INBOUND', minutes: 0 }],
  [{ TaskSubtype: 'Call', CallType: 'Internal' }, { type: 'CALL', direction: null, minutes: null }],
  [{ TaskSubtype: 'Email', Type: 'Other' }, { type: 'EMAIL', direction: 'OUTBOUND' }],
  [{ TaskSubtype: 'Email', Type: 'Email Reply' }, { type: 'REPLY', direction: 'INBOUND' }],
  [{ TaskSubtype: 'Task', Type: 'Meeting' }, { type: 'MEETING', direction: 'INBOUND' }],
  [{ Type: 'Webinar attended' }, { type: 'WEBINAR', direction: 'INBOUND' }],
  [{ Type: 'Whitepaper Download' }, { type: 'DOWNLOAD', direction: 'INBOUND' }],
  [{ Type: 'Trade Show' }, { type: 'EVENT', direction: 'INBOUND' }],
  [{ Type: 'Other' }, { type: 'OTHER', direction: null }],
  [{}, { type: 'TASK', direction: null, minutes: null }],
])('a task with %j is %j', async (cells, expected) => {
  await load({ ...base(), Task: [task(cells)] });
  expect(await activities()).toMatchObject([expected]);
}); // prettier-ignore

test('a type of the own organisation is kept as the usual one, and told', async () => {
  const { notes } = await load({
    ...base(),
    Task: [task({ Type: 'Gift' })],
    Event: [event({ Type: 'Dinner' })],
  });
  expect(notes).toContain('1 activities have the type "Gift", which Kontor keeps as TASK');
  expect(notes).toContain('1 activities have the type "Dinner", which Kontor keeps as MEETING');
});

test.each([
  [{}, { at: '2026-02-01T23:00:00.000Z', open: false }],
  [{ CreatedDate: '2026-02-02T14:30:00Z' }, { at: '2026-02-02T14:30:00.000Z', open: false }],
  [{ CreatedDate: '2026-01-20T14:30:00Z' }, { at: '2026-02-01T23:00:00.000Z', open: false }],
  [{ CompletedDateTime: '2026-02-03T08:00:00Z' }, { at: '2026-02-03T08:00:00.000Z', open: false }],
  [{ ActivityDate: '2026-09-01', LastModifiedDate: '2026-02-04T08:00:00Z' }, { at: '2026-02-04T08:00:00.000Z', open: false }],
  [{ ActivityDate: '2026-09-01', Status: 'Not Started' }, { at: '2026-08-31T22:00:00.000Z', open: true }],
  [{ ActivityDate: '', Status: 'Not Started', CreatedDate: '2026-01-20T14:30:00Z' }, { at: '2026-01-20T14:30:00.000Z', open: true }],
  [{ Status: 'Erledigt', IsClosed: 'TRUE' }, { open: false }],
  [{ Status: 'Completed', IsClosed: 'FALSE' }, { open: true }],
])('a task with %j is of %j', async (cells, expected) => {
  await load({ ...base(), Task: [task(cells)] });
  expect(await activities()).toMatchObject([expected]);
}); // prettier-ignore

test.each([
  [{ DurationInMinutes: '45' }, { type: 'MEETING', direction: 'INBOUND', minutes: 45, open: false, at: '2026-02-02T09:00:00.000Z' }],
  [{ DurationInMinutes: '1440', IsAllDayEvent: 'TRUE' }, { minutes: null }],
  [{ Type: 'Call', DurationInMinutes: '15' }, { type: 'CALL', direction: 'OUTBOUND', minutes: 15 }],
  [{ StartDateTime: '2026-03-01T11:30:00Z', DurationInMinutes: '60' }, { open: true }],
  [{ StartDateTime: '', ActivityDateTime: '2026-02-03T09:00:00Z' }, { at: '2026-02-03T09:00:00.000Z', minutes: null }],
  [{ StartDateTime: '', ActivityDate: '2026-02-03' }, { at: '2026-02-02T23:00:00.000Z' }],
])('an event with %j is %j', async (cells, expected) => {
  await load({ ...base(), Event: [event(cells)] });
  expect(await activities()).toMatchObject([expected]);
}); // prettier-ignore

test('a duration that no activity of ours can have is told, and its row left out', async () => {
  const rows = [event({ DurationInMinutes: '100000' }), event({ Id: sfId('00U', 2), DurationInMinutes: '100001' })];
  const { rejected } = await load({ ...base(), Event: rows });
  expect(rejected).toMatchObject([{ column: 'DurationInMinutes', reason: expect.stringContaining('up to 100000') }]);
  expect(await activities()).toMatchObject([{ minutes: 100_000 }]);
}); // prettier-ignore

test('a meeting to come is done once it is over', async () => {
  const tables = { ...base(), Event: [event({ StartDateTime: '2026-03-05T09:00:00Z' })] };
  await load(tables);
  expect(await activities()).toMatchObject([{ open: true }]);
  const { types } = await load(tables, { now: new Date('2026-03-06T00:00:00Z') });
  expect(types.events.updated).toBe(1);
  expect(await activities()).toMatchObject([{ open: false }]);
});

test('invitations to our own people and plans of series are no activities of their own', async () => {
  const copies = [event({ Id: sfId('00U', 2), IsChild: 'TRUE' }), event({ Id: sfId('00U', 3), IsRecurrence: 'TRUE' })];
  const { types } = await load({ ...base(), Event: [event(), ...copies] });
  expect(types.events).toMatchObject({ created: 1, unchanged: 2 });
  expect(await activities()).toHaveLength(1);
}); // prettier-ignore

test('an activity is with whom and about what its row names, at the account of these', async () => {
  const of = (n: number, WhoId: string, WhatId: string) => task({ Id: sfId('00T', n), WhoId, WhatId });
  const tables = {
    ...base(),
    Task: [
      ...[of(1, lead, ''), of(2, contact, ''), of(3, '', account), of(4, '', deal)],
      ...[of(5, contact, deal), of(6, contact, sfId('500', 1))],
    ],
  };
  const { types, notes } = await load(tables);
  expect(types.tasks).toEqual({ created: 6, updated: 0, unchanged: 0, rejected: 0 });
  expect(await links()).toEqual([
    { lead: 'Boxer', contact: null, account: null, deal: null },
    { lead: null, contact: 'Rose', account: 'Acme 1', deal: null },
    { lead: null, contact: null, account: 'Acme 1', deal: null },
    { lead: null, contact: null, account: 'Acme 2', deal: 'Deal' },
    { lead: null, contact: 'Rose', account: 'Acme 2', deal: 'Deal' },
    { lead: null, contact: 'Rose', account: 'Acme 1', deal: null },
  ]);
  expect(notes).toContain(
    '1 WhatIds of activities name records of kinds that Kontor has not, and were left out',
  );
  expect((await expectSettled(tables)).types.tasks.unchanged).toBe(6);
});

test('what names nobody we have, or nothing at all, is reported', async () => {
  const { rejected } = await load({
    ...base(),
    Task: [
      task({ WhoId: sfId('003', 9) }),
      task({ Id: sfId('00T', 2), WhoId: '' }),
      task({ Id: sfId('00T', 3), WhoId: '', WhatId: sfId('500', 1) }),
      task({ Id: sfId('00T', 4), WhatId: sfId('006', 9) }),
      task({ Id: sfId('00T', 5), ActivityDate: '' }),
      task({ Id: sfId('00T', 6), CallDurationInSeconds: '-1' }),
    ],
    Event: [event({ StartDateTime: '' }), event({ Id: sfId('00U', 2), DurationInMinutes: '1.5' })],
  });
  expect(rejected.map(({ file, line, column }) => [file, line, column]).sort()).toEqual([
    ...[['Event.csv', 2, 'StartDateTime'], ['Event.csv', 3, 'DurationInMinutes']],
    ...[['Task.csv', 2, 'WhoId'], ['Task.csv', 3, 'WhoId'], ['Task.csv', 4, 'WhoId'], ['Task.csv', 5, 'WhatId']],
    ...[['Task.csv', 6, 'ActivityDate'], ['Task.csv', 7, 'CallDurationInSeconds']],
  ]); // prettier-ignore
  expect(await activities()).toEqual([]);
});

test('a deleted person is left out as long as something remains', async () => {
  const tables = base();
  const { notes, types } = await load({
    ...tables,
    Contact: [...tables.Contact, { Id: sfId('003', 2), LastName: 'Gone', AccountId: account, CreatedDate }].map((row, n) => ({ ...row, IsDeleted: n === 1 ? 'TRUE' : '' })),
    Task: [task({ WhoId: sfId('003', 2), WhatId: account }), task({ Id: sfId('00T', 2), WhoId: sfId('003', 2) })],
  }); // prettier-ignore
  expect(notes).toContain('2 links of activities name deleted records and were left empty');
  expect(types.tasks).toMatchObject({ created: 1, rejected: 1 });
});

test('an activity with a lead that is converted goes to its contact; what came before, to both', async () => {
  const converted = { IsConverted: 'TRUE', ConvertedDate: '2026-02-10', ConvertedAccountId: account, ConvertedContactId: contact, Status: 'Closed - Converted' }; // prettier-ignore
  const later = task({ Id: sfId('00T', 2), WhoId: lead, ActivityDate: '2026-02-12' });
  const tables = { ...base(), Task: [task({ WhoId: lead }), later] };
  tables.Lead = tables.Lead.map((row) => ({ ...row, ...converted }));
  await load(tables);
  const atAcme = { contact: 'Rose', account: 'Acme 1', deal: null };
  expect(await links()).toEqual([
    { lead: 'Boxer', ...atAcme },
    { lead: null, ...atAcme },
  ]);
  await expectSettled(tables);
});

test('who changes companies leaves what happened before where it was', async () => {
  await load({ ...base(), Task: [task()] });
  const tables = { ...base(), Task: [task()] };
  tables.Contact = tables.Contact.map((row) => ({ ...row, AccountId: sfId('001', 2) }));
  await load(tables);
  expect(await links()).toMatchObject([{ contact: 'Rose', account: 'Acme 1' }]);
});

test('the last import wins over an edit, and what was removed in Kontor stays so', async () => {
  const tables = { ...base(), Task: [task({ Subject: 'Theirs' })] };
  await load(tables);
  const admin = await callerOf(world, organization);
  const [row] = await rowsOf(world, organization, 'activity', 'id');
  const activity = encodeId('Activity', (row as Data)['id']);
  await mutate(
    admin,
    'updateActivity',
    { activity, subject: 'Ours', direction: 'INBOUND' },
    'activity { id }',
  );
  expect((await load(tables)).types.tasks.updated).toBe(1);
  expect(await rowsOf(world, organization, 'activity', 'subject, direction')).toEqual([
    { subject: 'Theirs', direction: 'INBOUND' },
  ]);
  expect((await mutate(admin, 'removeActivity', { activity }, 'removed')).userErrors).toEqual([]);
  const { types, notes } = await expectSettled(tables);
  expect(types.tasks).toMatchObject({ created: 0, skippedDeleted: 1 });
  expect(notes).toContain('1 rows of Task.csv were deleted in Kontor and stay so');
});
