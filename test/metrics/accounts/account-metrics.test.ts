import 'reflect-metadata';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { parseId } from '../../../src/graphql/ids.ts';
import { runs } from '../../support/runs.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { anyAccountWorld, anyMoment, days, storeAccountWorld } from './account-worlds.ts';
import { some, store } from './few-records.ts';
import { oracleOf } from './oracle.ts';

let world: World;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
let tenants: ReturnType<typeof watchTenants>;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
  tenants = watchTenants(world.database);
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

const rated = '{ ...Rate } ';
const fragments = `
  fragment Rate on AccountRateMetric {
    value numerator denominator definition { key }
    records(first: 100) { totalCount nodes { id } }
    having: records(first: 100, inNumerator: true) { totalCount }
    lacking: records(first: 100, inNumerator: false) { totalCount }
  }
  fragment Coverage on AccountCoverage {
    targetAccounts contactDensity missingRoles
    withContacts ${rated} buyingGroup ${rated} completeGroups ${rated} reach ${rated} mqa ${rated}
  }
  fragment Sales on SalesMetrics {
    engagement { minutes people trend definition { key }
      penetration { value numerator denominator
        records(first: 100) { totalCount nodes { id } }
        having: records(first: 100, inNumerator: true) { totalCount } } }
    sourced { value numerator denominator records(first: 100) { totalCount nodes { id } } }
    influenced { value numerator denominator records(first: 100) { totalCount nodes { id } } }
    leadSourcedRevenue { count amount { amount currency } amountMissing unconverted { amount currency } records(first: 100) { totalCount nodes { id } } }
  }`;
const query = `${fragments}
  query All($window: WindowInput, $asOf: DateTime, $first: Int) {
    accountCoverage(window: $window, asOf: $asOf) { ...Coverage }
    metrics(window: $window, asOf: $asOf) { ...Sales }
    accounts(first: $first) { nodes {
      id
      journey(asOf: $asOf) { stage reached { stage at } }
      coverage(window: $window, asOf: $asOf) { ...Coverage }
      metrics(window: $window, asOf: $asOf) { ...Sales }
    } }
  }`;

type Rate = {
  value: number | null;
  numerator: number;
  denominator: number;
  records: { totalCount: number; nodes: { id: string }[] };
  having: { totalCount: number };
  lacking: { totalCount: number };
};
const RATES = ['withContacts', 'buyingGroup', 'completeGroups', 'reach', 'mqa'] as const;
type Coverage = { targetAccounts: number; contactDensity: number | null; missingRoles: string[] } & Record<
  (typeof RATES)[number],
  Rate
>;
interface Sales {
  engagement: { minutes: number; people: number; trend: number | null; penetration: Rate };
  sourced: Rate;
  influenced: Rate;
  leadSourcedRevenue: { records: Rate['records'] };
}
interface Everything {
  accountCoverage: Coverage;
  metrics: Sales;
  accounts: {
    nodes: {
      id: string;
      journey: { stage: string; reached: object[] };
      coverage: Coverage;
      metrics: Sales;
    }[];
  };
}

const uuids = ({ nodes }: Rate['records']) => nodes.map(({ id }) => parseId(id)!.uuid).sort();

async function answered(one: Parameters<typeof compiled.ask>[0], variables: Record<string, unknown>) {
  const answer = await compiled.ask(one, query, variables);
  expect(answer.errors).toEqual([]);
  expect(await interpreted.ask(one, query, variables)).toEqual(answer);
  return answer.data as unknown as Everything;
}

function expectCoverage(actual: Coverage, expected: ReturnType<ReturnType<typeof oracleOf>['coverage']>) {
  const { targets, ...values } = expected;
  for (const key of RATES) {
    const { numerator, denominator, value, records, having, lacking } = actual[key];
    expect({ key, numerator, denominator, value }).toEqual({ key, ...values[key] });
    expect(uuids(records)).toEqual(targets.toSorted());
    expect(records.totalCount).toBe(targets.length);
    expect(having.totalCount + lacking.totalCount).toBe(records.totalCount);
    if (key !== 'buyingGroup') expect(having.totalCount).toBe(numerator);
  }
  const { targetAccounts, contactDensity, missingRoles } = values;
  expect(actual).toMatchObject({ targetAccounts, contactDensity, missingRoles });
}

function expectSales(
  actual: Sales,
  engagement: ReturnType<ReturnType<typeof oracleOf>['engagement']>,
  lineage: ReturnType<ReturnType<typeof oracleOf>['lineage']>,
) {
  const { contacts, ...values } = engagement;
  expect(actual.engagement).toMatchObject(values);
  const { records, having } = actual.engagement.penetration;
  expect(uuids(records)).toEqual(contacts);
  expect([records.totalCount, having.totalCount]).toEqual([
    values.penetration.denominator,
    values.penetration.numerator,
  ]);
  for (const key of ['sourced', 'influenced'] as const) {
    const { value, numerator, denominator } = actual[key];
    expect({ key, value, numerator: Number(numerator), denominator: Number(denominator) }).toEqual({
      key,
      ...lineage[key],
    });
    expect(uuids(actual[key].records)).toEqual(lineage.created);
  }
  expect(Number(actual.sourced.numerator)).toBeLessThanOrEqual(Number(actual.sourced.denominator));
  const { records: leading, ...revenue } = actual.leadSourcedRevenue;
  expect(revenue).toEqual(lineage.leadSourcedRevenue);
  expect(uuids(leading)).toEqual(lineage.won);
  expect(leading.totalCount).toBe(lineage.won.length);
}

const anyWindow = fc
  .record({
    from: fc.option(fc.constantFrom(...days), { freq: 1 }),
    to: fc.option(fc.constantFrom(...days), { freq: 1 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana', 'Pacific/Auckland'),
  })
  .map(({ from, to, timeZone }) =>
    from !== null && to !== null && to < from ? { from: to, to: from, timeZone } : { from, to, timeZone },
  );

test('all account metrics are what the oracle gives, in any window and as of any moment, by either executor', async () => {
  const one = await world.organization({ timeZone: 'America/Havana' });
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(), anyWindow, anyMoment, async (rows, window, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const moment = asOf ?? Date.now();
      const { accountCoverage, metrics, accounts } = await answered(one, {
        window,
        asOf: asOf === null ? null : new Date(asOf).toISOString(),
        first: 10,
      });
      const expected = oracleOf(rows, { moment, ...window });
      const all = rows.accounts.map(({ id }) => id);
      expectCoverage(accountCoverage, expected.coverage(all));
      expectSales(
        metrics,
        expected.engagement(all),
        expected.lineage(() => true, one.timeZone),
      );
      expect(accounts.nodes).toHaveLength(rows.accounts.filter(({ isDeleted }) => !isDeleted).length);
      for (const node of accounts.nodes) {
        const { uuid } = parseId(node.id)!;
        expect(node.journey).toEqual(expected.journey(uuid));
        expectCoverage(node.coverage, expected.coverage([uuid]));
        expectSales(
          node.metrics,
          expected.engagement([uuid]),
          expected.lineage((id) => id === uuid, one.timeZone),
        );
      }
    }),
    { numRuns: runs(40), endOnFailure: true },
  );
  tenants.assertNone();
});

test('by example: a touch comes before an opportunity, a conversion by then; revenue is what conversions led to, in every currency', async () => {
  const one = await world.organization({ currency: 'EUR' });
  const at = Date.parse('2024-03-01T12:00:00Z');
  const old = { at: Date.parse('2024-01-01') };
  const [touched, converted] = [some.account(old), some.account(old)];
  const lead = some.lead(null, { ...old, convertedAt: at });
  const contact = some.contact(touched.id, old);
  const won = (amount: bigint | null, currency = 'EUR') => {
    const deal = some.deal(converted.id, 'won', { at });
    const closeDate = '2024-03-31';
    return { ...deal, versions: deal.versions.map((state) => ({ ...state, amount, currency, closeDate })) };
  };
  const linked = [won(100_00n), won(10_00n, 'USD'), won(500n, 'JPY'), won(null)];
  await store(world, one.tenant, {
    accounts: [touched, converted],
    contacts: [contact],
    leads: [lead],
    deals: [some.deal(touched.id, 'open', { at }), ...linked, won(7_00n)],
    activities: [some.activity(at, 10, { contactId: contact.id })],
    conversions: linked.map(({ id: dealId }, index) => ({
      ...{ id: uuidv7(), leadId: lead.id, accountId: converted.id, dealId, at },
      // a lead has one conversion that stands: the others are undone later
      revertedAt: index === 0 ? null : Date.parse('2024-06-01'),
    })),
    rates: [{ currency: 'USD', from: '2024-03-31', thousandths: 500n }],
  });
  const answer = await compiled.ask(
    one,
    `{ metrics(asOf: "2024-05-01T00:00:00Z") { sourced { numerator denominator }
      leadSourcedRevenue { count amount { amount } amountMissing unconverted { amount currency } } } }`,
  );
  expect(answer.errors).toEqual([]);
  expect(answer.data).toEqual({
    metrics: {
      sourced: { numerator: '5', denominator: '6' },
      leadSourcedRevenue: {
        ...{ count: 4, amount: { amount: '105.00' }, amountMissing: 1 },
        unconverted: [{ amount: '500', currency: 'JPY' }],
      },
    },
  });
});
