import { updateAccount } from '../../src/accounts/account.service.ts';
import { createContact } from '../../src/contacts/contact.service.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { updateLead } from '../../src/leads/lead.service.ts';
import { openWorld, type World } from '../support/world.ts';
import { matchAll, revert } from './revert-sales.ts';
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

test('ten at once undo one conversion: one does, nine are told so', async () => {
  for (const round of ROUNDS) {
    const { conversionId } = await sales.convert(await sales.lead({ company: `Company ${round}` }));
    const outcomes = await Promise.all(ROUNDS.slice(0, 10).map(() => outcome(revert(sales, conversionId))));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 9 }, () => 'ALREADY_REVERTED'), 'DONE']);
  }
});

test('undoing races conversions of other leads of the company: they join the account, or make another', async () => {
  const seen = new Set<string>();
  for (const round of ROUNDS) {
    const company = `Company ${round}`;
    const leads = await Promise.all(
      ['A', 'B', 'C', 'D'].map((lastName) => sales.lead({ company, website: `c${round}.com`, lastName })),
    );
    const first = await sales.convert(leads[0]!);
    await matchAll(sales);
    const others = leads.slice(1).map((id) => sales.convert(id));
    const undone = await outcome(revert(sales, first.conversionId));
    seen.add(undone);
    const accounts = new Set((await Promise.all(others)).map(({ accountId }) => accountId));
    expect(accounts.size).toBe(1);
    expect(accounts.has(first.accountId)).toBe(undone !== 'DONE');
    expect(await sales.rows('account', `name = '${company}' and deleted_at is null`)).toHaveLength(1);
  }
  expect([...seen].every((code) => ['DONE', 'REVERT_BLOCKED'].includes(code))).toBe(true);
});

test('undoing races what is built on the account: one of the two is refused', async () => {
  const { admin, organization } = sales;
  for (const round of ROUNDS) {
    const { conversionId, accountId } = await sales.convert(
      await sales.lead({ company: `Company ${round}` }),
    );
    const account = encodeId('Account', accountId);
    const [undone, built] = await Promise.all([
      outcome(revert(sales, conversionId)),
      outcome(
        world.database.write(admin, (tx) =>
          round % 2 === 0
            ? createContact(tx, admin, organization, { lastName: 'New', account })
            : updateAccount(tx, admin, organization, { account, industry: 'Optics' }),
        ),
      ),
    ]);
    expect([undone, built]).toEqual(undone === 'DONE' ? ['DONE', 'NOT_FOUND'] : ['REVERT_BLOCKED', 'DONE']);
  }
});

test('undoing races edits of leads that match the account: none is left matched to what is gone', async () => {
  const { admin, organization } = sales;
  for (const round of ROUNDS) {
    const company = `Company ${round}`;
    const first = await sales.convert(await sales.lead({ company }));
    const leads = await Promise.all(
      ['B', 'C', 'D'].map((lastName, index) =>
        sales.lead({ company: index ? company : 'Elsewhere', lastName }),
      ),
    );
    const edits = leads.map((id) =>
      outcome(
        world.database.write(admin, (tx) =>
          updateLead(tx, admin, organization, {
            lead: encodeId('Lead', id),
            company: `${company} Ltd`,
            title: 'CEO',
          }),
        ),
      ),
    );
    expect(await outcome(revert(sales, first.conversionId))).toBe('DONE');
    expect(await Promise.all(edits)).toEqual(['DONE', 'DONE', 'DONE']);
  }
});

test('undoing and converting the lead again, over and over at once: one conversion stands at most', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  await sales.convert(leadId);
  for (let round = 0; round < 10; round++) {
    const standing = await sales.rows<{ id: string }>('lead_conversion', 'reverted_at is null');
    const outcomes = await Promise.all([
      ...standing.map(({ id }) => outcome(revert(sales, id))),
      outcome(sales.convert(leadId)),
      outcome(sales.convert(leadId)),
    ]);
    for (const code of outcomes) expect(['DONE', 'LEAD_CONVERTED', 'ALREADY_REVERTED']).toContain(code);
    expect((await sales.rows('lead_conversion', 'reverted_at is null')).length).toBeLessThanOrEqual(1);
  }
});
