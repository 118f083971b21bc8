import 'reflect-metadata';
import { checkOrganization } from '../../src/database/check.ts';
import type { Caller, Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Sellers, sellers, userOf } from './handing-over.ts';

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

const LEAD = 'id version isConverted owner { ... on User { id } } mqlAt salAt pendingHandoff { id }';
const CONVERSION = `lead { ${LEAD} } account { owner { id } } contact { owner { id } } opportunity { owner { id } }
  conversion { id sdr { id } ae { id } convertedBy { id } }`;
let company = 0;
const convert = (lead: string, by: Caller, more: Data = {}) =>
  mutate(
    by,
    'convertLead',
    { lead, account: { create: { name: `Company ${++company}` } }, ...more },
    CONVERSION,
  );
const undo = (conversion: string) => mutate(at.admin, 'revertConversion', { conversion }, `lead { ${LEAD} }`);

async function readLead(id: string): Promise<Data> {
  const { data } = await at.admin.send(`query ($id: ID!) { lead(by: { id: $id }) { ${LEAD} } }`, { id });
  return data!.lead as Data;
}

test('a receiver who converts the lead accepts it: the lead and the new records are theirs', async () => {
  const lead = await at.sdrLead();
  const handoff = await at.pending(lead);
  const converted = await convert(lead, at.ae);
  const ae = { id: userOf(at.ae) };
  expect(converted).toMatchObject({
    userErrors: [],
    lead: { isConverted: true, owner: ae, pendingHandoff: null },
    ...{ account: { owner: ae }, contact: { owner: ae }, opportunity: { owner: ae } },
    conversion: { sdr: { id: userOf(at.sdr) }, ae, convertedBy: ae },
  });
  expect(converted.lead.salAt).not.toBeNull();
  expect(await at.handoffs(lead)).toMatchObject([{ id: handoff, state: 'ACCEPTED', decidedBy: ae }]);
});

test('undoing that conversion makes the hand-off wait again, and the lead the SDR’s', async () => {
  const lead = await at.sdrLead();
  const handoff = await at.pending(lead);
  const before = await readLead(lead);
  const { conversion } = await convert(lead, at.ae);
  const undone = await undo(conversion.id as string);
  expect(undone.userErrors).toEqual([]);
  const { version: _, ...same } = before;
  expect(undone.lead).toMatchObject(same);
  expect(await at.handoffs(lead)).toMatchObject([{ id: handoff, state: 'PENDING', reason: null }]);
  expect((await at.accept(handoff)).userErrors).toEqual([]);
});

test('anybody else who converts the lead withdraws the hand-off; undone, it waits again', async () => {
  const lead = await at.sdrLead();
  const handoff = await at.pending(lead);
  const sdr = { id: userOf(at.sdr) };
  const converted = await convert(lead, at.sdr);
  expect(converted).toMatchObject({
    userErrors: [],
    lead: { owner: sdr, salAt: null },
    account: { owner: sdr },
    conversion: { sdr, ae: sdr },
  });
  expect(await at.handoffs(lead)).toMatchObject([
    { state: 'WITHDRAWN', reason: 'The lead was converted', decidedBy: sdr },
  ]);
  expect((await at.accept(handoff)).userErrors).toMatchObject([{ code: 'HANDOFF_DECIDED' }]);
  await undo(converted.conversion.id as string);
  expect(await at.handoffs(lead)).toMatchObject([{ state: 'PENDING' }]);
});

test('a plan says who will own the records, and expires when the lead is handed over meanwhile', async () => {
  const account = () => ({ account: { create: { name: `Planned ${++company}` } } });
  const preview = async (by: Caller, lead: string): Promise<Data> => {
    const query = `query ($input: ConvertLeadInput!) { previewLeadConversion(input: $input) {
      plan { planToken fields { field next reason } } userErrors { code } } }`;
    const { data, errors } = await by.send(query, { input: { lead, ...account() } });
    expect(errors).toEqual([]);
    return data!.previewLeadConversion.plan as Data;
  };
  const byPlan = (lead: string, planToken: string, by: Caller) =>
    mutate(by, 'convertLead', { lead, planToken }, CONVERSION);
  const owner = (plan: Data) => plan.fields.find(({ field }: Data) => field === 'owner').next as string;

  const lead = await at.sdrLead();
  const early = await preview(at.sdr, lead);
  await at.pending(lead);
  expect((await byPlan(lead, early.planToken as string, at.sdr)).userErrors).toMatchObject([
    { code: 'PLAN_EXPIRED' },
  ]);
  const [bySdr, byAe] = [await preview(at.sdr, lead), await preview(at.ae, lead)];
  expect([owner(bySdr), owner(byAe)]).toEqual([userOf(at.sdr), userOf(at.ae)]);
  // whoever executes it: the plan said whose the records will be
  const converted = await byPlan(lead, bySdr.planToken as string, at.ae);
  expect(converted).toMatchObject({ userErrors: [], account: { owner: { id: userOf(at.sdr) } } });
  expect(await at.handoffs(lead)).toMatchObject([{ state: 'ACCEPTED' }]);
});

test('a receiver who takes the lead accepts it, one who gives it away bounces it; others withdraw it', async () => {
  const assign = (lead: string, owner: string | null, by: Caller) =>
    mutate(by, 'assignLead', { lead, owner }, `lead { ${LEAD} }`);
  const ended = async (owner: string | null, by: Caller, mutation = assign) => {
    const lead = await at.sdrLead();
    await at.pending(lead);
    const answer = await mutation(lead, owner, by);
    expect(answer.userErrors).toEqual([]);
    const [handoff] = await at.handoffs(lead);
    return [handoff!.state, answer.lead.owner?.id ?? null, answer.lead.salAt !== null];
  };
  const [ae, other] = [userOf(at.ae), userOf(at.otherAe)];
  expect(await ended(ae, at.ae)).toEqual(['ACCEPTED', ae, true]);
  expect(await ended(other, at.ae)).toEqual(['BOUNCED', other, false]);
  expect(await ended(null, at.ae)).toEqual(['BOUNCED', null, false]);
  expect(await ended(ae, at.sdr)).toEqual(['WITHDRAWN', ae, false]);
  expect(await ended(await at.queue(), at.admin)).toEqual(['WITHDRAWN', null, false]);
  expect(await ended(userOf(at.sdr), at.admin)).toEqual(['PENDING', userOf(at.sdr), false]);
  const update = (lead: string, owner: string | null, by: Caller) =>
    mutate(by, 'updateLead', { lead, owner, title: 'Buyer' }, `lead { ${LEAD} }`);
  expect(await ended(ae, at.ae, update)).toEqual(['ACCEPTED', ae, true]);
  expect(await ended(other, at.sdr, update)).toEqual(['WITHDRAWN', other, false]);
});

test('an edit that is no turn leaves the hand-off alone', async () => {
  const lead = await at.sdrLead();
  await at.pending(lead);
  await mutate(at.sdr, 'updateLead', { lead, title: 'Buyer', status: 'Working - Contacted' }, 'lead { id }');
  await mutate(at.ae, 'qualifyLead', { lead, milestone: 'MQL' }, 'lead { id }');
  await mutate(at.sdr, 'qualifyLead', { lead, milestone: 'RECYCLED' }, 'lead { id }');
  expect(await at.handoffs(lead)).toMatchObject([{ state: 'PENDING' }]);
});

test('a lead that is disqualified or closed is bounced by its receiver, withdrawn by others', async () => {
  const disqualify = (lead: string, by: Caller) =>
    mutate(by, 'qualifyLead', { lead, milestone: 'DISQUALIFIED', reason: 'A student' }, 'lead { id }');
  const close = (lead: string, by: Caller) =>
    mutate(by, 'updateLead', { lead, status: 'Closed - Not Converted' }, 'lead { id }');
  for (const [end, reason] of [
    [disqualify, 'A student'],
    [close, 'The lead was closed (Closed - Not Converted)'],
  ] as const)
    for (const [by, state] of [
      [at.ae, 'BOUNCED'],
      [at.sdr, 'WITHDRAWN'],
    ] as const) {
      const lead = await at.sdrLead();
      await at.pending(lead);
      expect((await end(lead, by)).userErrors).toEqual([]);
      expect(await at.handoffs(lead)).toMatchObject([{ state, reason }]);
    }
});

test('a status that became one of closed leads keeps the lead from being accepted, not from being bounced', async () => {
  const lead = await at.sdrLead({ status: 'Working - Contacted' });
  const handoff = await at.pending(lead);
  const { data } = await at.admin.send('{ viewer { organization { leadStatuses { id name isClosed } } } }');
  const statuses = data!.viewer.organization.leadStatuses.map(({ id, name, isClosed }: Data) => ({
    ...{ id, name, isClosed: isClosed || name === 'Working - Contacted' },
  }));
  await mutate(at.admin, 'updateLeadStatuses', { statuses }, 'organization { id }');
  expect((await at.accept(handoff)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['handoff'] }]);
  expect((await at.bounce(handoff)).userErrors).toEqual([]);
});
