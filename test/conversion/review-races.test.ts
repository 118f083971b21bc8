import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { updateLead } from '../../src/leads/lead.service.ts';
import { openWorld, type World } from '../support/world.ts';
import { approve, person, program, propose, reject } from './review-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld({ poolSize: 16 });
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const ROUNDS = Array.from({ length: 20 }, (_, index) => index);

interface Outcome {
  code: string;
  conversionId?: string | undefined;
  proposalId?: string | undefined;
}

/** `DONE` with what it made, or the code it was refused with; other errors fail the test. */
async function outcome(work: Promise<unknown>): Promise<Outcome> {
  try {
    const done = await work;
    if (typeof done !== 'object' || done === null) return { code: 'DONE' };
    if ('expired' in done) return (done.expired as Outcome[])[0]!;
    return { code: 'DONE', conversionId: (done as Outcome).conversionId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.errors[0]!;
  }
}

const stateOf = async (id: string) => (await sales.row('conversion_proposal', id))['state'];

/** One event of each conversion, whatever raced. */
async function expectOneEventEach(): Promise<void> {
  const conversions = await sales.rows('lead_conversion');
  const events = await sales.rows('outbox_event', "type = 'convertLead'");
  expect(events.map((event) => (event['payload'] as { recordId: string }).recordId).sort()).toEqual(
    conversions.map(({ id }) => id).sort(),
  );
}

test('of ten approvals at once one converts, and the others learn that the proposal is decided', async () => {
  const bob = await person(sales, 'Bob');
  for (const round of ROUNDS) {
    const leadId = await sales.lead({ company: `Company ${round}` });
    const id = await propose(sales, leadId);
    const outcomes = await Promise.all(
      ROUNDS.slice(0, 10).map((index) => outcome(approve(sales, id, {}, index % 2 ? bob : sales.admin))),
    );
    const done = outcomes.filter(({ code }) => code === 'DONE');
    expect(done).toHaveLength(1);
    for (const { code, proposalId } of outcomes.filter((one) => one.code !== 'DONE'))
      expect({ code, proposalId }).toEqual({ code: 'PROPOSAL_NOT_OPEN', proposalId: id });
    expect(await sales.row('conversion_proposal', id)).toMatchObject({
      state: 'APPROVED',
      conversion_id: done[0]!.conversionId,
    });
  }
  expect(await sales.count('lead_conversion')).toBe(ROUNDS.length);
  await expectOneEventEach();
});

test('approval against rejection: one decides, the other learns of it', async () => {
  const bob = await person(sales, 'Bob');
  for (const round of ROUNDS) {
    const id = await propose(sales, await sales.lead({ company: `Company ${round}` }));
    const work = [() => outcome(approve(sales, id)), () => outcome(reject(sales, id, {}, bob))];
    const outcomes = await Promise.all((round % 2 ? work : work.toReversed()).map((decision) => decision()));
    const codes = outcomes.map(({ code }) => code).sort();
    expect(codes).toEqual(['DONE', 'PROPOSAL_NOT_OPEN']);
    const isConverted = (await stateOf(id)) === 'APPROVED';
    const [lead] = await sales.rows('lead', `company = 'Company ${round}'`);
    expect(lead).toMatchObject({ is_converted: isConverted });
  }
});

test('approval against a direct conversion: one converts, and the other gets to know the conversion', async () => {
  for (const round of ROUNDS) {
    const leadId = await sales.lead({ company: `Company ${round}` });
    const id = await propose(sales, leadId);
    const work = [() => outcome(approve(sales, id)), () => outcome(sales.convert(leadId))];
    const started = (round % 2 ? work : work.toReversed()).map((one) => one());
    const [first, second] = await Promise.all(started);
    const [approval, direct] = round % 2 ? [first!, second!] : [second!, first!];
    const [conversion] = await sales.rows('lead_conversion', `lead_id = '${leadId}'`);
    if (approval.code === 'DONE') {
      expect(direct).toMatchObject({ code: 'LEAD_CONVERTED', conversionId: conversion!['id'] });
      expect(await stateOf(id)).toBe('APPROVED');
    } else {
      expect(approval).toMatchObject({ code: 'PROPOSAL_NOT_OPEN', proposalId: id });
      expect(direct).toMatchObject({ code: 'DONE', conversionId: conversion!['id'] });
      expect(await stateOf(id)).toBe('EXPIRED');
    }
  }
  expect(await sales.count('lead_conversion')).toBe(ROUNDS.length);
  await expectOneEventEach();
});

test('approval against an edit of the lead: it converts what was proposed, or nothing', async () => {
  const { admin, organization } = sales;
  for (const round of ROUNDS) {
    const leadId = await sales.lead({ company: `Company ${round}`, title: 'before', lastName: `P${round}` });
    const id = await propose(sales, leadId);
    const [approval, edit] = await Promise.all([
      outcome(approve(sales, id)),
      outcome(
        world.database.write(admin, (tx) =>
          updateLead(tx, admin, organization, { lead: encodeId('Lead', leadId), title: 'after' }),
        ),
      ),
    ]);
    const contacts = await sales.rows('contact', `last_name = 'P${round}'`);
    if (approval.code === 'DONE') {
      expect(edit).toMatchObject({ code: 'LEAD_CONVERTED', conversionId: approval.conversionId });
      expect(contacts).toMatchObject([{ title: 'before' }]);
    } else {
      expect([approval.code, edit.code, contacts]).toEqual(['PLAN_EXPIRED', 'DONE', []]);
      expect(await stateOf(id)).toBe('EXPIRED');
    }
  }
});

test('ten programs propose at once: one proposal is open, and the others learn which', async () => {
  for (const round of ROUNDS) {
    const leadId = await sales.lead({ company: `Company ${round}` });
    const outcomes = await Promise.all(
      ROUNDS.slice(0, 10).map((index) =>
        outcome(propose(sales, leadId, {}, program(sales, `agent ${index}`))),
      ),
    );
    const open = await sales.rows('conversion_proposal', `lead_id = '${leadId}'`);
    expect(open).toMatchObject([{ state: 'OPEN' }]);
    expect(outcomes.filter(({ code }) => code === 'DONE')).toHaveLength(1);
    for (const { code, proposalId } of outcomes.filter((one) => one.code !== 'DONE'))
      expect([code, proposalId]).toEqual(['PROPOSAL_OPEN', open[0]!['id']]);
  }
});

test('everything at once about leads of one company ends without a deadlock', async () => {
  const bob = await person(sales, 'Bob');
  for (const round of ROUNDS.slice(0, 10)) {
    const company = `Company ${round}`;
    const leads = await Promise.all(
      ROUNDS.slice(0, 4).map((index) => sales.lead({ company, lastName: `P${index}` })),
    );
    const ids = await Promise.all(leads.map((leadId) => propose(sales, leadId)));
    sales.attempts = 0;
    const work = leads.flatMap((leadId, index) => [
      outcome(approve(sales, ids[index]!)),
      outcome(sales.convert(leadId)),
      outcome(reject(sales, ids[index]!, {}, bob)),
      outcome(propose(sales, leadId, {}, bob)),
    ]);
    const outcomes = await Promise.all(work);
    expect(outcomes.some(({ code }) => code === 'DONE')).toBe(true);
    expect(sales.attempts).toBe(work.length);
    expect(await sales.rows('account', `name = '${company}'`)).toHaveLength(1);
  }
  await expectOneEventEach();
});

test('ten repetitions with one key at once: ten equal answers and one conversion', async () => {
  const id = await propose(sales, await sales.lead({ company: 'Acme' }));
  const answers = await Promise.all(
    ROUNDS.slice(0, 10).map(() => approve(sales, id, { idempotencyKey: 'k' })),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await sales.count('lead_conversion')).toBe(1);
});
