import sql from 'sql-template-tag';
import { createOrganization, findOrganization } from '../../src/identity/organization.service.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a new organisation has the standard stages and statuses and one admin', async () => {
  const made = await createOrganization(world.database, { name: 'Kontor Hamburg', currency: 'USD' });
  expect(await findOrganization(world.owner, 'KONTOR hamburg')).toEqual({
    id: made.id,
    name: 'Kontor Hamburg',
    currency: 'USD',
    timeZone: 'UTC',
    fiscalYearStartMonth: 1,
  });
  const inside = await world.database.read({ organizationId: made.id, userId: null }, (snapshot) =>
    snapshot.one(sql`select
      (select count(*)::int from stage where organization_id = ${made.id}) as stages,
      (select count(*)::int from lead_status where organization_id = ${made.id}) as statuses,
      (select array_agg(id::text || ' ' || role) from app_user where organization_id = ${made.id}) as users`),
  );
  expect(inside).toEqual({ stages: 10, statuses: 4, users: [`${made.adminId} ADMIN`] });
});

test('a name is taken once, whatever its case and accents, also by two at the same time', async () => {
  const names = ['Zürich', 'ZURICH', 'zürich'];
  const outcomes = await Promise.allSettled(
    names.map((name) => createOrganization(world.database, { name })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(refused?.reason.message).toMatch(/^name: z(ü|u)rich exists already$/i);
});

test.each(['Mars/Olympus', '+02:00', 'IST', 'ECT', ''])(
  'the time zone %j, which the database would read otherwise or not at all, is refused',
  async (timeZone) => {
    await expect(createOrganization(world.database, { name: 'Zone', timeZone })).rejects.toThrow(
      `timeZone: ${timeZone} is no IANA time zone`,
    );
  },
);

test('a creation that fails half-way leaves nothing', async () => {
  await world.owner.query(
    `alter table app_user add constraint nobody check (name <> 'Administrator') not valid`,
  );
  try {
    await expect(createOrganization(world.database, { name: 'Half' })).rejects.toThrow('nobody');
  } finally {
    await world.owner.query('alter table app_user drop constraint nobody');
  }
  expect(await findOrganization(world.owner, 'Half')).toBeUndefined();
});
