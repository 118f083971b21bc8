import 'reflect-metadata';
import sql from 'sql-template-tag';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { DEFAULT_METRIC_SETTINGS } from '../../src/metrics/metric-settings.ts';
import { BOUNDS } from '../../src/metrics/settings/metric-bounds.ts';
import { type Office, office } from '../leads/lead-life.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let at: Office;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
});
afterAll(() => world.close());

const numbers = Object.keys(BOUNDS).filter((name) => name !== 'activityMinutes') as Exclude<
  keyof typeof BOUNDS,
  'activityMinutes'
>[];
const SETTINGS = `metricSettings { ${numbers.join(' ')} requiredBuyingRoles activityMinutes { type minutes } }`;

const update = (input: Data, caller = at.admin) =>
  mutate(caller, 'updateMetricSettings', input, `organization { version ${SETTINGS} }`);
const settingsAfter = async (input: Data): Promise<Data> => {
  const { organization, userErrors } = await update(input);
  expect(userErrors).toEqual([]);
  return organization.metricSettings as Data;
};
const paths = async (input: Data) => (await update(input)).userErrors.map(({ path }: Data) => path.join('.'));
const stored = () =>
  world.database.read(at.tenant, (snapshot) =>
    snapshot.one<{ settings: Data }>(
      sql`select metric_settings as settings from organization where id = ${at.organization.id}`,
    ),
  );

test('without settings of its own an organisation has the defaults, every one of them', async () => {
  const settings = await settingsAfter({});
  const { activityMinutes, ...others } = DEFAULT_METRIC_SETTINGS;
  expect(settings).toEqual({
    ...others,
    activityMinutes: Object.entries(activityMinutes).map(([type, minutes]) => ({ type, minutes })),
  });
});

test('what is given changes, the rest stays; null gives the default back', async () => {
  const changed = await settingsAfter({
    engagedMinutes: 25,
    requiredBuyingRoles: ['BLOCKER', 'CHAMPION'],
    activityMinutes: [
      { type: 'WEBINAR', minutes: 45 },
      { type: 'CALL', minutes: 12 },
    ],
  });
  expect(changed).toMatchObject({
    engagedMinutes: 25,
    mqaMinutes: 100,
    requiredBuyingRoles: ['BLOCKER', 'CHAMPION'],
  });
  const minutesOf = ({ activityMinutes }: Data) =>
    Object.fromEntries(activityMinutes.map(({ type, minutes }: Data) => [type, minutes]));
  expect(minutesOf(changed)).toEqual({ ...DEFAULT_METRIC_SETTINGS.activityMinutes, WEBINAR: 45, CALL: 12 });
  const partly = await settingsAfter({
    engagedMinutes: null,
    requiredBuyingRoles: [],
    activityMinutes: [{ type: 'CALL' }, { type: 'EVENT', minutes: 0 }],
  });
  expect(partly).toMatchObject({ engagedMinutes: 10, requiredBuyingRoles: [] });
  expect(minutesOf(partly)).toEqual({ ...DEFAULT_METRIC_SETTINGS.activityMinutes, WEBINAR: 45, EVENT: 0 });
  // what is as by default is not kept: it would be left behind if the default changed
  expect((await stored())!.settings).toEqual({
    requiredBuyingRoles: [],
    activityMinutes: { WEBINAR: 45, EVENT: 0 },
  });
  await settingsAfter({ activityMinutes: null, requiredBuyingRoles: null });
  expect((await stored())!.settings).toEqual({});
});

test('every number can be what its bounds say, and nothing beyond', async () => {
  for (const [name, of] of [
    ['min', -1],
    ['max', 1],
  ] as const) {
    const within = Object.fromEntries(numbers.map((field) => [field, BOUNDS[field][name]]));
    within.leadActiveDays = 1;
    within.leadAgingDays = name === 'min' ? 2 : 3650;
    expect(await settingsAfter(within)).toMatchObject(within);
    const beyond = Object.fromEntries(numbers.map((field) => [field, BOUNDS[field][name] + of]));
    expect((await paths(beyond)).toSorted()).toEqual(numbers.toSorted());
  }
  const minutes = (value: number) => ({ activityMinutes: [{ type: 'CALL', minutes: value }] });
  expect(await paths(minutes(0))).toEqual([]);
  expect(await paths(minutes(1440))).toEqual([]);
  for (const value of [-1, 1441]) expect(await paths(minutes(value))).toEqual(['activityMinutes.0.minutes']);
});

test('no type and no role is given twice, and aging leads are older than active ones', async () => {
  expect(await paths({ requiredBuyingRoles: ['USER', 'CHAMPION', 'USER'] })).toEqual([
    'requiredBuyingRoles.2',
  ]);
  expect(
    await paths({
      activityMinutes: [
        { type: 'CALL', minutes: 1 },
        { type: 'CALL', minutes: 2 },
      ],
    }),
  ).toEqual(['activityMinutes.1']);
  expect(await paths({ leadActiveDays: 90 })).toEqual(['leadActiveDays']);
  expect(await paths({ leadAgingDays: 30 })).toEqual(['leadAgingDays']);
  expect(await paths({ leadActiveDays: 90, leadAgingDays: 90 })).toEqual(['leadAgingDays']);
  expect(await paths({ leadActiveDays: 90, leadAgingDays: 91 })).toEqual([]);
  expect(await paths({ leadAgingDays: null })).toEqual(['leadAgingDays']);
  expect(await paths({ leadActiveDays: null, leadAgingDays: null })).toEqual([]);
});

test('a change is told in the journal with what it changed; the same again is none', async () => {
  const change = { mqaPeople: 3, engagedMinutes: 10 };
  expect((await update(change)).organization.version).toBe(2);
  expect((await update(change)).organization.version).toBe(2);
  expect(await auditOf(world, at.tenant, encodeId('Organization', at.organization.id))).toMatchObject([
    { action: 'updateMetricSettings', before: { mqaPeople: 2 }, after: { mqaPeople: 3 } },
  ]);
  expect((await update({ mqaPeople: 4, ifVersion: 1 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 2 },
  ]);
  const once = { mqaPeople: 5, idempotencyKey: 'k' };
  await update(once);
  await update({ mqaPeople: 6 });
  await update(once);
  expect(await settingsAfter({})).toMatchObject({ mqaPeople: 6 });
  expect((await update({ ...once, mqaPeople: 7 })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
});

test('changes of different settings at once are all made', async () => {
  for (let round = 2; round < 12; round++) {
    const given = {
      mqaPeople: round,
      engagedMinutes: round,
      handoffHours: round,
      firstResponseMinutes: round,
    };
    await Promise.all(Object.entries(given).map(([name, value]) => update({ [name]: value })));
    expect(await settingsAfter({})).toMatchObject(given);
  }
});

test('only an administrator changes them, everybody reads them', async () => {
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE]) {
    const caller = await at.as(role);
    const { data } = await caller.send(`{ viewer { organization { ${SETTINGS} } } }`);
    expect(data!.viewer.organization.metricSettings.engagedMinutes).toBe(10);
    expect(await failure(caller, 'updateMetricSettings', { mqaPeople: 3 }, 'organization { id }')).toBe(
      'FORBIDDEN',
    );
  }
});
