import 'reflect-metadata';
import fc from 'fast-check';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { runs } from '../support/runs.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { openApi } from './ask.ts';
import { storeAccounts } from './some-accounts.ts';
import {
  anyDayWindow,
  anyHistories,
  anyInstant,
  anyRates,
  type HistoricDeal,
  historic,
  LOST,
  storeHistories,
  type Version,
  WON,
} from './history.ts';
import { type Kind, kinds, money, movement } from './history-oracle.ts';

let world: World;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

interface Money {
  amount: string;
  currency: string;
}
interface Moved {
  count: number;
  deals: number;
  amountMissing: number;
  amount: Money;
  unconverted: Money[];
  definition: { key: string };
  records: { totalCount: number; nodes: { id: string }[] };
  changes: {
    totalCount: number;
    nodes: { at: string; count: number; amount: Money; opportunity: { id: string } }[];
  };
}
type Movement = Record<Kind, Moved>;

async function organization() {
  const made = await world.organization({ currency: 'EUR', timeZone: 'Europe/Berlin' });
  return { ...made, accountIds: await storeAccounts(world.database, made.tenant, ['Acme', 'Globex']) };
}
type TestOrganization = Awaited<ReturnType<typeof organization>>;

const query = `
  fragment Moved on Movement { count deals amountMissing amount { amount currency } unconverted { amount currency } definition { key }
    records(first: 100) { totalCount nodes { id } }
    changes(first: 100) { totalCount nodes { at count amount { amount currency } opportunity { id } } } }
  query Movement($from: DateTime!, $to: DateTime!, $scope: MetricScope, $closing: WindowInput) {
    pipelineMovement(from: $from, to: $to, scope: $scope, closing: $closing) {
      ${kinds.map((kind) => `${kind} { ...Moved }`).join('\n')}
    }
  }`;

async function movementOf(
  one: TestOrganization,
  variables: Record<string, unknown>,
  api = compiled,
): Promise<Movement> {
  const { data, errors } = await api.ask(one, query, variables);
  expect(errors).toEqual([]);
  return (data as unknown as { pipelineMovement: Movement }).pipelineMovement;
}

/** Minor units; every amount is shown with the decimals of its currency. */
const minor = ({ amount }: Money) => BigInt(amount.replace('.', ''));

const SIGNS: Partial<Record<Kind, bigint>> = {
  decreased: -1n,
  pushedOut: -1n,
  won: -1n,
  lost: -1n,
  omitted: -1n,
};

/** start + … − … = end: for the number, the amount, and every currency without a rate. */
function expectBalance(of: Movement) {
  const parts = kinds.filter((kind) => kind !== 'end');
  const balance = (value: (moved: Moved) => bigint) =>
    parts.reduce((total, kind) => total + (SIGNS[kind] ?? 1n) * value(of[kind]), 0n);
  expect(balance(({ count }) => BigInt(count))).toBe(BigInt(of.end.count));
  expect(balance(({ amount }) => minor(amount))).toBe(minor(of.end.amount));
  const unconverted = (code: string) => (moved: Moved) =>
    moved.unconverted
      .filter(({ currency }) => currency === code)
      .reduce((total, one) => total + minor(one), 0n);
  for (const currency of ['USD', 'JPY'])
    expect(balance(unconverted(currency))).toBe(unconverted(currency)(of.end));
}

const asText = ({ at, count, amount, opportunity }: Moved['changes']['nodes'][number]) =>
  [at, opportunity.id, count, amount.amount, amount.currency].join(' ');

const deals = (accountIds: string[]) => anyHistories({ accountIds, ownerIds: [], campaignIds: [] }, 12);
const between = fc
  .tuple(anyInstant, anyInstant)
  .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

test('between any two moments, with and without a close-date window, every movement is what the oracle says, and all balance', async () => {
  const one = await organization();
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(
      deals(one.accountIds),
      anyRates,
      between,
      fc.constantFrom(false, false, true),
      fc.option(anyDayWindow, { freq: 2 }),
      fc.option(fc.constantFrom(...one.accountIds)),
      async (all, rates, { from, to }, isUntilNow, closing, accountId) => {
        await storeHistories(world.database, one.tenant, all, rates);
        const variables = {
          from: from.toISOString(),
          // a moment that has not come yet is now
          to: isUntilNow ? '2100-01-01T00:00:00Z' : to.toISOString(),
          closing,
          scope: accountId && { opportunity: { account: { eq: encodeId('Account', accountId) } } },
        };
        const actual = await movementOf(one, variables);
        const own = all.filter((deal) => accountId === null || deal.accountId === accountId);
        const expected = movement(own, rates, from, isUntilNow ? null : to, closing);
        for (const kind of kinds) {
          const { count, ids, missing, sums, changes } = expected[kind];
          const { records, changes: listed, definition, ...moved } = actual[kind];
          const foreign = [...sums.keys()].filter((currency) => currency !== 'EUR').sort();
          expect({ kind, ...moved }).toEqual({
            ...{ kind, count, deals: ids.size, amountMissing: missing.size },
            amount: money(sums.get('EUR') ?? 0n, 'EUR'),
            unconverted: foreign.map((currency) => money(sums.get(currency)!, currency)),
          });
          expect(definition.key).toBe(`movement${kind.charAt(0).toUpperCase()}${kind.slice(1)}`);
          expect(records.totalCount).toBe(ids.size);
          expect(records.nodes.map(({ id }) => parseId(id)!.uuid).sort()).toEqual([...ids].sort());
          expect(listed.totalCount).toBe(changes.length);
          const times = listed.nodes.map(({ at }) => at);
          expect(times).toEqual(times.toSorted());
          expect(listed.nodes.map(asText).sort()).toEqual(
            changes
              .map(({ id, at, value, currency, ...one }) =>
                asText({
                  ...one,
                  at: at.toISOString(),
                  amount: money(value, currency),
                  opportunity: { id: encodeId('Opportunity', id) },
                }),
              )
              .sort(),
          );
        }
        expectBalance(actual);
        if (!closing) expect([actual.pulledIn, actual.pushedOut]).toMatchObject([{ deals: 0 }, { deals: 0 }]);
        if (++asked % 8 === 0) expect(await movementOf(one, variables, interpreted)).toEqual(actual);
      },
    ),
    { numRuns: runs(60) },
  );
});

test('start and end are the open pipeline as of these moments', async () => {
  const one = await organization();
  await fc.assert(
    fc.asyncProperty(deals(one.accountIds), anyRates, between, async (all, rates, { from, to }) => {
      await storeHistories(world.database, one.tenant, all, rates);
      const { start, end } = await movementOf(one, { from: from.toISOString(), to: to.toISOString() });
      const { data } = await compiled.ask(
        one,
        `query Pipelines($from: DateTime, $to: DateTime) {
          start: metrics(asOf: $from) { openPipeline { ...Open } } end: metrics(asOf: $to) { openPipeline { ...Open } }
        }
        fragment Open on AmountMetric { count amount { amount currency } unconverted { amount currency } }`,
        { from: from.toISOString(), to: to.toISOString() },
      );
      const open = ({ count, amount, unconverted }: Moved) => ({
        openPipeline: { count, amount, unconverted },
      });
      expect(data).toEqual({ start: open(start), end: open(end) });
    }),
    { numRuns: runs(15) },
  );
});

describe('by hand', () => {
  const at = (day: number) => new Date(`2026-01-${String(day).padStart(2, '0')}T00:00:00Z`);
  const january = { from: at(1).toISOString(), to: at(31).toISOString() };

  async function moved(
    histories: HistoricDeal[],
    variables: object = january,
    rates: Parameters<typeof storeHistories>[3] = [],
  ) {
    const one = await organization();
    await storeHistories(world.database, one.tenant, histories, rates);
    const all = await movementOf(one, { ...january, ...variables });
    expectBalance(all);
    return Object.fromEntries(
      kinds
        .filter((kind) => all[kind].deals > 0)
        .map((kind) => [kind, [all[kind].count, all[kind].deals, all[kind].amount.amount]]),
    );
  }
  const before = { at: new Date('2025-12-01T00:00:00Z') };
  const history = (...versions: Partial<Version>[]) => historic({}, ...versions);

  test('a deal that grows and is won leaves with what it was won with', async () => {
    expect(await moved([history(before, { at: at(10), stage: WON, amount: 120_00n })])).toEqual({
      start: [1, 1, '100.00'],
      increased: [0, 1, '20.00'],
      won: [1, 1, '120.00'],
    });
  });

  test('created and won in between is both; created and lost, too', async () => {
    expect(
      await moved([
        history({ at: at(2) }, { at: at(3), stage: WON }),
        history({ at: at(2) }, { at: at(3), stage: LOST }),
      ]),
    ).toEqual({ created: [2, 2, '200.00'], won: [1, 1, '100.00'], lost: [1, 1, '100.00'] });
  });

  test('won → lost and lost → won are no movement, nor is a deal that was created closed', async () => {
    const created = { ...before, stage: WON };
    expect(
      await moved([
        history(created, { at: at(5), stage: LOST }, { at: at(6), stage: WON, amount: 5n }),
        history({ at: at(5), stage: WON }, { at: at(6), stage: LOST }),
      ]),
    ).toEqual({});
  });

  test('reopened twice counts twice, and is one deal', async () => {
    expect(
      await moved([
        history(
          { ...before, stage: LOST },
          { at: at(2), stage: 2, amount: 50_00n },
          { at: at(3), stage: LOST },
          { at: at(4), stage: 3, amount: 80_00n },
        ),
      ]),
    ).toEqual({ reopened: [2, 1, '130.00'], lost: [1, 1, '50.00'], end: [1, 1, '80.00'] });
  });

  test('omitted is net: there and back is 0, from there is below 0', async () => {
    const there = { at: at(2), category: 'OMITTED' };
    const back = { at: at(3), category: 'PIPELINE' };
    expect(await moved([history(before, there)])).toEqual({
      start: [1, 1, '100.00'],
      omitted: [1, 1, '100.00'],
    });
    expect(await moved([history(before, there, back)])).toEqual({
      ...{ start: [1, 1, '100.00'], omitted: [0, 1, '0.00'], end: [1, 1, '100.00'] },
    });
    expect(await moved([history({ ...before, category: 'OMITTED' }, back)])).toEqual({
      ...{ omitted: [-1, 1, '-100.00'], end: [1, 1, '100.00'] },
    });
  });

  test('with a close-date window deals are pulled in and pushed out; without one the date is no movement', async () => {
    const histories = () => [
      history({ ...before, closeDate: '2026-03-31' }, { at: at(2), closeDate: '2026-04-01' }),
      history({ ...before, closeDate: '2026-04-01' }, { at: at(2), closeDate: '2026-03-31', amount: 70_00n }),
      history({ ...before, closeDate: '2026-03-31' }, { at: at(2), closeDate: '2026-06-30', stage: WON }),
      history({ ...before, closeDate: '2026-06-30' }, { at: at(2), closeDate: '2026-03-31', stage: WON }),
      history({ ...before, closeDate: '2026-03-31' }, { at: at(2), closeDate: '2025-12-31', stage: LOST }),
    ];
    expect(await moved(histories(), { closing: { from: '2026-01-01', to: '2026-04-01' } })).toEqual({
      start: [3, 3, '300.00'],
      pulledIn: [1, 1, '70.00'],
      pushedOut: [1, 1, '100.00'],
      // whatever its close date; the fourth was not in the window's pipeline
      won: [1, 1, '100.00'],
      lost: [1, 1, '100.00'],
      end: [1, 1, '70.00'],
    });
    expect(await moved(histories())).toEqual({
      start: [5, 5, '500.00'],
      decreased: [0, 1, '30.00'],
      won: [2, 2, '200.00'],
      lost: [1, 1, '100.00'],
      end: [2, 2, '170.00'],
    });
  });

  test('another rate by another close date is a change of amount; a rate that is missing then takes it out of euros only', async () => {
    const rates = [
      { currency: 'USD', from: '2026-02-01', thousandths: 900n },
      { currency: 'USD', from: '2026-03-01', thousandths: 950n },
    ];
    const dollars = { ...before, currency: 'USD', closeDate: '2026-02-10' };
    expect(await moved([history(dollars, { at: at(2), closeDate: '2026-03-01' })], january, rates)).toEqual({
      ...{ start: [1, 1, '90.00'], increased: [0, 1, '5.00'], end: [1, 1, '95.00'] },
    });
    expect(await moved([history(dollars, { at: at(2), closeDate: '2026-01-31' })], january, rates)).toEqual({
      start: [1, 1, '90.00'],
      decreased: [0, 1, '90.00'],
      // 100 dollars of their own
      increased: [0, 1, '0.00'],
      end: [1, 1, '0.00'],
    });
  });

  test('what happens at the first moment has happened, at the last moment, too', async () => {
    const histories = [history(before, { at: at(1), amount: 1_00n }, { at: at(31), amount: 2_00n })];
    expect(await moved(histories)).toEqual({
      start: [1, 1, '1.00'],
      increased: [0, 1, '1.00'],
      end: [1, 1, '2.00'],
    });
  });

  test('between a moment and itself nothing moves; deleted deals never were there', async () => {
    const histories = [history(before), historic({ isDeleted: true }, before, { at: at(2), stage: WON })];
    expect(await moved(histories, { from: january.to })).toEqual({
      start: [1, 1, '100.00'],
      end: [1, 1, '100.00'],
    });
  });

  test('a scope is judged as of the last moment, so that it balances', async () => {
    const histories = [history(before, { at: at(2), stage: 3 }), history(before, { at: at(2), stage: 2 })];
    const scope = { opportunity: { stage: { eq: 'Needs Analysis' } } };
    expect(await moved(histories, { scope })).toEqual({ start: [1, 1, '100.00'], end: [1, 1, '100.00'] });
    expect(await moved(histories, { scope, to: at(1).toISOString() })).toEqual({});
  });
});

test('one statement, and a page with its count for the records of each; all bound to the organisation', async () => {
  const one = await organization();
  const unbound = watchTenants(world.database);
  const texts: string[] = [];
  const { observe } = world.database;
  world.database.observe = (text, values, tenant) => {
    texts.push(text);
    observe?.(text, values, tenant);
  };
  const variables = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  await compiled.ask(
    one,
    query.replace(/records[^}]*\} \}/, '').replace(/changes[^]*?\{ id \} \} \} \}/, '}'),
    variables,
  );
  expect(texts).toHaveLength(1);
  texts.length = 0;
  await compiled.ask(one, query, { ...variables, closing: { named: 'THIS_QUARTER' } });
  // no deals, so none is looked up
  expect(texts).toHaveLength(1 + 4 * kinds.length);
  world.database.observe = observe;
  unbound.assertNone();
  world.database.observe = undefined;
});

test("another organisation's deals do not move ours", async () => {
  const [one, other] = [await organization(), await organization()];
  await storeHistories(world.database, other.tenant, [historic({})]);
  const all = await movementOf(one, { from: '2025-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
  for (const kind of kinds)
    expect(all[kind]).toMatchObject({
      count: 0,
      deals: 0,
      amount: { amount: '0.00' },
      records: { totalCount: 0 },
    });
});

test.each([
  ['to', { to: '2025-12-31T23:59:59.999Z' }],
  ['closing.to', { closing: { from: '2026-02-01', to: '2026-01-31' } }],
  ['closing.timeZone', { closing: { timeZone: 'Europe/Atlantis' } }],
  ['scope.opportunity.amount', { scope: { opportunity: { amount: { gte: '0.001' } } } }],
])('what can not be is refused at %s', async (argument, given) => {
  const one = await organization();
  const variables = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', ...given };
  for (const api of [compiled, interpreted]) {
    const { data, errors } = await api.ask(one, query, variables);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  }
});
