import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { updateAccount } from '../../src/accounts/account.service.ts';
import { updateLead } from '../../src/leads/lead.service.ts';
import { openWorld, type World } from '../support/world.ts';
import { convertPlanned, preview } from './preview-sales.ts';
import {
  approve,
  approved,
  expired,
  person,
  program,
  propose,
  proposedAt,
  refused,
  reject,
  setReviewPolicy,
} from './review-sales.ts';
import { revert } from './revert-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const proposal = (id: string) => sales.row('conversion_proposal', id);

function editLead(leadId: string) {
  return world.database.write(sales.admin, (tx) =>
    updateLead(tx, sales.admin, sales.organization, { lead: encodeId('Lead', leadId), title: 'CTO' }),
  );
}

describe('proposing', () => {
  test('writes the proposal and its journal, and nothing else', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const before = await sales.everything();
    const id = await propose(sales, leadId, { opportunity: { create: { name: 'Big' } } });
    const after = await sales.everything();
    const written = Object.keys(after).filter((table) => after[table]!.length > before[table]!.length);
    expect(written.sort()).toEqual(['audit_entry', 'conversion_proposal', 'outbox_event']);
    expect(after['lead']).toEqual(before['lead']);
    expect(await proposal(id)).toMatchObject({
      lead_id: leadId,
      state: 'OPEN',
      proposed_by_kind: 'SERVICE',
      proposed_by_id: null,
      proposed_by_name: 'Agent',
      input: { opportunity: { create: { name: 'Big' } } },
      plan: { account: { outcome: 'CREATED', record: null }, convertedStatus: 'Closed - Converted' },
    });
  });

  test.each([Role.ADMIN, Role.SDR, Role.AE, Role.MARKETER])(
    'is open to a person of role %s',
    async (role) => {
      const id = await propose(
        sales,
        await sales.lead({ company: 'Acme' }),
        {},
        await person(sales, 'P', role),
      );
      expect(await proposal(id)).toMatchObject({ proposed_by_kind: 'PERSON', proposed_by_name: 'P' });
    },
  );

  test('is forbidden to an analyst', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const analyst = await person(sales, 'P', Role.ANALYST);
    await expect(propose(sales, leadId, {}, analyst)).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN', right: 'lead:write' },
    });
  });

  test('is refused where the conversion would be', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const refuse = (input: Parameters<typeof propose>[2], id = leadId) =>
      refused(sales, () => propose(sales, id, input));
    expect(await refuse({ ifVersion: 7 })).toMatchObject({ code: 'STALE_VERSION', current: 1 });
    expect(await refuse({ convertedStatus: 'Nope' })).toMatchObject({ code: 'INVALID_CONVERTED_STATUS' });
    expect(await refuse({ owner: 'x' })).toMatchObject({ code: 'INVALID_INPUT', path: ['owner'] });
    expect(await refuse({}, sales.ownerId)).toMatchObject({ code: 'NOT_FOUND', path: ['lead'] });
    expect(await refuse({ idempotencyKey: '' })).toMatchObject({ path: ['idempotencyKey'] });
    const { conversionId } = await sales.convert(leadId);
    expect(await refuse({})).toMatchObject({ code: 'LEAD_CONVERTED', conversionId });
    const queueId = await sales.queue('Inbound');
    const queued = await sales.lead({ company: 'Beta', ownerId: null, queueId });
    expect(await refuse({}, queued)).toMatchObject({ code: 'OWNER_REQUIRED', path: ['owner'] });
  });

  test("of another organisation's lead finds nothing", async () => {
    const other = await Sales.open(world);
    const leadId = await other.lead({ company: 'Acme' });
    expect(await refused(sales, () => propose(sales, leadId))).toMatchObject({ code: 'NOT_FOUND' });
    const id = await propose(other, leadId);
    for (const review of [approve, reject])
      expect(await refused(sales, () => review(sales, id))).toMatchObject({
        code: 'NOT_FOUND',
        path: ['proposal'],
      });
    expect(await other.row('conversion_proposal', id)).toMatchObject({ state: 'OPEN' });
  });

  test('can be of a plan that was previewed, while that holds', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const { planToken } = await preview(sales, leadId, { opportunity: { none: true } });
    expect(
      await refused(sales, () => propose(sales, leadId, { planToken, allowDuplicate: true })),
    ).toMatchObject({ code: 'INVALID_INPUT', path: ['allowDuplicate'] });
    const id = await propose(sales, leadId, { planToken });
    expect(await approved(sales, id)).toMatchObject({ leadId, opportunityId: null });
    const other = await sales.lead({ company: 'Beta' });
    const { planToken: outdated } = await preview(sales, other);
    await editLead(other);
    expect(await refused(sales, () => propose(sales, other, { planToken: outdated }))).toMatchObject({
      code: 'PLAN_EXPIRED',
      path: ['planToken'],
    });
  });

  test('again replaces the own proposal, unless it is the same', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const first = await propose(sales, leadId);
    const before = await sales.everything();
    expect(await propose(sales, leadId)).toBe(first);
    expect(await sales.everything()).toEqual(before);
    const second = await propose(sales, leadId, { opportunity: { none: true } });
    expect(await proposal(first)).toMatchObject({
      state: 'EXPIRED',
      expired_because: [`proposal: replaced by ${encodeId('ConversionProposal', second)}`],
    });
    expect(await proposal(second)).toMatchObject({ state: 'OPEN' });
    await editLead(leadId);
    const third = await propose(sales, leadId, { opportunity: { none: true } });
    expect(await proposal(second)).toMatchObject({ state: 'EXPIRED' });
    expect(await approved(sales, third)).toMatchObject({ leadId, opportunityId: null });
  });

  test("replaces somebody else's only when its plan no longer holds", async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const first = await propose(sales, leadId);
    const [rival, marketer] = [program(sales, 'other'), await person(sales, 'Mia', Role.MARKETER)];
    for (const as of [rival, marketer])
      expect(await refused(sales, () => propose(sales, leadId, {}, as))).toMatchObject({
        code: 'PROPOSAL_OPEN',
        path: ['lead'],
        proposalId: first,
      });
    await editLead(leadId);
    const second = await propose(sales, leadId, {}, marketer);
    expect(await proposal(first)).toMatchObject({
      state: 'EXPIRED',
      expired_because: expect.arrayContaining(['lead: version 1 → 2', 'contact.title: (none) → CTO']),
    });
    expect(await approved(sales, second)).toMatchObject({ leadId });
  });

  test('with the same key is done once, whatever became of it', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const id = await propose(sales, leadId, { idempotencyKey: 'k' });
    await approved(sales, id);
    expect(await propose(sales, leadId, { idempotencyKey: 'k' })).toBe(id);
    expect(
      await refused(sales, () => propose(sales, leadId, { idempotencyKey: 'k', allowDuplicate: true })),
    ).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await sales.count('conversion_proposal')).toBe(1);
  });
});

describe('approving', () => {
  test('converts exactly as proposed, in the name of who approves', async () => {
    const accountId = await sales.account('Acme', { industry: 'Retail' });
    const leadId = await sales.lead({ company: 'Other', phone: '+1' });
    const id = await propose(sales, leadId, {
      account: { existing: encodeId('Account', accountId) },
      opportunity: { create: { name: 'Big', amount: { amount: '12.50', currency: 'EUR' } } },
    });
    const bob = await person(sales, 'Bob');
    const done = await approved(sales, id, { note: ' Good one ' }, bob);
    expect(done).toMatchObject({ leadId, accountId });
    expect(await sales.row('opportunity', done.opportunityId!)).toMatchObject({
      name: 'Big',
      amount: '1250',
    });
    expect(await sales.row('lead_conversion', done.conversionId)).toMatchObject({
      converted_by_id: bob.userId,
    });
    expect(await proposal(id)).toMatchObject({
      state: 'APPROVED',
      reviewed_by_id: bob.userId,
      note: 'Good one',
      conversion_id: done.conversionId,
      expired_at: null,
    });
  });

  test('makes the approver the owner of what a lead nobody owns becomes', async () => {
    const bob = await person(sales, 'Bob');
    for (const proposer of [program(sales), await person(sales, 'Mia', Role.MARKETER)]) {
      const leadId = await sales.lead({ company: `Acme ${proposer.name}`, ownerId: null });
      const id = await propose(sales, leadId, {}, proposer);
      const fields = (await proposal(id))['plan'] as { fields: { field: string; next: unknown }[] };
      expect(fields.fields.filter(({ field }) => field === 'owner')).toMatchObject(
        ['ACCOUNT', 'CONTACT', 'OPPORTUNITY'].map((target) => ({
          ...{ target, next: null, outcome: 'FILLED', reason: 'Default: who approves' },
        })),
      );
      const { accountId, contactId } = await approved(sales, id, {}, bob);
      expect(await sales.row('account', accountId)).toMatchObject({ owner_id: bob.userId });
      expect(await sales.row('contact', contactId)).toMatchObject({ owner_id: bob.userId });
    }
  });

  test('has no time limit but the plan', async () => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    await proposedAt(sales, id, new Date(Date.now() - 40 * 86_400_000));
    await approved(sales, id);
  });

  test('what has drifted converts nothing, says what changed, and ends the proposal', async () => {
    const accountId = await sales.account('Acme');
    const leadId = await sales.lead({ company: 'Acme' });
    const id = await propose(sales, leadId);
    await world.database.write(sales.admin, (tx) =>
      updateAccount(tx, sales.admin, sales.organization, {
        account: encodeId('Account', accountId),
        rating: 'Hot',
      }),
    );
    const { code, path, changes } = await expired(sales, id, { idempotencyKey: 'k' });
    expect({ code, path }).toEqual({ code: 'PLAN_EXPIRED', path: ['proposal'] });
    expect(changes).toEqual(['account: version 1 → 2']);
    expect(await proposal(id)).toMatchObject({
      state: 'EXPIRED',
      reviewed_by_id: null,
      expired_because: changes,
      conversion_id: null,
    });
    expect(await sales.count('lead_conversion')).toBe(0);
    // the same call again has the same answer, another one is told that it's over
    expect(await expired(sales, id, { idempotencyKey: 'k' })).toMatchObject({ code, changes });
    expect(await refused(sales, () => approve(sales, id))).toMatchObject({
      code: 'PROPOSAL_NOT_OPEN',
      proposalId: id,
    });
  });

  test('what would be refused by now ends the proposal, too', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const id = await propose(sales, leadId);
    await sales.account('Acme', { industry: '1' });
    await sales.account('Acme GmbH', { industry: '2' });
    const { code, changes } = await expired(sales, id);
    expect(code).toBe('PLAN_EXPIRED');
    expect(changes![0]).toContain('2 accounts match the lead equally well');
    expect(await proposal(id)).toMatchObject({ state: 'EXPIRED', expired_because: changes });
  });

  test('a change of the review policy leaves proposals as they are, another setting does not', async () => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    await setReviewPolicy(sales, 'FOUR_EYES');
    await approved(sales, id);
    const other = await propose(sales, await sales.lead({ company: 'Beta' }));
    await sales.setPolicies('WARN', 'ALLOW');
    expect(await expired(sales, other)).toMatchObject({ changes: ['organisation: settings changed'] });
  });

  test('a second decision is refused with the first', async () => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    await approved(sales, id);
    for (const review of [approve, reject])
      expect(await refused(sales, () => review(sales, id))).toMatchObject({
        code: 'PROPOSAL_NOT_OPEN',
        path: ['proposal'],
        proposalId: id,
      });
  });

  test('with the same key converts once', async () => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    const first = await approved(sales, id, { idempotencyKey: 'k' });
    expect(await approve(sales, id, { idempotencyKey: 'k' })).toEqual(first);
    expect(await refused(sales, () => approve(sales, id, { idempotencyKey: 'k', note: 'x' }))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await sales.count('lead_conversion')).toBe(1);
  });

  test('an undone conversion leaves the approval on record, and the lead can be proposed again', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const first = await propose(sales, leadId);
    const { conversionId } = await approved(sales, first);
    await revert(sales, conversionId);
    expect(await proposal(first)).toMatchObject({ state: 'APPROVED', conversion_id: conversionId });
    const second = await propose(sales, leadId);
    expect(second).not.toBe(first);
    await approved(sales, second);
  });

  test.each(['approve', 'reject'])('a program, a marketer and an analyst may not %s', async (what) => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    const review = what === 'approve' ? approve : reject;
    const admin = { ...program(sales), role: Role.ADMIN };
    for (const as of [program(sales), admin, await person(sales, 'Mia', Role.MARKETER)])
      expect(await refused(sales, () => review(sales, id, {}, as))).toMatchObject({
        code: 'HUMAN_REVIEW_REQUIRED',
      });
    const analyst = await person(sales, 'Ada', Role.ANALYST);
    await expect(review(sales, id, {}, analyst)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    expect(await proposal(id)).toMatchObject({ state: 'OPEN' });
  });

  test.each([Role.ADMIN, Role.SDR, Role.AE])('a person of role %s may', async (role) => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    await approved(sales, id, {}, await person(sales, 'P', role));
  });
});

describe('rejecting', () => {
  test('ends the proposal with a note, and another one can follow', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const id = await propose(sales, leadId);
    const bob = await person(sales, 'Bob');
    expect(await reject(sales, id, { note: 'Not now', idempotencyKey: 'k' }, bob)).toBe(id);
    expect(await reject(sales, id, { note: 'Not now', idempotencyKey: 'k' }, bob)).toBe(id);
    expect(await proposal(id)).toMatchObject({
      state: 'REJECTED',
      reviewed_by_id: bob.userId,
      note: 'Not now',
      conversion_id: null,
    });
    expect(await sales.row('lead', leadId)).toMatchObject({ is_converted: false, version: 1 });
    await approved(sales, await propose(sales, leadId));
  });

  test('refuses a note that is none', async () => {
    const id = await propose(sales, await sales.lead({ company: 'Acme' }));
    for (const note of ['x'.repeat(32_001), 'a\0b'])
      expect(await refused(sales, () => reject(sales, id, { note }))).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['note'],
      });
    for (const wrong of ['', 'cpr_1', encodeId('Lead', id)])
      expect(await refused(sales, () => reject(sales, id, { proposal: wrong } as object))).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['proposal'],
      });
  });
});

describe('the review policy', () => {
  test('NONE lets the proposer approve', async () => {
    await approved(sales, await propose(sales, await sales.lead({ company: 'Acme' }), {}, sales.admin));
  });

  test('FOUR_EYES wants another person to approve; a direct conversion is its own review', async () => {
    await setReviewPolicy(sales, 'FOUR_EYES');
    const bob = await person(sales, 'Bob');
    const id = await propose(sales, await sales.lead({ company: 'Acme' }), {}, bob);
    // another token of the same person
    const same = { ...bob, tokenId: 'phone' };
    for (const as of [bob, same])
      expect(await refused(sales, () => approve(sales, id, {}, as))).toMatchObject({
        code: 'SELF_APPROVAL_FORBIDDEN',
        path: ['proposal'],
      });
    await approved(sales, id);
    await sales.convert(await sales.lead({ company: 'Beta' }), {}, bob);
    // who proposed may take it back
    await reject(sales, await propose(sales, await sales.lead({ company: 'Gamma' }), {}, bob), {}, bob);
  });

  test('REQUIRED refuses direct conversions, by a plan too, and wants two persons', async () => {
    await setReviewPolicy(sales, 'REQUIRED');
    const leadId = await sales.lead({ company: 'Acme' });
    const direct = await sales.refusal(leadId);
    expect(direct.code).toBe('HUMAN_REVIEW_REQUIRED');
    expect(direct.message).toContain('proposeConversion');
    const { planToken } = await preview(sales, leadId);
    expect(await refused(sales, () => convertPlanned(sales, leadId, planToken))).toMatchObject({
      code: 'HUMAN_REVIEW_REQUIRED',
    });
    const id = await propose(sales, leadId, {}, sales.admin);
    expect(await refused(sales, () => approve(sales, id))).toMatchObject({ code: 'SELF_APPROVAL_FORBIDDEN' });
    await approved(sales, id, {}, await person(sales, 'Bob'));
  });
});

test('who may not convert is told to propose', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  for (const as of [program(sales), await person(sales, 'Mia', Role.MARKETER)]) {
    const { code, message } = await sales.refusal(leadId, {}, as);
    expect(code).toBe('HUMAN_REVIEW_REQUIRED');
    expect(message).toContain('proposeConversion');
  }
});

test('a direct conversion ends the open proposal of its lead, and of no other', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const id = await propose(sales, leadId);
  const other = await propose(sales, await sales.lead({ company: 'Beta' }));
  await sales.convert(leadId);
  expect(await proposal(id)).toMatchObject({
    state: 'EXPIRED',
    expired_because: ['lead: converted meanwhile'],
    reviewed_by_id: null,
  });
  expect(await proposal(other)).toMatchObject({ state: 'OPEN' });
  expect(await refused(sales, () => approve(sales, id))).toMatchObject({
    code: 'PROPOSAL_NOT_OPEN',
    proposalId: id,
  });
});
