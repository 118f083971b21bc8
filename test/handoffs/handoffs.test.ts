import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { HANDOFF, type Sellers, sellers, userOf } from './handing-over.ts';

let world: World;
let at: Sellers;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await sellers(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, at.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const codes = ({ userErrors }: Data) => userErrors.map(({ code, path }: Data) => [code, path?.join('.')]);

test('an accepted lead is the AE’s and sales-accepted from then on; until then it stays the SDR’s', async () => {
  const lead = await at.sdrLead();
  const handed = await at.handOff({ lead, note: ' Wants a demo ' });
  expect(handed).toMatchObject({
    userErrors: [],
    handoff: {
      ...{ state: 'PENDING', note: 'Wants a demo', decidedAt: null, decidedBy: null, reason: null },
      ...{ from: { id: userOf(at.sdr) }, to: { id: userOf(at.ae) }, waitedMinutes: 0, lead: { id: lead } },
    },
    lead: {
      version: 1,
      owner: { id: userOf(at.sdr) },
      salAt: null,
      pendingHandoff: { id: handed.handoff.id },
    },
  });
  const handoff = handed.handoff.id as string;
  const accepted = await at.accept(handoff, at.ae, { ifVersion: 1 });
  expect(accepted).toMatchObject({
    userErrors: [],
    handoff: { state: 'ACCEPTED', decidedBy: { id: userOf(at.ae) }, reason: null },
    lead: { version: 2, owner: { id: userOf(at.ae) }, sqlAt: null, pendingHandoff: null },
  });
  const { mqlAt, salAt } = accepted.lead;
  expect([mqlAt, salAt]).toEqual([accepted.handoff.decidedAt, accepted.handoff.decidedAt]);
  expect(await auditOf(world, at.tenant, handoff)).toMatchObject([
    { action: 'handOffLead', recordType: 'LeadHandoff', after: { leadId: parseId(lead)!.uuid } },
    { action: 'acceptHandoff', after: { decision: 'ACCEPTED' } },
  ]);
  expect((await auditOf(world, at.tenant, lead)).map(({ action }) => action)).toEqual([
    'createLead',
    'acceptHandoff',
  ]);
});

test('acceptance leaves milestones that were reached before as they are', async () => {
  const lead = await at.sdrLead();
  const sal = await mutate(at.sdr, 'qualifyLead', { lead, milestone: 'SQL' }, 'lead { mqlAt salAt sqlAt }');
  expect((await at.accept(await at.pending(lead))).lead).toMatchObject(sal.lead as Data);
});

test('a bounced lead stays the SDR’s, with the reason, and can be handed over again', async () => {
  const lead = await at.sdrLead();
  const bounced = await at.bounce(await at.pending(lead));
  expect(bounced).toMatchObject({
    userErrors: [],
    handoff: { state: 'BOUNCED', reason: 'No budget', decidedBy: { id: userOf(at.ae) } },
    lead: { version: 1, owner: { id: userOf(at.sdr) }, salAt: null, pendingHandoff: null },
  });
  const again = await at.pending(lead, at.otherAe);
  expect((await at.accept(again, at.otherAe)).lead.owner).toEqual({ id: userOf(at.otherAe) });
  expect((await at.handoffs(lead)).map(({ state }) => state)).toEqual(['ACCEPTED', 'BOUNCED']);
});

test('a bounce has a reason', async () => {
  const handoff = await at.pending(await at.sdrLead());
  expect(codes(await at.bounce(handoff, at.ae, { reason: '  ' }))).toEqual([['INVALID_INPUT', 'reason']]);
  expect(codes(await at.bounce(handoff, at.ae, { reason: 'x'.repeat(256) }))).toEqual([
    ['INVALID_INPUT', 'reason'],
  ]);
});

test('who handed over takes it back; nobody else but an administrator', async () => {
  const handoff = await at.pending(await at.sdrLead());
  for (const other of [at.ae, at.otherAe, await at.as(Role.SDR), await at.as(Role.SERVICE)])
    expect(codes(await at.withdraw(handoff, other))).toEqual([['HANDOFF_FORBIDDEN', 'handoff']]);
  const { handoff: withdrawn } = await at.withdraw(handoff, at.sdr, { reason: 'Called back' });
  expect(withdrawn).toMatchObject({ state: 'WITHDRAWN', reason: 'Called back' });
  const second = await at.pending(await at.sdrLead());
  expect((await at.withdraw(second, at.admin)).handoff.state).toBe('WITHDRAWN');
});

test('only the receiver accepts or bounces, or an administrator in their place', async () => {
  const handoff = await at.pending(await at.sdrLead());
  for (const other of [at.sdr, at.otherAe, await at.as(Role.SERVICE), await at.as(Role.MARKETER)]) {
    expect(codes(await at.accept(handoff, other))).toEqual([['HANDOFF_FORBIDDEN', 'handoff']]);
    expect(codes(await at.bounce(handoff, other))).toEqual([['HANDOFF_FORBIDDEN', 'handoff']]);
  }
  const { handoff: accepted, lead } = await at.accept(handoff, at.admin);
  expect(accepted).toMatchObject({ state: 'ACCEPTED', decidedBy: { id: userOf(at.admin) } });
  expect(lead.owner).toEqual({ id: userOf(at.ae) });
});

test('a decided hand-off is decided for good; the error carries it', async () => {
  const handoff = await at.pending(await at.sdrLead());
  await at.accept(handoff);
  const select = `handoff { id } userErrors { code ... on HandoffError { handoff { id state } } }`;
  for (const [name, by, type, more] of [
    ['acceptHandoff', at.ae, 'AcceptHandoffInput', {}],
    ['bounceHandoff', at.ae, 'BounceHandoffInput', { reason: 'x' }],
    ['withdrawHandoff', at.sdr, 'WithdrawHandoffInput', {}],
  ] as const) {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${select} } }`;
    const { data } = await by.send(query, { input: { handoff, ...more } });
    expect(data![name]).toEqual({
      handoff: null,
      userErrors: [{ code: 'HANDOFF_DECIDED', handoff: { id: handoff, state: 'ACCEPTED' } }],
    });
  }
});

test('a lead has one pending hand-off; the error of a second carries it', async () => {
  const lead = await at.sdrLead();
  const handoff = await at.pending(lead);
  const query = `mutation ($input: HandOffLeadInput!) { handOffLead(input: $input) {
    handoff { id } userErrors { code path ... on HandoffError { handoff { id } } } } }`;
  const { data } = await at.sdr.send(query, { input: { lead, to: userOf(at.otherAe) } });
  expect(data!.handOffLead).toEqual({
    handoff: null,
    userErrors: [{ code: 'HANDOFF_PENDING', path: ['lead'], handoff: { id: handoff } }],
  });
});

test('a lead goes to another active person who sells', async () => {
  const lead = await at.sdrLead();
  const elsewhere = await sellers(world);
  const refused = async (to: string, by = at.sdr) => codes(await at.handOff({ lead, to }, by));
  const invalid = [['INVALID_INPUT', 'to']];
  for (const to of [
    await at.user(),
    await at.user(false),
    await at.queue(),
    lead,
    'nonsense',
    '',
    userOf(at.sdr),
  ])
    expect(await refused(to)).toEqual(invalid);
  expect(await refused(userOf(at.ae), at.ae)).toEqual(invalid);
  for (const to of [encodeId('User', uuidv7()), userOf(elsewhere.ae)])
    expect(await refused(to)).toEqual([['NOT_FOUND', 'to']]);
  const aeLead = await at.lead({ owner: userOf(at.ae) });
  expect(codes(await at.handOff({ lead: aeLead }))).toEqual(invalid);
  expect(codes(await at.handOff({ lead, note: 'x'.repeat(32_001) }))).toEqual([['INVALID_INPUT', 'note']]);
  expect((await at.handOff({ lead, to: userOf(at.admin) })).userErrors).toEqual([]);
});

test('a closed or converted lead, an unknown one and another organisation’s are not handed over', async () => {
  const closed = await at.sdrLead();
  await mutate(
    at.sdr,
    'qualifyLead',
    { lead: closed, milestone: 'DISQUALIFIED', reason: 'x' },
    'lead { id }',
  );
  const converted = await at.sdrLead();
  await at.convert(converted);
  const elsewhere = await sellers(world);
  const foreign = await elsewhere.sdrLead();
  expect(codes(await at.handOff({ lead: closed }))).toEqual([['INVALID_INPUT', 'lead']]);
  expect(codes(await at.handOff({ lead: converted }))).toEqual([['LEAD_CONVERTED', 'lead']]);
  expect(codes(await at.handOff({ lead: foreign }))).toEqual([['NOT_FOUND', 'lead']]);
  const theirs = await elsewhere.pending(foreign);
  for (const handoff of [theirs, encodeId('LeadHandoff', uuidv7())])
    expect(codes(await at.accept(handoff, at.admin))).toEqual([['NOT_FOUND', 'handoff']]);
  expect(codes(await at.accept(foreign))).toEqual([['INVALID_INPUT', 'handoff']]);
  const { data } = await at.admin.send(
    'query ($id: ID!) { node(id: $id) { id } leadHandoffs { totalCount } }',
    {
      id: theirs,
    },
  );
  expect(data).toEqual({ node: null, leadHandoffs: { totalCount: 0 } });
});

test('what was changed since it was seen is refused as stale', async () => {
  const lead = await at.sdrLead();
  expect((await at.handOff({ lead, ifVersion: 2 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
  const handoff = await at.pending(lead);
  await mutate(at.sdr, 'updateLead', { lead, title: 'Buyer' }, 'lead { id }');
  for (const answer of [
    await at.accept(handoff, at.ae, { ifVersion: 1 }),
    await at.bounce(handoff, at.ae, { ifVersion: 1 }),
    await at.withdraw(handoff, at.sdr, { ifVersion: 1 }),
  ])
    expect(answer.userErrors).toMatchObject([{ code: 'STALE_VERSION', path: ['ifVersion'], current: 2 }]);
});

test('a repeated key does nothing again; another input with it is refused', async () => {
  const lead = await at.sdrLead();
  const key = { idempotencyKey: 'k' };
  const first = await at.handOff({ lead, ...key });
  expect((await at.handOff({ lead, ...key })).handoff.id).toBe(first.handoff.id);
  expect(codes(await at.handOff({ lead, note: 'x', ...key }))).toEqual([
    ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
  ]);
  const id = first.handoff.id as string;
  const [once, twice] = [await at.accept(id, at.ae, key), await at.accept(id, at.ae, key)];
  expect(twice).toEqual(once);
  expect(await at.handoffs(lead)).toHaveLength(1);
});

test('analysts neither hand over nor decide; a program hands over for the lead’s owner', async () => {
  const lead = await at.sdrLead();
  const analyst = await at.as(Role.ANALYST);
  expect(await failure(analyst, 'handOffLead', { lead, to: userOf(at.ae) }, HANDOFF)).toBe('FORBIDDEN');
  for (const name of ['acceptHandoff', 'withdrawHandoff'])
    expect(await failure(analyst, name, { handoff: lead }, HANDOFF)).toBe('FORBIDDEN');
  const program = await at.as(Role.SERVICE);
  const owned = await at.handOff({ lead }, program);
  expect(owned.handoff.from).toEqual({ id: userOf(at.sdr) });
  const queued = await at.handOff({ lead: await at.lead({ owner: await at.queue() }) }, program);
  expect(queued.handoff.from).toBeNull();
  expect((await at.accept(queued.handoff.id as string)).lead.owner).toEqual({ id: userOf(at.ae) });
});

test('an AE’s inbox shows what waits, for how long, page by page', async () => {
  const leads = [await at.sdrLead(), await at.sdrLead(), await at.sdrLead(), await at.sdrLead()];
  const ids: string[] = [];
  for (const lead of leads) ids.push(await at.pending(lead));
  await at.bounce(ids[0]!);
  await world.database.write(at.tenant, (tx) =>
    tx.query(sql`
      update lead_handoff set handed_at = handed_at - interval '90 minutes'
      where organization_id = ${at.organization.id} and id = ${parseId(ids[1]!)!.uuid}`),
  );
  const inbox = async (filter: Data, page: Data = {}): Promise<Data> => {
    const query = `query ($filter: LeadHandoffFilter, $first: Int, $after: String) {
      leadHandoffs(filter: $filter, first: $first, after: $after) {
        totalCount pageInfo { endCursor hasNextPage } nodes { id waitedMinutes state } } }`;
    const { data, errors } = await at.ae.send(query, { filter, ...page });
    expect(errors).toEqual([]);
    return data!.leadHandoffs as Data;
  };
  const idsOf = async (filter: Data) => (await inbox(filter)).nodes.map(({ id }: Data) => id);
  const mine = { to: { eq: userOf(at.ae) }, state: 'PENDING' };
  const first = await inbox(mine, { first: 2 });
  expect(first).toMatchObject({ totalCount: 3, nodes: [{ id: ids[3] }, { id: ids[2] }] });
  const rest = await inbox(mine, { first: 2, after: first.pageInfo.endCursor });
  expect(rest.nodes).toMatchObject([{ id: ids[1], state: 'PENDING', waitedMinutes: 90 }]);
  expect(await idsOf({ state: 'BOUNCED' })).toEqual([ids[0]]);
  expect(await idsOf({ from: { in: [userOf(at.sdr)] }, to: { in: [userOf(at.otherAe)] } })).toEqual([]);
  expect(await idsOf({ from: { isNull: true } })).toEqual([]);
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  expect(await idsOf({ handedAt: { lt: hourAgo } })).toEqual([ids[1]]);
  const { data } = await at.ae.send('query ($id: ID!) { node(id: $id) { ... on LeadHandoff { state } } }', {
    id: ids[0],
  });
  expect(data!.node).toEqual({ state: 'BOUNCED' });
});
