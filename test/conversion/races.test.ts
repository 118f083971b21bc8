import sql from 'sql-template-tag';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { accountKeys } from '../../src/accounts/account.keys.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { updateLead } from '../../src/leads/lead.service.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales, settled } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld({ poolSize: 16 });
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const FIFTY = Array.from({ length: 50 }, (_, index) => index);
const none = { opportunity: { none: true } };

test('fifty conversions of one lead with different keys: one is done, 49 are refused and carry it', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { done, refused } = await settled(
    FIFTY.map((index) => sales.convert(leadId, { idempotencyKey: `key ${index}` })),
  );
  expect(done).toHaveLength(1);
  expect(refused).toHaveLength(49);
  for (const error of refused)
    expect(error).toMatchObject({ code: 'LEAD_CONVERTED', conversionId: done[0]!.conversionId });
  for (const table of ['account', 'contact', 'opportunity', 'lead_conversion'])
    expect([table, await sales.count(table)]).toEqual([table, 1]);
});

test('fifty conversions of one lead with one key: fifty equal answers', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { done } = await settled(FIFTY.map(() => sales.convert(leadId, { idempotencyKey: 'one' })));
  expect(done).toHaveLength(50);
  for (const result of done) expect(result).toEqual(done[0]);
  expect(await sales.count('lead_conversion')).toBe(1);
});

test('fifty leads of one new company: one account, fifty contacts, fifty opportunities', async () => {
  const leadIds = await Promise.all(
    FIFTY.map((index) =>
      sales.lead({ company: 'Acme', lastName: `Person ${index}`, email: `person${index}@acme.com` }),
    ),
  );
  const { done } = await settled(leadIds.map((id) => sales.convert(id)));
  expect(done).toHaveLength(50);
  expect(new Set(done.map(({ accountId }) => accountId)).size).toBe(1);
  expect(new Set(done.map(({ contactId }) => contactId)).size).toBe(50);
  expect(await sales.count('account')).toBe(1);
  expect(sales.attempts).toBe(50);
  const outcomes = (await sales.rows('lead_conversion')).map((row) => row['account_outcome']);
  expect(outcomes.filter((outcome) => outcome === 'CREATED')).toHaveLength(1);
});

test('leads that share a company now by name, now by domain make one account, without a deadlock', async () => {
  const spellings = [
    { company: 'Acme', website: 'acme.com' },
    { company: 'ACME Inc.', website: 'acme.com' },
    { company: 'Acme', website: null },
  ];
  await sales.convert(await sales.lead({ ...spellings[0]!, lastName: 'First' }), none);
  const leadIds = await Promise.all(
    FIFTY.map((index) => sales.lead({ ...spellings[index % 3]!, lastName: `Person ${index}` })),
  );
  const { done } = await settled(leadIds.map((id) => sales.convert(id, none)));
  expect(done).toHaveLength(50);
  expect(await sales.count('account')).toBe(1);
  expect(sales.attempts).toBe(51);
});

test('twenty leads of one person make one contact', async () => {
  const leadIds = await Promise.all(
    FIFTY.slice(0, 20).map(() => sales.lead({ company: 'Acme', email: 'rose@acme.com' })),
  );
  const { done } = await settled(leadIds.map((id) => sales.convert(id, none)));
  expect(done).toHaveLength(20);
  expect(await sales.count('contact')).toBe(1);
});

test('leads of different companies that join one account and one deal: each contact once, one of them primary', async () => {
  const accountId = await sales.account('Target');
  const opportunity = {
    existing: { id: encodeId('Opportunity', await sales.opportunity('Deal', { accountId })) },
  };
  const account = { existing: encodeId('Account', accountId) };
  const leadIds = await Promise.all(
    FIFTY.slice(0, 20).map((index) =>
      sales.lead({
        company: `Company ${index}`,
        email: `p${index % 10}@x${index % 10}.com`,
        source: `S${index}`,
      }),
    ),
  );
  const { done } = await settled(leadIds.map((id) => sales.convert(id, { account, opportunity })));
  expect(done).toHaveLength(20);
  expect(await sales.count('contact')).toBe(10);
  const roles = await sales.rows('opportunity_contact_role');
  expect(roles).toHaveLength(10);
  expect(roles.filter((row) => row['is_primary'])).toHaveLength(1);
  expect(sales.attempts).toBe(20);
});

test('a conversion racing an edit of the lead: it converts what it saw, or the edit is refused', async () => {
  for (let round = 0; round < 10; round++) {
    const leadId = await sales.lead({ company: `Company ${round}`, title: 'before', lastName: `P${round}` });
    const edit = world.database.write(sales.admin, (tx) =>
      updateLead(tx, sales.admin, sales.organization, { lead: encodeId('Lead', leadId), title: 'after' }),
    );
    const [converted, edited] = await Promise.allSettled([sales.convert(leadId, none), edit]);
    expect(converted.status).toBe('fulfilled');
    const lead = await sales.row('lead', leadId);
    const [contact] = await sales.rows('contact', `last_name = 'P${round}'`);
    if (edited.status === 'fulfilled') expect([lead['title'], contact!['title']]).toEqual(['after', 'after']);
    else {
      expect(edited.reason).toMatchObject({ errors: [{ code: 'LEAD_CONVERTED' }] });
      expect([lead['title'], contact!['title']]).toEqual(['before', 'before']);
    }
  }
});

test('an account that is renamed or deleted while a conversion waits for it is not joined', async () => {
  for (const change of [
    { name: 'Renamed', ...accountKeys({ name: 'Renamed' }) },
    { deletedAt: new Date() },
  ]) {
    const accountId = await sales.account('Acme');
    const leadId = await sales.lead({ company: 'Acme' });
    const { conversion } = await world.database.write(sales.admin, async (tx) => {
      const key = { organizationId: sales.organization.id, id: accountId };
      tx.em.assign(await tx.em.findOneOrFail(AccountEntity, key), change);
      await tx.em.flush();
      const conversion = sales.convert(leadId, none);
      await waitForLock();
      return { conversion };
    });
    const result = await conversion;
    expect(result.accountId).not.toBe(accountId);
    await world.database.write(sales.admin, (tx) =>
      tx.query(sql`update account set match_key = id::text where organization_id = ${sales.organization.id}`),
    );
  }
});

/** Until some transaction waits for another. */
async function waitForLock(): Promise<void> {
  for (;;) {
    const { rows } = await world.owner.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
