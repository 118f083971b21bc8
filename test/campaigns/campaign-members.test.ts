import { Role } from '../../src/identity/identity.enums.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Marketing, marketing, MEMBER } from './marketing.ts';

let world: World;
let at: Marketing;
beforeAll(async () => {
  world = await openWorld();
  at = await marketing(world);
});
afterAll(() => world.close());

const update = (input: Data) => mutate(at.marketer, 'updateCampaignMember', input, `member { ${MEMBER} }`);
const remove = (input: Data) => mutate(at.marketer, 'removeCampaignMember', input, 'campaign { id }');

test('leads and contacts come into a campaign, each once; a second time does nothing', async () => {
  const campaign = await at.campaign();
  const [lead, contact] = [await at.lead(), await at.contact('Rose')];
  const first = await at.add(
    campaign,
    { lead, status: 'Sent' },
    { contact, respondedAt: '2026-02-03T04:05:06Z' },
    { lead, status: 'Twice' },
  );
  expect(first).toMatchObject([
    { lead: { id: lead }, contact: null, status: 'Sent', respondedAt: null, campaign: { id: campaign } },
    { lead: null, contact: { id: contact }, status: null, respondedAt: '2026-02-03T04:05:06.000Z' },
    { lead: { id: lead }, status: 'Sent' },
  ]);
  expect(first[0]!.id).toMatch(/^cmm_/);
  expect(first[2]).toEqual(first[0]);
  expect(await at.add(campaign, { contact, status: 'Later' })).toEqual([first[1]]);
  expect(await at.members(campaign)).toHaveLength(2);
  const audit = await auditOf(world, at.tenant, campaign);
  expect(audit.map(({ action }) => action)).toEqual(['createCampaign', 'addCampaignMembers']);
  expect(audit[1]!.after.members).toHaveLength(2);
});

test('a person shows the campaigns they are in', async () => {
  const [one, two] = [await at.campaign('One'), await at.campaign('Two')];
  const [lead, contact] = [await at.lead(), await at.contact('Rose')];
  for (const campaign of [one, two]) await at.add(campaign, { lead }, { contact });
  const query = `query ($lead: ID!, $contact: ID!) {
    lead(by: { id: $lead }) { campaigns { totalCount nodes { campaign { id } lead { id } } } }
    contact(by: { id: $contact }) { campaigns { totalCount nodes { campaign { id } contact { id } } } } }`;
  expect(await at.ask(query, { lead, contact })).toEqual({
    lead: {
      campaigns: { totalCount: 2, nodes: [two, one].map((id) => ({ campaign: { id }, lead: { id: lead } })) },
    },
    contact: {
      campaigns: {
        totalCount: 2,
        nodes: [two, one].map((id) => ({ campaign: { id }, contact: { id: contact } })),
      },
    },
  });
});

describe('a lead that is converted', () => {
  test('takes its membership along to its contact; undoing the conversion gives it back', async () => {
    const campaign = await at.campaign();
    const lead = await at.lead();
    const [member] = await at.add(campaign, { lead, status: 'Attended' });
    const { conversion, contact } = await at.converted(lead);
    expect(await at.members(campaign)).toEqual([{ ...member, lead: null, contact: { id: contact.id } }]);
    await at.done(at.admin, 'revertConversion', { conversion: conversion.id }, 'lead { id }');
    expect(await at.members(campaign)).toEqual([member]);
  });

  test('is added as its contact, whom the campaign has once', async () => {
    const campaign = await at.campaign();
    const lead = await at.lead();
    const { contact } = await at.converted(lead);
    const [member] = await at.add(campaign, { lead, status: 'Sent' });
    expect(member).toMatchObject({ lead: null, contact: { id: contact.id } });
    expect(await at.add(campaign, { contact: contact.id }, { lead })).toEqual([member, member]);
  });

  test('gives its contact the further status of two memberships, and the earlier response', async () => {
    const campaign = await at.campaign();
    const [lead, account] = [await at.lead(), await at.account('Alster')];
    const contact = await at.contact('Rose', { account });
    await at.add(
      campaign,
      { lead, status: 'Attended', respondedAt: '2026-01-02T00:00:00Z' },
      { contact, status: 'Sent' },
    );
    const target = { account: { existing: account }, contact: { existing: contact } };
    await at.done(at.admin, 'convertLead', { lead, ...target }, 'lead { id }');
    expect(await at.members(campaign)).toMatchObject([
      { contact: { id: contact }, status: 'Attended', respondedAt: '2026-01-02T00:00:00.000Z' },
    ]);
  });

  test('is in its campaign once and at its contact, however conversion and adding race', async () => {
    const campaign = await at.campaign('Race');
    for (let round = 0; round < 12; round++) {
      const lead = await at.lead();
      const [{ contact }, added] = await Promise.all([
        at.converted(lead),
        at.add(campaign, { lead }),
        at.add(campaign, { lead }),
      ]);
      const [member, ...others] = (await at.members(campaign)).filter(
        (one) => one.contact?.id === contact.id || one.lead?.id === lead,
      );
      expect(others).toEqual([]);
      expect(member).toMatchObject({ id: added[0]!.id, lead: null, contact: { id: contact.id } });
    }
    expect(await at.violations()).toEqual([]);
  });
});

test('a contact that was merged into another is added as that one', async () => {
  const campaign = await at.campaign();
  const [survivor, duplicate] = [await at.contact('Rose'), await at.contact('Rosa')];
  await at.done(at.admin, 'mergeContacts', { survivor, duplicates: [duplicate] }, 'contact { id }');
  expect(await at.add(campaign, { contact: duplicate }, { contact: survivor })).toMatchObject([
    { contact: { id: survivor } },
    { contact: { id: survivor } },
  ]);
  expect(await at.members(campaign)).toHaveLength(1);
});

test('of two memberships of merged contacts one remains, with the status of the one that responded', async () => {
  const account = await at.account('Merged');
  const [survivor, duplicate] = [
    await at.contact('Rose', { account }),
    await at.contact('Rosa', { account }),
  ];
  const [fair, web] = [await at.campaign('Fair'), await at.campaign('Web')];
  const respondedAt = '2026-02-03T00:00:00.000Z';
  await at.add(
    fair,
    { contact: survivor, status: 'Sent' },
    { contact: duplicate, status: 'Came', respondedAt },
  );
  await at.add(
    web,
    { contact: survivor, status: 'Came', respondedAt },
    { contact: duplicate, status: 'Sent' },
  );
  await at.done(at.admin, 'mergeContacts', { survivor, duplicates: [duplicate] }, 'contact { id }');
  for (const campaign of [fair, web])
    expect(await at.members(campaign)).toMatchObject([
      { contact: { id: survivor }, status: 'Came', respondedAt },
    ]);
});

test('all that is wrong with the people is told at once, and nobody is added', async () => {
  const campaign = await at.campaign();
  const [lead, contact] = [await at.lead(), await at.contact('Rose')];
  const { userErrors, members } = await at.tryAdd(campaign, [
    { lead },
    {},
    { lead, contact },
    { lead: contact },
    { lead: 'led_01h455vb4pex5vsknk084sn02q' },
    { contact: 'con_01h455vb4pex5vsknk084sn02q' },
    { contact, status: 'x'.repeat(256) },
    { contact, respondedAt: '2099-01-01T00:00:00Z' },
  ]);
  const at0 = (index: number, field: string) => ['people', String(index), field];
  expect(members).toEqual([]);
  expect(userErrors.map(({ code, path }: Data) => [code, path])).toEqual([
    ['INVALID_INPUT', at0(1, 'lead')],
    ['INVALID_INPUT', at0(2, 'lead')],
    ['INVALID_INPUT', at0(3, 'lead')],
    ['NOT_FOUND', at0(4, 'lead')],
    ['NOT_FOUND', at0(5, 'contact')],
    ['INVALID_INPUT', at0(6, 'status')],
    ['INVALID_INPUT', at0(7, 'respondedAt')],
  ]);
  expect(await at.members(campaign)).toEqual([]);
  for (const people of [[], Array.from({ length: 101 }, () => ({ lead }))])
    expect((await at.tryAdd(campaign, people)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['people'] },
    ]);
});

test('a hundred people come in with few statements', async () => {
  const campaign = await at.campaign();
  const people: Data[] = [];
  for (let n = 0; n < 100; n++) people.push({ lead: await at.lead() });
  let statements = 0;
  world.database.observe = () => void statements++;
  await at.add(campaign, ...people);
  world.database.observe = undefined;
  expect(statements).toBeLessThan(12);
  expect((await at.ask('query ($id: ID!) { campaign(by: { id: $id }) { members { totalCount } } }', { id: campaign })).campaign).toEqual({ members: { totalCount: 100 } }); // prettier-ignore
});

test('a membership is changed and ended, with what it was in the journal', async () => {
  const campaign = await at.campaign();
  const [member] = await at.add(campaign, { lead: await at.lead(), status: 'Sent' });
  const { id } = member as Data;
  const respondedAt = '2026-02-03T00:00:00.000Z';
  expect((await update({ member: id, respondedAt })).member).toEqual({ ...member, respondedAt });
  expect((await update({ member: id, status: 'Sent', respondedAt })).member).toMatchObject({
    status: 'Sent',
  });
  expect((await update({ member: id, status: null })).member).toEqual({
    ...member,
    respondedAt,
    status: null,
  });
  expect(await remove({ member: id })).toMatchObject({ campaign: { id: campaign }, userErrors: [] });
  expect(await at.members(campaign)).toEqual([]);
  expect(await auditOf(world, at.tenant, id)).toMatchObject([
    { action: 'updateCampaignMember', before: { respondedAt: null }, after: { respondedAt } },
    { action: 'updateCampaignMember', before: { status: 'Sent' }, after: { status: null } },
    { action: 'removeCampaignMember', before: { respondedAt, status: null, createdAt: member!.createdAt } },
  ]);
  for (const gone of [update({ member: id, status: 'No' }), remove({ member: id })])
    expect((await gone).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['member'] }]);
  expect((await update({ member: campaign })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['member'] },
  ]);
});

test('the same key and input again answer the same, also when the membership is gone since', async () => {
  const campaign = await at.campaign();
  const input = { campaign, people: [{ lead: await at.lead() }], idempotencyKey: 'm-1' };
  const send = () => mutate(at.marketer, 'addCampaignMembers', input, 'campaign { id } members { id }');
  const first = await send();
  expect(await send()).toEqual(first);
  const removal = { member: first.members[0].id, idempotencyKey: 'm-2' };
  expect(await remove(removal)).toEqual(await remove(removal));
  expect(await send()).toEqual({ ...first, members: [] });
  expect(await at.members(campaign)).toEqual([]);
});

test('changing a membership while its lead is converted loses neither, and is not undone with the conversion', async () => {
  const campaign = await at.campaign();
  for (let round = 0; round < 12; round++) {
    const lead = await at.lead();
    const [member] = await at.add(campaign, { lead });
    const [{ conversion, contact }] = await Promise.all([
      at.converted(lead),
      update({ member: member!.id, status: `Round ${round}` }),
    ]);
    const now = async () => (await at.members(campaign)).find(({ id }) => id === member!.id);
    expect(await now()).toMatchObject({ contact: { id: contact.id }, status: `Round ${round}` });
    await at.done(at.admin, 'revertConversion', { conversion: conversion.id }, 'lead { id }');
    expect(await now()).toMatchObject({ lead: { id: lead }, contact: null, status: `Round ${round}` });
  }
});

test('only who may write campaigns changes who is in them', async () => {
  const campaign = await at.campaign();
  const [member] = await at.add(campaign, { lead: await at.lead() });
  for (const role of [Role.SDR, Role.AE, Role.ANALYST]) {
    const caller = await at.as(role);
    const tries: [string, Data, string][] = [
      ['addCampaignMembers', { campaign, people: [] }, 'members { id }'],
      ['updateCampaignMember', { member: member!.id }, 'member { id }'],
      ['removeCampaignMember', { member: member!.id }, 'campaign { id }'],
    ];
    for (const [mutation, input, selection] of tries)
      expect(await failure(caller, mutation, input, selection)).toBe('FORBIDDEN');
  }
});

test("another organisation's people and memberships are nobody's here", async () => {
  const other = await marketing(world);
  const campaign = await at.campaign();
  const theirs = await other.lead();
  const [member] = await other.add(await other.campaign(), { lead: theirs });
  expect((await at.tryAdd(campaign, [{ lead: theirs }])).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['people', '0', 'lead'] },
  ]);
  expect((await update({ member: member!.id, status: 'No' })).userErrors).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
  expect((await remove({ member: member!.id })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(await at.ask('query ($id: ID!) { node(id: $id) { id } }', { id: member!.id })).toEqual({
    node: null,
  });
});

test('afterwards every invariant holds', async () => expect(await at.violations()).toEqual([]));
