import 'reflect-metadata';
import sql from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { generateSample, type SampleResult } from '../../src/sample/generate.ts';
import { openWorld, type World } from '../support/world.ts';
import { dumpSample, rowsOf } from './sample-rows.ts';

const NOW = new Date('2026-11-23T20:15:00Z');

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let result: SampleResult;
beforeAll(async () => {
  world = await openWorld();
  organization = await world.organization();
  result = await generateSample(world.database, organization, { now: NOW });
});
afterAll(() => world.close());

test('it has the size it is announced with', async () => {
  expect(result).toEqual({
    accounts: 60,
    contacts: 250,
    leads: 180,
    opportunities: 220,
    conversions: 50,
    campaigns: 8,
    activities: expect.any(Number),
  });
  expect(result.activities).toBeGreaterThan(1300);
  expect(result.activities).toBeLessThan(1700);

  const { id } = organization;
  const [found] = await rowsOf<SampleResult>(
    world,
    organization,
    sql`select (select count(*)::int from account where organization_id = ${id}) as accounts,
      (select count(*)::int from contact where organization_id = ${id}) as contacts,
      (select count(*)::int from lead where organization_id = ${id}) as leads,
      (select count(*)::int from opportunity where organization_id = ${id}) as opportunities,
      (select count(*)::int from lead_conversion where organization_id = ${id}) as conversions,
      (select count(*)::int from campaign where organization_id = ${id}) as campaigns,
      (select count(*)::int from activity where organization_id = ${id}) as activities`,
  );
  expect(found).toEqual(result);
  const team = await rowsOf(
    world,
    organization,
    sql`select role, count(*)::int as people from app_user where organization_id = ${id} group by role order by role`,
  );
  expect(team).toEqual([
    { role: 'ADMIN', people: 1 },
    { role: 'AE', people: 5 },
    { role: 'ANALYST', people: 1 },
    { role: 'MARKETER', people: 1 },
    { role: 'SDR', people: 3 },
  ]);
});

test('one seed gives the same rows on one day, ids included; another seed and another day give others', async () => {
  const [same, otherSeed, otherDay] = [
    await world.organization(),
    await world.organization(),
    await world.organization(),
  ];
  await generateSample(world.database, same, { now: new Date('2026-11-23T03:00:00Z') });
  await generateSample(world.database, otherSeed, { now: NOW, seed: 7 });
  await generateSample(world.database, otherDay, { now: new Date('2026-11-24T20:15:00Z') });

  const dump = await dumpSample(world, organization);
  expect(await dumpSample(world, same)).toEqual(dump);
  const other = await dumpSample(world, otherSeed);
  for (const [table, rows] of Object.entries(dump)) {
    expect(rows.length).toBeGreaterThan(0);
    expect(other[table]!.filter((row) => rows.includes(row))).toEqual([]);
  }
  expect((await dumpSample(world, otherDay)).lead).not.toEqual(dump.lead);
});

test.each([1, 2, 3, 4])(
  'everything that must hold for records holds, whatever the seed (%i)',
  async (seed) => {
    const made = await world.organization({
      timeZone: ['Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'UTC'][seed - 1],
      currency: ['EUR', 'USD', 'JPY', 'KWD'][seed - 1],
      fiscalYearStartMonth: seed * 3 - 1,
    });
    await generateSample(world.database, made, { seed, now: NOW });
    expect(await checkOrganization(world.database, made.id)).toEqual([]);

    const [deals] = await rowsOf<{ winrate: string; open: number; currencies: string[] }>(
      world,
      made,
      sql`select round(count(*) filter (where is_won)::numeric / count(*) filter (where is_closed), 3) as winrate,
      count(*) filter (where not is_closed)::int as open, array_agg(distinct currency) as currencies
      from opportunity where organization_id = ${made.id}`,
    );
    expect(Number(deals!.winrate)).toBeGreaterThanOrEqual(0.25);
    expect(Number(deals!.winrate)).toBeLessThanOrEqual(0.35);
    expect(deals!.open).toBeGreaterThan(20);
    expect(deals!.open).toBeLessThan(80);
    const foreign = made.currency === 'USD' ? 'EUR' : 'USD';
    expect(deals!.currencies.toSorted()).toEqual(['CHF', foreign, made.currency].toSorted());
  },
);

test('it refuses an organisation that has records, and leaves it as it was', async () => {
  await expect(generateSample(world.database, organization, { now: NOW })).rejects.toThrow(
    `${organization.name} has accounts already: sample data goes into an empty organisation only`,
  );
  const people = await rowsOf(
    world,
    organization,
    sql`select count(*)::int as count from app_user where organization_id = ${organization.id}`,
  );
  expect(people).toEqual([{ count: 11 }]);
});

test('of two that fill one organisation at once, one does', async () => {
  const contested = await world.organization();
  const outcomes = await Promise.allSettled(
    [1, 2].map((seed) => generateSample(world.database, contested, { now: NOW, seed })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((outcome) => outcome.status === 'rejected')!.reason).toMatchObject({
    name: 'SampleError',
  });
});

test('it is one change in the journal, in the name of the administrator', async () => {
  const { id, adminId } = organization;
  const entries = await rowsOf(
    world,
    organization,
    sql`select record_type, action, actor_user_id, actor_name, after from audit_entry where organization_id = ${id}`,
  );
  expect(entries).toEqual([
    {
      record_type: 'Sample',
      action: 'generateSample',
      actor_user_id: adminId,
      actor_name: 'Administrator',
      after: { seed: expect.any(Number), ...result },
    },
  ]);
  const events = await rowsOf(
    world,
    organization,
    sql`select type, payload->>'recordType' as "recordType" from outbox_event where organization_id = ${id}`,
  );
  expect(events).toEqual([{ type: 'generateSample', recordType: 'Sample' }]);
});
