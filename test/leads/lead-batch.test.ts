import 'reflect-metadata';
import { jest } from '@jest/globals';
import pg from 'pg';
import sql from 'sql-template-tag';
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

const RESULTS = `results { clientRef payload {
  lead { id lastName owner { __typename } status { name } accountMatch { method } }
  userErrors { code message path } } }`;
const create = (items: Data[], more: Data = {}, caller = at.admin) =>
  mutate(caller, 'createLeads', { items: items.map((input) => ({ input })), ...more }, RESULTS);

async function storedLeads(): Promise<number> {
  const { organizationId } = at.tenant;
  const row = await world.database.read(at.tenant, (snapshot) =>
    snapshot.one<{ leads: number }>(
      sql`select count(*)::int as leads from lead where organization_id = ${organizationId}`,
    ),
  );
  return row!.leads;
}

const errorsOf = ({ results }: Data) =>
  (results as Data[]).map(({ payload }) =>
    payload.userErrors.map(({ code, path }: Data) => [code, path?.join('.')]),
  );

test('a hundred leads come in order, matched, each with its audit entry', async () => {
  await at.account('Acme');
  const items = Array.from({ length: 100 }, (_, index) => ({
    clientRef: `row ${index}`,
    input: { lastName: `Lead ${index}`, company: index % 2 ? 'Acme' : undefined },
  }));
  const { results, userErrors } = await mutate(at.admin, 'createLeads', { items }, RESULTS);
  expect(userErrors).toEqual([]);
  for (const [index, { clientRef, payload }] of (results as Data[]).entries()) {
    expect(clientRef).toBe(`row ${index}`);
    expect(payload).toMatchObject({
      lead: {
        lastName: `Lead ${index}`,
        owner: { __typename: 'User' },
        status: { name: 'Open - Not Contacted' },
        accountMatch: { method: index % 2 ? 'EXACT_NAME' : 'NONE' },
      },
      userErrors: [],
    });
  }
  const audit = await auditOf(world, at.tenant, results[7].payload.lead.id as string);
  expect(audit).toMatchObject([{ action: 'createLead', after: { lastName: 'Lead 7', company: 'Acme' } }]);
});

test('the statements are bounded: ten times the leads take the same', async () => {
  const queue = await at.queue();
  const statements = async (count: number) => {
    const items = Array.from({ length: count }, (_, index) => ({
      lastName: 'Boxer',
      externalId: `${count}-${index}`,
      owner: index % 2 ? queue : null,
      status: index % 3 ? 'Working - Contacted' : undefined,
    }));
    const sent = jest.spyOn(pg.Client.prototype, 'query');
    try {
      expect((await create(items)).userErrors).toEqual([]);
      return sent.mock.calls.length;
    } finally {
      sent.mockRestore();
    }
  };
  const ofTen = await statements(10);
  expect(ofTen).toBeGreaterThan(5);
  expect(await statements(100)).toBe(ofTen);
});

describe('bad records', () => {
  let bad: Data[];
  beforeEach(async () => {
    await at.lead({ externalId: 'taken' });
    bad = [
      { lastName: 'Good', externalId: 'new' },
      { lastName: ' ', email: 'nobody' },
      { lastName: 'Twin', externalId: 'new' },
      { lastName: 'Taken', externalId: 'taken' },
      { lastName: 'Status', status: 'Closed - Converted', owner: encodeId('User', uuidv7()) },
      { lastName: 'Idle', owner: await at.user(false) },
      { lastName: 'Key', idempotencyKey: 'k', externalId: 'last' },
      { lastName: 'Good too', externalId: 'last' },
    ];
  });
  const expected = [
    [],
    [
      ['INVALID_INPUT', 'items.1.input.lastName'],
      ['INVALID_INPUT', 'items.1.input.email'],
    ],
    [['INVALID_INPUT', 'items.2.input.externalId']],
    [['INVALID_INPUT', 'items.3.input.externalId']],
    [
      ['INVALID_INPUT', 'items.4.input.status'],
      ['NOT_FOUND', 'items.4.input.owner'],
    ],
    [['INVALID_INPUT', 'items.5.input.owner']],
    [['INVALID_INPUT', 'items.6.input.idempotencyKey']],
    [],
  ];

  test('are told each by itself, and PER_RECORD the others are made', async () => {
    const answer = await create(bad, { mode: 'PER_RECORD' });
    expect(answer.userErrors).toEqual([]);
    expect(errorsOf(answer)).toEqual(expected);
    const made = (answer.results as Data[]).map(({ payload }) => payload.lead?.lastName ?? null);
    expect(made).toEqual(['Good', null, null, null, null, null, null, 'Good too']);
    expect(await storedLeads()).toBe(3);
  });

  test('stop the whole batch otherwise, and the good ones say so', async () => {
    const answer = await create(bad);
    expect(answer.userErrors).toMatchObject([
      { code: 'BATCH_ABORTED', message: '6 of 8 leads were refused, so none was made', path: ['items'] },
    ]);
    const aborted = [['BATCH_ABORTED', undefined]];
    expect(errorsOf(answer)).toEqual(expected.map((errors) => (errors.length > 0 ? errors : aborted)));
    expect(await storedLeads()).toBe(1);
  });
});

test('a clientRef that is too long or no text is refused at its path, one of 255 characters comes back', async () => {
  const refs = ['x'.repeat(255), 'x'.repeat(256), 'a\0b', '\ud800', ''];
  const items = refs.map((clientRef) => ({ clientRef, input: { lastName: 'Boxer' } }));
  const answer = await mutate(at.admin, 'createLeads', { items, mode: 'PER_RECORD' }, RESULTS);
  expect(errorsOf(answer)).toEqual([
    [],
    [['INVALID_INPUT', 'items.1.clientRef']],
    [['INVALID_INPUT', 'items.2.clientRef']],
    [['INVALID_INPUT', 'items.3.clientRef']],
    [],
  ]);
  expect(answer.results[0].clientRef).toBe(refs[0]);
  expect(await storedLeads()).toBe(2);
});

test('a repeated key makes nothing again and answers the same, refusals included', async () => {
  const items = [{ lastName: 'Good' }, { lastName: '' }];
  const more = { mode: 'PER_RECORD', idempotencyKey: 'k' };
  const first = await create(items, more);
  expect(await create(items, more)).toEqual(first);
  expect(await storedLeads()).toBe(1);
  expect(await create([{ lastName: 'Other' }], more)).toMatchObject({
    results: [],
    userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
  });
  // what was aborted was not done, so its key is still free
  expect((await create(items, { idempotencyKey: 'aborted' })).userErrors).toMatchObject([
    { code: 'BATCH_ABORTED' },
  ]);
  expect((await create([{ lastName: 'Good' }], { idempotencyKey: 'aborted' })).userErrors).toEqual([]);
});

test('batches that bring the same external ids at once make each lead once', async () => {
  const items = Array.from({ length: 10 }, (_, index) => ({ lastName: 'Boxer', externalId: `x${index}` }));
  const answers = await Promise.all(
    [items, items.toReversed(), items].map((some) => create(some, { mode: 'PER_RECORD' })),
  );
  expect(await storedLeads()).toBe(10);
  const errors = answers.flatMap(errorsOf).flat();
  expect(errors).toHaveLength(20);
  for (const [code, path] of errors) {
    expect(code).toBe('INVALID_INPUT');
    expect(path).toMatch(/^items\.\d\.input\.externalId$/);
  }
});

test('a batch has 1 to 100 leads', async () => {
  for (const count of [0, 101]) {
    const answer = await create(Array.from({ length: count }, () => ({ lastName: 'Boxer' })));
    expect(answer).toMatchObject({ results: [], userErrors: [{ code: 'INVALID_INPUT', path: ['items'] }] });
  }
});

test('an analyst makes none', async () => {
  const input = { items: [{ input: { lastName: 'Boxer' } }] };
  expect(await failure(await at.as(Role.ANALYST), 'createLeads', input, RESULTS)).toBe('FORBIDDEN');
});
