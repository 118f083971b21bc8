import { parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Marketing, marketing } from '../campaigns/marketing.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

const ACTIVITY = `activity { id type subject direction minutes occurredAt isOpen
  lead { id } contact { id } account { id } opportunity { id } owner { id } }`;

let world: World;
let at: Marketing;
let account: string;
let contact: string;
let deal: string;
beforeAll(async () => {
  world = await openWorld();
  at = await marketing(world);
  account = await at.account('Alster Optik');
  contact = await at.contact('Rose', { account });
  deal = await at.deal('Alster deal', { account });
});
afterAll(() => world.close());

const create = (input: Data, by = at.admin) =>
  mutate(by, 'createActivity', { type: 'CALL', ...input }, ACTIVITY);
const update = (activity: string, input: Data) =>
  mutate(at.admin, 'updateActivity', { activity, ...input }, ACTIVITY);
const remove = (activity: string, input: Data = {}) =>
  mutate(at.admin, 'removeActivity', { activity, ...input }, 'removed');
async function made(input: Data): Promise<Data> {
  const { activity, userErrors } = await create(input);
  expect(userErrors).toEqual([]);
  return activity as Data;
}
const stored = (id: string) => storedRow(world, at.tenant, 'activity', id);
const ids = (of: Data) =>
  Object.fromEntries(
    ['lead', 'contact', 'account', 'opportunity'].map((link) => [link, of[link]?.id ?? null]),
  );
const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

test('an activity is noted with all that is known of it', async () => {
  const input = {
    ...{ type: 'MEETING', subject: ' Demo ', direction: 'INBOUND', minutes: 45 },
    ...{ occurredAt: '2026-02-03T10:00:00.000Z', externalId: 'act-1' },
    ...{ contact, opportunity: deal },
  };
  const activity = await made(input);
  expect(activity).toMatchObject({
    ...{ type: 'MEETING', subject: 'Demo', direction: 'INBOUND', minutes: 45, isOpen: false },
    ...{ occurredAt: input.occurredAt, owner: { id: expect.stringMatching(/^usr_/) } },
  });
  expect(ids(activity)).toEqual({ lead: null, contact, account, opportunity: deal });
  expect(await auditOf(world, at.tenant, activity.id)).toMatchObject([
    { action: 'createActivity', recordType: 'Activity', after: { type: 'MEETING', minutes: 45 } },
  ]);
});

test('without minutes it counts as long as the settings say for its type, and goes on doing so', async () => {
  const activity = await made({ type: 'WEBINAR', contact });
  expect(activity).toMatchObject({ minutes: 30, direction: null, subject: null });
  expect(await stored(activity.id)).toMatchObject({ minutes: null });
  expect((await made({ type: 'WEBINAR', contact, minutes: 0 })).minutes).toBe(0);
  expect((await update(activity.id, { minutes: 12 })).activity.minutes).toBe(12);
  expect((await update(activity.id, { minutes: null })).activity.minutes).toBe(30);
});

describe('what it belongs to', () => {
  test("the contact's and the deal's account is filled in", async () => {
    expect(ids(await made({ contact }))).toEqual({ lead: null, contact, account, opportunity: null });
    expect(ids(await made({ opportunity: deal }))).toMatchObject({
      contact: null,
      account,
      opportunity: deal,
    });
    expect(ids(await made({ account }))).toMatchObject({ contact: null, account, opportunity: null });
    const lead = await at.lead();
    expect(ids(await made({ lead }))).toEqual({ lead, contact: null, account: null, opportunity: null });
  });

  test('a converted lead is its contact, at its account', async () => {
    const lead = await at.lead();
    const converted = await at.converted(lead);
    expect(ids(await made({ lead }))).toEqual({
      ...{ lead: null, contact: converted.contact.id, account: converted.account.id, opportunity: null },
    });
  });

  test('merged-away records are those they went into', async () => {
    const [survivor, duplicate] = [await at.account('Elbe'), await at.account('Elbe 2')];
    const gone = await at.contact('Rosa', { account: duplicate });
    const kept = await at.contact('Rose', { account: survivor });
    await at.done(at.admin, 'mergeAccounts', { survivor, duplicates: [duplicate] }, 'account { id }');
    await at.done(at.admin, 'mergeContacts', { survivor: kept, duplicates: [gone] }, 'contact { id }');
    expect(ids(await made({ contact: gone, account: duplicate }))).toMatchObject({
      ...{ contact: kept, account: survivor },
    });
  });

  test('somebody at another account is refused, but for a person with a part in the deal', async () => {
    const elsewhere = await at.contact('Partner', { account: await at.account('Partner Ltd') });
    const refused = { code: 'CONTACT_NOT_IN_ACCOUNT', path: ['contact'] };
    expect((await create({ contact: elsewhere, account })).userErrors).toMatchObject([refused]);
    expect((await create({ contact: elsewhere, opportunity: deal })).userErrors).toMatchObject([refused]);
    const former = await at.contact('Changer', { account });
    const role = { opportunity: deal, contact: former };
    await at.done(at.admin, 'addOpportunityContact', role, 'opportunity { id }');
    const moved = { contact: former, account: await at.account('New employer') };
    await at.done(at.admin, 'updateContact', moved, 'contact { id }');
    expect(ids(await made({ contact: former, opportunity: deal }))).toMatchObject({
      contact: former,
      account,
    });
    expect((await create({ account: moved.account, opportunity: deal })).userErrors).toMatchObject([
      { code: 'OPPORTUNITY_NOT_IN_ACCOUNT', path: ['opportunity'] },
    ]);
  });

  test('what is given replaces all of it; what is not given leaves it', async () => {
    const { id } = await made({ contact, opportunity: deal });
    expect(ids((await update(id, { subject: 'Same' })).activity)).toMatchObject({
      contact,
      opportunity: deal,
    });
    expect(ids((await update(id, { contact })).activity)).toMatchObject({
      contact,
      account,
      opportunity: null,
    });
    const lead = await at.lead();
    expect(ids((await update(id, { lead })).activity)).toEqual({
      ...{ lead, contact: null, account: null, opportunity: null },
    });
    expect((await update(id, { lead: null })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['contact'] },
    ]);
  });

  test('shows on the lead, the contact, the account and the deal, latest first', async () => {
    const lead = await at.lead();
    const early = await made({ lead, occurredAt: '2026-01-02T00:00:00Z' });
    const late = await made({ lead, occurredAt: '2026-01-03T00:00:00Z' });
    const query = `query ($lead: ID!, $contact: ID!, $deal: ID!, $account: ID!) {
      lead(by: { id: $lead }) { activities { totalCount nodes { id } } }
      contact(by: { id: $contact }) { activities(first: 100) { nodes { id contact { id } } } }
      opportunity(by: { id: $deal }) { activities(first: 100) { nodes { id opportunity { id } } } }
      account(by: { id: $account }) { activities(first: 100) { totalCount } } }`;
    const data = await at.ask(query, { lead, contact, deal, account });
    expect(data.lead.activities).toEqual({ totalCount: 2, nodes: [{ id: late.id }, { id: early.id }] });
    for (const [key, id] of [
      ['contact', contact],
      ['opportunity', deal],
    ] as const) {
      // prettier-ignore
      expect(data[key].activities.nodes.length).toBeGreaterThan(0);
      expect(data[key].activities.nodes.every((node: Data) => node[key].id === id)).toBe(true);
    }
    expect(data.account.activities.totalCount).toBeGreaterThan(2);
  });
});

describe('when it happens', () => {
  test('is now when nobody says, and never ahead of us unless it is open', async () => {
    const { occurredAt } = await made({ contact });
    expect(Math.abs(Date.parse(occurredAt as string) - Date.now())).toBeLessThan(60_000);
    expect((await create({ contact, occurredAt: hours(1) })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['occurredAt'] },
    ]);
    expect(await made({ contact, occurredAt: hours(1), isOpen: true })).toMatchObject({ isOpen: true });
  });

  test('what is done before it was due happened now; what was due is done when it was due', async () => {
    const { id } = await made({ type: 'TASK', contact, occurredAt: hours(48), isOpen: true });
    const { activity } = await update(id, { isOpen: false });
    expect(Math.abs(Date.parse(activity.occurredAt as string) - Date.now())).toBeLessThan(60_000);
    expect((await update(id, { occurredAt: hours(1) })).userErrors).toMatchObject([{ path: ['occurredAt'] }]);
    const due = '2026-01-02T00:00:00.000Z';
    const late = await made({ type: 'TASK', contact, occurredAt: due, isOpen: true });
    expect((await update(late.id, { isOpen: false })).activity.occurredAt).toBe(due);
  });
});

test.each([
  [{}, ['contact']],
  [{ lead: null, contact: null }, ['contact']],
  [{ contact: 'nonsense' }, ['contact']],
  [{ lead: 'acc_01h455vb4pex5vsknk084sn02q' }, ['lead']],
  [{ lead: 'led_01h455vb4pex5vsknk084sn02q' }, ['lead']],
  [{ contact: 'con_01h455vb4pex5vsknk084sn02q' }, ['contact']],
  [{ account: 'acc_01h455vb4pex5vsknk084sn02q' }, ['account']],
  [{ opportunity: 'opp_01h455vb4pex5vsknk084sn02q' }, ['opportunity']],
  [{ minutes: -1 }, ['minutes']],
  [{ minutes: 100_001 }, ['minutes']],
  [{ subject: 'a\0b' }, ['subject']],
  [{ occurredAt: null }, ['occurredAt']],
  [{ occurredAt: '1899-12-31T00:00:00Z' }, ['occurredAt']],
  [{ isOpen: null }, ['isOpen']],
  [{ owner: 'usr_01h455vb4pex5vsknk084sn02q' }, ['owner']],
])('%j is refused, with its path', async (input, path) => {
  const links = 'minutes' in input || 'subject' in input || 'occurredAt' in input || 'isOpen' in input || 'owner' in input; // prettier-ignore
  const { activity, userErrors } = await create({ ...(links && { contact }), ...input });
  expect(activity).toBeNull();
  expect(userErrors).toMatchObject([{ path }]);
});

test('a lead and a contact at once are refused', async () => {
  expect((await create({ contact, lead: await at.lead() })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['contact'] },
  ]);
});

test('a change is in the journal with what was before; the same again is no change', async () => {
  const { id } = await made({ contact, subject: 'One', occurredAt: '2026-01-02T00:00:00Z' });
  const input = { subject: 'Two', direction: 'OUTBOUND', occurredAt: '2026-01-02T00:00:00Z', contact };
  await update(id, input);
  await update(id, input);
  expect(await stored(id)).toMatchObject({ version: 2 });
  expect((await auditOf(world, at.tenant, id))[1]).toMatchObject({
    ...{ action: 'updateActivity', before: { subject: 'One', direction: null } },
    after: { subject: 'Two', direction: 'OUTBOUND' },
  });
  expect((await update(id, { subject: 'No', ifVersion: 1 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 2 },
  ]);
});

test('a removed activity is gone, and in the journal as it was', async () => {
  const { id } = await made({ contact, subject: 'Never was', externalId: 'gone' });
  expect((await remove(id, { ifVersion: 3 })).userErrors).toMatchObject([{ code: 'STALE_VERSION' }]);
  expect(await remove(id)).toEqual({ removed: id, userErrors: [] });
  expect(await at.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
  expect((await auditOf(world, at.tenant, id)).at(-1)).toMatchObject({
    ...{ action: 'removeActivity', before: { subject: 'Never was', contactId: parseId(contact)!.uuid } },
  });
  for (const gone of [remove(id), update(id, { subject: 'No' })])
    expect((await gone).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['activity'] }]);
});

test('the same key and input again do nothing and answer the same', async () => {
  const input = { contact, idempotencyKey: 'a-1', occurredAt: '2026-01-02T00:00:00Z' };
  expect(await create(input)).toEqual(await create(input));
  const { id } = await made({ contact });
  expect(await remove(id, { idempotencyKey: 'a-2' })).toEqual(await remove(id, { idempotencyKey: 'a-2' }));
  await made({ contact, externalId: 'taken' });
  expect((await create({ contact, externalId: 'taken' })).userErrors).toMatchObject([
    { path: ['externalId'] },
  ]);
});

test('analysts write no activities; everybody else who works with people does', async () => {
  const analyst = await at.as(Role.ANALYST);
  const tries: [string, Data, string][] = [
    ['createActivity', { type: 'CALL', contact }, ACTIVITY],
    ['updateActivity', { activity: 'x' }, ACTIVITY],
    ['removeActivity', { activity: 'x' }, 'removed'],
  ];
  for (const [mutation, input, selection] of tries)
    expect(await failure(analyst, mutation, input, selection)).toBe('FORBIDDEN');
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.SERVICE])
    expect((await create({ contact }, await at.as(role))).userErrors).toEqual([]);
});

test("another organisation's records are nobody's here", async () => {
  const other = await marketing(world);
  const theirs = await other.account('Theirs');
  const person = await other.contact('Theirs', { account: theirs });
  const [lead, opportunity] = [await other.lead(), await other.deal('Theirs', { account: theirs })];
  for (const [link, id] of Object.entries({ lead, contact: person, account: theirs, opportunity }))
    expect((await create({ [link]: id })).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: [link] }]);
  const { activity } = await mutate(other.admin, 'createActivity', { type: 'CALL', lead }, 'activity { id }');
  expect((await update(activity.id, { subject: 'No' })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await remove(activity.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('however activities and the conversion of their lead race, they end at its contact', async () => {
  for (let round = 0; round < 12; round++) {
    const lead = await at.lead();
    const early = await made({ lead, type: 'TASK', isOpen: true });
    const [converted, late] = await Promise.all([
      at.converted(lead),
      made({ lead }),
      update(early.id, { subject: `Round ${round}` }),
      update(early.id, { isOpen: false }),
    ]);
    for (const { id } of [early, late])
      expect(await stored(id)).toMatchObject({
        contact_id: parseId(converted.contact.id)!.uuid,
        account_id: parseId(converted.account.id)!.uuid,
      });
    expect(await stored(early.id)).toMatchObject({ subject: `Round ${round}`, is_open: false });
  }
  expect(await at.violations()).toEqual([]);
});

test('however activities and merges of their people race, they end at the survivor', async () => {
  for (let round = 0; round < 8; round++) {
    const [survivor, duplicate] = [await at.account(`S ${round}`), await at.account(`D ${round}`)];
    const kept = await at.contact('Kept', { account: survivor });
    const gone = await at.contact('Gone', { account: duplicate });
    const merge = async () => {
      await at.done(at.admin, 'mergeAccounts', { survivor, duplicates: [duplicate] }, 'account { id }');
      await at.done(at.admin, 'mergeContacts', { survivor: kept, duplicates: [gone] }, 'contact { id }');
    };
    const [, ...activities] = await Promise.all([
      merge(),
      ...[0, 1, 2, 3].map(() => made({ contact: gone })),
    ]);
    for (const activity of activities)
      expect(await stored((activity as Data).id as string)).toMatchObject({
        contact_id: parseId(kept)!.uuid,
        account_id: parseId(survivor)!.uuid,
      });
  }
  expect(await at.violations()).toEqual([]);
});
