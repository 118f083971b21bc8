import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { BatchMode } from '../../src/graphql/batch-mode.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { abortedBatch, convertedOf, convertMany, errorsOf, expectSound, itemsOf } from './batch-sales.ts';
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
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const { DECISION_MAKER, INFLUENCER, CHAMPION } = BuyingRole;

const people = (count: number, company = 'Acme') =>
  Promise.all(
    Array.from({ length: count }, (_, index) => sales.lead({ company, lastName: `${company} ${index}` })),
  );

/** Role and whether it is the primary one, of each contact of the opportunity. */
async function rolesOf(opportunityId: string) {
  const rows = await sales.rows('opportunity_contact_role', `opportunity_id = '${opportunityId}'`);
  return new Map(rows.map((row) => [row['contact_id'], [row['role'], row['is_primary']]]));
}

test('leads that all say to create the account of one new company share the first one, and are told so', async () => {
  const items = itemsOf(await people(3), { account: { create: { industry: 'Mining' } }, ...none });
  const done = convertedOf(await convertMany(sales, { items }));
  expect(new Set(done.map(({ accountId }) => accountId)).size).toBe(1);
  expect(await sales.count('account')).toBe(1);
  expect(done.map(({ warnings }) => warnings.map(({ code, path }) => [code, path]))).toEqual([
    [],
    [['DUPLICATE_FOUND', ['account']]],
    [['DUPLICATE_FOUND', ['account']]],
  ]);
  await expectSound(sales);
});

test('an account that was there before stays a duplicate, and allowDuplicate makes one for each', async () => {
  const wanted = itemsOf(await people(2, 'Beta'), { account: { create: {} }, allowDuplicate: true, ...none });
  expect(convertedOf(await convertMany(sales, { items: wanted }))).toHaveLength(2);
  expect(await sales.count('account')).toBe(2);
  await sales.account('Acme');
  const items = itemsOf(await people(2), { account: { create: {} }, ...none });
  expect(errorsOf(await abortedBatch(sales, { items })).map(([, code]) => code)).toEqual([
    'DUPLICATE_FOUND',
    'DUPLICATE_FOUND',
  ]);
});

test('an aborted batch names no candidates that it had made itself', async () => {
  await sales.setPolicies('BLOCK', 'BLOCK');
  const leadIds = [...(await people(1, 'Acme Holding North')), ...(await people(1, 'Acme Holding Nort'))];
  const outcomes = await abortedBatch(sales, { items: itemsOf(leadIds, none) });
  expect(outcomes[1]).toMatchObject({ errors: [{ code: 'DUPLICATE_FOUND', candidates: [] }] });
});

test('one opportunity per account is shared, each contact with its role, one of them primary', async () => {
  const leadIds = [...(await people(3)), ...(await people(2, 'Beta'))];
  const items = itemsOf(leadIds).map((item, index) => ({
    ...item,
    role: index === 0 ? DECISION_MAKER : index === 1 ? INFLUENCER : undefined,
  }));
  const shareOpportunity = { create: { name: 'Big deal', role: CHAMPION } };
  const done = convertedOf(await convertMany(sales, { items, shareOpportunity }));
  const opportunities = await sales.rows('opportunity');
  expect(opportunities.map((row) => row['name'])).toEqual(['Big deal', 'Big deal']);
  const [acme, , , beta] = done.map(({ opportunityId }) => opportunityId!);
  expect(done.map(({ opportunityId }) => opportunityId)).toEqual([acme, acme, acme, beta, beta]);
  const [first, second, third] = done.map(({ contactId }) => contactId);
  expect(await rolesOf(acme!)).toEqual(
    new Map([
      [first, [DECISION_MAKER, true]],
      [second, [INFLUENCER, false]],
      [third, [CHAMPION, false]],
    ]),
  );
  expect([...(await rolesOf(beta!)).values()].filter(([, isPrimary]) => isPrimary)).toHaveLength(1);
  await expectSound(sales);
});

test('an opportunity of its own is not shared, and a role beside it is refused', async () => {
  const [one, two, three, four] = itemsOf(await people(4));
  Object.assign(two!.input, { opportunity: { create: { name: 'Own' } } });
  Object.assign(three!.input, none);
  Object.assign(four!.input, none);
  const outcomes = await convertMany(sales, {
    items: [one!, two!, three!, { ...four!, role: CHAMPION }],
    shareOpportunity: { create: {} },
    mode: BatchMode.PER_RECORD,
  });
  expect(errorsOf(outcomes)).toEqual([[3, 'INVALID_INPUT', 'items.3.role']]);
  const [first, second, third] = convertedOf(outcomes).map(({ opportunityId }) => opportunityId);
  expect(third).toBeNull();
  expect(first).not.toBe(second);
});

test('an existing opportunity is joined by those at its account, the others are refused where it is named', async () => {
  const accountId = await sales.account('Acme');
  const id = await sales.opportunity('Deal', { accountId });
  const outcomes = await convertMany(sales, {
    items: itemsOf([...(await people(2)), ...(await people(1, 'Beta'))]),
    shareOpportunity: { existing: { id: encodeId('Opportunity', id), role: INFLUENCER } },
    mode: BatchMode.PER_RECORD,
  });
  expect(errorsOf(outcomes)).toEqual([[2, 'OPPORTUNITY_NOT_IN_ACCOUNT', 'shareOpportunity.existing.id']]);
  expect([...(await rolesOf(id)).values()]).toEqual([
    [INFLUENCER, true],
    [INFLUENCER, false],
  ]);
  expect(await sales.count('account')).toBe(1);
});

test('an opportunity that is won from the start is shared as well, and none is none for all', async () => {
  const won = { create: { stage: 'Closed Won' } };
  const done = convertedOf(
    await convertMany(sales, { items: itemsOf(await people(2)), shareOpportunity: won }),
  );
  expect(done[0]!.opportunityId).toBe(done[1]!.opportunityId);
  const without = convertedOf(
    await convertMany(sales, { items: itemsOf(await people(2, 'Beta')), shareOpportunity: { none: true } }),
  );
  expect(without.map(({ opportunityId }) => opportunityId)).toEqual([null, null]);
});

test('what a batch did is undone one by one, the last first, and everything is as before', async () => {
  const leadIds = await people(3);
  const done = convertedOf(
    await convertMany(sales, { items: itemsOf(leadIds), shareOpportunity: { create: {} } }),
  );
  await expect(revert(sales, done[0]!.conversionId)).rejects.toMatchObject({
    errors: [{ code: 'REVERT_BLOCKED' }],
  });
  for (const { conversionId } of done.toReversed()) await revert(sales, conversionId);
  for (const table of ['account', 'contact', 'opportunity'])
    expect(await sales.rows(table, 'deleted_at is null')).toEqual([]);
  expect(await sales.rows('lead', 'is_converted')).toEqual([]);
  await expectSound(sales);
});
