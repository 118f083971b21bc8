import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { encodeId, parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { runs } from '../../support/runs.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { anyAccountWorld, anyMoment, storeAccountWorld } from './account-worlds.ts';
import { some, statementsOf, store } from './few-records.ts';

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
  one = await world.organization({ timeZone: 'Europe/Berlin' });
});
afterEach(() => tenants.assertNone());
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

const ENGAGEMENT = `
  fragment Engagement on SalesMetrics { engagement { minutes people trend penetration { value numerator denominator
    records(first: 100) { totalCount nodes { id } }
    engaged: records(first: 100, inNumerator: true) { totalCount nodes { id } }
    others: records(first: 100, inNumerator: false) { totalCount } }
    activities: records(first: 100) { totalCount nodes { minutes } } } }`;

/** Both executors give it. */
async function ask(query: string, variables: Data = {}): Promise<Data> {
  const answer = await compiled.ask(one, `${ENGAGEMENT} ${query}`, variables);
  expect(answer.errors).toEqual([]);
  expect(await interpreted.ask(one, `${ENGAGEMENT} ${query}`, variables)).toEqual(answer);
  return answer.data as unknown as Data;
}

/** The numbers alone; what is listed must be as many as is counted. */
function numbers(metrics: Data): (number | null)[] {
  const { minutes, people, trend, penetration, activities } = metrics['engagement'] as Data;
  expect(activities.totalCount).toBe(activities.nodes.length);
  const own = (activities.nodes as Data[]).map((one) => one['minutes'] as number);
  expect(own.reduce((sum, value) => sum + value, 0)).toBe(minutes);
  const { numerator, denominator, value, records, engaged, others } = penetration as Data;
  expect([records.totalCount, engaged.totalCount, others.totalCount]).toEqual([
    ...[denominator, numerator, denominator - numerator],
  ]);
  expect([records.nodes.length, engaged.nodes.length]).toEqual([denominator, numerator]);
  expect(value).toBe(denominator === 0 ? null : numerator / denominator);
  return [minutes, people, trend, numerator, denominator];
}

const MARCH = 'window: { from: "2026-03-01", to: "2026-04-01" }';
const day = (date: string) => Date.parse(`${date}T10:00:00Z`);

/**
 * Parent (tier 1) ← child (tier 2), and a loner (no tier) with a deleted opportunity only. March: the parent's Ann 30, its lead 5, and
 * 7 without a person; the child's Bob 20; the loner's Cid 11. The 31 days before: Ann 14, Bob 40. The parent's Amy did
 * nothing. The admin owns the parent's deal and, with Una, one of the child's each.
 */
async function storeFamily() {
  const [parent, child, loner] = [some.account(), some.account(), some.account()];
  const [ann, amy, bob, cid] = [parent, parent, child, loner].map(({ id }) => some.contact(id)) as [
    ReturnType<typeof some.contact>,
    ...ReturnType<typeof some.contact>[],
  ];
  const lead = some.lead(parent.id);
  const deals = [some.deal(parent.id), some.deal(child.id, 'won'), some.deal(child.id, 'lost')];
  const deleted = some.deal(loner.id, 'won', { isDeleted: true });
  await store(world, one.tenant, {
    accounts: [parent, child, loner],
    contacts: [ann, amy!, bob!, cid!],
    leads: [lead],
    deals: [...deals, deleted],
    activities: [
      some.activity(day('2026-03-02'), null, { contactId: ann.id }),
      some.activity(day('2026-03-03'), 5, { leadId: lead.id }),
      some.activity(day('2026-03-04'), 7, { accountId: parent.id }),
      some.activity(day('2026-03-04'), 99, { contactId: ann.id, direction: 'OUTBOUND' }),
      some.activity(day('2026-03-04'), 99, { contactId: ann.id, isOpen: true }),
      some.activity(day('2026-03-05'), 20, { contactId: bob!.id }),
      some.activity(day('2026-03-06'), 11, { contactId: cid!.id }),
      some.activity(day('2026-02-10'), 14, { contactId: ann.id }),
      some.activity(day('2026-02-11'), 40, { contactId: bob!.id }),
      // ended before the window of as many days before March, and begun after it
      some.activity(day('2026-01-28'), 500, { contactId: ann.id }),
      some.activity(day('2026-04-01'), 500, { contactId: ann.id }),
    ],
  });
  const una = uuidv7();
  await world.database.write(one.tenant, async (tx) => {
    await tx.query(sql`insert into app_user (organization_id, id, name, role, created_at, updated_at)
      values (${one.id}, ${una}, 'Una', 'AE', now(), now())`);
    await tx.query(sql`update account set tier = case id when ${parent.id} then 1 when ${child.id} then 2 end,
        parent_id = case id when ${child.id} then ${parent.id}::uuid end where organization_id = ${one.id}`);
    await tx.query(sql`update opportunity set owner_id = case id when ${deals[2]!.id} then ${una}::uuid
        else ${one.adminId}::uuid end where organization_id = ${one.id}`);
  });
  return { parent, child, loner, una, ann, bob: bob! };
}

const PARENT = [42, 2, 2, 1, 2];
const CHILD = [20, 1, -0.5, 1, 1];
const BOTH = [62, 3, (62 - 54) / 54, 2, 3];
const LONER = [11, 1, null, 1, 1];
const ALL = [73, 4, (73 - 54) / 54, 3, 4];

test('an account has its own minutes, with its children theirs, too; a person those of the accounts of their opportunities', async () => {
  const { parent, child, loner, una, ann, bob } = await storeFamily();
  const { metrics, accounts, nodes } = await ask(
    `query ($people: [ID!]!) {
      metrics(${MARCH}) { ...Engagement }
      accounts { nodes { id metrics(${MARCH}) { ...Engagement }
        family: metrics(${MARCH}, includeChildren: true) { ...Engagement } } }
      nodes(ids: $people) { ... on User { metrics(${MARCH}) { ...Engagement } } } }`,
    { people: [encodeId('User', one.adminId), encodeId('User', una)] },
  );
  expect(numbers(metrics as Data)).toEqual(ALL);
  const of = Object.fromEntries(
    (accounts.nodes as Data[]).map((node) => [
      parseId(node['id'] as string)!.uuid,
      [numbers(node['metrics'] as Data), numbers(node['family'] as Data)],
    ]),
  );
  expect(of).toEqual({
    [parent.id]: [PARENT, BOTH],
    [child.id]: [CHILD, CHILD],
    [loner.id]: [LONER, LONER],
  });
  expect((nodes as Data[]).map((node) => numbers(node['metrics'] as Data))).toEqual([BOTH, CHILD]);
  const family = (accounts.nodes as Data[]).find(({ id }) => parseId(id as string)!.uuid === parent.id)!;
  expect(
    (family['family'].engagement.penetration.engaged.nodes as Data[])
      .map(({ id }) => parseId(id)!.uuid)
      .sort(),
  ).toEqual([ann.id, bob.id].sort());
});

test('a scope is of the accounts that satisfy its filters; those without opportunities count unless it asks for some', async () => {
  await storeFamily();
  const scopes = await ask(
    `query ($owner: ID!) {
      first: metrics(${MARCH}, scope: { account: { tier: { eq: 1 } } }) { ...Engagement }
      none: metrics(${MARCH}, scope: { account: { tier: { eq: 9 } } }) { ...Engagement }
      won: metrics(${MARCH}, scope: { opportunity: { isWon: true } }) { ...Engagement }
      owned: metrics(${MARCH}, scope: { opportunity: { owner: { eq: $owner } } }) { ...Engagement }
      both: metrics(${MARCH}, scope: { account: { tier: { eq: 1 } }, opportunity: { owner: { eq: $owner } } }) { ...Engagement }
      neither: metrics(${MARCH}, scope: { account: { tier: { eq: 1 } }, opportunity: { isWon: true } }) { ...Engagement }
    }`,
    { owner: encodeId('User', one.adminId) },
  );
  const nothing = [0, 0, null, 0, 0];
  expect(
    Object.fromEntries(Object.entries(scopes).map(([name, metrics]) => [name, numbers(metrics as Data)])),
  ).toEqual({ first: PARENT, none: nothing, won: CHILD, owned: BOTH, both: PARENT, neither: nothing });
});

test('a group by what accounts have is of those accounts, with deals or without; another one of the accounts of its deals', async () => {
  await storeFamily();
  const { tiers, others, owners, won, byOpen } = await ask(`{
    won: metricGroups(by: [TIER], ${MARCH}, first: 5, scope: { opportunity: { isWon: true } }) { key { tier } metrics { ...Engagement } }
    byOpen: metricGroups(by: [TIER], ${MARCH}, first: 1, orderBy: { metric: "openPipeline.count", direction: ASC }, scope: { opportunity: { not: { account: { isNull: true } } } }) {
      key { tier isOther } metrics { ...Engagement } }
    tiers: metricGroups(by: [TIER], ${MARCH}) { key { tier } metrics { ...Engagement } }
    others: metricGroups(by: [TIER], ${MARCH}, first: 1) { key { tier isOther } metrics { ...Engagement } }
    owners: metricGroups(by: [OWNER], ${MARCH}) { key { label } metrics { ...Engagement } }
  }`);
  const found = (groups: Data[]) =>
    groups.map(({ key, metrics }) => [
      key.isOther ? 'other' : (key.tier ?? key.label ?? null),
      numbers(metrics as Data),
    ]);
  expect(found(tiers as Data[])).toEqual([
    [1, PARENT],
    [2, CHILD],
    [null, LONER],
  ]);
  // all beyond the first are one
  expect(found(others as Data[])).toEqual([
    [1, PARENT],
    ['other', [31, 2, (31 - 40) / 40, 2, 2]],
  ]);
  expect(found(won as Data[])).toEqual([[2, CHILD]]);
  expect(found(byOpen as Data[])).toEqual([
    [2, CHILD],
    ['other', PARENT],
  ]);
  expect(new Map(found(owners as Data[]) as [string, unknown][]).get('Una')).toEqual(CHILD);
});

test('the comparison is the same of the window before; of a group, of an account, of a person as well', async () => {
  const { parent } = await storeFamily();
  const window = 'window: { from: "2026-03-01", to: "2026-04-01", compare: PREVIOUS }';
  const { before, metrics, accounts, metricGroups, nodes } = await ask(
    `query ($people: [ID!]!) {
      metrics(${window}) { engagement { minutes } comparison { ...Engagement } }
      before: metrics(window: { from: "2026-01-29", to: "2026-03-01" }) { ...Engagement }
      accounts { nodes { id metrics(${window}) { comparison { ...Engagement } } } }
      metricGroups(by: [TIER], ${window}) { key { tier } metrics { comparison { ...Engagement } } }
      nodes(ids: $people) { ... on User { metrics(${window}) { comparison { ...Engagement } } } } }`,
    { people: [encodeId('User', one.adminId)] },
  );
  // the month before, or as many days: either begins after the 28th of January
  const whole = numbers(metrics.comparison as Data);
  expect(whole.slice(0, 2)).toEqual([54, 2]);
  expect(whole[4]).toBe(4);
  expect(numbers(before as Data).slice(0, 2)).toEqual([54, 2]);
  const own = (accounts.nodes as Data[]).find(({ id }) => parseId(id as string)!.uuid === parent.id)!;
  expect(numbers(own['metrics'].comparison as Data).slice(0, 2)).toEqual([14, 1]);
  expect(
    (metricGroups as Data[]).map(({ key, metrics: of }) => [key.tier, numbers(of.comparison as Data)[0]]),
  ).toEqual([
    [1, 14],
    [2, 40],
    [null, 0],
  ]);
  expect(numbers(nodes[0].metrics.comparison as Data).slice(0, 2)).toEqual([54, 2]);
});

test('as of a moment, what came later is not known; as of now is now', async () => {
  const { loner } = await storeFamily();
  const { then, now, current } = await ask(
    `query ($now: DateTime) {
      then: metrics(${MARCH}, asOf: "2026-03-04T10:00:00Z") { ...Engagement }
      now: metrics(${MARCH}, asOf: $now) { ...Engagement }
      current: metrics(${MARCH}) { ...Engagement } }`,
    { now: new Date(Date.now() - 1).toISOString() },
  );
  // contacts are a year old: they were known by then
  expect(numbers(then as Data)).toEqual([42, 2, (42 - 54) / 54, 1, 4]);
  expect(now).toEqual(current);
  await world.database.write(one.tenant, async (tx) => {
    await tx.query(sql`update account set merged_into_id = (select a.id from account a
        where a.organization_id = ${one.id} and a.tier = 1), deleted_at = now()
      where organization_id = ${one.id} and id = ${loner.id}`);
    await tx.query(sql`update contact set deleted_at = now(), merged_into_id = (select c.id from contact c
        join account a on a.organization_id = ${one.id} and a.id = c.account_id and a.tier = 2
        where c.organization_id = ${one.id})
      where organization_id = ${one.id} and account_id in (select a.id from account a
        where a.organization_id = ${one.id} and a.tier = 1)`);
  });
  const { merged } = await ask(`{ merged: metrics(${MARCH}) { ...Engagement } }`);
  expect(numbers(merged as Data)).toEqual([32, 2, (32 - 40) / 40, 1, 1]);
});

test('each period of a series has what the same window alone has but a trend by the month before, in generated worlds', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(), anyMoment, async (rows, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const moment = asOf === null ? null : new Date(asOf).toISOString();
      const { metricSeries } = await ask(
        `query ($asOf: DateTime) { metricSeries(interval: MONTH, asOf: $asOf,
          window: { from: "2023-11-29", to: "2024-05-31" }) { from to metrics { ...Engagement } } }`,
        { asOf: moment },
      );
      expect(metricSeries).toHaveLength(7);
      const windows = (metricSeries as Data[]).map(
        ({ from, to }, index) =>
          `p${index}: metrics(window: { from: "${from}", to: "${to}" }, asOf: $asOf) { ...Engagement }`,
      );
      const alone = await ask(`query ($asOf: DateTime) { ${windows.join('\n')} }`, { asOf: moment });
      const minutes = (metricSeries as Data[]).map(({ metrics }) => metrics.engagement.minutes as number);
      (metricSeries as Data[]).forEach(({ metrics }, index) => {
        const [, , trend] = numbers(metrics as Data);
        const same = alone[`p${index}`] as Data;
        const isCut = index === 0 || index === 6;
        expect(metrics).toEqual(isCut ? same : { ...same, engagement: { ...same['engagement'], trend } });
        // a whole month's is against the month before, which begins in the series but for the first
        const before = minutes[index - 1]!;
        if (!isCut && index > 1)
          expect(trend).toBe(before === 0 ? null : (minutes[index]! - before) / before);
      });
    }),
    { numRuns: runs(4), endOnFailure: true },
  );
});

test('groups by account have what each account has, and add up to the whole, in generated worlds', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(), anyMoment, async (rows, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const WON = 'scope: { opportunity: { isWon: true } }';
      const data = await ask(
        `query ($asOf: DateTime) {
          whole: metrics(asOf: $asOf) { ...Engagement }
          byAccount: metricGroups(by: [ACCOUNT], first: 10, asOf: $asOf) { key { account { id } } metrics { ...Engagement } }
          journeys: metricGroups(by: [JOURNEY_STAGE, TYPE], first: 10, asOf: $asOf) { metrics { ...Engagement } }
          won: metrics(${WON}, asOf: $asOf) { ...Engagement }
          wonJourneys: metricGroups(by: [JOURNEY_STAGE], first: 1, ${WON}, asOf: $asOf) { metrics { ...Engagement } }
          accounts { nodes { id metrics(asOf: $asOf) { ...Engagement } } } }`,
        { asOf: asOf === null ? null : new Date(asOf).toISOString() },
      );
      const known = ({ isDeleted, at }: { isDeleted: boolean; at: number }) =>
        !isDeleted && at <= (asOf ?? Infinity);
      const withGroups = new Set([
        ...rows.deals.filter(known).map((deal) => deal.accountId),
        ...rows.accounts.filter(known).map(({ id }) => id),
      ]);
      expect(data['byAccount']).toHaveLength(withGroups.size);
      for (const [whole, groups] of [
        ['whole', 'byAccount'],
        ['whole', 'journeys'],
        ['won', 'wonJourneys'],
      ] as const) {
        const all = (data[groups] as Data[]).map(({ metrics }) => numbers(metrics as Data));
        const total = (place: number) => all.reduce((sum, group) => sum + group[place]!, 0);
        const [minutes, , , engaged, contacts] = numbers(data[whole] as Data);
        expect([total(0), total(3), total(4)]).toEqual([minutes, engaged, contacts]);
      }
      const own = new Map(
        (data['accounts'].nodes as Data[]).map(({ id, metrics }) => [id as string, metrics as Data]),
      );
      for (const { key, metrics } of data['byAccount'] as Data[]) {
        const expected = own.get(key.account?.id as string);
        if (expected) expect(metrics).toEqual(expected);
        else expect(numbers(metrics as Data)).toEqual([0, 0, null, 0, 0]);
      }
    }),
    { numRuns: runs(8), endOnFailure: true },
  );
});

test('engagement takes one statement, whatever the number of accounts or periods', async () => {
  const accounts = Array.from({ length: 20 }, () => some.account());
  await store(world, one.tenant, {
    accounts,
    deals: accounts.map(({ id }) => some.deal(id)),
    contacts: accounts.map(({ id }) => some.contact(id)),
  });
  const taken = async (query: string) =>
    (
      await statementsOf(world, async () => {
        const { errors } = await compiled.ask(one, query);
        expect(errors).toEqual([]);
      })
    ).length;
  const of = (first: number) =>
    taken(`{ accounts(first: ${first}) { nodes { metrics(${MARCH}) { engagement { minutes penetration { value
      records { totalCount nodes { id } } } } } } } }`);
  const [few, many] = [await of(1), await of(20)];
  expect(many).toBe(few);
  // accounts, settings, engagement, contacts, their number
  expect(many).toBeLessThanOrEqual(5);
  const series = (interval: string) =>
    taken(`{ metricSeries(interval: ${interval}, window: { from: "2026-01-01", to: "2027-01-01" }) {
      metrics { engagement { minutes } } } }`);
  expect([await series('YEAR'), await series('MONTH')]).toEqual([2, 2]);
});

test('the trend goes by the window that PREVIOUS names: of a month the month before, of dates as many days', async () => {
  const account = some.account({ at: Date.parse('2025-01-01T00:00:00Z') });
  const contact = some.contact(account.id, { at: Date.parse('2025-01-01T00:00:00Z') });
  const on = (date: string, minutes: number) =>
    some.activity(Date.parse(`${date}T12:00:00Z`), minutes, { contactId: contact.id });
  await store(world, one.tenant, {
    accounts: [account],
    contacts: [contact],
    activities: [on('2026-01-30', 40), on('2026-02-10', 10), on('2026-03-10', 20)],
  });
  const data = await ask(
    `query Trends($asOf: DateTime!) {
      march: metrics(window: { named: THIS_MONTH, compare: PREVIOUS }, asOf: $asOf) { ...Engagement comparison { ...Engagement } }
      dates: metrics(window: { from: "2026-03-01", to: "2026-04-01" }, asOf: $asOf) { ...Engagement }
      months: metricSeries(interval: MONTH, window: { from: "2026-01-15", to: "2026-04-01" }, asOf: $asOf) { metrics { ...Engagement } }
    }`,
    { asOf: '2026-03-31T12:00:00Z' },
  );
  expect(numbers(data['march']).slice(0, 3)).toEqual([20, 1, 1]);
  expect(numbers(data['march'].comparison).slice(0, 3)).toEqual([10, 1, -0.75]);
  // 31 days before begin on 29 January
  expect(numbers(data['dates']).slice(0, 3)).toEqual([20, 1, -0.6]);
  expect((data['months'] as Data[]).map(({ metrics }) => numbers(metrics).slice(0, 3))).toEqual([
    [40, 1, null],
    [10, 1, -0.75],
    [20, 1, 1],
  ]);
});
