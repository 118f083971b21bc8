import 'reflect-metadata';
import { encodeId } from '../../../src/graphql/ids.ts';
import { leadDefinitions, leadMetricKeys } from '../../../src/metrics/leads/lead-definitions.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { type Data, type LeadApi, leadValues, openLeadApi } from './api.ts';
import type { Lead } from './oracle.ts';
import { leadWorld, type LeadWorld, onlyLeads, someConversion, someLead, storeRows } from './world.ts';

let world: World;
let api: LeadApi;
let one: LeadWorld;
let watch: ReturnType<typeof watchTenants>;
beforeAll(async () => {
  world = await openWorld();
  api = await openLeadApi(world, 'compiled');
});
beforeEach(async () => {
  one = await leadWorld(world, { timeZone: 'Europe/Berlin' });
  watch = watchTenants(world.database);
});
afterEach(() => {
  watch.assertNone();
  world.database.observe = undefined;
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const store = (...leads: Partial<Lead>[]) =>
  storeRows(world.database, one, onlyLeads(leads.map((given) => someLead(one, given))));

async function metrics(fields: string, args = '', now?: string): Promise<Data['leadMetrics']> {
  const { data, errors } = await api.ask(
    one.organization,
    `{ leadMetrics${args && `(${args})`} { ${fields} } }`,
    {},
    now === undefined ? undefined : new Date(now),
  );
  expect(errors).toEqual([]);
  return data!.leadMetrics;
}

const statusNamed = (name: string) => one.statuses.find((status) => status.name === name)!;

describe('not one of the wrong variants', () => {
  test('a lead only labelled "Converted" is not converted: the flag tells, not the name of a status', async () => {
    await store(
      { status: statusNamed('Closed - Converted') },
      { status: statusNamed('Closed - Converted'), conversions: [someConversion()] },
      { status: statusNamed('Open - Not Contacted') },
    );
    // by the label it would be 2 of 3
    expect(
      await metrics('converted { count } conversionCohort { numerator denominator } open { count }'),
    ).toEqual({
      converted: { count: 1 },
      conversionCohort: { numerator: 1, denominator: 3 },
      // the labelled one is closed, too
      open: { count: 1 },
    });
  });

  test('a rate over no leads is null, not 0, with both numbers given; a rate of none of some is 0', async () => {
    const rates = 'conversionCohort { value numerator denominator } handoff { value numerator denominator }';
    const nothing = { value: null, numerator: 0, denominator: 0 };
    expect(await metrics(rates)).toEqual({ conversionCohort: nothing, handoff: nothing });
    await store({});
    expect(await metrics(rates)).toEqual({
      conversionCohort: { value: 0, numerator: 0, denominator: 1 },
      handoff: nothing,
    });
  });

  test('leads without a source count in the whole', async () => {
    await store({ source: null }, { source: 'unknown' }, { source: 'Web' });
    expect(await metrics('created { count } effectiveness { leads { count } }')).toEqual({
      created: { count: 3 },
      effectiveness: { leads: { count: 3 } },
    });
  });

  test('an overall rate comes from the rows, not from the rates of the groups', async () => {
    const converted = { conversions: [someConversion()] };
    await store({ source: 'A', ...converted }, { source: 'B' }, { source: 'B' }, { source: 'B' });
    // (1 + 0) ÷ 2 would be 0.5
    expect(await metrics('conversionCohort { value }')).toEqual({ conversionCohort: { value: 0.25 } });
  });
});

test('over no leads counts and sums are 0; rates, medians and percentiles null', async () => {
  const { data } = await api.ask(one.organization, `${leadValues} { leadMetrics { ...All } }`);
  const count = { count: 0 };
  const rate = { value: null, numerator: 0, denominator: 0 };
  const duration = { meanDays: null, medianDays: null, p90Days: null, count: 0, negative: 0 };
  expect(data!.leadMetrics).toMatchObject({
    created: count,
    conversionPeriod: rate,
    timeToConversion: duration,
    speedToLead: { p50Minutes: null, p95Minutes: null, answered: 0, overdue: 0, waiting: 0, withinSla: rate },
    handoffDecision: { meanMinutes: null, medianMinutes: null, p90Minutes: null, count: 0 },
    ageing: { active: count, aging: count, stale: count },
    ambiguity: { share: null, ambiguous: rate },
    effectiveness: {
      wonAmount: { count: 0, amount: { amount: '0.00', currency: 'EUR' }, amountMissing: 0, unconverted: [] },
    },
  });
  expect(data!.leadMetrics.speedToLead.bands.map((band) => band.count)).toEqual([0, 0, 0, 0]);
});

test('by cohort never more than all are converted; by period there can be more than were created', async () => {
  const january = new Date('2026-01-05T09:00:00Z');
  const converted = (at: string) => [someConversion({ convertedAt: new Date(at) })];
  await store(
    { createdAt: january, conversions: converted('2026-02-03T09:00:00Z') },
    { createdAt: january, conversions: converted('2026-02-04T09:00:00Z') },
    { createdAt: new Date('2026-02-01T09:00:00Z') },
  );
  const fields =
    'conversionCohort { value numerator denominator } conversionPeriod { value numerator denominator }';
  expect(await metrics(fields, 'window: { from: "2026-02-01", to: "2026-03-01" }')).toEqual({
    conversionCohort: { value: 0, numerator: 0, denominator: 1 },
    conversionPeriod: { value: 2, numerator: 2, denominator: 1 },
  });
  expect(await metrics(fields, 'window: { from: "2026-01-01", to: "2026-02-01" }')).toEqual({
    conversionCohort: { value: 1, numerator: 2, denominator: 2 },
    conversionPeriod: { value: 0, numerator: 0, denominator: 2 },
  });
  // the first within 29 days, the second within 30
  expect(
    await metrics(fields, 'scope: { withinDays: 29 }, window: { from: "2026-01-01", to: "2026-02-01" }'),
  ).toMatchObject({ conversionCohort: { numerator: 1, denominator: 2 } });
});

test('an undone conversion is none, but was one until it was undone', async () => {
  const first = someConversion({
    convertedAt: new Date('2026-01-10T09:00:00Z'),
    revertedAt: new Date('2026-01-20T09:00:00Z'),
  });
  const again = someConversion({ convertedAt: new Date('2026-02-10T09:00:00Z') });
  await store({ conversions: [first, again] }, { conversions: [{ ...first, id: encodeUuid(901) }] });
  const at = async (asOf: string | null) => {
    const answer = await metrics(
      'converted { count } open { count }',
      asOf === null ? '' : `asOf: "${asOf}"`,
    );
    return [answer.converted.count, answer.open.count];
  };
  expect(await at('2026-01-10T08:59:59.999Z')).toEqual([0, 2]);
  expect(await at('2026-01-10T09:00:00Z')).toEqual([2, 0]);
  expect(await at('2026-01-20T08:59:59.999Z')).toEqual([2, 0]);
  expect(await at('2026-01-20T09:00:00Z')).toEqual([0, 2]);
  expect(await at('2026-02-10T09:00:00Z')).toEqual([1, 1]);
  expect(await at(null)).toEqual([1, 1]);
});

test('days to conversion go by dates where the organisation is; negative ones count and are counted', async () => {
  await store(
    // 23:30 on the 4th, and 00:30 on the 5th
    {
      createdAt: new Date('2026-01-04T22:30:00Z'),
      conversions: [someConversion({ convertedAt: new Date('2026-01-04T23:30:00Z') })],
    },
    {
      createdAt: new Date('2026-01-10T12:00:00Z'),
      conversions: [someConversion({ convertedAt: new Date('2026-01-06T12:00:00Z') })],
    },
  );
  expect(await metrics('timeToConversion { meanDays medianDays p90Days count negative }')).toEqual({
    timeToConversion: { meanDays: -1.5, medianDays: -1.5, p90Days: 1, count: 2, negative: 1 },
  });
});

describe('the first answer', () => {
  const createdAt = new Date('2026-01-05T09:00:00Z');
  const attempt = (minutes: number, given = {}) => ({
    createdAt,
    activities: [
      {
        type: 'CALL',
        direction: 'OUTBOUND' as const,
        isOpen: false,
        ownerId: one.users[0]!.id,
        occurredAt: new Date(+createdAt + minutes * 60_000),
        contactId: null,
        ...given,
      },
    ],
  });

  test('its band holds its first minute, not its last; in time is up to the limit', async () => {
    await store(...[0, 4.999, 5, 15, 59.999, 60, 60.001].map((minutes) => attempt(minutes)));
    const { speedToLead } = await metrics(
      'speedToLead { bands { count } answered withinSla { numerator denominator } }',
    );
    expect(speedToLead.bands.map(({ count }) => count)).toEqual([2, 1, 2, 2]);
    expect(speedToLead.answered).toBe(7);
    expect(speedToLead.withinSla).toEqual({ numerator: 6, denominator: 7 });
  });

  test('is of a person of ours, outbound, done, and not before the lead was there', async () => {
    await store(
      attempt(-0.001),
      attempt(5, { direction: 'INBOUND' }),
      attempt(5, { direction: null }),
      attempt(5, { ownerId: null }),
      attempt(5, { isOpen: true }),
      attempt(5, { type: 'TASK' }),
      attempt(5, { type: 'EMAIL' }),
    );
    expect(await metrics('speedToLead { answered p50Minutes }')).toEqual({
      speedToLead: { answered: 1, p50Minutes: 5 },
    });
  });

  test('is overdue once the limit has passed, and until then in no denominator', async () => {
    await store(attempt(10), { createdAt });
    const at = async (now: string) =>
      (await metrics('speedToLead { overdue waiting withinSla { value denominator } }', '', now)).speedToLead;
    expect(await at('2026-01-05T10:00:00Z')).toEqual({
      ...{ overdue: 0, waiting: 1 },
      withinSla: { value: 1, denominator: 1 },
    });
    expect(await at('2026-01-05T10:00:00.001Z')).toEqual({
      ...{ overdue: 1, waiting: 0 },
      withinSla: { value: 0.5, denominator: 2 },
    });
  });

  test('the median of an even number is the mean of the two in the middle; 95 % by nearest rank', async () => {
    await store(...Array.from({ length: 20 }, (_, index) => attempt(index + 1)));
    expect(await metrics('speedToLead { p50Minutes p95Minutes }')).toEqual({
      speedToLead: { p50Minutes: 10.5, p95Minutes: 19 },
    });
  });
});

test('a hand-off that nobody has decided on counts once it is overdue; one withdrawn never does', async () => {
  const handedAt = new Date('2026-01-05T09:00:00Z');
  const handoff = (decision: 'ACCEPTED' | 'BOUNCED' | 'WITHDRAWN' | null, hours = 1) => ({
    handoffs: [
      {
        id: encodeUuid(++serial),
        handedAt,
        decision,
        decidedAt: decision === null ? null : new Date(+handedAt + hours * 3_600_000),
      },
    ],
  });
  let serial = 0;
  await store(handoff('ACCEPTED'), handoff('BOUNCED', 3), handoff('WITHDRAWN'), handoff(null));
  const fields = `handoff { value numerator denominator } handoffPending { count } handoffOverdue { count }
    handoffBounced { count } handoffDecision { medianMinutes }`;
  const decided = { handoffBounced: { count: 1 }, handoffDecision: { medianMinutes: 120 } };
  expect(await metrics(fields, '', '2026-01-07T09:00:00Z')).toEqual({
    ...decided,
    handoff: { value: 0.5, numerator: 1, denominator: 2 },
    handoffPending: { count: 1 },
    handoffOverdue: { count: 0 },
  });
  expect(await metrics(fields, '', '2026-01-07T09:00:00.001Z')).toMatchObject({
    handoff: { numerator: 1, denominator: 3 },
    handoffPending: { count: 1 },
    handoffOverdue: { count: 1 },
  });
  // as it was two hours later: nobody had bounced it
  expect(await metrics(fields, 'asOf: "2026-01-05T11:00:00Z"')).toMatchObject({
    handoff: { value: 1, numerator: 1, denominator: 1 },
    handoffPending: { count: 2 },
    handoffBounced: { count: 0 },
  });
});

const encodeUuid = (serial: number) => `00000000-0000-7000-8000-${String(serial).padStart(12, '0')}`;

test('an opportunity of two leads counts once, with the first of them, so groups add up', async () => {
  const dealId = encodeUuid(900);
  const led = (source: string, convertedAt: string) => ({
    source,
    conversions: [someConversion({ opportunityId: dealId, convertedAt: new Date(convertedAt) })],
  });
  const [late, early] = [led('Fair', '2026-02-02T09:00:00Z'), led('Mail', '2026-02-01T09:00:00Z')];
  await storeRows(world.database, one, {
    ...onlyLeads([late, early].map((given) => someLead(one, given))),
    deals: [
      {
        id: dealId,
        isDeleted: false,
        closeDate: '2026-03-01',
        versions: [{ from: new Date('2026-01-01T00:00:00Z'), amount: 100_00n, currency: 'EUR', isWon: true }],
      },
    ],
  });
  const fields = 'effectiveness { opportunities { count } won { count } wonAmount { amount { amount } } }';
  const of = (count: number, amount: string) => ({
    effectiveness: { opportunities: { count }, won: { count }, wonAmount: { amount: { amount } } },
  });
  expect(await metrics(fields)).toEqual(of(1, '100.00'));
  const { data } = await api.ask(
    one.organization,
    `{ leadGroups(by: SOURCE) { key { label } metrics { ${fields} } } }`,
  );
  expect(data!.leadGroups).toEqual([
    { key: { label: 'Fair' }, metrics: of(0, '0.00') },
    { key: { label: 'Mail' }, metrics: of(1, '100.00') },
  ]);
  // before the earlier conversion, nobody had led to it
  expect(await metrics(fields, 'asOf: "2026-01-31T09:00:00Z"')).toEqual(of(0, '0.00'));
  // a window without the first lead does not give it to the second
  await storeRows(world.database, one, {
    ...onlyLeads([
      someLead(one, { ...late, createdAt: new Date('2026-01-20T09:00:00Z') }),
      someLead(one, early),
    ]),
    deals: [
      {
        id: dealId,
        isDeleted: false,
        closeDate: '2026-03-01',
        versions: [{ from: new Date('2026-01-01T00:00:00Z'), amount: 100_00n, currency: 'EUR', isWon: true }],
      },
    ],
  });
  expect(await metrics(fields, 'window: { from: "2026-01-15" }')).toEqual(of(0, '0.00'));
});

test('a scope restricts the leads; records obey it', async () => {
  await store({ source: 'Web' }, { source: 'Web', conversions: [someConversion()] }, { source: 'Fair' });
  const fields = 'created { count records { totalCount nodes { id } } } conversionCohort { value }';
  const web = await metrics(fields, 'scope: { lead: { source: { eq: "Web" } } }');
  expect(web.created.count).toBe(2);
  expect(web.created.records.totalCount).toBe(2);
  expect(web.created.records.nodes).toHaveLength(2);
  expect(web.conversionCohort).toEqual({ value: 0.5 });
  expect((await metrics(fields, 'scope: { lead: { isConverted: true } }')).created.count).toBe(1);
});

test('records are paged by cursor, oldest first, and meet every lead once', async () => {
  const leads = Array.from({ length: 7 }, (_, index) =>
    someLead(one, { createdAt: new Date(`2026-01-0${(index % 3) + 1}T09:00:00Z`) }),
  );
  await storeRows(world.database, one, onlyLeads(leads));
  const met: string[] = [];
  for (let after: string | null = null, page = 0; page === 0 || after !== null; page++) {
    const { created } = (await metrics(
      `created { records(first: 3${after === null ? '' : `, after: "${after}"`}) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`,
    )) as unknown as {
      created: {
        records: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    };
    met.push(...created.records.nodes.map(({ id }) => id));
    after = created.records.pageInfo.hasNextPage ? created.records.pageInfo.endCursor : null;
  }
  const order = (a: Lead, b: Lead) => +a.createdAt - +b.createdAt || (a.id < b.id ? -1 : 1);
  expect(met).toEqual(leads.toSorted(order).map(({ id }) => id));
});

test('the leads of each person, one statement for all of them', async () => {
  const [ada, bo] = one.users;
  await store(
    { ownerId: ada!.id },
    { ownerId: ada!.id, conversions: [someConversion()] },
    { ownerId: bo!.id },
  );
  const texts: string[] = [];
  const { observe } = world.database;
  world.database.observe = (text, values, tenant) => {
    observe?.(text, values, tenant);
    texts.push(text);
  };
  const { data, errors } = await api.ask(
    one.organization,
    '{ viewer { organization { users { nodes { name leadMetrics { created { count records { totalCount } } conversionCohort { value } } } } } } }',
  );
  expect(errors).toEqual([]);
  const of = (name: string) =>
    data!.viewer.organization.users.nodes.find((user) => user.name === name)!.leadMetrics;
  expect(of('Ada')).toEqual({
    created: { count: 2, records: { totalCount: 2 } },
    conversionCohort: { value: 0.5 },
  });
  expect(of('Bo')).toEqual({
    created: { count: 1, records: { totalCount: 1 } },
    conversionCohort: { value: 0 },
  });
  // the organisation, its people, settings, metrics, records, their counts
  expect(texts).toHaveLength(6);
});

test('a metric that is not selected is not computed, nor is what only it needs read', async () => {
  const texts: string[] = [];
  world.database.observe = (text) => texts.push(text);
  await metrics('created { count }');
  await metrics('__typename milestones { __typename }');
  expect(texts.filter((text) => text.includes('from lead t'))).toHaveLength(1);
  const [text] = texts.filter((each) => each.includes('from lead t'));
  expect(text).toContain('"leadsCreated.count"');
  expect(text).not.toMatch(
    /percentile|activity|lead_conversion|lead_handoff|lead_status|opportunity|contact/,
  );
});

test('the catalogue has each metric once, in the words of its field', async () => {
  const { data } = await api.ask(
    one.organization,
    `{ metricDefinitions { key formula emptyValue unit } ${['LeadMetrics', 'LeadMilestones', 'LeadAgeing', 'LeadAmbiguity', 'LeadEffectiveness', 'ResponseMetric'].map((type) => `${type}: __type(name: "${type}") { fields { name description } }`).join(' ')} }`,
  );
  const answer = data as unknown as Record<string, { fields: { name: string; description: string }[] }> & {
    metricDefinitions: { key: string; formula: string; emptyValue: string }[];
  };
  const keys = answer.metricDefinitions.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toEqual(expect.arrayContaining(leadMetricKeys));
  const types: Record<string, string> = {
    milestones: 'LeadMilestones',
    ageing: 'LeadAgeing',
    ambiguity: 'LeadAmbiguity',
    effectiveness: 'LeadEffectiveness',
    speedToLead: 'ResponseMetric',
  };
  for (const key of leadMetricKeys) {
    const { path, formula, emptyValue } = leadDefinitions[key];
    const [part, field] = path.split('.') as [string, string | undefined];
    const fields = answer[field === undefined ? 'LeadMetrics' : types[part]!]!.fields;
    const { description } = fields.find(({ name }) => name === (field ?? part))!;
    expect(description).toContain(formula);
    expect(description).toContain(`Over no rows: ${emptyValue}.`);
  }
});

test("another organisation's leads count nowhere", async () => {
  const other = await leadWorld(world);
  await storeRows(world.database, other, onlyLeads([someLead(other, { ownerId: other.users[0]!.id })]));
  const id = encodeId('User', other.users[0]!.id);
  expect(await metrics('created { count records { totalCount } }')).toEqual({
    created: { count: 0, records: { totalCount: 0 } },
  });
  expect(await metrics('created { count }', `scope: { lead: { owner: { eq: "${id}" } } }`)).toEqual({
    created: { count: 0 },
  });
});
