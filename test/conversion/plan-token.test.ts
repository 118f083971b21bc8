import sql from 'sql-template-tag';
import { ConversionTarget, MergePolicy } from '../../src/conversion/conversion.enums.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal, type UserErrorData } from '../../src/graphql/user-error.ts';
import { readToken } from '../../src/identity/sign-in.ts';
import { openWorld, type World } from '../support/world.ts';
import { convertPlanned, preview, SECRET } from './preview-sales.ts';
import { Sales, settled } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

/** The error a planned conversion is refused with; fails when anything was written. */
async function refusal(...[of, ...rest]: Parameters<typeof convertPlanned>): Promise<UserErrorData> {
  const before = await of.everything();
  const error: unknown = await convertPlanned(of, ...rest).catch((caught: unknown) => caught);
  if (!(error instanceof Refusal)) throw new Error('It was not refused', { cause: error });
  expect(await of.everything()).toEqual(before);
  expect(error.errors).toHaveLength(1);
  return error.errors[0]!;
}

function change(statement: ReturnType<typeof sql>) {
  return world.database.write(sales.admin, (tx) => tx.query(statement));
}

test('a plan is executed as it was shown, with its input and its defaults', async () => {
  const accountId = await sales.account('Acme', { industry: 'Retail' });
  const leadId = await sales.lead({ company: 'Other', industry: 'Banking', ownerId: null });
  const bob = { ...sales.admin, userId: await sales.user('Bob') };
  const { planToken } = await preview(sales, leadId, {
    account: { existing: encodeId('Account', accountId) },
    opportunity: { create: { name: 'Big', amount: { amount: '12.50', currency: 'EUR' } } },
    mergePolicy: [{ target: ConversionTarget.ACCOUNT, field: 'industry', policy: MergePolicy.OVERWRITE }],
  });
  const done = await convertPlanned(sales, leadId, planToken, {}, { as: bob });
  expect(done.accountId).toBe(accountId);
  expect(await sales.row('account', accountId)).toMatchObject({ name: 'Acme', industry: 'Banking' });
  expect(await sales.row('opportunity', done.opportunityId!)).toMatchObject({ name: 'Big', amount: '1250' });
  // who previewed, not who executed
  expect(await sales.row('contact', done.contactId)).toMatchObject({ owner_id: sales.ownerId });
});

test('a plan expires after 24 hours', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
  const old = await preview(sales, leadId, {}, { at: hours(24.1) });
  expect(await refusal(sales, leadId, old.planToken)).toMatchObject({
    code: 'PLAN_EXPIRED',
    changes: ['plan: older than 24 hours'],
  });
  const young = await preview(sales, leadId, { opportunity: { none: true } }, { at: hours(23.9) });
  expect(await convertPlanned(sales, leadId, young.planToken)).toMatchObject({ leadId });
});

test('a change of a record, of the settings, or a new candidate expires it, and the error names it', async () => {
  const organization = sales.organization.id;
  const accountId = await sales.account('Acme');
  const leadId = await sales.lead({ company: 'Acme' });
  const id = encodeId('Account', accountId);

  const renamed = await preview(sales, leadId);
  await change(sql`update account set name = 'ACME', version = version + 1
    where organization_id = ${organization} and id = ${accountId}`);
  const { code, changes } = await refusal(sales, leadId, renamed.planToken);
  expect(code).toBe('PLAN_EXPIRED');
  expect(changes).toEqual(
    expect.arrayContaining([`account: Acme (${id}) → ACME (${id})`, 'account: version 1 → 2']),
  );

  const resettled = await preview(sales, leadId);
  await sales.setPolicies('WARN', 'ALLOW');
  expect((await refusal(sales, leadId, resettled.planToken)).changes).toEqual([
    'organisation: settings changed',
  ]);

  const rivalled = await preview(sales, leadId);
  const rival = await sales.account('Acme GmbH');
  const tie = await refusal(sales, leadId, rivalled.planToken);
  expect(tie).toMatchObject({ code: 'PLAN_EXPIRED' });
  expect(tie.changes![0]).toContain('2 accounts match the lead equally well');
  await change(
    sql`update account set deleted_at = now() where organization_id = ${organization} and id = ${rival}`,
  );
  expect(await convertPlanned(sales, leadId, rivalled.planToken)).toMatchObject({ accountId });
});

test('beside a plan only the lead, its version and a key can be given', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { planToken } = await preview(sales, leadId);
  for (const input of [
    { account: { matchOrCreate: true } },
    { opportunity: { none: true } },
    { allowDuplicate: false },
    { mergePolicy: [] },
    { convertedStatus: '' },
  ])
    expect(await refusal(sales, leadId, planToken, input)).toMatchObject({
      code: 'INVALID_INPUT',
      path: Object.keys(input),
    });
  expect(await refusal(sales, await sales.lead({ company: 'B' }), planToken)).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['lead'],
  });
  expect(await refusal(sales, leadId, planToken, { ifVersion: 2 })).toMatchObject({ code: 'STALE_VERSION' });
  expect(await convertPlanned(sales, leadId, planToken, { ifVersion: 1 })).toMatchObject({ leadId });
});

test('a token that was tampered with, invented, or made elsewhere is none', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { planToken } = await preview(sales, leadId);
  const [head, body, signature] = planToken.split('.');
  const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...claims, exp: 9_999_999_999 })).toString('base64url');
  for (const token of ['', 'x', 'a.b.c', `${head}.${forged}.${signature}`, `${planToken}x`])
    expect(await refusal(sales, leadId, token)).toMatchObject({ code: 'INVALID_INPUT', path: ['planToken'] });
  const secret = new Uint8Array(32).fill(2);
  expect(await refusal(sales, leadId, planToken, {}, { secret, as: sales.admin })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['planToken'],
  });
  const other = await Sales.open(world);
  expect(await refusal(other, leadId, planToken)).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['planToken'],
  });
  expect(await readToken({ tokenSecret: SECRET }, planToken)).toBeNull();
});

test('of ten executions of one plan at once one converts, and the others learn of its conversion', async () => {
  for (let round = 0; round < 5; round++) {
    const leadId = await sales.lead({ company: `Acme ${round}` });
    const { planToken } = await preview(sales, leadId);
    const { done, refused } = await settled(
      Array.from({ length: 10 }, () => convertPlanned(sales, leadId, planToken)),
    );
    expect(done).toHaveLength(1);
    expect(refused.map(({ code, conversionId }) => ({ code, conversionId }))).toEqual(
      Array.from({ length: 9 }, () => ({ code: 'LEAD_CONVERTED', conversionId: done[0]!.conversionId })),
    );
  }
});

test('an execution racing an edit of the account either comes first or is refused', async () => {
  const organization = sales.organization.id;
  for (let round = 0; round < 8; round++) {
    const accountId = await sales.account(`Firm${round}x`);
    const leadId = await sales.lead({ company: `Firm${round}x`, phone: '+2' });
    const { planToken } = await preview(sales, leadId);
    const [{ done, refused }] = await Promise.all([
      settled([convertPlanned(sales, leadId, planToken)]),
      change(sql`update account set rating = 'Hot', version = version + 1
        where organization_id = ${organization} and id = ${accountId}`),
    ]);
    expect(done.length + refused.length).toBe(1);
    expect(refused.every(({ code }) => code === 'PLAN_EXPIRED')).toBe(true);
    expect(await sales.row('account', accountId)).toMatchObject({
      rating: 'Hot',
      version: 2 + done.length,
      phone: done.length === 1 ? '+2' : null,
    });
    expect(await sales.row('lead', leadId)).toMatchObject({ is_converted: done.length === 1 });
  }
});

test('a repetition with the same key is answered even when the plan would not hold any longer', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { planToken } = await preview(sales, leadId);
  const first = await convertPlanned(sales, leadId, planToken, { idempotencyKey: 'k' });
  expect(await convertPlanned(sales, leadId, planToken, { idempotencyKey: 'k' })).toEqual(first);
});
