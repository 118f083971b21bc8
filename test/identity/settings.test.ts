import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { invariants } from '../../src/database/check-invariants.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { organizationSettings } from '../../src/identity/sign-in.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let organization: Awaited<ReturnType<World['organization']>>;
let organizationId: string;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  organization = await world.organization();
  organizationId = encodeId('Organization', organization.id);
  admin = await callerOf(world, organization);
});
afterAll(() => world.close());

const SETTINGS = `id name currency timeZone fiscalYearStartMonth duplicatePolicy similarPolicy version
  stages { id name position probability forecastCategory isClosed isWon }
  leadStatuses { id name position isConverted isClosed }`;

const ask = (mutation: string, input: Data, caller = admin) =>
  mutate(caller, mutation, input, `organization { ${SETTINGS} }`);
const update = (input: Data) => ask('updateOrganization', input);
const setStages = (stages: Data[], more: Data = {}) => ask('updateStages', { stages, ...more });
const setStatuses = (statuses: Data[], more: Data = {}) => ask('updateLeadStatuses', { statuses, ...more });

async function settings(): Promise<Data> {
  const { data } = await admin.send(`{ viewer { organization { ${SETTINGS} } } }`);
  return data!.viewer.organization as Data;
}
const asGiven = (steps: Data[]) => steps.map(({ id, name }) => ({ id, name }));
const names = (steps: Data[]) => steps.map(({ name }) => name);

async function deal(stage: string, fields: Data = {}): Promise<string> {
  const input = { name: 'Deal', stage, closeDate: '2026-12-01', ...fields };
  const { opportunity, userErrors } = await mutate(admin, 'createOpportunity', input, 'opportunity { id }');
  expect(userErrors).toEqual([]);
  return opportunity.id as string;
}

async function brokenRules(): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, violations } of invariants) {
    const rows = await world.database.read(organization.tenant, (snapshot) =>
      snapshot.query(violations(organization.id)),
    );
    if (rows.length > 0) broken.push(name);
  }
  return broken;
}

describe('the organisation', () => {
  test('shows its settings, as every record by its id', async () => {
    const now = await settings();
    expect(now).toMatchObject({
      timeZone: 'UTC',
      fiscalYearStartMonth: 1,
      duplicatePolicy: 'BLOCK',
      similarPolicy: 'WARN',
      version: 1,
    });
    const ids = [organizationId, now.stages[2].id, now.leadStatuses[1].id];
    const { data } = await admin.send(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Stage { name } ... on LeadStatus { name } } }',
      { ids },
    );
    expect(data!.nodes).toEqual([
      { __typename: 'Organization', id: organizationId },
      { __typename: 'Stage', id: ids[1], name: 'Needs Analysis' },
      { __typename: 'LeadStatus', id: ids[2], name: 'Working - Contacted' },
    ]);
    const other = await callerOf(world, await world.organization());
    const foreign = await other.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(foreign.data!.nodes).toEqual([null, null, null]);
  });

  test('changes what is given, at once for whoever asks next', async () => {
    const before = await organizationSettings(world.database, admin.principal);
    expect(before).toMatchObject({ timeZone: 'UTC' });
    const name = `Kontor ${organization.id}`;
    const change = { timeZone: 'Europe/Berlin', fiscalYearStartMonth: 4, duplicatePolicy: 'ALLOW' };
    const { organization: after, userErrors } = await update({ name: ` ${name} `, ...change });
    expect(userErrors).toEqual([]);
    expect(after).toMatchObject({ name, ...change, similarPolicy: 'WARN', version: 2 });
    expect(await organizationSettings(world.database, admin.principal)).toMatchObject({
      name,
      timeZone: 'Europe/Berlin',
      fiscalYearStartMonth: 4,
    });
    expect((await update({ ...change, name })).organization).toEqual(after);
    expect(await auditOf(world, organization.tenant, organizationId)).toMatchObject([
      {
        action: 'updateOrganization',
        recordType: 'Organization',
        before: { timeZone: 'UTC', fiscalYearStartMonth: 1, duplicatePolicy: 'BLOCK' },
        after: { name, ...change },
      },
    ]);
  });

  test('refuses what is no setting, all at once', async () => {
    const wrong = { name: ' ', timeZone: '+02:00', fiscalYearStartMonth: 13, duplicatePolicy: null };
    expect((await update(wrong)).userErrors).toMatchObject(
      ['name', 'timeZone', 'fiscalYearStartMonth', 'duplicatePolicy'].map((field) => ({
        code: 'INVALID_INPUT',
        path: [field],
      })),
    );
    expect((await update({ name: 'x'.repeat(101) })).userErrors).toMatchObject([{ path: ['name'] }]);
    const taken = (await world.organization()).name.toUpperCase();
    expect((await update({ name: taken })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['name'] },
    ]);
    expect((await settings()).version).toBe(1);
  });

  test('of changes to one version at once, one is made', async () => {
    const answers = await Promise.all(
      [2, 3, 4, 5].map((fiscalYearStartMonth) => update({ fiscalYearStartMonth, ifVersion: 1 })),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    for (const { userErrors } of answers.filter((answer) => answer.userErrors.length > 0))
      expect(userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 2 }]);
  });

  test('decides by its policy what the next conversion does', async () => {
    const convert = async () => {
      const { lead } = await mutate(
        admin,
        'createLead',
        { lastName: 'Boxer', company: 'Acme', source: 'Web' },
        'lead { id }',
      );
      const input = { lead: lead.id, account: { create: { name: 'Acme' } }, opportunity: { none: true } };
      return mutate(admin, 'convertLead', input, 'account { id } warnings { code }');
    };
    expect((await convert()).userErrors).toEqual([]);
    expect((await convert()).userErrors).toMatchObject([{ code: 'DUPLICATE_FOUND' }]);
    await update({ duplicatePolicy: 'WARN' });
    expect(await convert()).toMatchObject({ userErrors: [], warnings: [{ code: 'DUPLICATE_FOUND' }] });
    await update({ duplicatePolicy: 'ALLOW', similarPolicy: 'ALLOW' });
    expect(await convert()).toMatchObject({ userErrors: [], warnings: [] });
  });
});

describe('the stages', () => {
  test('can be renamed, moved, added and left out; deals follow their places and keep their own estimate', async () => {
    const { stages } = await settings();
    const inSecond = await deal('Qualification');
    const [first, second, ...others] = asGiven(stages);
    const { organization: after, userErrors } = await setStages([
      { name: 'Discovery', probability: 5, forecastCategory: 'BEST_CASE' },
      { ...second, name: 'Qualified', probability: 15 },
      ...others.filter(({ name }) => name !== 'Value Proposition'),
      { ...first },
    ]);
    expect(userErrors).toEqual([]);
    expect(names(after.stages as Data[])).toEqual([
      'Discovery',
      'Qualified',
      'Needs Analysis',
      'Id. Decision Makers',
      'Perception Analysis',
      'Proposal/Price Quote',
      'Negotiation/Review',
      'Closed Won',
      'Closed Lost',
      'Prospecting',
    ]);
    expect(after.stages[0]).toMatchObject({
      position: 1,
      probability: 5,
      forecastCategory: 'BEST_CASE',
      isClosed: false,
    });
    expect(after.stages[1]).toMatchObject({ id: second!.id, position: 2, probability: 15 });
    expect(after.version).toBe(2);
    expect(await storedRow(world, organization.tenant, 'opportunity', inSecond)).toMatchObject({
      stage_position: 2,
      probability: 10,
      version: 1,
    });
    const reversed = asGiven(after.stages as Data[]).reverse();
    expect((await setStages(reversed, { ifVersion: 2 })).organization.version).toBe(3);
    expect(await storedRow(world, organization.tenant, 'opportunity', inSecond)).toMatchObject({
      stage_position: 9,
    });
    expect(await brokenRules()).toEqual([]);
    const audit = await auditOf(world, organization.tenant, organizationId);
    expect(audit.map(({ action }) => action)).toEqual(['updateStages', 'updateStages']);
    expect(names(audit[0]!.before.stages as Data[])).toEqual(names(stages as Data[]));
    expect(names(audit[1]!.after.stages as Data[])).toEqual(names(reversed));
  });

  test('given as they are change nothing, by id or by name', async () => {
    const { stages } = await settings();
    for (const same of [asGiven(stages), stages.map(({ name }: Data) => ({ name: name.toUpperCase() }))])
      expect((await setStages(same)).userErrors).toEqual([]);
    const named = await settings();
    expect(named.stages.map(({ id }: Data) => id)).toEqual(stages.map(({ id }: Data) => id));
    expect(named.version).toBe(2);
    expect((await setStages(asGiven(named.stages))).organization.version).toBe(2);
  });

  test('can swap their names', async () => {
    const { stages } = await settings();
    const [first, second, ...others] = asGiven(stages);
    const { organization: after, userErrors } = await setStages([
      { id: first!.id, name: second!.name },
      { id: second!.id, name: first!.name },
      ...others,
    ]);
    expect(userErrors).toEqual([]);
    expect(asGiven(after.stages).slice(0, 2)).toEqual([
      { id: first!.id, name: 'Qualification' },
      { id: second!.id, name: 'Prospecting' },
    ]);
  });

  test('a stage in use, now or in history, is not left out', async () => {
    const { stages } = await settings();
    const opportunity = await deal('Qualification');
    const without = asGiven(stages).filter(({ name }) => name !== 'Qualification');
    const refused = async () => {
      const { userErrors } = await setStages(without);
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['stages'] }]);
      expect(userErrors[0].message).toMatch(/^Qualification: in use/);
    };
    await refused();
    await mutate(admin, 'moveOpportunity', { opportunity, stage: 'Closed Won' }, 'opportunity { id }');
    await refused();
    expect((await settings()).version).toBe(1);
  });

  test('a stage deals are in stays open, won or lost; another one may change', async () => {
    const { stages } = await settings();
    await deal('Qualification');
    const given = asGiven(stages);
    const closing = (name: string, flags: Data) =>
      given.map((stage) => (stage.name === name ? { ...stage, ...flags } : stage));
    expect((await setStages(closing('Qualification', { isClosed: true }))).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['stages', '1', 'isClosed'] },
    ]);
    const lost = (await setStages(closing('Needs Analysis', { isClosed: true }))).organization;
    expect(lost.stages[2]).toMatchObject({
      isClosed: true,
      isWon: false,
      probability: 0,
      forecastCategory: 'OMITTED',
    });
  });

  test('there is always one open, one won and one lost', async () => {
    const given = asGiven((await settings()).stages);
    const refused = async (stages: Data[], kind: RegExp) => {
      const { userErrors } = await setStages(stages);
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['stages'] }]);
      expect(userErrors[0].message).toMatch(kind);
    };
    await refused(given.slice(8), /open/);
    await refused(
      given.filter(({ name }) => name !== 'Closed Won'),
      /won/,
    );
    await refused(
      given.filter(({ name }) => name !== 'Closed Lost'),
      /lost/,
    );
    await refused([], /open/);
    await refused(
      Array.from({ length: 101 }, (_, index) => ({ name: `Stage ${index}` })),
      /at most 100/,
    );
  });

  test('every mistake is told at its place', async () => {
    const given = asGiven((await settings()).stages);
    const status = (await settings()).leadStatuses[0];
    const { userErrors } = await setStages([
      ...given,
      { name: 'PROSPECTING' },
      { name: ' ', probability: 1 },
      { name: 'New' },
      { name: 'Sure', probability: 101 },
      { name: 'Won?', isWon: true, isClosed: false },
      { name: 'Booked', probability: 50, forecastCategory: 'CLOSED' },
      { id: status.id, name: 'Status' },
      { id: encodeId('Stage', uuidv7()), name: 'Unknown' },
      { id: given[0]!.id, name: 'Twice', probability: 5 },
    ]);
    expect(userErrors.map(({ code, path }: Data) => [code, path.join('.')])).toEqual([
      ['INVALID_INPUT', 'stages.10.probability'],
      ['INVALID_INPUT', 'stages.11.name'],
      ['INVALID_INPUT', 'stages.12.probability'],
      ['INVALID_INPUT', 'stages.13.probability'],
      ['INVALID_INPUT', 'stages.14.isClosed'],
      ['INVALID_INPUT', 'stages.15.forecastCategory'],
      ['INVALID_INPUT', 'stages.16.id'],
      ['NOT_FOUND', 'stages.17.id'],
      ['INVALID_INPUT', 'stages.18.id'],
    ]);
    expect((await setStages([...given, { name: 'PROSPECTING', probability: 1 }])).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['stages', '10', 'name'] },
    ]);
    expect((await settings()).version).toBe(1);
  });

  test('moved while deals enter and leave them, no deal is left at a former place', async () => {
    const moving = await Promise.all(Array.from({ length: 6 }, () => deal('Prospecting')));
    for (let round = 0; round < 6; round++) {
      const given = asGiven((await settings()).stages);
      const rotated = [...given.slice(3), ...given.slice(0, 3)];
      const stage = given[round]!.name;
      const answers = await Promise.all([
        setStages(rotated),
        ...moving.map((opportunity) =>
          mutate(admin, 'moveOpportunity', { opportunity, stage }, 'opportunity { id }'),
        ),
        deal(stage),
        mutate(
          admin,
          'updateOpportunity',
          { opportunity: moving[0], amount: { amount: `${round}` } },
          'opportunity { id }',
        ),
      ]);
      for (const answer of answers) if (typeof answer === 'object') expect(answer.userErrors).toEqual([]);
      expect(await brokenRules()).toEqual([]);
    }
  });

  test('left out while a deal enters it: either the stage stays or the deal does not enter', async () => {
    for (let round = 0; round < 10; round++) {
      const name = `Passing ${round}`;
      const given = asGiven((await settings()).stages);
      expect((await setStages([...given, { name, probability: 1 }])).userErrors).toEqual([]);
      const [removal, entry] = await Promise.all([
        setStages(given),
        mutate(
          admin,
          'createOpportunity',
          { name, stage: name, closeDate: '2026-12-01' },
          'opportunity { id }',
        ),
      ]);
      const codes = [removal, entry].map(({ userErrors }) => userErrors.map(({ path }: Data) => path[0]));
      expect([
        [['stages'], []],
        [[], ['stage']],
      ]).toContainEqual(codes);
    }
  });
});

describe('the lead statuses', () => {
  const lead = async (status: string): Promise<string> => {
    const made = await mutate(admin, 'createLead', { lastName: 'Boxer', status }, 'lead { id }');
    return made.lead.id as string;
  };

  test('can be renamed, moved, added and left out', async () => {
    const given = asGiven((await settings()).leadStatuses);
    const kept = await lead('Open - Not Contacted');
    const { organization: after, userErrors } = await setStatuses([
      { name: 'New' },
      { ...given[0], name: 'Open' },
      { ...given[2] },
      { name: 'Junk', isClosed: true },
    ]);
    expect(userErrors).toEqual([]);
    expect(after.leadStatuses).toMatchObject([
      { name: 'New', position: 1, isConverted: false, isClosed: false },
      { name: 'Open', position: 2, isConverted: false, isClosed: false },
      { name: 'Closed - Converted', position: 3, isConverted: true, isClosed: true },
      { name: 'Junk', position: 4, isConverted: false, isClosed: true },
    ]);
    expect(after.version).toBe(2);
    const { data } = await admin.send('query ($id: ID!) { lead(by: { id: $id }) { status { name } } }', {
      id: kept,
    });
    expect(data!.lead.status.name).toBe('Open');
    const fresh = await mutate(admin, 'createLead', { lastName: 'Boxer' }, 'lead { status { name } }');
    expect(fresh.lead.status.name).toBe('New');
    expect((await setStatuses(asGiven(after.leadStatuses))).organization.version).toBe(2);
    const audit = await auditOf(world, organization.tenant, organizationId);
    expect(audit).toMatchObject([
      { action: 'updateLeadStatuses', after: { statuses: [{ name: 'New' }, {}, {}, {}] } },
    ]);
  });

  test('one that a lead has stays, and stays for converted leads or for others', async () => {
    const given = asGiven((await settings()).leadStatuses);
    await lead('Working - Contacted');
    const without = given.filter(({ name }) => name !== 'Working - Contacted');
    expect((await setStatuses(without)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['statuses'] },
    ]);
    const flagged = given.map((status, index) => ({ ...status, ...(index === 1 && { isConverted: true }) }));
    expect((await setStatuses(flagged)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['statuses', '1', 'isConverted'] },
    ]);
    const closed = given.map((status, index) => ({ ...status, ...(index === 1 && { isClosed: true }) }));
    expect((await setStatuses(closed)).organization.leadStatuses[1].isClosed).toBe(true);
  });

  test('there is always one open and one for converted leads, which is closed', async () => {
    const [open, , converted, lost] = asGiven((await settings()).leadStatuses);
    for (const statuses of [[open, lost], [converted, lost], []])
      expect((await setStatuses(statuses as Data[])).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['statuses'] },
      ]);
    expect((await setStatuses([open!, { ...converted!, isClosed: false }])).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['statuses', '1', 'isClosed'] },
    ]);
    expect(
      (await setStatuses([open!, { ...converted!, name: 'OPEN - not contacted' }])).userErrors,
    ).toMatchObject([{ code: 'INVALID_INPUT', path: ['statuses', '1', 'name'] }]);
  });

  test('left out while a lead gets it: either the status stays or the lead is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const name = `Passing ${round}`;
      const given = asGiven((await settings()).leadStatuses);
      expect((await setStatuses([...given, { name }])).userErrors).toEqual([]);
      const [removal, entry] = await Promise.all([
        setStatuses(given),
        mutate(admin, 'createLead', { lastName: 'Boxer', status: name }, 'lead { id }'),
      ]);
      const codes = [removal, entry].map(({ userErrors }) => userErrors.map(({ path }: Data) => path[0]));
      expect([
        [['statuses'], []],
        [[], ['status']],
      ]).toContainEqual(codes);
    }
  });
});

test('a repeated key changes nothing again', async () => {
  const input = { fiscalYearStartMonth: 7, idempotencyKey: 'k' };
  await update(input);
  await update({ fiscalYearStartMonth: 8 });
  expect((await update(input)).organization).toMatchObject({ fiscalYearStartMonth: 8, version: 3 });
});

test.each([Role.SDR, Role.AE, Role.MARKETER, Role.ANALYST, Role.SERVICE])(
  '%s changes no settings, but reads them',
  async (role) => {
    const caller = await callerOf(world, organization, role);
    const { stages, leadStatuses } = await settings();
    for (const [mutation, input] of [
      ['updateOrganization', { fiscalYearStartMonth: 2 }],
      ['updateStages', { stages: asGiven(stages) }],
      ['updateLeadStatuses', { statuses: asGiven(leadStatuses) }],
    ] as const)
      expect(await failure(caller, mutation, input, 'organization { id }')).toBe('FORBIDDEN');
    const { data } = await caller.send('{ viewer { organization { duplicatePolicy version } } }');
    expect(data!.viewer.organization).toEqual({ duplicatePolicy: 'BLOCK', version: 1 });
  },
);

test("one organisation's settings are none of another's", async () => {
  const other = await world.organization();
  const foreign = await callerOf(world, other);
  const theirs = asGiven((await settings()).stages);
  expect((await ask('updateStages', { stages: theirs }, foreign)).userErrors).toMatchObject(
    theirs.map(() => ({ code: 'NOT_FOUND' })),
  );
  await setStages(theirs.toReversed());
  const row = await world.database.read(other.tenant, (snapshot) =>
    snapshot.one(sql`select name from stage where organization_id = ${other.id} and position = 1`),
  );
  expect(row).toEqual({ name: 'Prospecting' });
});
