import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { runs } from '../../support/runs.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { anyAccountWorld, anyMoment, storeAccountWorld } from './account-worlds.ts';
import { ago, setSettings, some, statementsOf, store } from './few-records.ts';

type Organization = Awaited<ReturnType<World['organization']>>;

let world: World;
let api: Awaited<ReturnType<typeof openApi>>;
let tenants: ReturnType<typeof watchTenants>;
let one: Organization;
beforeAll(async () => {
  world = await openWorld();
  api = await openApi(world, 'compiled');
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  one = await world.organization({ timeZone: 'UTC' });
});
afterEach(() => tenants.assertNone());
afterAll(async () => {
  await api.close();
  await world.close();
});

interface Engaged {
  account: ReturnType<typeof some.account>;
  first: ReturnType<typeof some.contact>;
  second: ReturnType<typeof some.contact>;
}

async function ask(query: string, variables: Data = {}): Promise<Data> {
  const { data, errors } = await api.ask(one, query, variables);
  expect(errors).toEqual([]);
  return data as unknown as Data;
}

const stages = async (): Promise<Record<string, string>> => {
  const { accounts } = await ask('{ accounts(first: 100) { nodes { id journeyStage } } }');
  return Object.fromEntries(
    (accounts.nodes as Data[]).map(({ id, journeyStage }) => [parseId(id as string)!.uuid, journeyStage]),
  ) as Record<string, string>;
};

/** One account for each stage, which has just what that stage takes. */
function oneOfEach() {
  const names = ['customer', 'opportunity', 'mqa', 'engaged', 'aware', 'target', 'none'] as const;
  const at = Object.fromEntries(
    names.map((name) => [name, some.account({ isTarget: name !== 'none' })]),
  ) as Record<(typeof names)[number], ReturnType<typeof some.account>>;
  const people = {
    first: some.contact(at.mqa.id),
    second: some.contact(at.mqa.id),
    engaged: some.contact(at.engaged.id),
    aware: some.contact(at.aware.id),
  };
  return {
    at,
    people,
    records: {
      accounts: Object.values(at),
      contacts: Object.values(people),
      deals: [
        some.deal(at.customer.id, 'won'),
        some.deal(at.customer.id),
        some.deal(at.opportunity.id),
        some.deal(at.none.id, 'lost'),
        some.deal(at.none.id, 'won', { isDeleted: true }),
      ],
      activities: [
        some.activity(ago(10), 60, { contactId: people.first.id }),
        some.activity(ago(80), 40, { contactId: people.second.id }),
        some.activity(ago(10), 10, { contactId: people.engaged.id }),
        some.activity(ago(200), 99, { contactId: people.aware.id }),
        some.activity(ago(10), 9, { contactId: people.aware.id }),
        some.activity(ago(10), 500, { accountId: at.none.id, direction: 'OUTBOUND' }),
        some.activity(ago(10), 500, { accountId: at.none.id, isOpen: true }),
      ],
    },
  };
}

test('an account is in the first stage whose condition it meets; a lost or deleted opportunity is none', async () => {
  const { at, records } = oneOfEach();
  await store(world, one.tenant, records);
  expect(await stages()).toEqual({
    [at.customer.id]: 'CUSTOMER',
    [at.opportunity.id]: 'OPPORTUNITY',
    [at.mqa.id]: 'MQA',
    [at.engaged.id]: 'ENGAGED',
    [at.aware.id]: 'AWARE',
    [at.target.id]: 'TARGET',
    [at.none.id]: 'NONE',
  });
});

test('what stages ask for is a setting', async () => {
  const { at, records } = oneOfEach();
  await store(world, one.tenant, records);
  const [mqa, engaged, aware] = [at.mqa.id, at.engaged.id, at.aware.id];
  for (const [settings, expected] of [
    [{ mqaMinutes: 101 }, ['ENGAGED', 'ENGAGED', 'AWARE']],
    [{ mqaPeople: 3 }, ['ENGAGED', 'ENGAGED', 'AWARE']],
    [{ mqaMinutes: 10, mqaPeople: 1 }, ['MQA', 'MQA', 'AWARE']],
    [{ engagedMinutes: 11 }, ['MQA', 'AWARE', 'AWARE']],
    [{ engagedMinutes: 9 }, ['MQA', 'ENGAGED', 'ENGAGED']],
    // the activity of 80 days ago is too old then
    [{ engagementMonths: 1 }, ['ENGAGED', 'ENGAGED', 'AWARE']],
    [{ engagementMonths: 12 }, ['MQA', 'ENGAGED', 'ENGAGED']],
  ] as const) {
    await setSettings(world, one.tenant, settings);
    const found = await stages();
    expect([settings, [mqa, engaged, aware].map((id) => found[id])]).toEqual([settings, expected]);
  }
});

test('minutes without a person are of the account, but nobody’s: 100 of them and one contact make no MQA', async () => {
  const account = some.account();
  const contact = some.contact(account.id);
  await store(world, one.tenant, {
    accounts: [account],
    contacts: [contact],
    activities: [
      some.activity(ago(1), 200, { accountId: account.id }),
      some.activity(ago(1), 1, { contactId: contact.id }),
    ],
  });
  expect(await stages()).toEqual({ [account.id]: 'ENGAGED' });
});

test('engagement of exactly three months ago counts, a millisecond earlier no more; people without minutes make no MQA', async () => {
  const moment = Date.parse('2024-05-31T12:00:00Z');
  // February has no 31st
  const start = Date.parse('2024-02-29T12:00:00Z');
  const old = { at: Date.parse('2024-01-01') };
  const [edge, before, idle] = [1, 2, 3].map(() => {
    const account = some.account({ isTarget: true, ...old });
    return { account, first: some.contact(account.id, old), second: some.contact(account.id, old) };
  }) as [Engaged, Engaged, Engaged];
  await store(world, one.tenant, {
    accounts: [edge, before, idle].map(({ account }) => account),
    contacts: [edge, before, idle].flatMap(({ first, second }) => [first, second]),
    activities: [
      some.activity(start, 60, { contactId: edge.first.id }),
      some.activity(moment, 40, { contactId: edge.second.id }),
      some.activity(start - 1, 60, { contactId: before.first.id }),
      some.activity(moment, 40, { contactId: before.second.id }),
      some.activity(moment, 100, { contactId: idle.first.id }),
      some.activity(moment, 0, { contactId: idle.second.id }),
    ],
  });
  const { accounts, accountCoverage } = await ask(
    `query ($asOf: DateTime) { accountCoverage(asOf: $asOf) { mqa { numerator denominator } }
      accounts { nodes { id journey(asOf: $asOf) { stage reached { stage at } } } } }`,
    { asOf: new Date(moment).toISOString() },
  );
  const journeys = new Map(
    (accounts.nodes as Data[]).map(({ id, journey }) => [parseId(id as string)!.uuid, journey as Data]),
  );
  const found = [edge, before, idle].map(({ account }) => {
    const { stage, reached } = journeys.get(account.id)!;
    return [stage, (reached as Data[]).find((milestone) => milestone.stage === 'MQA')?.['at'] ?? null];
  });
  expect(found).toEqual([
    ['MQA', new Date(moment).toISOString()],
    ['ENGAGED', null],
    ['ENGAGED', null],
  ]);
  expect(accountCoverage).toEqual({ mqa: { numerator: 1, denominator: 3 } });
});

test('a page of any size takes one statement for its stages', async () => {
  const { records } = oneOfEach();
  await store(world, one.tenant, records);
  const taken = async (first: number) =>
    (await statementsOf(world, () => ask(`{ accounts(first: ${first}) { nodes { journeyStage } } }`))).filter(
      ({ text }) => text.includes('as stage'),
    ).length;
  expect([await taken(1), await taken(7)]).toEqual([1, 1]);
});

const COUNTS = 'openPipeline { count amount { amount } } won { count } lost { count }';

test('opportunities fall into the journey stages of their accounts; those without an account are a group of their own', async () => {
  const { at, records } = oneOfEach();
  const orphan = some.deal(null);
  const lost = some.deal(at.mqa.id, 'lost');
  await store(world, one.tenant, { ...records, deals: [...records.deals, orphan, lost] });
  const { metricGroups, metrics } = await ask(`{
    metrics { ${COUNTS} }
    metricGroups(by: [JOURNEY_STAGE]) { key { label journeyStage isOther } metrics { ${COUNTS}
      records: openPipeline { records { totalCount nodes { id } } } } }
  }`);
  const found = (metricGroups as Data[]).map(({ key, metrics: own }) => [
    ...[key.journeyStage, own.openPipeline.count, own.won.count, own.lost.count],
    own.records.records.totalCount,
  ]);
  expect(found.sort()).toEqual(
    [
      ['CUSTOMER', 1, 1, 0, 1],
      ['OPPORTUNITY', 1, 0, 0, 1],
      ['MQA', 0, 0, 1, 0],
      ['NONE', 0, 0, 1, 0],
      [null, 1, 0, 0, 1],
    ].sort(),
  );
  expect(metrics).toMatchObject({
    openPipeline: { count: 3, amount: { amount: '300.00' } },
    won: { count: 1 },
    lost: { count: 2 },
  });
  const { byTwo } = await ask(
    `{ byTwo: metricGroups(by: [JOURNEY_STAGE, MONTH]) { key { label journeyStage } metrics { won { count } } } }`,
  );
  expect((byTwo as Data[]).reduce((sum, { metrics: own }) => sum + own.won.count, 0)).toBe(1);
});

test('an account that was merged away has no stage: its activities are not seen, its opportunities have no group’s name', async () => {
  const [kept, merged] = [some.account(), some.account()];
  const gone = some.contact(kept.id);
  await store(world, one.tenant, {
    accounts: [kept, merged],
    contacts: [gone],
    activities: [some.activity(ago(1), 300, { contactId: gone.id })],
    deals: [some.deal(merged.id)],
  });
  await world.database.write(one.tenant, async (tx) => {
    await tx.query(sql`update account set merged_into_id = ${kept.id}, deleted_at = now()
      where organization_id = ${one.id} and id = ${merged.id}`);
    await tx.query(
      sql`update contact set deleted_at = now() where organization_id = ${one.id} and id = ${gone.id}`,
    );
  });
  expect(await stages()).toEqual({ [kept.id]: 'NONE' });
  const { metricGroups } = await ask(
    '{ metricGroups(by: [JOURNEY_STAGE]) { key { journeyStage label } metrics { openPipeline { count } } } }',
  );
  expect(metricGroups).toEqual([
    { key: { journeyStage: null, label: null }, metrics: { openPipeline: { count: 1 } } },
  ]);
});

test('in generated worlds, stages are the same by every way, and groups are what counting them gives, as of any moment', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(), anyMoment, async (rows, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const { accounts, metricGroups } = await ask(
        `query Any($asOf: DateTime) {
          accounts(first: 100) { nodes { id journeyStage now: journey { stage } journey(asOf: $asOf) { stage }
            metrics(asOf: $asOf) { openPipeline { count } won { count } lost { count } } } }
          metricGroups(by: [JOURNEY_STAGE], asOf: $asOf) { key { journeyStage }
            metrics { openPipeline { count } won { count } lost { count } } } }`,
        { asOf: asOf === null ? null : new Date(asOf).toISOString() },
      );
      const add = (groups: Map<string, number[]>, stage: string, { openPipeline, won, lost }: Data) => {
        const sums = groups.get(stage) ?? [0, 0, 0];
        const own = [openPipeline.count, won.count, lost.count] as number[];
        if (own.some((count) => count > 0))
          groups.set(
            stage,
            sums.map((sum, index) => sum + own[index]!),
          );
      };
      const expected = new Map<string, number[]>();
      for (const { id: global, journeyStage, now, journey, metrics } of accounts.nodes as Data[]) {
        const { uuid } = parseId(global as string)!;
        expect(now.stage).toBe(journeyStage);
        if (asOf === null) expect(journey.stage).toBe(journeyStage);
        // an account that was not known yet has no stage, and no group
        const wasKnown = asOf === null || rows.accounts.some(({ id, at }) => id === uuid && at <= asOf);
        if (wasKnown) add(expected, journey.stage as string, metrics as Data);
      }
      const actual = new Map<string, number[]>();
      for (const { key, metrics } of metricGroups as Data[])
        if (key.journeyStage !== null) add(actual, key.journeyStage as string, metrics as Data);
      expect(actual).toEqual(expected);
    }),
    { numRuns: runs(8), endOnFailure: true },
  );
});
