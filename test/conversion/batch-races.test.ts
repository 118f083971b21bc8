import { BatchMode } from '../../src/graphql/batch-mode.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import type { ConversionBatchOutcome } from '../../src/conversion/conversion-batch.service.ts';
import { openWorld, type World } from '../support/world.ts';
import { convertedOf, convertMany, errorsOf, expectSound, itemsOf } from './batch-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld({ poolSize: 12 });
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const ROUNDS = Array.from({ length: 12 }, (_, round) => round);
const mode = BatchMode.PER_RECORD;

/** Leads of three companies of the round, which some tell by their name, others by their domain as well. */
const leadsOf = (round: number, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      sales.lead({
        lastName: `Person ${round} ${index}`,
        company: `${'XYZ'[index % 3]!.repeat(4)} ${round}`,
        website: index % 2 ? `${'xyz'[index % 3]!}${round}.com` : null,
      }),
    ),
  );

/** Each lead once, each company once. */
async function expectConvertedOnce(leads: number, companies: number): Promise<void> {
  const conversions = await sales.rows('lead_conversion');
  expect(conversions).toHaveLength(leads);
  expect(new Set(conversions.map((row) => row['lead_id'])).size).toBe(leads);
  expect(await sales.count('account')).toBe(companies);
  await expectSound(sales);
}

test('two overlapping batches in opposite order: each lead once, one account per company, no deadlock', async () => {
  for (const round of ROUNDS) {
    const leadIds = await leadsOf(round, 9);
    const outcomes = await Promise.all([
      convertMany(sales, { items: itemsOf(leadIds.slice(0, 7), none), mode }),
      convertMany(sales, { items: itemsOf(leadIds.slice(2).toReversed(), none), mode }),
    ]);
    const refused = outcomes.flatMap(errorsOf);
    expect(outcomes.flatMap(convertedOf)).toHaveLength(9);
    expect(refused.map(([, code]) => code)).toEqual(Array(5).fill('LEAD_CONVERTED'));
  }
  expect(sales.attempts).toBe(ROUNDS.length * 2);
  await expectConvertedOnce(ROUNDS.length * 9, ROUNDS.length * 3);
});

test('ALL_OR_NOTHING against the same in opposite order: one batch wins whole, the other does nothing', async () => {
  for (const round of ROUNDS) {
    const items = itemsOf(await leadsOf(round, 6), none);
    const outcomes = await Promise.allSettled([
      convertMany(sales, { items }),
      convertMany(sales, { items: items.toReversed() }),
    ]);
    const done = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Refusal);
  }
  await expectConvertedOnce(ROUNDS.length * 6, ROUNDS.length * 3);
});

test('a batch against single conversions of the same leads and of the same companies', async () => {
  for (const round of ROUNDS) {
    const leadIds = await leadsOf(round, 9);
    const single = async (id: string): Promise<ConversionBatchOutcome> =>
      sales.convert(id, none).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        return { errors: error.errors };
      });
    const [batch, ...singles] = await Promise.all([
      convertMany(sales, { items: itemsOf(leadIds.slice(0, 6).toReversed(), none), mode }),
      ...leadIds.slice(3).map(async (id) => [await single(id)]),
    ]);
    const outcomes = [...batch, ...singles.flat()];
    expect(convertedOf(outcomes)).toHaveLength(9);
    expect(errorsOf(outcomes).map(([, code]) => code)).toEqual(Array(3).fill('LEAD_CONVERTED'));
  }
  await expectConvertedOnce(ROUNDS.length * 9, ROUNDS.length * 3);
});

test('batches that find existing accounts now by name, now by domain do not wait for each other in a circle', async () => {
  for (const round of ROUNDS) {
    for (const letter of ['p', 'q', 'r'])
      await sales.account(`${letter.repeat(4)} ${round}`, { website: `${letter}${round}.com` });
    const leads = (by: 'name' | 'domain') =>
      Promise.all(
        ['p', 'q', 'r'].map((letter, index) =>
          sales.lead({
            lastName: `${by} ${round} ${index}`,
            company: by === 'name' ? `${letter.repeat(4)} ${round}` : `Called ${letter} ${round} otherwise`,
            website: by === 'name' ? null : `${letter}${round}.com`,
            phone: '1',
          }),
        ),
      );
    const [byName, byDomain] = [await leads('name'), await leads('domain')];
    const outcomes = await Promise.all([
      convertMany(sales, { items: itemsOf(byName, none) }),
      convertMany(sales, { items: itemsOf(byDomain.toReversed(), none) }),
    ]);
    expect(outcomes.flatMap(convertedOf)).toHaveLength(6);
  }
  expect(sales.attempts).toBe(ROUNDS.length * 2);
  await expectConvertedOnce(ROUNDS.length * 6, ROUNDS.length * 3);
});

test('one key sent several times at once converts once and answers the same', async () => {
  const input = { items: itemsOf(await leadsOf(0, 6), none), mode, idempotencyKey: 'one' };
  const [first, ...others] = await Promise.all(ROUNDS.map(() => convertMany(sales, input)));
  for (const other of others) expect(other).toEqual(first);
  await expectConvertedOnce(6, 3);
});
