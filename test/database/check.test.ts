import 'reflect-metadata';
import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../../src/accounts/account.entity.ts';
import { accountKeys } from '../../src/accounts/account.keys.ts';
import { ContactEntity } from '../../src/contacts/contact.entity.ts';
import { contactKeys } from '../../src/contacts/contact.keys.ts';
import { LeadConversionEntity } from '../../src/conversion/conversion.entity.ts';
import { ConversionOutcome } from '../../src/conversion/conversion.enums.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId, type NodeType } from '../../src/graphql/ids.ts';
import { LeadStatusEntity, StageEntity } from '../../src/identity/identity.entity.ts';
import { LeadEntity } from '../../src/leads/lead.entity.ts';
import { leadKeys } from '../../src/leads/lead.keys.ts';
import { recordVersion } from '../../src/opportunities/opportunity-history.ts';
import {
  OpportunityContactRoleEntity,
  OpportunityEntity,
} from '../../src/opportunities/opportunity.entity.ts';
import { opportunityKeys } from '../../src/opportunities/opportunity.keys.ts';
import { generateSample } from '../../src/sample/generate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const moments = ['2026-01-05', '2026-02-05', '2026-03-05'].map((day) => new Date(`${day}T09:00:00Z`)) as [
  Date,
  Date,
  Date,
];

/** An organisation with one lead, converted into an account, a contact and an opportunity that was pushed and then won. */
async function soundOrganization() {
  const { tenant, id: organizationId } = await world.organization();
  const [created, pushed, won] = moments;
  const tracked = { createdAt: created, updatedAt: created };
  const ids = await world.database.write(tenant, async (tx) => {
    const { em } = tx;
    const row = () => ({ organizationId, id: uuidv7(), ...tracked });
    const stage = (name: string) => em.findOneOrFail(StageEntity, { organizationId, name });
    const [open, closedWon] = [await stage('Prospecting'), await stage('Closed Won')];
    const company = { name: 'Alster Optik GmbH', industry: 'Optics' };
    const account = em.create(AccountEntity, { ...row(), ...company, ...accountKeys(company) });
    // MikroORM doesn't know the references: what is referred to is flushed first.
    await em.flush();
    const person = { firstName: 'Anna', lastName: 'Kröger', email: 'anna@alster.example', title: 'Einkauf' };
    const accountId = account.id;
    const contact = em.create(ContactEntity, { ...row(), accountId, ...person, ...contactKeys(person) });
    const deal = { name: 'Alster Optik-', source: 'Web' };
    const opportunity = em.create(OpportunityEntity, {
      ...row(),
      ...deal,
      ...opportunityKeys(deal),
      accountId,
      stageId: open.id,
      stagePosition: open.position,
      amount: 1000n,
      currency: 'EUR',
      probability: open.probability,
      forecastCategory: open.forecastCategory,
      closeDate: '2026-03-31',
      isClosed: false,
      isWon: false,
    });
    await em.flush();
    await recordVersion(tx, opportunity, created);
    await em.flush();
    em.assign(opportunity, { closeDate: '2026-04-30', pushCount: 1 });
    await recordVersion(tx, opportunity, pushed);
    await em.flush();
    const { probability, forecastCategory, isClosed, isWon } = closedWon;
    em.assign(opportunity, {
      ...{ stageId: closedWon.id, stagePosition: closedWon.position, closedAt: won },
      ...{ probability, forecastCategory, isClosed, isWon },
    });
    await recordVersion(tx, opportunity, won);
    await em.flush();
    const ofDeal = { organizationId, opportunityId: opportunity.id, contactId: contact.id };
    em.create(OpportunityContactRoleEntity, { ...ofDeal, id: uuidv7(), isPrimary: true, createdAt: created });
    const status = await em.findOneOrFail(LeadStatusEntity, { organizationId, isConverted: true });
    const inquiry = { ...person, company: company.name, source: 'Web' };
    const lead = em.create(LeadEntity, {
      ...row(),
      ...inquiry,
      ...leadKeys(inquiry),
      ...{ statusId: status.id, matchedAccountId: account.id, isConverted: true, convertedAt: created },
    });
    await em.flush();
    const conversion = em.create(LeadConversionEntity, {
      ...ofDeal,
      id: uuidv7(),
      leadId: lead.id,
      accountId,
      accountOutcome: ConversionOutcome.CREATED,
      contactOutcome: ConversionOutcome.CREATED,
      opportunityOutcome: ConversionOutcome.CREATED,
      convertedAt: created,
    });
    await em.flush();
    await tx.query(sql`
      insert into idempotency_key (organization_id, principal, mutation, key, input_hash, result, created_at)
      values (${organizationId}, 'user:x', 'convertLead', 'k', 'h',
        ${JSON.stringify({ conversionId: conversion.id })}::jsonb, ${created})`);
    return {
      Account: account.id,
      Contact: contact.id,
      Opportunity: opportunity.id,
      Lead: lead.id,
      LeadConversion: conversion.id,
    };
  });
  return { organizationId, tenant, ids };
}

type Sound = Awaited<ReturnType<typeof soundOrganization>>;

test('an organisation whose records agree passes', async () => {
  const { organizationId } = await soundOrganization();
  expect(await checkOrganization(world.database, organizationId)).toEqual([]);
});

test('the sample passes', async () => {
  const organization = await world.organization();
  await generateSample(world.database, organization);
  expect(await checkOrganization(world.database, organization.id)).toEqual([]);
});

const unknown = '01a20a33-5b8f-75bb-b379-48a5afeddd45';

const planted: [invariant: string, record: keyof Sound['ids'], (sound: Sound) => Sql[]][] = [
  [
    'opportunity-has-history',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`delete from opportunity_version where organization_id = ${o} and valid_to is null`,
      sql`update opportunity set closed_at = null, is_closed = false, is_won = false, stage_id =
        (select id from stage where organization_id = ${o} and name = 'Prospecting'), stage_position = 1
        where organization_id = ${o}`,
    ],
  ],
  [
    'history-ends-with-the-present',
    'Opportunity',
    ({ organizationId: o }) => [sql`update opportunity set amount = null where organization_id = ${o}`],
  ],
  [
    'history-has-no-gaps',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`update opportunity_version set valid_to = valid_to - interval '1 day'
        where organization_id = ${o} and valid_from = ${moments[0]}`,
    ],
  ],
  [
    'history-has-no-gaps',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`update opportunity_version set valid_to = valid_to + interval '1 day'
        where organization_id = ${o} and valid_from = ${moments[0]}`,
    ],
  ],
  [
    'closed-when-history-says',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`update opportunity set closed_at = closed_at + interval '1 hour' where organization_id = ${o}`,
    ],
  ],
  [
    'closed-as-the-stage-says',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`update stage set is_won = false where organization_id = ${o} and name = 'Closed Won'`,
    ],
  ],
  [
    'pushes-are-counted',
    'Opportunity',
    ({ organizationId: o }) => [sql`update opportunity set push_count = 0 where organization_id = ${o}`],
  ],
  [
    'converted-opportunity-has-primary-contact',
    'Opportunity',
    ({ organizationId: o }) => [
      sql`update opportunity_contact_role set is_primary = false where organization_id = ${o}`,
    ],
  ],
  [
    'converted-once',
    'Lead',
    ({ organizationId: o }) => [
      sql`update lead_conversion set reverted_at = converted_at, account_outcome = 'ATTACHED',
        contact_outcome = 'ATTACHED', opportunity_outcome = 'ATTACHED' where organization_id = ${o}`,
    ],
  ],
  [
    'converted-once',
    'Lead',
    ({ organizationId: o }) => [
      sql`update lead set is_converted = false, converted_at = null where organization_id = ${o}`,
    ],
  ],
  [
    'converted-at-one-time',
    'Lead',
    ({ organizationId: o }) => [
      sql`update lead set converted_at = converted_at + interval '1 second' where organization_id = ${o}`,
    ],
  ],
  [
    'contact-still-at-the-account',
    'LeadConversion',
    ({ organizationId: o }) => [sql`update contact set account_id = null where organization_id = ${o}`],
  ],
  [
    'matched-account-exists',
    'Lead',
    ({ organizationId: o }) => [
      sql`update contact set account_id = null where organization_id = ${o}`,
      sql`update opportunity set account_id = null where organization_id = ${o}`,
      sql`update lead_conversion set account_id = null where organization_id = ${o}`,
      sql`update account set deleted_at = created_at where organization_id = ${o}`,
    ],
  ],
  [
    'account-is-there',
    'Account',
    ({ organizationId: o }) => [
      sql`update lead set matched_account_id = null where organization_id = ${o}`,
      sql`update account set deleted_at = created_at where organization_id = ${o}`,
    ],
  ],
  [
    'undone-is-gone',
    'LeadConversion',
    ({ organizationId: o }) => [
      sql`update lead_conversion set reverted_at = converted_at where organization_id = ${o}`,
      sql`update lead set is_converted = false, converted_at = null where organization_id = ${o}`,
    ],
  ],
  [
    'account-keys',
    'Account',
    ({ organizationId: o }) => [
      sql`update account set match_key = 'alster optik gmbh' where organization_id = ${o}`,
    ],
  ],
  [
    'contact-keys',
    'Contact',
    ({ organizationId: o }) => [sql`update contact set last_name = 'Krüger' where organization_id = ${o}`],
  ],
  [
    'lead-keys',
    'Lead',
    ({ organizationId: o }) => [sql`update lead set domain = null where organization_id = ${o}`],
  ],
  [
    'opportunity-keys',
    'Opportunity',
    ({ organizationId: o }) => [sql`update opportunity set source_key = null where organization_id = ${o}`],
  ],
];

async function plant({ tenant }: Sound, statements: Sql[]): Promise<void> {
  await world.database.write(tenant, async (tx) => {
    for (const statement of statements) await tx.query(statement);
  });
}

test.each(planted)('%s is found at the %s', async (name, record, statements) => {
  const sound = await soundOrganization();
  await plant(sound, statements(sound));
  const found = await checkOrganization(world.database, sound.organizationId);
  expect(found).toEqual([
    {
      name,
      sentence: expect.stringMatching(/^[A-Z].*\.$/),
      severity: name === 'contact-still-at-the-account' ? 'warning' : 'error',
      count: 1,
      examples: [encodeId(record satisfies NodeType, sound.ids[record])],
    },
  ]);
});

test('a remembered answer without its conversion is found', async () => {
  const sound = await soundOrganization();
  const { organizationId } = sound;
  await plant(sound, [
    sql`update idempotency_key set result = ${JSON.stringify({ conversionId: unknown })}::jsonb
      where organization_id = ${organizationId}`,
  ]);
  expect(await checkOrganization(world.database, organizationId)).toMatchObject([
    { name: 'remembered-answers-exist', count: 1, examples: [encodeId('LeadConversion', unknown)] },
  ]);
});

test('an open proposal of a converted lead, an approval of another conversion, and a conversion told twice are found', async () => {
  const sound = await soundOrganization();
  const { organizationId: o, ids } = sound;
  const proposal = (id: string, state: Sql, columns: Sql) => sql`
    insert into conversion_proposal (organization_id, id, lead_id, input, plan_state, plan, proposer, proposed_by_kind,
      proposed_by_name, proposed_at, state, reviewed_by_id, reviewed_at, conversion_id)
    values (${o}, ${id}, ${ids.Lead}, '{}', '{}', '{}', 'token:t', 'SERVICE', 'Agent', now(), ${state}, ${columns})`;
  const { userId } = sound.tenant;
  const [open, approved] = [uuidv7(), uuidv7()];
  await plant(sound, [
    proposal(open, sql`'OPEN'`, sql`null, null, null`),
    // the conversion names nobody who approved it
    proposal(approved, sql`'APPROVED'`, sql`${userId}, now(), ${ids.LeadConversion}`),
    sql`update lead_conversion set effects = '{}' where organization_id = ${o}`,
  ]);
  expect(await checkOrganization(world.database, o)).toMatchObject([
    { name: 'open-proposal-of-open-lead', examples: [encodeId('ConversionProposal', open)] },
    { name: 'approved-for-its-lead', examples: [encodeId('ConversionProposal', approved)] },
    { name: 'conversion-is-told-once', examples: [encodeId('LeadConversion', ids.LeadConversion)] },
  ]);
  const event = sql`
    insert into outbox_event (organization_id, id, type, payload, at)
    select ${o}, gen_random_uuid(), 'convertLead',
      jsonb_build_object('recordType', 'LeadConversion', 'recordId', ${ids.LeadConversion}::text), now()
    from generate_series(1, 2)`;
  await plant(sound, [
    sql`delete from conversion_proposal where organization_id = ${o}`,
    sql`update lead_conversion set effects = null where organization_id = ${o}`,
    event,
  ]);
  expect(await checkOrganization(world.database, o)).toMatchObject([
    { name: 'conversion-is-told-once', examples: [encodeId('LeadConversion', ids.LeadConversion)] },
  ]);
});

test('many records are counted, and some of them named', async () => {
  const sound = await soundOrganization();
  const { organizationId } = sound;
  await plant(sound, [
    sql`insert into account (organization_id, id, name, name_key, match_key, created_at, updated_at)
      select ${organizationId}, gen_random_uuid(), 'Firma ' || n, 'wrong', 'firma ' || n, now(), now()
      from generate_series(1, 6000) n`,
  ]);
  const [violation, ...others] = await checkOrganization(world.database, organizationId);
  expect(violation).toMatchObject({ name: 'account-keys', count: 6000 });
  expect(violation!.examples).toHaveLength(5);
  expect(others).toEqual([]);
});

const handoff = ({ organizationId, tenant, ids }: Sound, decision: string | null) => {
  const at = decision && moments[1];
  return sql`
    insert into lead_handoff (organization_id, id, lead_id, to_user_id, handed_at, decision, decided_at, created_at, updated_at)
    values (${organizationId}, ${ids.Lead}, ${ids.Lead}, ${tenant.userId}, ${moments[0]}, ${decision}, ${at},
      ${moments[0]}, ${moments[0]})`;
};

test('a converted lead that waits to be accepted is found, and so is an accepted one that is not SAL', async () => {
  for (const [decision, name] of [
    [null, 'pending-handoff-of-open-lead'],
    ['ACCEPTED', 'accepted-handoff-is-sal'],
  ] as const) {
    const sound = await soundOrganization();
    await plant(sound, [handoff(sound, decision)]);
    const examples = [encodeId('LeadHandoff', sound.ids.Lead)];
    expect(await checkOrganization(world.database, sound.organizationId)).toMatchObject([
      { name, severity: 'error', count: 1, examples },
    ]);
    const { organizationId } = sound;
    await plant(sound, [
      decision
        ? sql`update lead set sal_at = ${moments[1]} where organization_id = ${organizationId}`
        : sql`delete from lead_handoff where organization_id = ${organizationId}`,
    ]);
    expect(await checkOrganization(world.database, organizationId)).toEqual([]);
  }
});

test("another organisation's contradictions are not its own", async () => {
  const [sound, other] = [await soundOrganization(), await soundOrganization()];
  await plant(other, [
    sql`update opportunity set push_count = 0 where organization_id = ${other.organizationId}`,
  ]);
  expect(await checkOrganization(world.database, sound.organizationId)).toEqual([]);
});

/** Last of the file: an index forbids it, which goes first. */
test('a second primary contact is found', async () => {
  await world.owner.query('drop index opportunity_contact_role_primary_idx');
  const sound = await soundOrganization();
  const { organizationId, ids } = sound;
  const second = { lastName: 'Zweit', nameKey: 'zweit' };
  await plant(sound, [
    sql`insert into contact (organization_id, id, account_id, last_name, name_key, created_at, updated_at)
      values (${organizationId}, ${unknown}, ${ids.Account}, ${second.lastName}, ${second.nameKey}, now(), now())`,
    sql`insert into opportunity_contact_role (organization_id, id, opportunity_id, contact_id, is_primary, created_at)
      values (${organizationId}, ${unknown}, ${ids.Opportunity}, ${unknown}, true, now())`,
  ]);
  expect(await checkOrganization(world.database, organizationId)).toMatchObject([
    { name: 'one-primary-contact', count: 1, examples: [encodeId('Opportunity', ids.Opportunity)] },
  ]);
});
