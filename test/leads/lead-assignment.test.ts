import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Office, office } from './lead-life.ts';

let world: World;
let at: Office;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await office(world);
});
afterAll(() => world.close());

const LEAD = 'lead { id owner { __typename ... on User { id } ... on Queue { id } } version }';
const assign = (input: Data, caller = at.admin) => mutate(caller, 'assignLead', input, LEAD);

test('a lead goes to a person, to a queue, to nobody', async () => {
  const lead = await at.lead();
  const [user, queue] = [await at.user(), await at.queue()];
  expect((await assign({ lead, owner: user })).lead).toMatchObject({
    owner: { __typename: 'User', id: user },
    version: 2,
  });
  expect((await assign({ lead, owner: queue })).lead).toMatchObject({
    owner: { __typename: 'Queue', id: queue },
    version: 3,
  });
  expect((await assign({ lead, owner: queue })).lead.version).toBe(3);
  expect((await assign({ lead, owner: null })).lead).toMatchObject({ owner: null, version: 4 });
  const audit = await auditOf(world, at.tenant, lead);
  expect(audit.map(({ action }) => action)).toEqual(['createLead', 'assignLead', 'assignLead', 'assignLead']);
});

test('nobody is meant only when null says so', async () => {
  const lead = await at.lead();
  expect((await assign({ lead })).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['owner'] }]);
});

test('an owner who is inactive, unknown or no owner at all is refused', async () => {
  const lead = await at.lead();
  const elsewhere = await office(world);
  const refused = async (owner: string) => (await assign({ lead, owner })).userErrors;
  expect(await refused(await at.user(false))).toMatchObject([{ code: 'INVALID_INPUT', path: ['owner'] }]);
  expect(await refused(lead)).toMatchObject([{ code: 'INVALID_INPUT', path: ['owner'] }]);
  for (const owner of [encodeId('User', uuidv7()), await elsewhere.user(), await elsewhere.queue()])
    expect(await refused(owner)).toMatchObject([{ code: 'NOT_FOUND', path: ['owner'] }]);
});

test('of two who take a lead at once with the version they saw, one gets it', async () => {
  const lead = await at.lead();
  const owners = await Promise.all([1, 2, 3, 4].map(() => at.user()));
  const answers = await Promise.all(owners.map((owner) => assign({ lead, owner, ifVersion: 1 })));
  const winners = answers.filter(({ userErrors }) => userErrors.length === 0);
  expect(winners).toHaveLength(1);
  for (const { userErrors } of answers.filter((answer) => answer !== winners[0]))
    expect(userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 2 }]);
});

test('a repeated key assigns nothing again; a converted lead is read-only', async () => {
  const lead = await at.lead();
  const input = { lead, owner: await at.user(), idempotencyKey: 'k' };
  await assign(input);
  await assign({ lead, owner: null });
  expect((await assign(input)).lead).toMatchObject({ owner: null, version: 3 });
  await assign({ lead, owner: await at.user() });
  await at.convert(lead);
  expect((await assign({ lead, owner: null })).userErrors).toMatchObject([{ code: 'LEAD_CONVERTED' }]);
});

test('an analyst assigns none', async () => {
  const input = { lead: await at.lead(), owner: null };
  expect(await failure(await at.as(Role.ANALYST), 'assignLead', input, LEAD)).toBe('FORBIDDEN');
});
