import 'reflect-metadata';
import sql from 'sql-template-tag';
import { once } from '../../src/database/idempotency.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let principal: Principal;
beforeAll(async () => {
  world = await openWorld();
  principal = await person();
});
afterAll(() => world.close());

async function person(): Promise<Principal> {
  const { tenant } = await world.organization();
  return { ...tenant, kind: 'PERSON', role: Role.ADMIN, name: 'Ann', tokenId: 'token' };
}

let runs = 0;
/** Something that shows whether it ran: each run answers with its number. */
function numbered(key: string | null | undefined, input: unknown, as = principal, mutation = 'createThing') {
  return world.database.write(as, (tx) => once(tx, as, mutation, key, input, async () => ({ run: ++runs })));
}

async function refusal(work: Promise<unknown>) {
  const error = await work.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Refusal);
  return (error as Refusal).errors[0]!;
}

test('without a key everything runs', async () => {
  expect(await numbered(null, { a: 1 })).not.toEqual(await numbered(undefined, { a: 1 }));
});

test('the same key and input answer with the first result, in whatever order the fields come', async () => {
  const first = await numbered('one', { a: 1, b: { c: [1, 2], d: null }, idempotencyKey: 'one' });
  expect(await numbered('one', { b: { d: null, c: [1, 2] }, a: 1 })).toEqual(first);
});

test('the same key with another input is refused', async () => {
  await numbered('two', { a: 1 });
  expect(await refusal(numbered('two', { a: 2 }))).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    path: ['idempotencyKey'],
  });
  expect((await refusal(numbered('two', { a: 1, b: null }))).code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('keys are apart per principal, mutation and organisation', async () => {
  const input = { a: 1 };
  const results = [
    await numbered('three', input),
    await numbered('three', input, principal, 'updateThing'),
    await numbered('three', input, { ...principal, userId: null, tokenId: 'program' }),
    await numbered('three', input, await person()),
  ];
  expect(new Set(results.map(({ run }) => run)).size).toBe(4);
});

test('fifty at once with one key run once and answer equally', async () => {
  const before = runs;
  const answers = await Promise.all(Array.from({ length: 50 }, () => numbered('four', { a: 1 })));
  expect(runs).toBe(before + 1);
  expect(new Set(answers.map(({ run }) => run))).toEqual(new Set([runs]));
});

test('a failed try leaves its key free', async () => {
  const failing = world.database.write(principal, (tx) =>
    once(tx, principal, 'createThing', 'five', {}, async () => {
      throw new Error('no');
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect(await numbered('five', {})).toEqual({ run: runs });
});

test.each(['', 'x'.repeat(256), 'a\u0000b', 'a\ud800'])('the key %j is refused', async (key) => {
  expect(await refusal(numbered(key, {}))).toMatchObject({ code: 'INVALID_INPUT', path: ['idempotencyKey'] });
});

test('a key of 255 characters is stored with its result', async () => {
  const key = 'k'.repeat(255);
  const result = await numbered(key, {});
  const rows = await world.database.read(principal, (snapshot) =>
    snapshot.query(
      sql`select principal, mutation, result from idempotency_key where organization_id = ${principal.organizationId} and key = ${key}`,
    ),
  );
  expect(rows).toEqual([{ principal: `user:${principal.userId}`, mutation: 'createThing', result }]);
});
