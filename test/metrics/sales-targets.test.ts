import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Office, office } from '../leads/lead-life.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let at: Office;
let una: string;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
  una = await at.user();
});
afterEach(async () => {
  expect(await checkOrganization(world.database, at.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const TARGET = 'id owner { id } from to amount { amount currency } version';
const set = (targets: Data[], more: Data = {}, caller = at.admin) =>
  mutate(caller, 'setSalesTargets', { targets, ...more }, `targets { ${TARGET} }`);
const remove = (targets: string[], more: Data = {}) =>
  mutate(at.admin, 'removeSalesTargets', { targets, ...more }, 'organization { version }');
const target = (owner: string | null, from: string, to: string, amount = '1000') => ({
  ...{ owner, from, to },
  amount: { amount },
});
const quarters = [
  ['2026-01-01', '2026-04-01'],
  ['2026-04-01', '2026-07-01'],
  ['2026-07-01', '2026-10-01'],
  ['2026-10-01', '2027-01-01'],
] as const;
const errors = ({ userErrors }: Data) =>
  userErrors.map(({ code, path }: Data) => `${code} ${(path as string[]).join('.')}`);

async function listed(args = '', caller = at.admin): Promise<Data> {
  const { data, errors: failed } = await caller.send(
    `{ salesTargets${args} { totalCount pageInfo { hasNextPage endCursor } nodes { ${TARGET} } } }`,
  );
  expect(failed).toEqual([]);
  return data!.salesTargets as Data;
}
const periods = async (args?: string) =>
  (await listed(args)).nodes.map(({ owner, from, amount }: Data) => [owner?.id ?? null, from, amount.amount]);

test('targets of people and of the organisation are set, corrected, listed and removed', async () => {
  const made = await set([
    ...quarters.map(([from, to]) => target(una, from, to)),
    target(null, '2026-01-01', '2027-01-01', '9000.50'),
  ]);
  expect(made.userErrors).toEqual([]);
  expect(made.targets).toHaveLength(5);
  expect(made.targets[4]).toEqual({
    id: expect.stringMatching(/^tgt_/),
    owner: null,
    from: '2026-01-01',
    to: '2027-01-01',
    amount: { amount: '9000.50', currency: 'EUR' },
    version: 1,
  });
  const again = await set([target(una, ...quarters[1], '1500'), target(una, ...quarters[0])]);
  expect(again.targets).toMatchObject([
    { id: made.targets[1].id, amount: { amount: '1500.00' }, version: 2 },
    { id: made.targets[0].id, amount: { amount: '1000.00' }, version: 1 },
  ]);
  expect(await periods()).toEqual([
    [una, '2026-10-01', '1000.00'],
    [una, '2026-07-01', '1000.00'],
    [una, '2026-04-01', '1500.00'],
    [null, '2026-01-01', '9000.50'],
    [una, '2026-01-01', '1000.00'],
  ]);
  expect(await periods(`(filter: { owner: { isNull: true } })`)).toHaveLength(1);
  expect(await periods(`(filter: { owner: { eq: "${una}" }, from: { gte: "2026-07-01" } })`)).toHaveLength(2);
  const page = await listed('(first: 3)');
  expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
  expect((await listed(`(first: 3, after: "${page.pageInfo.endCursor}")`)).nodes).toHaveLength(2);
  const { data } = await at.admin.send('query ($id: ID!) { node(id: $id) { ... on SalesTarget { from } } }', {
    id: made.targets[3].id,
  });
  expect(data).toEqual({ node: { from: '2026-10-01' } });

  const [first, , , , whole] = made.targets.map(({ id }: Data) => id);
  expect((await remove([first, whole, first])).userErrors).toEqual([]);
  expect(await periods()).toHaveLength(3);
  expect(errors(await remove([made.targets[1].id, first]))).toEqual(['NOT_FOUND targets.1']);
  expect(await periods()).toHaveLength(3);
});

test('periods of one owner may touch but not overlap: the message names the one in the way', async () => {
  await set([target(una, '2026-01-01', '2026-04-01')]);
  for (const [from, to] of [
    ['2026-03-31', '2026-07-01'],
    ['2025-01-01', '2026-01-02'],
    ['2026-02-01', '2026-03-01'],
    ['2025-01-01', '2027-01-01'],
    ['2026-01-01', '2026-07-01'],
  ] as const) {
    const refused = await set([target(null, from, to), target(una, from, to)]);
    expect([errors(refused), refused.targets]).toEqual([['INVALID_INPUT targets.1.from'], null]);
    expect(refused.userErrors[0].message).toContain('2026-01-01 to 2026-04-01');
  }
  expect(
    errors(await set([target(una, '2026-04-01', '2026-07-01'), target(una, '2025-10-01', '2026-01-01')])),
  ).toEqual([]);
  const other = await at.user();
  const inside = await set([
    target(other, '2026-01-01', '2027-01-01'),
    target(other, '2027-01-01', '2028-01-01'),
    target(other, '2026-06-01', '2026-07-01'),
    target(other, '2027-01-01', '2028-01-01'),
  ]);
  expect(errors(inside)).toEqual(['INVALID_INPUT targets.2.from', 'INVALID_INPUT targets.3.from']);
  expect(await periods()).toHaveLength(3);
});

test('what is no target is refused, each with its place, and nothing is set', async () => {
  const elsewhere = await office(world);
  const [from, to] = quarters[0];
  const bad = [target(await elsewhere.user(), from, to), target(encodeId('User', uuidv7()), from, to)];
  expect(errors(await set(bad))).toEqual(['NOT_FOUND targets.0.owner', 'NOT_FOUND targets.1.owner']);
  const wrong = await set([
    target('nobody', from, to),
    target(await at.queue(), from, to),
    target(una, from, from),
    target(una, to, from),
    target(una, '1899-12-31', '1900-02-01'),
    target(una, '2026-01-01', '2201-01-01'),
    target(null, from, to, '-0.01'),
    target(null, from, to, '0.001'),
    target(null, from, to, '99999999999999999999'),
    { ...target(null, from, to), amount: { amount: '1', currency: 'USD' } },
    { ...target(null, from, to), amount: { amount: '1', currency: 'euro' } },
    target(una, from, to, '0'),
  ]);
  expect(errors(wrong)).toEqual([
    'INVALID_INPUT targets.0.owner',
    'INVALID_INPUT targets.1.owner',
    'INVALID_INPUT targets.2.to',
    'INVALID_INPUT targets.3.to',
    'INVALID_INPUT targets.4.from',
    'INVALID_INPUT targets.5.to',
    'INVALID_INPUT targets.6.amount.amount',
    'INVALID_INPUT targets.7.amount.amount',
    'INVALID_INPUT targets.8.amount.amount',
    'INVALID_INPUT targets.9.amount.currency',
    'INVALID_INPUT targets.10.amount.currency',
  ]);
  expect(errors(await set([]))).toEqual(['INVALID_INPUT targets']);
  expect(errors(await set(Array.from({ length: 501 }, () => target(una, from, to))))).toEqual([
    'INVALID_INPUT targets',
  ]);
  expect(errors(await remove([]))).toEqual(['INVALID_INPUT targets']);
  expect(errors(await remove(['tgt_x', una]))).toEqual([
    'INVALID_INPUT targets.0',
    'INVALID_INPUT targets.1',
  ]);
  expect((await listed()).totalCount).toBe(0);
});

test('500 at once, also for a person who has left', async () => {
  const left = await at.user(false);
  const days = Array.from({ length: 501 }, (_, day) =>
    new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const { targets } = await set(days.slice(1).map((day, index) => target(left, days[index]!, day)));
  expect(targets).toHaveLength(500);
  expect((await listed()).totalCount).toBe(500);
});

test('another organisation neither sees nor removes them', async () => {
  const { targets } = await set([target(una, ...quarters[0])]);
  const elsewhere = await office(world);
  expect((await listed('', elsewhere.admin)).nodes).toEqual([]);
  const input = { targets: [targets[0].id] };
  const answer = await mutate(elsewhere.admin, 'removeSalesTargets', input, 'organization { id }');
  expect(errors(answer)).toEqual(['NOT_FOUND targets.0']);
  expect((await listed()).totalCount).toBe(1);
});

test('of overlapping targets set at once one is; those of the same period are one', async () => {
  for (let round = 0; round < 10; round++) {
    const year = 2030 + round;
    const overlapping = await Promise.all(
      [1, 2, 3].map((month) => set([target(una, `${year}-0${month}-01`, `${year}-09-01`)])),
    );
    expect(overlapping.filter((answer) => answer.userErrors.length === 0)).toHaveLength(1);
    const same = await Promise.all(
      ['1', '2', '3'].map((amount) => set([target(null, `${year}-01-01`, `${year}-09-01`, amount)])),
    );
    expect(new Set(same.map(({ targets }) => targets[0].id)).size).toBe(1);
  }
  expect((await listed()).totalCount).toBe(20);
});

test('a change is told in the journal, is one per key, and is not made on old settings', async () => {
  const given = [target(una, ...quarters[0]), target(una, ...quarters[1])];
  const [first, second] = [
    await set(given, { idempotencyKey: 'k' }),
    await set(given, { idempotencyKey: 'k' }),
  ];
  expect(second).toEqual(first);
  await set([target(una, ...quarters[0], '7'), target(una, ...quarters[1])], { ifVersion: 2 });
  await set([target(una, ...quarters[0], '7')]);
  expect((await set(given, { ifVersion: 2 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 3 },
  ]);
  expect(errors(await remove([first.targets[0].id], { ifVersion: 2 }))).toEqual(['STALE_VERSION ifVersion']);
  await remove([first.targets[0].id], { ifVersion: 3 });
  const told = (from: string, to: string, amount: string) => ({
    ...{ ownerId: expect.any(String), from, to },
    amount: `${amount} EUR`,
  });
  const [one, two] = [told(...quarters[0], '1000.00'), told(...quarters[1], '1000.00')];
  const seven = told(...quarters[0], '7.00');
  expect(await auditOf(world, at.tenant, encodeId('Organization', at.organization.id))).toMatchObject([
    { action: 'setSalesTargets', before: { targets: [] }, after: { targets: [one, two] } },
    { action: 'setSalesTargets', before: { targets: [one] }, after: { targets: [seven] } },
    { action: 'removeSalesTargets', before: { targets: [seven] }, after: { targets: [] } },
  ]);
});

test('pipeline coverage goes by the targets that were set', async () => {
  const { opportunity } = await mutate(
    at.admin,
    'createOpportunity',
    { name: 'Deal', stage: 'Qualification', closeDate: '2026-02-01', owner: una, amount: { amount: '3000' } },
    'opportunity { id }',
  );
  expect(opportunity.id).toMatch(/^opp_/);
  const coverage = async () => {
    const query = `{ metrics(window: { from: "2026-01-01", to: "2026-04-01" }) { coverage { value } } }`;
    const { data, errors: failed } = await at.admin.send(query);
    expect(failed).toEqual([]);
    return data!.metrics.coverage.value === null ? null : Number(data!.metrics.coverage.value);
  };
  expect(await coverage()).toBeNull();
  await set([target(una, ...quarters[0], '1000'), target(await at.user(), ...quarters[0], '500')]);
  expect(await coverage()).toBe(2);
  await set([target(null, ...quarters[0], '6000')]);
  expect(await coverage()).toBe(0.5);
});

test('only an administrator sets them, everybody reads them', async () => {
  const { targets } = await set([target(una, ...quarters[0])]);
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE]) {
    const caller = await at.as(role);
    expect((await listed('', caller)).totalCount).toBe(1);
    const input = { targets: [target(una, ...quarters[1])] };
    expect(await failure(caller, 'setSalesTargets', input, 'targets { id }')).toBe('FORBIDDEN');
    const removed = { targets: [targets[0].id] };
    expect(await failure(caller, 'removeSalesTargets', removed, 'organization { id }')).toBe('FORBIDDEN');
  }
});
