import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { STANDARD_STAGES } from '../../src/identity/standard-values.ts';
import {
  OpportunityContactRoleEntity,
  OpportunityEntity,
} from '../../src/opportunities/opportunity.entity.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let admin: Caller;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  organization = await world.organization();
  admin = await callerOf(world, organization);
});
afterAll(() => world.close());

const DEAL = `opportunity { id account { id } name stage { name } amount { amount currency } probability
  forecastCategory closeDate closedAt isClosed isWon owner { id } source pushCount version createdAt updatedAt
  stageHistory { stage { name } amount { amount } closeDate enteredAt leftAt } }`;

function create(input: Data, caller = admin) {
  return mutate(caller, 'createOpportunity', input, DEAL);
}

function update(input: Data, caller = admin) {
  return mutate(caller, 'updateOpportunity', input, DEAL);
}

function move(input: Data, caller = admin) {
  return mutate(caller, 'moveOpportunity', input, DEAL);
}

async function aDeal(fields: Data = {}): Promise<Data> {
  const { opportunity, userErrors } = await create({ name: 'Big deal', closeDate: '2026-06-30', ...fields });
  expect(userErrors).toEqual([]);
  return opportunity as Data;
}

async function anAccount(caller = admin): Promise<string> {
  return (await mutate(caller, 'createAccount', { name: 'Acme' }, 'account { id }')).account.id as string;
}

function row(deal: Data) {
  return storedRow(world, organization.tenant, 'opportunity', deal.id as string);
}

function audit(deal: Data) {
  return auditOf(world, organization.tenant, deal.id as string);
}

/** The deal's versions in time, each beginning where the one before ends. */
async function versions(deal: Data): Promise<Data[]> {
  const { tenant } = organization;
  const rows = await world.database.read(tenant, (snapshot) =>
    snapshot.query<Data>(sql`
      select s.name as stage, v.amount, v.probability, v.forecast_category as category, v.close_date as "closeDate",
        v.is_closed as "isClosed", v.is_won as "isWon", v.valid_from as "from", v.valid_to as "to"
      from opportunity_version v
      join stage s on s.organization_id = ${tenant.organizationId} and s.id = v.stage_id
      where v.organization_id = ${tenant.organizationId} and v.opportunity_id = ${parseId(deal.id as string)!.uuid}
      order by v.valid_from`),
  );
  rows.forEach((version, index) => expect(version.to).toBe(rows[index + 1]?.from ?? null));
  return rows;
}

describe('creating', () => {
  test('a deal begins in the first open stage with its probability, and its history begins with it', async () => {
    const account = await anAccount();
    const deal = await aDeal({
      account,
      amount: { amount: '1000.5' },
      source: 'Web',
      nextStep: 'Call',
      externalId: 'o1',
    });
    expect(deal).toMatchObject({
      account: { id: account },
      stage: { name: 'Prospecting' },
      amount: { amount: '1000.50', currency: 'EUR' },
      probability: 10,
      forecastCategory: 'PIPELINE',
      closeDate: '2026-06-30',
      closedAt: null,
      isClosed: false,
      isWon: false,
      owner: { id: encodeId('User', organization.adminId) },
      pushCount: 0,
      version: 1,
    });
    expect(await row(deal)).toMatchObject({
      name_key: 'big deal',
      source_key: 'web',
      stage_position: 1,
      next_step: 'Call',
      external_id: 'o1',
    });
    expect(await versions(deal)).toMatchObject([
      {
        stage: 'Prospecting',
        amount: '100050',
        probability: 10,
        closeDate: '2026-06-30',
        from: deal.createdAt,
      },
    ]);
    expect(await audit(deal)).toMatchObject([
      { action: 'createOpportunity', recordType: 'Opportunity', before: null, after: { amount: '100050' } },
    ]);
  });

  test('without an amount it is unknown; a negative one is a credit', async () => {
    expect((await aDeal()).amount).toBeNull();
    expect((await aDeal({ amount: { amount: '-5', currency: 'JPY' } })).amount).toEqual({
      amount: '-5',
      currency: 'JPY',
    });
  });

  test('stage, probability and category can be given', async () => {
    const deal = await aDeal({ stage: 'needs analysis', probability: 55, forecastCategory: 'COMMIT' });
    expect(deal).toMatchObject({
      stage: { name: 'Needs Analysis' },
      probability: 55,
      forecastCategory: 'COMMIT',
    });
  });

  test('a deal of the past begins closed', async () => {
    const deal = await aDeal({ stage: 'Closed Won', closeDate: '2020-01-31' });
    expect(deal).toMatchObject({ isClosed: true, isWon: true, probability: 100, forecastCategory: 'CLOSED' });
    expect(deal.closedAt).toBe(deal.createdAt);
    expect(await versions(deal)).toMatchObject([{ isClosed: true, isWon: true }]);
  });

  test.each<[string, Data, string[]]>([
    ['a blank name', { name: '' }, ['name']],
    ['a close date before 1900', { closeDate: '1899-12-31' }, ['closeDate']],
    ['a close date after 2200', { closeDate: '2201-01-01' }, ['closeDate']],
    ['a probability below 0', { probability: -1 }, ['probability']],
    ['a probability above 100', { probability: 101 }, ['probability']],
    ['the category of won deals', { forecastCategory: 'CLOSED' }, ['forecastCategory']],
    ['another probability than won', { stage: 'Closed Won', probability: 90 }, ['probability']],
    [
      'another category than lost',
      { stage: 'Closed Lost', forecastCategory: 'COMMIT' },
      ['forecastCategory'],
    ],
    ['an amount of another precision', { amount: { amount: '1.001' } }, ['amount', 'amount']],
    ['no currency', { amount: { amount: '1', currency: 'XXZ' } }, ['amount', 'currency']],
    ['an account of another kind', { account: encodeId('Lead', uuidv7()) }, ['account']],
  ])('refuses %s, naming the field', async (_, fields, path) => {
    expect(await create({ name: 'Big deal', closeDate: '2026-06-30', ...fields })).toMatchObject({
      opportunity: null,
      userErrors: [{ __typename: 'InputError', code: 'INVALID_INPUT', path }],
    });
  });

  test('a stage that is none is refused with those there are', async () => {
    const allowed = STANDARD_STAGES.map(({ name }) => name);
    const expected = [{ __typename: 'AllowedValuesError', code: 'INVALID_INPUT', path: ['stage'], allowed }];
    expect((await create({ name: 'A', closeDate: '2026-06-30', stage: 'Done' })).userErrors).toMatchObject(
      expected,
    );
    const deal = await aDeal();
    expect((await move({ opportunity: deal.id, stage: 'Done' })).userErrors).toMatchObject(expected);
    expect(await versions(deal)).toHaveLength(1);
  });

  test('two deals never share an external id, even when both are made at once', async () => {
    const input = { name: 'A', closeDate: '2026-06-30', externalId: 'same' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(input)));
    expect(answers.filter(({ opportunity }) => opportunity !== null)).toHaveLength(1);
    const deal = await aDeal();
    expect((await update({ opportunity: deal.id, externalId: 'same' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['externalId'] },
    ]);
  });

  test('with an idempotency key it happens once', async () => {
    const input = { name: 'A', closeDate: '2026-06-30', idempotencyKey: 'k' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(input)));
    expect(new Set(answers.map(({ opportunity }) => opportunity.id)).size).toBe(1);
    expect(await versions(answers[0]!.opportunity as Data)).toHaveLength(1);
  });
});

describe('changing', () => {
  test('what history follows makes a version; what it does not makes none', async () => {
    const deal = await aDeal({ source: 'Web', amount: { amount: '5' } });
    const { opportunity: renamed } = await update({
      opportunity: deal.id,
      name: 'Bigger deal',
      source: null,
    });
    expect(renamed).toMatchObject({
      name: 'Bigger deal',
      source: null,
      amount: { amount: '5.00' },
      version: 2,
    });
    expect(await versions(deal)).toHaveLength(1);
    const { opportunity: changed } = await update({
      opportunity: deal.id,
      amount: { amount: '7' },
      probability: 40,
      forecastCategory: 'BEST_CASE',
    });
    expect(changed).toMatchObject({ probability: 40, forecastCategory: 'BEST_CASE', version: 3 });
    expect(await versions(deal)).toMatchObject([
      { amount: '500', probability: 10, category: 'PIPELINE' },
      { amount: '700', probability: 40, category: 'BEST_CASE', from: changed.updatedAt },
    ]);
    expect((await audit(deal))[2]).toMatchObject({
      action: 'updateOpportunity',
      before: { amount: '500', probability: 10, forecastCategory: 'PIPELINE' },
      after: { amount: '700', probability: 40, forecastCategory: 'BEST_CASE' },
    });
    const { opportunity: unknown } = await update({ opportunity: deal.id, amount: null });
    expect(unknown.amount).toBeNull();
    expect(await row(deal)).toMatchObject({ name_key: 'bigger deal', source_key: null, currency: 'EUR' });
  });

  test('null gives probability and category back to the stage', async () => {
    const deal = await aDeal({ stage: 'Value Proposition', probability: 5, forecastCategory: 'OMITTED' });
    const { opportunity } = await update({ opportunity: deal.id, probability: null, forecastCategory: null });
    expect(opportunity).toMatchObject({ probability: 50, forecastCategory: 'PIPELINE' });
  });

  test('a close date moved later is a push; one moved earlier is none', async () => {
    const deal = await aDeal();
    const pushes = async (closeDate: string) =>
      (await update({ opportunity: deal.id, closeDate })).opportunity.pushCount as number;
    expect(await pushes('2026-07-31')).toBe(1);
    expect(await pushes('2026-05-01')).toBe(1);
    expect(await pushes('2026-05-01')).toBe(1);
    expect(await pushes('2026-05-02')).toBe(2);
    expect((await versions(deal)).map(({ closeDate }) => closeDate as string)).toEqual([
      '2026-06-30',
      '2026-07-31',
      '2026-05-01',
      '2026-05-02',
    ]);
  });

  test('what is there already is no change: no version, no history, no audit', async () => {
    const deal = await aDeal({ amount: { amount: '5' } });
    const same = { name: 'Big deal', amount: { amount: '5.00' }, closeDate: '2026-06-30', probability: null };
    expect(await update({ opportunity: deal.id, ...same })).toEqual({ opportunity: deal, userErrors: [] });
    expect(await audit(deal)).toHaveLength(1);
  });

  test('a closed deal keeps what its stage says, while the rest can be put right', async () => {
    const deal = await aDeal({ stage: 'Closed Lost' });
    for (const [field, value] of Object.entries({ probability: 10, forecastCategory: 'PIPELINE' }))
      expect((await update({ opportunity: deal.id, [field]: value })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: [field] },
      ]);
    const { opportunity } = await update({ opportunity: deal.id, probability: 0, amount: { amount: '3' } });
    expect(opportunity).toMatchObject({
      probability: 0,
      amount: { amount: '3.00' },
      closedAt: deal.closedAt,
    });
  });

  test('name and close date can not be emptied', async () => {
    const deal = await aDeal();
    for (const field of ['name', 'closeDate'])
      expect((await update({ opportunity: deal.id, [field]: null })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: [field] },
      ]);
  });

  test('it goes to another account only without people of the former one', async () => {
    const [former, next] = [await anAccount(), await anAccount()];
    const deal = await aDeal({ account: former });
    const rose = await mutate(
      admin,
      'createContact',
      { lastName: 'Rose', account: former },
      'contact { id }',
    );
    const { id: organizationId, tenant } = organization;
    await world.database.write(tenant, async ({ em }) => {
      em.create(OpportunityContactRoleEntity, {
        organizationId,
        id: uuidv7(),
        opportunityId: parseId(deal.id as string)!.uuid,
        contactId: parseId(rose.contact.id as string)!.uuid,
        createdAt: new Date(),
      });
    });
    const refused = [{ code: 'INVALID_INPUT', path: ['account'], message: expect.stringContaining('Rose') }];
    expect((await update({ opportunity: deal.id, account: next })).userErrors).toMatchObject(refused);
    expect((await update({ opportunity: deal.id, account: null })).userErrors).toMatchObject(refused);
    expect((await update({ opportunity: deal.id, account: former, name: 'Same' })).userErrors).toEqual([]);
    await mutate(admin, 'updateContact', { contact: rose.contact.id, account: next }, 'contact { id }');
    expect((await update({ opportunity: deal.id, account: next })).opportunity.account).toEqual({ id: next });
  });

  test('a deal or account that is not there is NOT_FOUND; no id is INVALID_INPUT', async () => {
    const deal = await aDeal();
    const elsewhere = await callerOf(world, await world.organization());
    const foreign = (await create({ name: 'A', closeDate: '2026-06-30' }, elsewhere)).opportunity;
    const deleted = await aDeal();
    const { id: organizationId, tenant } = organization;
    await world.database.write(tenant, async ({ em }) => {
      const { uuid: id } = parseId(deleted.id as string)!;
      (await em.findOneOrFail(OpportunityEntity, { organizationId, id })).deletedAt = new Date();
    });
    for (const opportunity of [encodeId('Opportunity', uuidv7()), foreign.id, deleted.id]) {
      const expected = [{ code: 'NOT_FOUND', path: ['opportunity'] }];
      expect((await update({ opportunity, name: 'B' })).userErrors).toMatchObject(expected);
      expect((await move({ opportunity, stage: 'Closed Won' })).userErrors).toMatchObject(expected);
    }
    expect((await move({ opportunity: 'opp_', stage: 'Closed Won' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['opportunity'] },
    ]);
    const account = await anAccount(elsewhere);
    expect((await update({ opportunity: deal.id, account })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['account'] },
    ]);
  });
});

describe('moving', () => {
  test('to a stage: its probability and category, and a visit in the history', async () => {
    const deal = await aDeal({ probability: 33 });
    const { opportunity } = await move({
      opportunity: deal.id,
      stage: 'Negotiation/Review',
      closeDate: '2026-09-30',
      amount: { amount: '10' },
    });
    expect(opportunity).toMatchObject({
      stage: { name: 'Negotiation/Review' },
      probability: 90,
      forecastCategory: 'PIPELINE',
      closeDate: '2026-09-30',
      amount: { amount: '10.00' },
      pushCount: 1,
      closedAt: null,
      version: 2,
      stageHistory: [
        {
          stage: { name: 'Prospecting' },
          amount: null,
          enteredAt: deal.createdAt,
          leftAt: opportunity.updatedAt,
        },
        { stage: { name: 'Negotiation/Review' }, enteredAt: opportunity.updatedAt, leftAt: null },
      ],
    });
    expect(await row(deal)).toMatchObject({ stage_position: 8 });
    expect((await audit(deal))[1]).toMatchObject({
      action: 'moveOpportunity',
      before: { probability: 33, pushCount: 0 },
      after: { probability: 90, pushCount: 1 },
    });
  });

  test('to won, without an amount too: closed at that moment', async () => {
    const { id } = await aDeal();
    const { opportunity } = await move({ opportunity: id, stage: 'Closed Won' });
    expect(opportunity).toMatchObject({
      isClosed: true,
      isWon: true,
      probability: 100,
      forecastCategory: 'CLOSED',
      amount: null,
      closeDate: '2026-06-30',
      closedAt: opportunity.updatedAt,
    });
  });

  test('to lost with a reason, and open again: closedAt and reason go, history stays', async () => {
    const deal = await aDeal();
    const { opportunity: lost } = await move({
      opportunity: deal.id,
      stage: 'Closed Lost',
      lostReason: 'Price',
    });
    expect(lost).toMatchObject({ isClosed: true, isWon: false, probability: 0, forecastCategory: 'OMITTED' });
    expect(await row(deal)).toMatchObject({ lost_reason: 'Price', closed_at: lost.updatedAt });
    const { opportunity: again } = await move({ opportunity: deal.id, stage: 'Prospecting' });
    expect(again).toMatchObject({
      isClosed: false,
      closedAt: null,
      probability: 10,
      forecastCategory: 'PIPELINE',
    });
    expect(await row(deal)).toMatchObject({ lost_reason: null });
    expect(await versions(deal)).toMatchObject([
      { stage: 'Prospecting', isClosed: false },
      { stage: 'Closed Lost', isClosed: true, isWon: false, category: 'OMITTED' },
      { stage: 'Prospecting', isClosed: false },
    ]);
    expect(again.stageHistory).toHaveLength(3);
  });

  test('a reason is for lost deals only; a lost deal may get one later, and keeps it when none is given', async () => {
    const deal = await aDeal();
    for (const stage of ['Closed Won', 'Prospecting'])
      expect((await move({ opportunity: deal.id, stage, lostReason: 'Price' })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['lostReason'] },
      ]);
    await move({ opportunity: deal.id, stage: 'Closed Lost' });
    await move({ opportunity: deal.id, stage: 'Closed Lost', lostReason: 'Price' });
    const { opportunity } = await move({
      opportunity: deal.id,
      stage: 'Closed Lost',
      amount: { amount: '1' },
    });
    expect(await row(deal)).toMatchObject({ lost_reason: 'Price' });
    expect(opportunity.version).toBe(4);
    expect((await move({ opportunity: deal.id, stage: 'Closed Lost' })).opportunity.version).toBe(4);
  });

  test("to the stage it is in: the deal's own probability stays", async () => {
    const deal = await aDeal({ probability: 33 });
    const { opportunity } = await move({
      opportunity: deal.id,
      stage: 'prospecting',
      closeDate: '2026-07-01',
    });
    expect(opportunity).toMatchObject({ probability: 33, pushCount: 1, version: 2 });
    expect(opportunity.stageHistory).toHaveLength(1);
  });

  test('from won to lost it is closed anew', async () => {
    const deal = await aDeal({ stage: 'Closed Won' });
    const { opportunity } = await move({ opportunity: deal.id, stage: 'Closed Lost' });
    expect(opportunity.closedAt).toBe(opportunity.updatedAt);
    expect(opportunity.closedAt).not.toBe(deal.closedAt);
  });

  test('a close date that will not do is refused', async () => {
    const deal = await aDeal();
    for (const closeDate of [null, '1800-01-01'])
      expect((await move({ opportunity: deal.id, stage: 'Closed Won', closeDate })).userErrors).toMatchObject(
        [{ code: 'INVALID_INPUT', path: ['closeDate'] }],
      );
  });

  test('of moves of one version at once, one is made', async () => {
    const deal = await aDeal();
    const stages = ['Qualification', 'Needs Analysis', 'Value Proposition', 'Closed Won', 'Closed Lost'];
    const answers = await Promise.all(
      stages.map((stage) => move({ opportunity: deal.id, stage, ifVersion: 1 })),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    for (const { userErrors } of answers.filter((answer) => answer.userErrors.length > 0))
      expect(userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 2 }]);
    expect(await versions(deal)).toHaveLength(2);
  });

  test('moves at once without a version are all in the history, one after the other', async () => {
    const deal = await aDeal();
    const stages = ['Qualification', 'Needs Analysis', 'Value Proposition', 'Closed Won', 'Closed Lost'];
    await Promise.all(stages.map((stage) => move({ opportunity: deal.id, stage })));
    const history = await versions(deal);
    expect(history.map(({ stage }) => stage as string).sort()).toEqual([...stages, 'Prospecting'].sort());
    expect((await row(deal)).version).toBe(6);
    expect(await audit(deal)).toHaveLength(6);
  });

  test('a repeated key moves once', async () => {
    const deal = await aDeal();
    const input = { opportunity: deal.id, stage: 'Closed Won', ifVersion: 1, idempotencyKey: 'k' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => move(input)));
    for (const { opportunity } of answers) expect(opportunity).toMatchObject({ isWon: true, version: 2 });
    expect(await versions(deal)).toHaveLength(2);
  });
});

test.each([Role.ADMIN, Role.AE, Role.SERVICE])('%s writes opportunities', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { opportunity } = await create({ name: 'A', closeDate: '2026-06-30' }, caller);
  await update({ opportunity: opportunity.id, name: 'B' }, caller);
  expect((await move({ opportunity: opportunity.id, stage: 'Closed Won' }, caller)).opportunity.version).toBe(
    3,
  );
});

test.each([Role.SDR, Role.MARKETER, Role.ANALYST])('%s does not', async (role) => {
  const caller = await callerOf(world, organization, role);
  const { id } = await aDeal();
  const deal = { name: 'A', closeDate: '2026-06-30' };
  expect(await failure(caller, 'createOpportunity', deal, DEAL)).toBe('FORBIDDEN');
  expect(await failure(caller, 'updateOpportunity', { opportunity: id, name: 'B' }, DEAL)).toBe('FORBIDDEN');
  expect(await failure(caller, 'moveOpportunity', { opportunity: id, stage: 'Closed Won' }, DEAL)).toBe(
    'FORBIDDEN',
  );
});
