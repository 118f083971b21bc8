import { updateAccount } from '../../src/accounts/account.service.ts';
import { createContact } from '../../src/contacts/contact.service.ts';
import { checkOrganization } from '../../src/database/check.ts';
import type { Transaction } from '../../src/database/database.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { matchLead } from '../../src/leads/account-match.service.ts';
import { moveOpportunity } from '../../src/opportunities/opportunity.service.ts';
import { matchAll, revert } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';
import { acc, con, merge, mergePeople } from './merge-sales.ts';

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

/** The code it was refused with, or `DONE`; other errors fail the test. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'DONE';
  } catch (error) {
    if (error instanceof Refusal) return error.errors[0]!.code;
    throw error;
  }
}

const write = <T>(work: (tx: Transaction) => Promise<T>) => world.database.write(sales.admin, work);

test('two merges that cross: one wins, the other is refused', async () => {
  for (const round of ROUNDS) {
    const [a, b] = [await sales.account(`A${round}`), await sales.account(`B${round}`)];
    const outcomes = await Promise.all([outcome(merge(sales, a, [b])), outcome(merge(sales, b, [a]))]);
    expect(outcomes.sort()).toEqual(['DONE', 'INVALID_INPUT']);
  }
  expect(await sales.rows('account', 'deleted_at is null')).toHaveLength(ROUNDS.length);
});

test('a ring of merges ends in one account, or refusals that say why', async () => {
  for (const round of ROUNDS.slice(0, 10)) {
    const ids = await Promise.all(['A', 'B', 'C', 'D'].map((name) => sales.account(`${name}${round}`)));
    const outcomes = await Promise.all(
      ids.map((id, index) => outcome(merge(sales, id, [ids[(index + 1) % ids.length]!]))),
    );
    for (const code of outcomes) expect(['DONE', 'INVALID_INPUT', 'NOT_FOUND']).toContain(code);
    expect(outcomes).toContain('DONE');
  }
});

test('one merge sent ten times with one key: ten equal answers', async () => {
  const [a, b] = [await sales.account('A'), await sales.account('B', { phone: '1' })];
  const answers = await Promise.all(
    ROUNDS.slice(0, 10).map(() => merge(sales, a, [b], { idempotencyKey: 'one' })),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await sales.rows('audit_entry', `action = 'mergeAccounts'`)).toHaveLength(2);
});

test('conversions race a merge of their account: all end at the survivor', async () => {
  for (const round of ROUNDS) {
    const survivor = await sales.account(`Survivor ${round}`);
    const duplicate = await sales.account(`Company ${round}`, { website: `c${round}.com` });
    const leads = await Promise.all(
      ['A', 'B', 'C', 'D'].map((lastName, index) =>
        sales.lead({ company: `Company ${round}`, lastName, email: `p${index % 2}@c${round}.com` }),
      ),
    );
    await matchAll(sales);
    const byId = { account: { existing: acc(duplicate) } };
    const conversions = leads.map((id, index) => sales.convert(id, index < 2 ? byId : {}));
    const [, ...done] = await Promise.all([merge(sales, survivor, [duplicate]), ...conversions]);
    for (const { conversionId, contactId } of done) {
      expect((await sales.row('lead_conversion', conversionId))['account_id']).toBe(survivor);
      expect((await sales.row('contact', contactId))['account_id']).toBe(survivor);
    }
  }
});

test('undoing races a merge of the account: undone before it, or blocked by it', async () => {
  const seen = new Set<string>();
  for (const round of ROUNDS) {
    const survivor = await sales.account(`Survivor ${round}`);
    const lead = await sales.lead({ company: `Company ${round}` });
    const { conversionId, accountId } = await sales.convert(lead);
    const outcomes = await Promise.all([
      outcome(revert(sales, conversionId)),
      outcome(merge(sales, survivor, [accountId])),
    ]);
    seen.add(outcomes.join(' '));
  }
  for (const pair of seen) expect(['DONE NOT_FOUND', 'REVERT_BLOCKED DONE']).toContain(pair);
});

test('edits race a merge: they reach the survivor, and nothing is added to what is gone', async () => {
  const { organization, admin } = sales;
  for (const round of ROUNDS) {
    const survivor = await sales.account(`Survivor ${round}`);
    const duplicate = await sales.account(`Company ${round}`);
    const opportunityId = await sales.opportunity(`Deal ${round}`, { accountId: duplicate });
    const lead = encodeId('Lead', await sales.lead({ lastName: `L${round}` }));
    const account = acc(duplicate);
    const opportunity = encodeId('Opportunity', opportunityId);
    const outcomes = await Promise.all([
      outcome(merge(sales, survivor, [duplicate])),
      outcome(write((tx) => updateAccount(tx, admin, organization, { account, industry: 'Optics' }))),
      outcome(write((tx) => createContact(tx, admin, organization, { lastName: 'New', account }))),
      outcome(write((tx) => moveOpportunity(tx, admin, organization, { opportunity, stage: 'Closed Won' }))),
      outcome(write((tx) => matchLead(tx, admin, { lead, account }))),
    ]);
    expect(outcomes).toEqual(outcomes.map(() => 'DONE'));
    expect((await sales.row('account', survivor))['industry']).toBe('Optics');
    expect(await sales.row('opportunity', opportunityId)).toMatchObject({
      account_id: survivor,
      is_won: true,
    });
  }
});

test('parents change while accounts are merged: no circle', async () => {
  const { organization, admin } = sales;
  for (const round of ROUNDS) {
    const [a, b, c] = [
      await sales.account(`A${round}`),
      await sales.account(`B${round}`),
      await sales.account(`C${round}`),
    ];
    const under = (account: string, parent: string) =>
      outcome(
        write((tx) => updateAccount(tx, admin, organization, { account: acc(account), parent: acc(parent) })),
      );
    await Promise.all([under(b, c), under(c, a), outcome(merge(sales, a, [b]))]);
    const parents = new Map((await sales.rows('account')).map((row) => [row['id'], row['parent_id']]));
    for (const id of [a, c]) {
      const passed = new Set<unknown>();
      for (let at: unknown = id; at; at = parents.get(at)) {
        expect(passed.has(at)).toBe(false);
        passed.add(at);
      }
    }
  }
});

test('conversions race a merge of their contact: the deal has the person once', async () => {
  for (const round of ROUNDS) {
    const accountId = await sales.account(`Company ${round}`);
    const a = await sales.contact('A', { accountId });
    const b = await sales.contact('B', { accountId, email: `b@c${round}.com` });
    const deal = await sales.opportunity(`Deal ${round}`, { accountId });
    const into = {
      account: { existing: acc(accountId) },
      opportunity: { existing: { id: encodeId('Opportunity', deal) } },
    };
    const [first, second] = [await sales.lead(), await sales.lead({ email: `b@c${round}.com` })];
    const [, ...done] = await Promise.all([
      mergePeople(sales, a, [b]),
      sales.convert(first, { ...into, contact: { existing: con(b) } }),
      sales.convert(second, into),
    ]);
    const roles = await sales.rows('opportunity_contact_role', `opportunity_id = '${deal}'`);
    expect(roles.map((row) => [row['contact_id'], row['is_primary']])).toEqual([[a, true]]);
    for (const { conversionId } of done)
      expect((await sales.row('lead_conversion', conversionId))['contact_id']).toBe(a);
  }
});
