import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
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
afterAll(() => world.close());

const update = (user: string, input: Data) =>
  mutate(at.admin, 'updateUser', { user, ...input }, 'user { id name team version }');
const teamOf = async (user: string, team: string | null) => (await update(user, { team })).user.team;

test('a person is put in a team and taken out of it', async () => {
  expect((await update(una, { team: '  Enterprise ' })).user).toMatchObject({
    team: 'Enterprise',
    version: 2,
  });
  expect((await update(una, { team: 'Enterprise' })).user.version).toBe(2);
  expect((await update(una, {})).user).toMatchObject({ team: 'Enterprise', version: 2 });
  const { data } = await at.admin.send('{ viewer { organization { users { nodes { id team } } } } }');
  expect(data!.viewer.organization.users.nodes).toContainEqual({ id: una, team: 'Enterprise' });
  expect((await update(una, { team: null })).user.team).toBeNull();
  await teamOf(una, 'Mid-market');
  expect((await update(una, { team: ' ' })).user.team).toBeNull();
  expect(await auditOf(world, at.tenant, una)).toMatchObject([
    { action: 'updateUser', before: { team: null }, after: { team: 'Enterprise' } },
    { before: { team: 'Enterprise' }, after: { team: null } },
    { after: { team: 'Mid-market' } },
    { after: { team: null } },
  ]);
});

test('a team is one, whatever case and accents, spelled as those who are in it have it', async () => {
  const [second, third] = [await at.user(), await at.user(false)];
  await teamOf(una, 'Région Sud');
  expect(await teamOf(second, 'REGION sud')).toBe('Région Sud');
  expect(await teamOf(third, 'Region Nord')).toBe('Region Nord');
  // who is alone in it may spell it anew
  expect(await teamOf(third, 'Région Nord')).toBe('Région Nord');
  for (let round = 0; round < 10; round++) {
    await Promise.all([una, second, third].map((user) => teamOf(user, null)));
    const spelled = await Promise.all(
      [`Team ${round}`, `TEAM ${round}`, `team ${round}`].map((team, index) =>
        teamOf([una, second, third][index]!, team),
      ),
    );
    expect(new Set(spelled).size).toBe(1);
  }
});

test('only who is there, in this organisation, by the latest version, with a text that can be one', async () => {
  const elsewhere = await office(world);
  for (const user of [await elsewhere.user(), encodeId('User', uuidv7())])
    expect((await update(user, { team: 'x' })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['user'] },
    ]);
  expect((await update(await at.queue(), { team: 'x' })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['user'] },
  ]);
  for (const team of ['x'.repeat(256), 'a\0'])
    expect((await update(una, { team })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['team'] },
    ]);
  expect((await update(una, { team: 'x', ifVersion: 2 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
  await update(una, { team: 'Once', idempotencyKey: 'k' });
  await teamOf(una, 'Then');
  expect((await update(una, { team: 'Once', idempotencyKey: 'k' })).user.team).toBe('Then');
});

test('only an administrator does it', async () => {
  for (const role of [Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE])
    expect(await failure(await at.as(role), 'updateUser', { user: una, team: 'x' }, 'user { id }')).toBe(
      'FORBIDDEN',
    );
});
