import 'reflect-metadata';
import sql from 'sql-template-tag';
import type { Tenant } from '../../../src/database/tenant.ts';
import { encodeId } from '../../../src/graphql/ids.ts';
import type { Organization } from '../../../src/identity/organization.service.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { someAccount, someWorld } from './some-deals.ts';
import { storeWorld } from './store.ts';

let world: World;
let organization: Organization & { tenant: Tenant };
let accountIds: string[];
let api: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openWorld();
  const made = await world.organization();
  organization = made;
  const acme = someAccount({ name: 'Acme' });
  const others = ['Acme Labs', 'Globex', 'Umbrella'].map((name) =>
    someAccount({ name, parentId: name === 'Acme Labs' ? acme.id : null }),
  );
  const accounts = [acme, ...others];
  accountIds = accounts.map(({ id }) => id);
  // 1, 2, 3, 4 won deals, in either year
  const createdAt = new Date('2026-01-10T12:00:00Z');
  const deals = accountIds.flatMap((accountId, index) =>
    ['2026-02-01', '2025-02-01'].flatMap((closeDate) =>
      Array.from({ length: index + 1 }, () => ({ accountId, isWon: true, closeDate, createdAt })),
    ),
  );
  await storeWorld(world.database, made.tenant, someWorld(deals, { accounts }));
  api = await openApi(world, 'compiled');
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
type Data = any;

async function ask(query: string): Promise<Data> {
  const { data, errors } = await api.ask(organization, query);
  expect(errors).toEqual([]);
  return data;
}

const WINDOW = 'window: { from: "2026-01-01", to: "2027-01-01", compare: LAST_YEAR }';
const NUMBERS = `
  won { count records { totalCount } } sourced { denominator records { totalCount } }
  comparison { won { count records { totalCount } } }
  threading { mean multiThreadedShare { denominator records { totalCount } } }
  stageConversion { rate { denominator records { totalCount } } }
  engagement { minutes penetration { denominator records { totalCount } } }`;

test('an account’s metrics are the same at whatever depth of an operation it is met', async () => {
  const metrics = `id metrics(${WINDOW}) { ${NUMBERS} }`;
  const alone = new Map<string, Data>();
  for (const accountId of accountIds) {
    const id = encodeId('Account', accountId);
    alone.set(id, (await ask(`{ account(by: { id: "${id}" }) { ${metrics} } }`)).account.metrics);
  }
  const [first, second] = accountIds.map((id) => encodeId('Account', id));
  const { one, all } = await ask(`{
    one: account(by: { id: "${second}" }) { ${metrics} parent { ${metrics} } }
    all: accounts { nodes { ${metrics} children { nodes { ${metrics} } } } }
  }`);
  expect(one.metrics).toEqual(alone.get(second!));
  expect(one.parent.metrics).toEqual(alone.get(first!));
  expect(one.metrics).toMatchObject({
    won: { count: 2, records: { totalCount: 2 } },
    comparison: { won: { count: 2, records: { totalCount: 2 } } },
  });
  for (const { id, metrics: own, children } of all.nodes) {
    expect(own).toEqual(alone.get(id));
    for (const child of children.nodes) expect(child.metrics).toEqual(alone.get(child.id));
  }
});

test('the metrics of a person are, too', async () => {
  const { data } = await api.ask(organization, '{ viewer { organization { users { nodes { id } } } } }');
  const [user] = (data as Data).viewer.organization.users.nodes;
  await world.database.write(organization.tenant, (tx) =>
    tx.query(
      sql`update opportunity set owner_id = (select id from app_user where organization_id = ${organization.id} limit 1)
        where organization_id = ${organization.id} and account_id = ${accountIds[1]}`,
    ),
  );
  const metrics = `metrics(${WINDOW}) { ${NUMBERS} }`;
  const answer = await ask(`{
    viewer { organization { users { nodes { id ${metrics} } } } }
    accounts { nodes { opportunities(first: 1) { nodes { owner { id ${metrics} } } } } }
  }`);
  const [own] = answer.viewer.organization.users.nodes;
  expect(own).toMatchObject({ id: user.id, metrics: { won: { count: 2, records: { totalCount: 2 } } } });
  const met = (answer.accounts.nodes as Data[]).flatMap(({ opportunities }) =>
    opportunities.nodes.map(({ owner }: Data) => owner),
  );
  expect(met.filter(Boolean)).toEqual([own]);
});

test('what is beyond the first groups is each list’s own', async () => {
  const groups = (first: number) => `metricGroups(by: [ACCOUNT], first: ${first}, ${WINDOW},
    orderBy: { metric: "won" }) { key { label isOther } metrics { ${NUMBERS} } }`;
  const { few, many } = await ask(`{ few: ${groups(1)} many: ${groups(3)} }`);
  expect(few).toEqual((await ask(`{ few: ${groups(1)} }`)).few);
  expect(many).toEqual((await ask(`{ many: ${groups(3)} }`)).many);
  const other = (all: Data[]) => all.find(({ key }) => key.isOther).metrics;
  expect(other(few)).toMatchObject({
    won: { count: 6, records: { totalCount: 6 } },
    comparison: { won: { count: 6, records: { totalCount: 6 } } },
    sourced: { denominator: '12', records: { totalCount: 12 } },
  });
  expect(other(many)).toMatchObject({
    won: { count: 1, records: { totalCount: 1 } },
    comparison: { won: { count: 1, records: { totalCount: 1 } } },
    sourced: { denominator: '2', records: { totalCount: 2 } },
  });
});

test('a group that has deals only in the compared window is a group, too: none is lost to a comparison', async () => {
  await world.database.write(organization.tenant, (tx) =>
    tx.query(
      sql`update opportunity set close_date = '2025-03-01'
        where organization_id = ${organization.id} and account_id = ${accountIds[2]}`,
    ),
  );
  const { whole } = await ask(`{ whole: metrics(${WINDOW}) { won { count } comparison { won { count } } } }`);
  expect(whole).toEqual({ won: { count: 7 }, comparison: { won: { count: 13 } } });
  const names: Data[] = [];
  for (const first of [1, 2, 3, 4]) {
    const { groups } = await ask(`{ groups: metricGroups(by: [ACCOUNT], first: ${first}, ${WINDOW}) {
      key { label isOther } metrics { won { count records { totalCount } } comparison { won { count records { totalCount } } } } } }`);
    const sum = (of: (metrics: Data) => number) =>
      (groups as Data[]).reduce((total, { metrics }) => total + of(metrics), 0);
    expect(sum(({ won }) => won.count)).toBe(7);
    expect(sum(({ won }) => won.records.totalCount)).toBe(7);
    expect(sum(({ comparison }) => comparison.won.count)).toBe(13);
    expect(sum(({ comparison }) => comparison.won.records.totalCount)).toBe(13);
    names.push(groups.map(({ key }: Data) => key.label));
  }
  expect(names.at(-1)).toEqual(['Acme', 'Acme Labs', 'Globex', 'Umbrella']);
  // having goes by the window itself, where Globex has none
  const { some } =
    await ask(`{ some: metricGroups(by: [ACCOUNT], ${WINDOW}, having: [{ metric: "won.count", lte: "1" }]) {
    key { label } metrics { won { count } comparison { won { count } } } } }`);
  expect(some).toEqual([
    { key: { label: 'Acme' }, metrics: { won: { count: 1 }, comparison: { won: { count: 1 } } } },
    { key: { label: 'Globex' }, metrics: { won: { count: 0 }, comparison: { won: { count: 6 } } } },
  ]);
});

test('groups of a custom number stand in its order, whatever texts an earlier field of that key left', async () => {
  const { id, tenant } = organization;
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`
      insert into custom_field (organization_id, id, record_type, key, label, type, position, created_at, updated_at)
      values (${id}, gen_random_uuid(), 'ACCOUNT', 'seats', 'Seats', 'NUMBER', 90, now(), now())`);
    await tx.query(sql`
      update account set custom_fields = jsonb_build_object('seats', v.seats)
      from unnest(${accountIds}::uuid[], ${['10', '9.5', '-1', 'many']}::text[]) v (id, seats)
      where organization_id = ${id} and account.id = v.id`);
  });
  const { groups } =
    await ask(`{ groups: metricGroups(by: [CUSTOM_FIELD], customField: { record: ACCOUNT, key: "seats" }) {
    key { label } metrics { pipelineCreated { count } } } }`);
  expect((groups as Data[]).map(({ key }) => key.label)).toEqual(['-1', '9.5', '10', 'many']);
});
