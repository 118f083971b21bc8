import { Role } from '../../src/identity/identity.enums.ts';
import { type Marketing, marketing } from '../campaigns/marketing.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

const ROLES = 'opportunity { id contactRoles { contact { id } role isPrimary } }';

let world: World;
let at: Marketing;
let account: string;
beforeAll(async () => {
  world = await openWorld();
  at = await marketing(world);
  account = await at.account('Alster Optik');
});
afterAll(() => world.close());

const add = (opportunity: string, contact: string, more: Data = {}) =>
  mutate(at.admin, 'addOpportunityContact', { opportunity, contact, ...more }, ROLES);
const update = (opportunity: string, contact: string, more: Data = {}) =>
  mutate(at.admin, 'updateOpportunityContact', { opportunity, contact, ...more }, ROLES);
const remove = (opportunity: string, contact: string, more: Data = {}) =>
  mutate(at.admin, 'removeOpportunityContact', { opportunity, contact, ...more }, ROLES);

/** `[contact, role, is it the main one]` of each. */
function rolesIn({ opportunity, userErrors }: Data): unknown[] {
  expect(userErrors).toEqual([]);
  return opportunity.contactRoles.map(({ contact, role, isPrimary }: Data) => [contact.id, role, isPrimary]);
}

/** A deal with two people at its account. */
async function selling() {
  const deal = await at.deal('Deal', { account });
  return { deal, anna: await at.contact('Anna', { account }), ben: await at.contact('Ben', { account }) };
}

test('the first person of a deal is its main contact, until another is made it', async () => {
  const { deal, anna, ben } = await selling();
  expect(rolesIn(await add(deal, anna, { role: 'CHAMPION' }))).toEqual([[anna, 'CHAMPION', true]]);
  expect(rolesIn(await add(deal, ben))).toEqual([
    [anna, 'CHAMPION', true],
    [ben, null, false],
  ]);
  expect(rolesIn(await update(deal, ben, { isPrimary: true, role: 'USER' }))).toEqual([
    [ben, 'USER', true],
    [anna, 'CHAMPION', false],
  ]);
  expect(rolesIn(await update(deal, anna, { role: null }))).toEqual([
    [ben, 'USER', true],
    [anna, null, false],
  ]);
  const carl = await at.contact('Carl', { account });
  expect(rolesIn(await add(deal, carl, { isPrimary: true }))[0]).toEqual([carl, null, true]);
  expect((await auditOf(world, at.tenant, deal)).map(({ action, before, after }) => [action, before, after])).toMatchObject([
    ['createOpportunity', null, {}],
    ['addOpportunityContact', null, { role: 'CHAMPION', isPrimary: true }],
    ['addOpportunityContact', null, { role: null, isPrimary: false }],
    ['updateOpportunityContact', { role: null, isPrimary: false }, { role: 'USER', isPrimary: true }],
    ['updateOpportunityContact', { role: 'CHAMPION' }, { role: null }],
    ['addOpportunityContact', null, { isPrimary: true }],
  ]); // prettier-ignore
});

test('a person has one part in a deal: adding again gives it the part named, or changes nothing', async () => {
  const { deal, anna, ben } = await selling();
  await add(deal, anna, { role: 'USER' });
  await add(deal, ben);
  expect(rolesIn(await add(deal, anna))).toEqual([
    [anna, 'USER', true],
    [ben, null, false],
  ]);
  expect(rolesIn(await add(deal, ben, { role: 'BLOCKER', isPrimary: true }))).toEqual([
    [ben, 'BLOCKER', true],
    [anna, 'USER', false],
  ]);
  expect(await auditOf(world, at.tenant, deal)).toHaveLength(4);
});

test('when the main contact leaves, who came next takes the place', async () => {
  const { deal, anna, ben } = await selling();
  await add(deal, anna);
  await add(deal, ben);
  expect(rolesIn(await remove(deal, anna))).toEqual([[ben, null, true]]);
  expect(rolesIn(await remove(deal, ben))).toEqual([]);
});

test('a deal keeps its main contact until another one is made it', async () => {
  const { deal, anna } = await selling();
  await add(deal, anna);
  for (const isPrimary of [false, null])
    expect((await update(deal, anna, { isPrimary })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['isPrimary'] },
    ]);
});

test("only who is at the deal's account gets a part; who went elsewhere keeps it", async () => {
  const { deal, anna } = await selling();
  const elsewhere = await at.contact('Stranger', { account: await at.account('Elsewhere') });
  for (const contact of [elsewhere, await at.contact('Nobody')])
    expect((await add(deal, contact)).userErrors).toMatchObject([
      { code: 'CONTACT_NOT_IN_ACCOUNT', path: ['contact'] },
    ]);
  await add(deal, anna);
  await at.done(at.admin, 'updateContact', { contact: anna, account: null }, 'contact { id }');
  expect(rolesIn(await update(deal, anna, { role: 'CHAMPION' }))).toEqual([[anna, 'CHAMPION', true]]);
});

test('a contact that was merged away is the one it went into', async () => {
  const { deal, anna, ben } = await selling();
  await add(deal, anna);
  await at.done(at.admin, 'mergeContacts', { survivor: ben, duplicates: [anna] }, 'contact { id }');
  expect(rolesIn(await add(deal, anna, { role: 'USER' }))).toEqual([[ben, 'USER', true]]);
});

test('records that are not there, of another organisation or of another type are refused', async () => {
  const { deal, anna } = await selling();
  const other = await marketing(world);
  const theirs = { deal: await other.deal('Theirs'), contact: await other.contact('Theirs') };
  for (const change of [add, update, remove]) {
    expect((await change(deal, theirs.contact)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['contact'] },
    ]);
    expect((await change(theirs.deal, anna)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['opportunity'] },
    ]);
    expect((await change(anna, deal)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['opportunity'] },
    ]);
  }
  for (const change of [update, remove])
    expect((await change(deal, anna)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['contact'] }]);
});

test('the same key and input again do nothing and answer the same', async () => {
  const { deal, anna } = await selling();
  expect(await add(deal, anna, { idempotencyKey: 'r-1' })).toEqual(await add(deal, anna, { idempotencyKey: 'r-1' })); // prettier-ignore
  expect(await remove(deal, anna, { idempotencyKey: 'r-2' })).toEqual(await remove(deal, anna, { idempotencyKey: 'r-2' })); // prettier-ignore
});

test('who may not write deals changes nobody’s part', async () => {
  const { deal, anna } = await selling();
  for (const role of [Role.SDR, Role.MARKETER, Role.ANALYST])
    for (const mutation of ['add', 'update', 'remove']) {
      const input = { opportunity: deal, contact: anna };
      expect(await failure(await at.as(role), `${mutation}OpportunityContact`, input, ROLES)).toBe(
        'FORBIDDEN',
      );
    }
});

test('however additions, changes and removals race, a deal has one main contact', async () => {
  const { deal, anna, ben } = await selling();
  const carl = await at.contact('Carl', { account });
  for (let round = 0; round < 12; round++) {
    const outcomes = await Promise.all([
      add(deal, anna, { isPrimary: true }),
      add(deal, ben, { isPrimary: true }),
      add(deal, carl),
      update(deal, carl, { isPrimary: true }),
      remove(deal, anna),
      remove(deal, ben),
    ]);
    for (const { userErrors } of outcomes)
      for (const error of userErrors) expect(error).toMatchObject({ code: 'NOT_FOUND', path: ['contact'] });
    const { opportunity } = await at.ask(`query ($id: ID!) { opportunity(by: { id: $id }) { contactRoles { isPrimary contact { id } } } }`, { id: deal }); // prettier-ignore
    const people = opportunity.contactRoles.map(({ contact }: Data) => contact.id);
    expect(new Set(people).size).toBe(people.length);
    expect(opportunity.contactRoles.filter(({ isPrimary }: Data) => isPrimary)).toHaveLength(1);
  }
});

describe('a deal that a conversion made', () => {
  test('may lose the contact, which then keeps the conversion from being undone', async () => {
    const converted = await at.converted(await at.lead());
    const [deal, contact] = [converted.opportunity.id as string, converted.contact.id as string];
    expect(rolesIn(await remove(deal, contact))).toEqual([]);
    expect(await at.violations()).toEqual([]);
    const input = { conversion: converted.conversion.id };
    const { userErrors } = await mutate(at.admin, 'revertConversion', input, 'lead { id }');
    expect(userErrors).toMatchObject([{ code: 'REVERT_BLOCKED' }]);
  });
});

test('afterwards every invariant holds', async () => expect(await at.violations()).toEqual([]));
