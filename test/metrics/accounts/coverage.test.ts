import 'reflect-metadata';
import sql from 'sql-template-tag';
import { parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { ago, setSettings, some, statementsOf, store } from './few-records.ts';

type Organization = Awaited<ReturnType<World['organization']>>;

let world: World;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
let tenants: ReturnType<typeof watchTenants>;
let one: Organization;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  one = await world.organization({ timeZone: 'UTC' });
});
afterEach(() => tenants.assertNone());
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

async function ask(query: string, variables: Data = {}): Promise<Data> {
  const answer = await compiled.ask(one, query, variables);
  expect(answer.errors).toEqual([]);
  expect(await interpreted.ask(one, query, variables)).toEqual(answer);
  return answer.data as unknown as Data;
}

const COVERAGE = `
  fragment Rate on AccountRateMetric { value numerator denominator
    all: records { totalCount nodes { id } }
    having: records(inNumerator: true) { totalCount nodes { id } }
    lacking: records(inNumerator: false) { totalCount nodes { id } } }
  fragment Coverage on AccountCoverage { targetAccounts contactDensity missingRoles
    withContacts { ...Rate } buyingGroup { ...Rate } completeGroups { ...Rate } reach { ...Rate } mqa { ...Rate } }`;

const uuids = ({ nodes }: Data) => (nodes as Data[]).map(({ id }) => parseId(id as string)!.uuid).sort();
const parts = ({ value, numerator, denominator }: Data) => [value, numerator, denominator];

/**
 * Full has all three required roles (one of them on an opportunity) and is an MQA; half has a champion and was touched a
 * year ago; bare has nothing but a deleted opportunity; other is no target.
 */
async function storeTargets() {
  const [full, half, bare] = [1, 2, 3].map(() => some.account({ isTarget: true })) as [
    ReturnType<typeof some.account>,
    ReturnType<typeof some.account>,
    ReturnType<typeof some.account>,
  ];
  const other = some.account();
  const people = [
    some.contact(full.id, { role: 'CHAMPION' }),
    some.contact(full.id, { role: 'DECISION_MAKER' }),
    some.contact(full.id),
    some.contact(half.id, { role: 'CHAMPION' }),
    some.contact(other.id, { role: 'ECONOMIC_BUYER' }),
  ] as const;
  const deal = some.deal(full.id);
  await store(world, one.tenant, {
    accounts: [full, half, bare, other],
    contacts: [...people],
    deals: [deal, some.deal(bare.id, 'open', { isDeleted: true })],
    roles: [
      {
        id: crypto.randomUUID(),
        dealId: deal.id,
        contactId: people[2].id,
        role: 'ECONOMIC_BUYER',
        at: ago(9),
      },
    ],
    activities: [
      some.activity(ago(20), 50, { contactId: people[0].id }),
      some.activity(ago(20), 50, { contactId: people[1].id }),
      some.activity(ago(200), 90, { contactId: people[3].id }),
      some.activity(ago(1), 200, { contactId: people[4].id }),
    ],
  });
  return { full: full.id, half: half.id, bare: bare.id, other: other.id, people, deal };
}

test('coverage by example: of all target accounts, and which they are', async () => {
  const { full, half, bare } = await storeTargets();
  const targets = [full, half, bare].sort();
  const { accountCoverage: all } = await ask(`${COVERAGE} { accountCoverage { ...Coverage } }`);
  expect(all).toMatchObject({
    targetAccounts: 3,
    contactDensity: 4 / 3,
    missingRoles: ['CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER'],
  });
  const expected: Record<string, [(number | null)[], string[]]> = {
    withContacts: [
      [2 / 3, 2, 3],
      [full, half],
    ],
    buyingGroup: [
      [4 / 9, 4, 9],
      [full, half],
    ],
    completeGroups: [[1 / 3, 1, 3], [full]],
    reach: [
      [2 / 3, 2, 3],
      [full, half],
    ],
    mqa: [[1 / 3, 1, 3], [full]],
  };
  for (const [key, [numbers, having]] of Object.entries(expected)) {
    const metric = all[key] as Data;
    expect([key, parts(metric)]).toEqual([key, numbers]);
    expect(uuids(metric['all'] as Data)).toEqual(targets);
    expect(uuids(metric['having'] as Data)).toEqual(having.toSorted());
    expect(uuids(metric['lacking'] as Data)).toEqual(targets.filter((id) => !having.includes(id)));
    for (const list of ['all', 'having', 'lacking'] as const)
      expect(metric[list].totalCount).toBe(metric[list].nodes.length);
  }
});

test('a window restricts reach, and nothing else', async () => {
  await storeTargets();
  const from = new Date(ago(100)).toISOString().slice(0, 10);
  const { accountCoverage: all } = await ask(
    `${COVERAGE} { accountCoverage(window: { from: "${from}" }) { ...Coverage } }`,
  );
  expect(parts(all.reach as Data)).toEqual([1 / 3, 1, 3]);
  expect(parts(all.mqa as Data)).toEqual([1 / 3, 1, 3]);
  expect(parts(all.withContacts as Data)).toEqual([2 / 3, 2, 3]);
});

test('a role that was given on an opportunity later was not filled yet', async () => {
  await storeTargets();
  const of = `query ($asOf: DateTime) { accountCoverage(asOf: $asOf) { buyingGroup { numerator } } }`;
  const [before, after] = [
    await ask(of, { asOf: new Date(ago(10)).toISOString() }),
    await ask(of, { asOf: new Date(ago(8)).toISOString() }),
  ];
  expect([before.accountCoverage.buyingGroup, after.accountCoverage.buyingGroup]).toEqual([
    { numerator: 3 },
    { numerator: 4 },
  ]);
});

test('without required roles there is no buying group to speak of: null, and none counted', async () => {
  await storeTargets();
  await setSettings(world, one.tenant, { requiredBuyingRoles: [] });
  const { accountCoverage: all, accounts } = await ask(
    `${COVERAGE} { accountCoverage { ...Coverage } accounts { nodes { coverage { ...Coverage } } } }`,
  );
  for (const coverage of [all, ...(accounts.nodes as Data[]).map((node) => node['coverage'] as Data)])
    for (const key of ['buyingGroup', 'completeGroups']) {
      expect(parts(coverage[key] as Data)).toEqual([null, 0, 0]);
      for (const list of ['all', 'having', 'lacking'])
        expect(coverage[key][list]).toEqual({ totalCount: 0, nodes: [] });
      expect(coverage.missingRoles).toEqual([]);
    }
  expect(parts(all.withContacts as Data)).toEqual([2 / 3, 2, 3]);
});

test('required roles and MQA limits are settings', async () => {
  await storeTargets();
  const { accountCoverage: before } = await ask(`${COVERAGE} { accountCoverage { ...Coverage } }`);
  expect(parts(before.mqa as Data)[1]).toBe(1);
  await setSettings(world, one.tenant, { requiredBuyingRoles: ['CHAMPION'] as never, mqaMinutes: 101 });
  const { accountCoverage: after } = await ask(`${COVERAGE} { accountCoverage { ...Coverage } }`);
  expect(parts(after.buyingGroup as Data)).toEqual([2 / 3, 2, 3]);
  expect(parts(after.completeGroups as Data)).toEqual([2 / 3, 2, 3]);
  expect(after.missingRoles).toEqual(['CHAMPION']);
  expect(parts(after.mqa as Data)).toEqual([0, 0, 3]);
  await setSettings(world, one.tenant, { engagementMonths: 12, mqaMinutes: 90, mqaPeople: 1 });
  const { accountCoverage: longer } = await ask(`${COVERAGE} { accountCoverage { ...Coverage } }`);
  expect(parts(longer.mqa as Data)).toEqual([2 / 3, 2, 3]);
});

test('an account’s own coverage is of one target account; of an account that is none, of nothing', async () => {
  const { full, half, other } = await storeTargets();
  const { accounts } = await ask(`${COVERAGE} { accounts { nodes { id coverage { ...Coverage } } } }`);
  const of = new Map(
    (accounts.nodes as Data[]).map(({ id, coverage }) => [parseId(id as string)!.uuid, coverage as Data]),
  );
  expect(of.get(full)).toMatchObject({ targetAccounts: 1, contactDensity: 3, missingRoles: [] });
  expect(uuids(of.get(full)!['mqa'].having as Data)).toEqual([full]);
  expect(of.get(half)).toMatchObject({
    ...{ targetAccounts: 1, contactDensity: 1, missingRoles: ['DECISION_MAKER', 'ECONOMIC_BUYER'] },
    buyingGroup: { numerator: 1, denominator: 3 },
  });
  expect(uuids(of.get(half)!['mqa'].lacking as Data)).toEqual([half]);
  const none = of.get(other)!;
  expect(none).toMatchObject({ targetAccounts: 0, contactDensity: null, missingRoles: [] });
  for (const key of ['withContacts', 'buyingGroup', 'completeGroups', 'reach', 'mqa'])
    expect([parts(none[key] as Data), none[key].all.totalCount]).toEqual([[null, 0, 0], 0]);
});

test('a scope restricts the accounts, their list, too', async () => {
  const { full, bare } = await storeTargets();
  await world.database.write(one.tenant, (tx) =>
    tx.query(
      sql`update account set tier = case when id = ${bare}::uuid then 1 else 2 end where organization_id = ${one.id}`,
    ),
  );
  const { tier, open, both } = await ask(`${COVERAGE} {
    tier: accountCoverage(scope: { account: { tier: { eq: 1 } } }) { ...Coverage }
    open: accountCoverage(scope: { opportunity: { isClosed: false } }) { ...Coverage }
    both: accountCoverage(scope: { account: { tier: { eq: 1 } }, opportunity: { isClosed: false } }) { ...Coverage } }`);
  expect(parts(tier.withContacts as Data)).toEqual([0, 0, 1]);
  expect(uuids(tier.withContacts.lacking as Data)).toEqual([bare]);
  expect(parts(open.mqa as Data)).toEqual([1, 1, 1]);
  expect(uuids(open.mqa.all as Data)).toEqual([full]);
  expect(both).toMatchObject({ targetAccounts: 0, contactDensity: null });
  expect(both.reach.all).toEqual({ totalCount: 0, nodes: [] });
});

test('what is deleted or merged away is out: contacts, opportunities and accounts', async () => {
  const { full, half, bare, people, deal } = await storeTargets();
  await world.database.write(one.tenant, async (tx) => {
    await tx.query(sql`update contact set merged_into_id = ${people[0].id}, deleted_at = now()
      where organization_id = ${one.id} and id = ${people[1].id}`);
    await tx.query(
      sql`update opportunity set deleted_at = now() where organization_id = ${one.id} and id = ${deal.id}`,
    );
    await tx.query(sql`update account set merged_into_id = ${full}, deleted_at = now()
      where organization_id = ${one.id} and id = ${half}`);
  });
  const now = new Date(Date.now() - 1).toISOString();
  const { current, asOf } = await ask(
    `${COVERAGE} query ($now: DateTime) {
      current: accountCoverage { ...Coverage } asOf: accountCoverage(asOf: $now) { ...Coverage } }`,
    { now },
  );
  expect(asOf).toEqual(current);
  expect(current).toMatchObject({
    ...{ targetAccounts: 2, contactDensity: 1 },
    buyingGroup: { numerator: 1, denominator: 6 },
    mqa: { numerator: 0, denominator: 2 },
  });
  expect(uuids(current.mqa.all as Data)).toEqual([full, bare].sort());
});

test('bad input is refused where it is', async () => {
  await storeTargets();
  for (const [records, message] of [
    ['records(first: 101)', /first.*0 to 100/],
    ['records(first: -1)', /first.*0 to 100/],
    ['records(after: "x")', /after.*cursor/],
    ['records(after: "WyJOQU1FIiwxXQ")', /after.*cursor/],
  ] as const)
    for (const query of [
      `{ accountCoverage { mqa { ${records} { totalCount } } } }`,
      `{ accounts(first: 1) { nodes { coverage { mqa { ${records} { totalCount } } } } } }`,
      `{ metrics { engagement { penetration { ${records} { totalCount } } } } }`,
    ]) {
      const { errors } = await compiled.ask(one, query);
      expect(errors.map((error) => error.message).join()).toMatch(message);
    }
  const { errors } = await compiled.ask(
    one,
    '{ accountCoverage(window: { from: "2026-02-01", to: "2026-01-01" }) { targetAccounts } }',
  );
  expect(errors.map((error) => error.message).join()).toMatch(/window/);
});

test('pages of the accounts counted follow one another', async () => {
  const accounts = Array.from({ length: 7 }, () => some.account({ isTarget: true }));
  await store(world, one.tenant, { accounts });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { accountCoverage: page }: Data = await ask(
      `query ($after: String) { accountCoverage { mqa { records(first: 3, after: $after, inNumerator: false) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }`,
      { after },
    );
    const { nodes, totalCount, pageInfo } = page.mqa.records as Data;
    expect(totalCount).toBe(7);
    seen.push(...(nodes as Data[]).map(({ id }) => parseId(id as string)!.uuid));
    after = pageInfo.hasNextPage ? (pageInfo.endCursor as string) : null;
  } while (after !== null);
  expect(seen.toSorted()).toEqual(accounts.map(({ id }) => id).sort());
});

test('all metrics of any number of accounts take one statement, and nothing is looked at that is not selected', async () => {
  await store(world, one.tenant, {
    accounts: Array.from({ length: 20 }, () => some.account({ isTarget: true })),
  });
  const taken = (query: string) => statementsOf(world, () => compiled.ask(one, query));
  const fields =
    'targetAccounts contactDensity missingRoles withContacts { value } buyingGroup { value } reach { value } mqa { value }';
  for (const first of [1, 20])
    // accounts, settings, coverage
    expect(await taken(`{ accounts(first: ${first}) { nodes { coverage { ${fields} } } } }`)).toHaveLength(3);
  const [, only] = await taken('{ accountCoverage { withContacts { value } } }');
  expect(only!.text).not.toMatch(/activity|campaign_member|opportunity/);
});
