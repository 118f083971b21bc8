import { jest } from '@jest/globals';
import pg from 'pg';
import { BatchMode } from '../../src/graphql/batch-mode.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import {
  abortedBatch,
  convertedOf,
  convertMany,
  errorsOf,
  expectSound,
  type Item,
  itemsOf,
} from './batch-sales.ts';
import { preview } from './preview-sales.ts';
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
const PER_RECORD = BatchMode.PER_RECORD;
const counts = async () =>
  Promise.all(['account', 'contact', 'opportunity', 'lead_conversion'].map((table) => sales.count(table)));

/** Leads of companies `0` to `9`, each of a person of its own. */
const leadsOfTenCompanies = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      sales.lead({
        lastName: `Person ${index}`,
        company: `${'ABCDEFGHIJ'[index % 10]!.repeat(6)} Inc`,
        email: `p${index}@${'abcdefghij'[index % 10]!.repeat(6)}.com`,
      }),
    ),
  );

/** Seven leads among a hundred that can't be converted, each for another reason: place → code and field. */
async function withSevenBad() {
  const stranger = await Sales.open(world);
  const leadIds = await leadsOfTenCompanies(100);
  const items = itemsOf(leadIds, none);
  const change = (index: number, input: Item & { lead?: string }) =>
    Object.assign(items[index]!.input, input);
  const deal = await sales.opportunity('Lost', { accountId: await sales.account('Old deal'), position: 10 });
  await sales.account('Twin');
  await sales.account('Twin');
  await sales.convert(leadIds[33]!, { account: { create: { name: 'Elsewhere', domain: '' } }, ...none });

  change(7, { lead: encodeId('Lead', '01890000-0000-7000-8000-000000000000') });
  change(19, { lead: encodeId('Lead', await stranger.lead({ company: 'Theirs' })) });
  change(41, { ifVersion: 9 });
  change(52, { lead: encodeId('Lead', await sales.lead({ company: null })) });
  change(68, { contact: { existing: encodeId('Contact', await sales.contact('Elsewhere')) } });
  change(99, { lead: encodeId('Lead', await sales.lead({ company: 'Twin' })) });
  const bad = [
    [7, 'NOT_FOUND', 'items.7.input.lead'],
    [19, 'NOT_FOUND', 'items.19.input.lead'],
    [33, 'LEAD_CONVERTED', 'items.33.input.lead'],
    [41, 'STALE_VERSION', 'items.41.input.ifVersion'],
    [52, 'INVALID_INPUT', 'items.52.input.account'],
    [68, 'CONTACT_NOT_IN_ACCOUNT', 'items.68.input.contact.existing'],
    [99, 'DUPLICATE_FOUND', 'items.99.input.account'],
  ];
  return { items, bad, deal };
}

test('PER_RECORD: of a hundred leads of ten companies 93 are converted, seven are refused each for its reason', async () => {
  const { items, bad } = await withSevenBad();
  const [accounts, contacts, , conversions] = await counts();
  const outcomes = await convertMany(sales, { items, mode: PER_RECORD });
  expect(outcomes).toHaveLength(100);
  expect(errorsOf(outcomes)).toEqual(bad);
  const done = convertedOf(outcomes);
  expect(done).toHaveLength(93);
  expect(new Set(done.map(({ accountId }) => accountId)).size).toBe(10);
  expect(await counts()).toEqual([accounts! + 10, contacts! + 93, 1, conversions! + 93]);
  for (const [index, outcome] of outcomes.entries())
    if ('leadId' in outcome) expect(items[index]!.input.lead).toBe(encodeId('Lead', outcome.leadId));
  await expectSound(sales);
});

test('ALL_OR_NOTHING: the same hundred leave nothing, and the good ones say why', async () => {
  const { items, bad } = await withSevenBad();
  const outcomes = await abortedBatch(sales, { items });
  const told = errorsOf(outcomes);
  expect(told.filter(([, code]) => code !== 'BATCH_ABORTED')).toEqual(bad);
  expect(told).toHaveLength(100);
});

test('ALL_OR_NOTHING: a hundred good leads of ten companies make ten accounts', async () => {
  const outcomes = await convertMany(sales, { items: itemsOf(await leadsOfTenCompanies(100)) });
  expect(convertedOf(outcomes)).toHaveLength(100);
  expect(await counts()).toEqual([10, 100, 100, 100]);
  const accountOutcomes = (await sales.rows('lead_conversion')).map((row) => row['account_outcome']);
  expect(accountOutcomes.filter((outcome) => outcome === 'CREATED')).toHaveLength(10);
  await expectSound(sales);
});

test('an opportunity that is closed and a plan that has expired are refused as in a single conversion', async () => {
  const accountId = await sales.account('Acme');
  const existing = {
    id: encodeId('Opportunity', await sales.opportunity('Lost', { accountId, position: 10 })),
  };
  const [first, second] = [
    await sales.lead({ company: 'Acme', lastName: 'A' }),
    await sales.lead({ company: 'Acme', lastName: 'B' }),
  ];
  const { planToken } = await preview(sales, second, none);
  const other = await sales.lead({ company: 'Acme', lastName: 'C' });
  const outcomes = await convertMany(sales, {
    mode: PER_RECORD,
    items: [
      ...itemsOf([first], { opportunity: { existing } }),
      ...itemsOf([second], { planToken }),
      ...itemsOf([other], { planToken }),
    ],
  });
  expect(errorsOf(outcomes)).toEqual([
    [0, 'OPPORTUNITY_CLOSED', 'items.0.input.opportunity.existing.id'],
    [2, 'INVALID_INPUT', 'items.2.input.lead'],
  ]);
  expect(convertedOf(outcomes)).toMatchObject([{ leadId: second, accountId, opportunityId: null }]);
});

test('a plan whose company an earlier lead of the batch has made has expired', async () => {
  const [first, second] = [
    await sales.lead({ company: 'Acme', lastName: 'A' }),
    await sales.lead({ company: 'Acme', lastName: 'B' }),
  ];
  const { planToken } = await preview(sales, second, none);
  const items = [...itemsOf([first], none), ...itemsOf([second], { planToken })];
  const outcomes = await convertMany(sales, { items, mode: PER_RECORD });
  expect(errorsOf(outcomes)).toEqual([[1, 'PLAN_EXPIRED', 'items.1.input.planToken']]);
  await expectSound(sales);
});

test('a refused item leaves nothing: what it had read to change is not written with the next', async () => {
  const accountId = await sales.account('Acme');
  const elsewhere = encodeId('Contact', await sales.contact('Elsewhere'));
  const before = await sales.row('account', accountId);
  const leadIds = [
    await sales.lead({ company: 'Acme', lastName: 'A', phone: '1', industry: 'Mining' }),
    await sales.lead({ company: 'Acme', lastName: 'B' }),
  ];
  const [refused, good] = itemsOf(leadIds, none);
  Object.assign(refused!.input, { contact: { existing: elsewhere } });
  const outcomes = await convertMany(sales, { items: [refused!, good!], mode: PER_RECORD });
  expect(errorsOf(outcomes)).toEqual([[0, 'CONTACT_NOT_IN_ACCOUNT', 'items.0.input.contact.existing']]);
  expect(await sales.row('account', accountId)).toEqual(before);
  expect(await sales.row('lead', leadIds[0]!)).toMatchObject({ is_converted: false, version: 1 });
});

test('a lead that stands twice in a batch, and a key of one item, are refused where they stand', async () => {
  const [lead, other] = [await sales.lead({ company: 'Acme' }), await sales.lead({ company: 'Beta' })];
  const items = [...itemsOf([lead, lead]), ...itemsOf([other], { idempotencyKey: 'k' })];
  const outcomes = await convertMany(sales, { items, mode: PER_RECORD });
  expect(errorsOf(outcomes)).toEqual([
    [1, 'INVALID_INPUT', 'items.1.input.lead'],
    [2, 'INVALID_INPUT', 'items.2.input.idempotencyKey'],
  ]);
});

test('a batch has 1 to 100 leads', async () => {
  for (const items of [[], itemsOf(Array<string>(101).fill(await sales.lead({ company: 'Acme' })))])
    await expect(convertMany(sales, { items })).rejects.toThrow(/1 to 100/);
});

test('the same key answers the same, refusals included, and does nothing; another input is refused', async () => {
  const items = [
    ...itemsOf([await sales.lead({ company: 'Acme' })], none),
    ...itemsOf([await sales.lead({ company: null })], none),
  ];
  const input = { items, mode: PER_RECORD, idempotencyKey: 'once' };
  const first = await convertMany(sales, input);
  const everything = await sales.everything();
  expect(await convertMany(sales, input)).toEqual(first);
  expect(await sales.everything()).toEqual(everything);
  const other = convertMany(sales, { ...input, mode: BatchMode.ALL_OR_NOTHING });
  await expect(other).rejects.toMatchObject({ errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  // what was aborted was not done: its key is free
  const aborted = { ...input, mode: BatchMode.ALL_OR_NOTHING, idempotencyKey: 'free' };
  await expect(convertMany(sales, aborted)).rejects.toBeInstanceOf(Refusal);
  const good = itemsOf([await sales.lead({ company: 'Beta' })], none);
  expect(convertedOf(await convertMany(sales, { ...aborted, items: good }))).toHaveLength(1);
});

test('a hundred leads take less than half the statements of a hundred conversions', async () => {
  const counted = async (work: () => Promise<unknown>) => {
    const sent = jest.spyOn(pg.Client.prototype, 'query');
    try {
      await work();
      return sent.mock.calls.length;
    } finally {
      sent.mockRestore();
    }
  };
  const leadIds = await leadsOfTenCompanies(110);
  const single = await counted(async () => {
    for (const id of leadIds.slice(0, 10)) await sales.convert(id);
  });
  const batch = await counted(() => convertMany(sales, { items: itemsOf(leadIds.slice(10)) }));
  expect(batch).toBeLessThan((single * 10) / 2);
});
