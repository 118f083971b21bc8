import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { ActivityType } from '../../src/activities/activity.enums.ts';
import { ActivityEntity } from '../../src/activities/activity.entity.ts';
import { CampaignEntity, CampaignMemberEntity } from '../../src/campaigns/campaign.entity.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { openWorld, type World } from '../support/world.ts';
import { created, Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };

describe('lead', () => {
  test('a converted lead is refused with the conversion that stands', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const { conversionId } = await sales.convert(leadId);
    expect(await sales.refusal(leadId, { ifVersion: 1 })).toMatchObject({
      code: 'LEAD_CONVERTED',
      path: ['lead'],
      conversionId,
    });
  });

  test('a version that is no more is refused with the one there is', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    expect(await sales.refusal(leadId, { ifVersion: 2 })).toMatchObject({
      code: 'STALE_VERSION',
      path: ['ifVersion'],
      current: 1,
    });
    expect(await sales.convert(leadId, { ifVersion: 1 })).toMatchObject({ leadId });
  });

  test('the status afterwards is the first one flagged converted, or the one named among them', async () => {
    const [standard] = await sales.rows<{ id: string; name: string }>('lead_status', 'is_converted');
    await world.database.write(sales.admin, (tx) =>
      tx.query(sql`insert into lead_status (organization_id, id, name, name_key, position, is_converted, is_closed, created_at, updated_at)
        values (${sales.organization.id}, ${uuidv7()}, 'Won over', 'won over', 9, true, true, now(), now())`),
    );
    const leadId = await sales.lead({ company: 'Acme' });
    for (const convertedStatus of ['Working - Contacted', 'Nope', ''])
      expect(await sales.refusal(leadId, { convertedStatus })).toMatchObject({
        code: 'INVALID_CONVERTED_STATUS',
        path: ['convertedStatus'],
        allowed: ['Closed - Converted', 'Won over'],
      });
    await sales.convert(leadId, { ...none, convertedStatus: 'won OVER' });
    const [wonOver] = await sales.rows<{ id: string }>('lead_status', "name = 'Won over'");
    expect(await sales.row('lead', leadId)).toMatchObject({ status_id: wonOver!.id });
    const second = await sales.lead({ company: 'Acme' });
    await sales.convert(second, none);
    expect(await sales.row('lead', second)).toMatchObject({ status_id: standard!.id });
  });
});

describe('owner', () => {
  const owners = async ({ accountId, contactId, opportunityId }: Awaited<ReturnType<Sales['convert']>>) =>
    Promise.all(
      (
        [
          ['account', accountId],
          ['contact', contactId],
          ['opportunity', opportunityId!],
        ] as const
      ).map(async ([table, id]) => (await sales.row(table, id))['owner_id']),
    );

  test("new records belong to whom the input names, else to the lead's owner, else to who converts", async () => {
    const bob = await sales.user('Bob');
    const carl = await sales.user('Carl');
    const owner = encodeId('User', bob);
    const named = await sales.convert(await sales.lead({ company: 'One', ownerId: carl }), { owner });
    expect(await owners(named)).toEqual([bob, bob, bob]);
    const inherited = await sales.convert(await sales.lead({ company: 'Two', ownerId: carl }));
    expect(await owners(inherited)).toEqual([carl, carl, carl]);
    const nobodys = await sales.convert(await sales.lead({ company: 'Three', ownerId: null }));
    expect(await owners(nobodys)).toEqual([sales.ownerId, sales.ownerId, sales.ownerId]);
  });

  test("a queue's lead needs an owner for what it becomes", async () => {
    const leadId = await sales.lead({
      company: 'Acme',
      ownerId: null,
      queueId: await sales.queue('Inbound'),
    });
    expect(await sales.refusal(leadId)).toMatchObject({ code: 'OWNER_REQUIRED', path: ['owner'] });
    const bob = await sales.user('Bob');
    expect(await owners(await sales.convert(leadId, { owner: encodeId('User', bob) }))).toEqual([
      bob,
      bob,
      bob,
    ]);
  });

  test('the owner named must be active', async () => {
    const owner = encodeId('User', await sales.user('Gone', { isActive: false }));
    const leadId = await sales.lead({ company: 'Acme' });
    expect(await sales.refusal(leadId, { owner })).toMatchObject({ code: 'INVALID_INPUT', path: ['owner'] });
  });
});

describe('who', () => {
  const as = (role: Role): Principal => ({ ...sales.admin, role });

  test.each([Role.ADMIN, Role.SDR, Role.AE])('%s converts', async (role) => {
    expect(await sales.convert(await sales.lead({ company: 'Acme' }), {}, as(role))).toBeDefined();
  });

  test('MARKETER and SERVICE need a person to review it', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const service: Principal = { ...as(Role.SERVICE), kind: 'SERVICE', userId: null };
    for (const principal of [as(Role.MARKETER), service])
      expect(await sales.refusal(leadId, {}, principal)).toMatchObject({ code: 'HUMAN_REVIEW_REQUIRED' });
  });

  test('ANALYST is forbidden to', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const before = await sales.everything();
    await expect(sales.convert(leadId, {}, as(Role.ANALYST))).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN', right: 'lead:convert', role: 'ANALYST' },
    });
    expect(await sales.everything()).toEqual(before);
  });
});

describe('duplicates', () => {
  const create = { ...none, account: { create: {} } };

  test('creating an account that exists is blocked, and allowed on demand with a warning', async () => {
    const id = await sales.account('Acme', { website: 'acme.com' });
    const leadId = await sales.lead({ company: 'Acme', email: 'a@acme.com' });
    const candidates = [{ kind: 'Account', id, score: 1, matchedOn: ['domain', 'name'], method: 'DOMAIN' }];
    const duplicate = { code: 'DUPLICATE_FOUND', path: ['account'], candidates };
    expect(await sales.refusal(leadId, create)).toMatchObject(duplicate);
    const result = await sales.convert(leadId, { ...create, allowDuplicate: true });
    expect(result.accountId).not.toBe(id);
    expect(result.warnings).toMatchObject([duplicate]);
  });

  test('a policy of WARN creates and tells, one of ALLOW only creates', async () => {
    await sales.account('Acme');
    await sales.setPolicies('WARN', 'WARN');
    const warned = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'A' }), create);
    expect(warned.warnings).toMatchObject([{ code: 'DUPLICATE_FOUND', path: ['account'] }]);
    await sales.setPolicies('ALLOW', 'ALLOW');
    const allowed = await sales.convert(await sales.lead({ company: 'Acme', lastName: 'B' }), create);
    expect(allowed.warnings).toEqual([]);
    expect(await sales.count('account')).toBe(3);
  });

  test('a similar name is no match: the account is created with a warning, or blocked by policy', async () => {
    const id = await sales.account('Burlington Textiles Corporation of America');
    const lead = { company: 'Burlington Textile Corporation of America' };
    const result = await sales.convert(await sales.lead({ ...lead, lastName: 'A' }), none);
    expect(result.accountId).not.toBe(id);
    expect(result.warnings).toMatchObject([
      { code: 'DUPLICATE_FOUND', candidates: [{ id, matchedOn: ['name'], method: 'SIMILAR_NAME' }] },
    ]);
    expect(result.warnings[0]!.candidates![0]!.score).toBeGreaterThanOrEqual(0.6);
    await sales.setPolicies('BLOCK', 'BLOCK');
    const other = await sales.lead({ company: 'Burlington Textiles Corporations of America' });
    expect((await sales.refusal(other, none)).code).toBe('DUPLICATE_FOUND');
  });

  test('creating a contact whose e-mail address the account has is blocked; elsewhere or by name it is told', async () => {
    const accountId = await sales.account('Acme');
    const twin = await sales.contact('Gonzalez', { accountId, email: 'rose@acme.com' });
    const namesake = await sales.contact('Gonzalez', { accountId });
    const elsewhere = await sales.contact('Rose', { email: 'rose@acme.com' });
    const leadId = await sales.lead({ company: 'Acme', email: 'rose@acme.com' });
    const input = { ...none, contact: { create: {} } };
    const error = await sales.refusal(leadId, input);
    expect(error).toMatchObject({
      code: 'DUPLICATE_FOUND',
      path: ['contact'],
      candidates: [
        { kind: 'Contact', id: twin, score: 1, matchedOn: ['email', 'name'] },
        { id: elsewhere, score: 0.9, matchedOn: ['email'] },
        { id: namesake, score: 0.8, matchedOn: ['name'] },
      ],
    });
    const other = await sales.lead({ company: 'Acme', lastName: 'Gonzalez', email: 'other@acme.com' });
    const { warnings } = await sales.convert(other, none);
    expect(warnings).toMatchObject([{ path: ['contact'], candidates: [{ score: 0.8 }, { score: 0.8 }] }]);
  });
});

describe('what hangs on the lead', () => {
  test('its activities go along; open ones to the new owner, closed ones stay whose they were', async () => {
    const bob = await sales.user('Bob');
    const leadId = await sales.lead({ company: 'Acme' });
    const [open, closed] = [uuidv7(), uuidv7()];
    await world.database.write(sales.admin, async ({ em }) => {
      for (const id of [open, closed])
        em.create(ActivityEntity, {
          organizationId: sales.organization.id,
          id,
          type: ActivityType.CALL,
          occurredAt: created,
          isOpen: id === open,
          leadId,
          ownerId: sales.ownerId,
          createdAt: created,
          updatedAt: created,
        });
    });
    const { accountId, contactId, opportunityId } = await sales.convert(leadId, {
      owner: encodeId('User', bob),
    });
    const links = {
      lead_id: leadId,
      account_id: accountId,
      contact_id: contactId,
      opportunity_id: opportunityId,
    };
    expect(await sales.row('activity', open)).toMatchObject({ ...links, owner_id: bob, version: 2 });
    expect(await sales.row('activity', closed)).toMatchObject({ ...links, owner_id: sales.ownerId });
  });

  test('its campaign memberships become those of the contact, each once, with the earliest response', async () => {
    const { organizationId } = sales.admin;
    const accountId = await sales.account('Acme');
    const contactId = await sales.contact('Gonzalez', { accountId, email: 'rose@acme.com' });
    const leadId = await sales.lead({ company: 'Acme', email: 'rose@acme.com' });
    const campaigns = [uuidv7(), uuidv7(), uuidv7()];
    const day = (date: number) => new Date(Date.UTC(2026, 0, date));
    await world.database.write(sales.admin, async ({ em }) => {
      for (const id of campaigns)
        em.create(CampaignEntity, {
          organizationId,
          id,
          name: id,
          nameKey: id,
          createdAt: created,
          updatedAt: created,
        });
      await em.flush();
      const member = (campaign: number, person: object, respondedAt: Date | null) =>
        em.create(CampaignMemberEntity, {
          organizationId,
          id: uuidv7(),
          campaignId: campaigns[campaign]!,
          ...person,
          respondedAt,
          createdAt: created,
        });
      member(0, { leadId }, day(3));
      member(1, { leadId }, day(4));
      member(1, { contactId }, day(5));
      member(2, { leadId }, null);
      member(2, { contactId }, day(6));
    });
    await sales.convert(leadId, none);
    const members = await sales.rows('campaign_member');
    expect(
      members
        .map((row) => [row['campaign_id'], row['lead_id'], row['contact_id'], row['responded_at']])
        .sort(),
    ).toEqual([
      [campaigns[0], null, contactId, day(3).toISOString()],
      [campaigns[1], null, contactId, day(4).toISOString()],
      [campaigns[2], null, contactId, day(6).toISOString()],
    ]);
  });
});

describe('idempotency key', () => {
  test('the same key and input answer with the same conversion; another input is refused', async () => {
    const leadId = await sales.lead({ company: 'Acme' });
    const first = await sales.convert(leadId, { idempotencyKey: 'k' });
    const before = await sales.everything();
    expect(await sales.convert(leadId, { idempotencyKey: 'k' })).toEqual(first);
    expect(await sales.everything()).toEqual(before);
    expect(await sales.refusal(leadId, { ...none, idempotencyKey: 'k' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await sales.refusal(leadId, { idempotencyKey: 'other' })).toMatchObject({
      code: 'LEAD_CONVERTED',
      conversionId: first.conversionId,
    });
  });

  test('a repeated answer tells the same warnings', async () => {
    await sales.setPolicies('WARN', 'WARN');
    await sales.account('Acme');
    const input = { idempotencyKey: 'k', account: { create: {} } };
    const leadId = await sales.lead({ company: 'Acme' });
    const first = await sales.convert(leadId, input);
    expect(first.warnings).toHaveLength(1);
    expect(await sales.convert(leadId, input)).toEqual(first);
  });
});
