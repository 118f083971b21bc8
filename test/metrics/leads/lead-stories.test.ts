import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { checkOrganization } from '../../../src/database/check.ts';
import { parseId } from '../../../src/graphql/ids.ts';
import { type Sellers, sellers, userOf } from '../../handoffs/handing-over.ts';
import type { Data } from '../../support/graphql.ts';
import { mutate } from '../../support/mutate.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let at: Sellers;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await sellers(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, at.organization.id)).toEqual([]);
});
afterAll(() => world.close());

/** What is told of the leads now, as the application wrote them. */
async function metrics(fields: string, args = ''): Promise<Data> {
  const { data, errors } = await at.admin.send(`{ leadMetrics${args} { ${fields} } }`);
  expect(errors).toEqual([]);
  return data!.leadMetrics as Data;
}

/** Somebody of ours calls the lead now. */
async function call(lead: string): Promise<void> {
  await world.database.write(at.tenant, (tx) =>
    tx.query(sql`
      insert into activity (organization_id, id, type, direction, lead_id, owner_id, occurred_at, created_at, updated_at)
      values (${at.organization.id}, ${uuidv7()}, 'CALL', 'OUTBOUND', ${parseId(lead)!.uuid},
        ${at.organization.adminId}, now(), now(), now())`),
  );
}

const SPEED = 'speedToLead { answered overdue waiting records(first: 5) { totalCount nodes { id } } }';

test('an answered lead stays answered when it is converted, and when that is undone', async () => {
  const lead = await at.lead({ company: 'Acme' });
  expect(await metrics(SPEED)).toMatchObject({ speedToLead: { answered: 0, waiting: 1 } });
  await call(lead);
  const answered = {
    speedToLead: { answered: 1, overdue: 0, waiting: 0, records: { totalCount: 1, nodes: [{ id: lead }] } },
  };
  expect(await metrics(SPEED)).toEqual(answered);
  const conversion = await at.convert(lead);
  expect(await metrics(SPEED)).toEqual(answered);
  const { userErrors } = await mutate(at.admin, 'revertConversion', { conversion }, 'lead { id }');
  expect(userErrors).toEqual([]);
  expect(await metrics(SPEED)).toEqual(answered);
});

test('a conversion and its undoing are told at once, and as they were in between', async () => {
  const lead = await at.lead({ company: 'Acme', source: 'Web' });
  await at.lead({ company: 'Globex' });
  const before = new Date();
  const conversion = await at.convert(lead);
  const fields = `open { count } converted { count } conversionCohort { value }
    milestones { toAccount { numerator } toNewAccount { numerator } toContact { numerator } toOpportunity { numerator } }
    effectiveness { opportunities { count } won { count } } ambiguity { inBothStates { count } }`;
  const converted = {
    open: { count: 1 },
    converted: { count: 1 },
    conversionCohort: { value: 0.5 },
    milestones: {
      toAccount: { numerator: 1 },
      toNewAccount: { numerator: 1 },
      toContact: { numerator: 1 },
      toOpportunity: { numerator: 1 },
    },
    effectiveness: { opportunities: { count: 1 }, won: { count: 0 } },
    ambiguity: { inBothStates: { count: 0 } },
  };
  expect(await metrics(fields)).toEqual(converted);
  const between = new Date();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await mutate(at.admin, 'revertConversion', { conversion }, 'lead { id }');
  expect(await metrics('open { count } converted { count }')).toEqual({
    open: { count: 2 },
    converted: { count: 0 },
  });
  expect(await metrics('open { count } converted { count }', `(asOf: "${between.toISOString()}")`)).toEqual({
    open: { count: 1 },
    converted: { count: 1 },
  });
  expect(await metrics('converted { count }', `(asOf: "${before.toISOString()}")`)).toEqual({
    converted: { count: 0 },
  });
});

test('hand-offs as they are made: accepted, bounced and handed over again, withdrawn, pending', async () => {
  const leads = await Promise.all(['One', 'Two', 'Three', 'Four'].map((company) => at.sdrLead({ company })));
  const [accepted, bounced, withdrawn, pending] = leads as [string, string, string, string];
  await at.accept(await at.pending(accepted));
  await at.bounce(await at.pending(bounced));
  await at.withdraw(await at.pending(withdrawn));
  await at.pending(pending);
  const fields = `handoff { value numerator denominator records { totalCount } numeratorRecords { nodes { id } } }
    handoffPending { records { nodes { id } } } handoffBounced { count } handoffDecision { count }
    milestones { mql { numerator } sal { numerator } }`;
  expect(await metrics(fields)).toEqual({
    handoff: {
      ...{ value: 0.5, numerator: 1, denominator: 2 },
      records: { totalCount: 2 },
      numeratorRecords: { nodes: [{ id: accepted }] },
    },
    handoffPending: { records: { nodes: [{ id: pending }] } },
    handoffBounced: { count: 1 },
    handoffDecision: { count: 2 },
    milestones: { mql: { numerator: 1 }, sal: { numerator: 1 } },
  });
  // the second try is what counts, and that it once came back stays told
  await at.accept(await at.pending(bounced, at.otherAe), at.otherAe);
  expect(await metrics('handoff { numerator denominator } handoffBounced { count }')).toEqual({
    handoff: { numerator: 2, denominator: 2 },
    handoffBounced: { count: 1 },
  });
  const { data } = await at.admin.send(
    '{ leadGroups(by: OWNER) { key { owner { id } } metrics { handoff { numerator } } } }',
  );
  const byOwner = new Map(
    (data!.leadGroups as Data[]).map(({ key, metrics: own }) => [key.owner.id, own.handoff.numerator]),
  );
  expect(byOwner.get(userOf(at.ae))).toBe(1);
  expect(byOwner.get(userOf(at.otherAe))).toBe(1);
});

test('whoever may read leads may read their metrics, and nobody else of another organisation', async () => {
  await at.lead({});
  for (const caller of [at.admin, at.sdr, at.ae]) {
    const { data, errors } = await caller.send('{ leadMetrics { created { count } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({ leadMetrics: { created: { count: 1 } } });
  }
  const elsewhere = await sellers(world);
  const { data } = await elsewhere.admin.send('{ leadMetrics { created { count } } }');
  expect(data).toEqual({ leadMetrics: { created: { count: 0 } } });
});
