import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../src/graphql/ids.ts';
import { LeadStatusEntity } from '../../src/identity/identity.entity.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Office, office } from './lead-life.ts';

let world: World;
let at: Office;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
});
afterAll(() => world.close());

const LEAD = 'lead { id status { name } mqlAt salAt sqlAt disqualifiedReason version }';
const qualify = (lead: string, milestone: string, more: Data = {}, caller = at.admin) =>
  mutate(caller, 'qualifyLead', { lead, milestone, ...more }, LEAD);

test('each milestone keeps the first time it was reached, a repeated one changes nothing', async () => {
  const lead = await at.lead();
  const { lead: mql } = await qualify(lead, 'MQL');
  expect(mql).toMatchObject({
    salAt: null,
    sqlAt: null,
    version: 2,
    status: { name: 'Open - Not Contacted' },
  });
  expect(Date.parse(mql.mqlAt as string)).toBeGreaterThan(Date.now() - 60_000);
  expect((await qualify(lead, 'MQL')).lead).toEqual(mql);

  const { lead: sal } = await qualify(lead, 'SAL');
  expect(sal).toMatchObject({ mqlAt: mql.mqlAt, sqlAt: null, version: 3 });
  const { lead: sqlReached } = await qualify(lead, 'SQL');
  expect(sqlReached).toMatchObject({ mqlAt: mql.mqlAt, salAt: sal.salAt, version: 4 });
  expect(sqlReached.sqlAt > sal.salAt && sal.salAt > mql.mqlAt).toBe(true);
  expect((await qualify(lead, 'MQL')).lead).toEqual(sqlReached);
  expect(
    (await auditOf(world, at.tenant, lead)).map(({ action, after }) => [action, after.milestone]),
  ).toEqual([
    ['createLead', undefined],
    ['qualifyLead', 'MQL'],
    ['qualifyLead', 'SAL'],
    ['qualifyLead', 'SQL'],
  ]);
});

test('a lead that skips milestones has passed them at that moment', async () => {
  const { lead } = await qualify(await at.lead(), 'SQL');
  expect(lead.sqlAt).not.toBeNull();
  expect(lead).toMatchObject({ mqlAt: lead.sqlAt, salAt: lead.sqlAt });

  const marketed = await at.lead();
  const { lead: mql } = await qualify(marketed, 'MQL');
  const { lead: later } = await qualify(marketed, 'SQL');
  expect(later).toMatchObject({ mqlAt: mql.mqlAt, salAt: later.sqlAt });
});

test('milestones reached at the same time are reached once', async () => {
  const lead = await at.lead();
  const answers = await Promise.all(
    ['SQL', 'SQL', 'MQL', 'SAL', 'SQL', 'SAL'].map((milestone) => qualify(lead, milestone)),
  );
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  const { lead: now } = await qualify(lead, 'SQL');
  expect(now.mqlAt <= now.salAt && now.salAt <= now.sqlAt).toBe(true);
  for (const { lead: seen } of answers)
    for (const column of ['mqlAt', 'salAt', 'sqlAt']) expect([null, now[column]]).toContain(seen[column]);
});

test('a disqualified lead can be converted as it is, and keeps the reason', async () => {
  const lead = await at.lead();
  await qualify(lead, 'DISQUALIFIED', { reason: 'A student' });
  const { data } = await at.admin.send(
    `mutation ($conversion: ConvertLeadInput!) { convertLead(input: $conversion) { lead { isConverted status { name } disqualifiedReason } } }`,
    { conversion: { lead, account: { create: { name: 'Acme' } } } },
  );
  expect(data?.['convertLead']).toEqual({
    lead: {
      isConverted: true,
      status: { name: 'Closed - Converted' },
      disqualifiedReason: 'A student',
    },
  });
});

test('disqualifying needs a reason, closes the lead and keeps its milestones', async () => {
  const lead = await at.lead();
  const { lead: mql } = await qualify(lead, 'MQL');
  for (const reason of [undefined, null, '  '])
    expect((await qualify(lead, 'DISQUALIFIED', { reason })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['reason'] },
    ]);
  expect((await qualify(lead, 'DISQUALIFIED', { reason: 'x'.repeat(256) })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['reason'] },
  ]);
  const { lead: closed } = await qualify(lead, 'DISQUALIFIED', { reason: ' No budget ' });
  expect(closed).toMatchObject({
    status: { name: 'Closed - Not Converted' },
    disqualifiedReason: 'No budget',
    mqlAt: mql.mqlAt,
    version: 3,
  });
  expect((await qualify(lead, 'DISQUALIFIED', { reason: 'No budget' })).lead).toEqual(closed);
  expect((await qualify(lead, 'DISQUALIFIED', { reason: 'A student' })).lead).toMatchObject({
    disqualifiedReason: 'A student',
    version: 4,
  });
  const audit = await auditOf(world, at.tenant, lead);
  expect(audit.at(-1)).toMatchObject({
    action: 'qualifyLead',
    before: { disqualifiedReason: 'No budget' },
    after: { milestone: 'DISQUALIFIED', disqualifiedReason: 'A student' },
  });
});

test('a lead in another closed status keeps it when it is disqualified', async () => {
  const { organizationId } = at.tenant;
  const now = new Date();
  const junk = { name: 'Junk', nameKey: 'junk', position: 9, isConverted: false, isClosed: true };
  await world.database.write(at.tenant, async ({ em }) => {
    em.create(LeadStatusEntity, { organizationId, id: uuidv7(), ...junk, createdAt: now, updatedAt: now });
  });
  const lead = await at.lead({ status: 'junk' });
  const { lead: closed } = await qualify(lead, 'DISQUALIFIED', { reason: 'Test' });
  expect(closed.status.name).toBe('Junk');
});

test('a closed lead is qualified further only after it was recycled, which keeps its milestones', async () => {
  const lead = await at.lead({ status: 'Working - Contacted' });
  const { lead: mql } = await qualify(lead, 'MQL');
  await qualify(lead, 'DISQUALIFIED', { reason: 'No budget' });
  expect((await qualify(lead, 'SAL')).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['milestone'] },
  ]);
  expect((await qualify(lead, 'MQL')).userErrors).toEqual([]);
  const { lead: open } = await qualify(lead, 'RECYCLED', { reason: 'New budget' });
  expect(open).toMatchObject({
    status: { name: 'Open - Not Contacted' },
    mqlAt: mql.mqlAt,
    disqualifiedReason: null,
    version: 4,
  });
  expect((await qualify(lead, 'RECYCLED')).lead).toEqual(open);
  expect((await qualify(lead, 'SAL')).lead.salAt).not.toBeNull();
  const audit = await auditOf(world, at.tenant, lead);
  expect(audit.at(-2)).toMatchObject({
    before: { disqualifiedReason: 'No budget' },
    after: { milestone: 'RECYCLED', reason: 'New budget', disqualifiedReason: null },
  });
});

test('a lead opened again by its status is not disqualified any more', async () => {
  const lead = await at.lead();
  await qualify(lead, 'DISQUALIFIED', { reason: 'No budget' });
  const closed = await mutate(at.admin, 'updateLead', { lead, title: 'CEO' }, LEAD);
  expect(closed.lead.disqualifiedReason).toBe('No budget');
  const open = await mutate(at.admin, 'updateLead', { lead, status: 'Working - Contacted' }, LEAD);
  expect(open.lead).toMatchObject({ disqualifiedReason: null, status: { name: 'Working - Contacted' } });
});

test('versions, keys and the usual refusals hold here, too', async () => {
  const lead = await at.lead();
  const input = { ifVersion: 1, idempotencyKey: 'k' };
  const { lead: first } = await qualify(lead, 'MQL', input);
  expect((await qualify(lead, 'MQL', input)).lead).toEqual(first);
  expect((await qualify(lead, 'SAL', input)).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  expect((await qualify(lead, 'SAL', { ifVersion: 1 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 2 },
  ]);
  expect((await qualify(encodeId('Lead', uuidv7()), 'MQL')).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['lead'] },
  ]);
  const conversion = await at.convert(lead);
  for (const milestone of ['SQL', 'DISQUALIFIED', 'RECYCLED'])
    expect((await qualify(lead, milestone, { reason: 'x' })).userErrors).toMatchObject([
      { __typename: 'LeadConvertedError', code: 'LEAD_CONVERTED', conversion: { id: conversion } },
    ]);
});

test.each([Role.ADMIN, Role.SDR, Role.AE, Role.MARKETER, Role.SERVICE])(
  '%s qualifies leads',
  async (role) => {
    const { userErrors } = await qualify(await at.lead(), 'SQL', {}, await at.as(role));
    expect(userErrors).toEqual([]);
  },
);

test('an analyst qualifies none', async () => {
  const input = { lead: await at.lead(), milestone: 'MQL' };
  expect(await failure(await at.as(Role.ANALYST), 'qualifyLead', input, LEAD)).toBe('FORBIDDEN');
});
