import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../../src/graphql/ids.ts';
import { runs } from '../../support/runs.ts';
import { openWorld, type World } from '../../support/world.ts';
import { allLeadMetrics, type LeadApi, type LeadGroup, leadValues, openLeadApi, withoutRows } from './api.ts';
import { type Lead, LeadOracle, localDate, type Population, type Rows } from './oracle.ts';
import {
  anyNow,
  anyRows,
  anyWindow,
  instant,
  leadWorld,
  type LeadWorld,
  onlyLeads,
  someConversion,
  someLead,
  storeRows,
} from './world.ts';

let world: World;
let compiled: LeadApi;
let interpreted: LeadApi;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openLeadApi(world, 'compiled');
  interpreted = await openLeadApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

async function worldWith(settings: { timeZone?: string; fiscalYearStartMonth?: number }): Promise<LeadWorld> {
  const { fiscalYearStartMonth = 1, timeZone } = settings;
  const made = await leadWorld(world, { timeZone });
  const { id, tenant } = made.organization;
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`
      insert into custom_field (organization_id, id, record_type, key, label, type, position, created_at, updated_at)
      values (${id}, ${uuidv7()}, 'LEAD', 'color', 'Colour', 'TEXT', 1, now(), now())`);
  });
  return { ...made, organization: { ...made.organization, fiscalYearStartMonth } };
}

const query = (fragments: string) => `${fragments}
  query Groups($by: [LeadDimension!]!, $customField: String, $window: WindowInput, $asOf: DateTime, $first: Int,
    $orderBy: LeadGroupOrder) {
    leadGroups(by: $by, customField: $customField, window: $window, asOf: $asOf, first: $first, orderBy: $orderBy) {
      key { label source customValue period status { name } owner { name } queue { name } }
      metrics { ...All }
    }
    leadMetrics(window: $window, asOf: $asOf) { ...All }
  }`;
const values = query(leadValues);
const valuesAndRows = query(allLeadMetrics);

const periods = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR'];
const others = ['SOURCE', 'STATUS', 'OWNER', 'QUEUE', 'CAMPAIGN', 'CUSTOM_FIELD'];

const anyDimensions = fc
  .tuple(fc.option(fc.constantFrom(...periods)), fc.subarray(others, { maxLength: 3 }))
  .map(([period, plain]) => [...(period === null ? [] : [period]), ...plain].slice(0, 3))
  .filter((by) => by.length > 0);

/** The first day of the period a date lies in. */
function periodOf(date: string, period: string, fiscalYearStartMonth: number): string {
  const [year, month] = date.split('-').map(Number) as [number, number];
  const first = (y: number, m: number) => `${y}-${String(m).padStart(2, '0')}-01`;
  const monthsAgo = (count: number) =>
    month - count > 0 ? first(year, month - count) : first(year - 1, month - count + 12);
  switch (period) {
    case 'DAY':
      return date;
    case 'WEEK': {
      const day = new Date(date);
      day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
      return day.toISOString().slice(0, 10);
    }
    case 'MONTH':
      return first(year, month);
    case 'QUARTER':
      return monthsAgo((month - 1) % 3);
    case 'YEAR':
      return first(year, 1);
    case 'FISCAL_QUARTER':
      return monthsAgo(((month - fiscalYearStartMonth + 12) % 12) % 3);
    default:
      return monthsAgo((month - fiscalYearStartMonth + 12) % 12);
  }
}

const normal = (source: string) => source.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** What a lead of a population has of each dimension. */
function keyOf(one: LeadWorld, by: string[], date: string, lead: Lead): (string | null)[] {
  const { fiscalYearStartMonth } = one.organization;
  const of: Record<string, string | null> = {
    SOURCE: lead.source === null ? null : normal(lead.source),
    STATUS: lead.status.name,
    OWNER: one.users.find(({ id }) => id === lead.ownerId)?.name ?? null,
    QUEUE: lead.queueId === null ? null : ['North', 'South'][one.queueIds.indexOf(lead.queueId)]!,
    CAMPAIGN: one.campaigns.find(({ id }) => id === lead.campaignId)?.name ?? null,
    CUSTOM_FIELD: lead.color,
  };
  return by.map((dimension) =>
    periods.includes(dimension) ? periodOf(date, dimension, fiscalYearStartMonth) : of[dimension]!,
  );
}

/** The key of a group of the API in the same words. */
function keyIn({ key }: LeadGroup, by: string[], label = false): (string | null)[] {
  const of: Record<string, string | null> = {
    SOURCE: key.source === null || label ? key.source : normal(key.source),
    STATUS: key.status?.name ?? null,
    OWNER: key.owner?.name ?? null,
    QUEUE: key.queue?.name ?? null,
    // the campaign's name is in the label only
    CAMPAIGN: key.label?.split(' · ')[by.indexOf('CAMPAIGN')] ?? null,
    CUSTOM_FIELD: key.customValue,
  };
  if (of.CAMPAIGN === '–') of.CAMPAIGN = null;
  return by.map((dimension) => (periods.includes(dimension) ? key.period : of[dimension]!));
}

const populations: Population[] = ['created', 'open', 'converted', 'handed'];

function expectedGroups(one: LeadWorld, oracle: LeadOracle, by: string[], timeZone: string) {
  const text = (lead: Lead, population: Population) =>
    JSON.stringify(keyOf(one, by, localDate(oracle.instantOf(lead, population), timeZone), lead));
  const keys = new Set(
    populations.flatMap((population) => oracle.population(population).map((lead) => text(lead, population))),
  );
  return new Map(
    [...keys].map((key) => [key, oracle.metrics((lead, population) => text(lead, population) === key)]),
  );
}

const settings = { firstResponseMinutes: 60, handoffHours: 48, leadActiveDays: 30, leadAgingDays: 90 };

function oracleOf(one: LeadWorld, rows: Rows, { window, asOf, now }: Asked) {
  const timeZone = window.timeZone ?? one.organization.timeZone;
  const view = {
    ...one.organization,
    window: { ...window, timeZone },
    asOf,
    now,
    withinDays: null,
    settings,
  };
  return new LeadOracle(rows, view);
}

interface Asked {
  window: { from: string | null; to: string | null; timeZone?: string };
  asOf: Date | null;
  now: Date;
}

const anyAsked = fc.record({ window: anyWindow, asOf: fc.option(instant, { freq: 2 }), now: anyNow });

const variables = (by: string[], { window, asOf }: Asked) => ({
  by,
  window,
  asOf,
  first: 500,
  customField: by.includes('CUSTOM_FIELD') ? 'color' : null,
});

describe('in generated worlds', () => {
  test.each([
    { timeZone: 'Europe/Berlin', fiscalYearStartMonth: 1 },
    { timeZone: 'America/Havana', fiscalYearStartMonth: 11 },
  ])('every group of every dimension equals the oracle: $timeZone', async (organization) => {
    const one = await worldWith(organization);
    await fc.assert(
      fc.asyncProperty(anyRows(one), anyAsked, anyDimensions, async (rows, asked, by) => {
        await storeRows(world.database, one, rows);
        const oracle = oracleOf(one, rows, asked);
        const expected = expectedGroups(one, oracle, by, asked.window.timeZone ?? one.organization.timeZone);
        const answer = await compiled.ask(one.organization, values, variables(by, asked), asked.now);
        expect(answer.errors).toEqual([]);
        const groups = answer.data!.leadGroups;
        expect(new Map(groups.map((group) => [JSON.stringify(keyIn(group, by)), group.metrics]))).toEqual(
          new Map([...expected].map(([key, metrics]) => [key, withoutRows(metrics)])),
        );
        addUp(
          groups.map(({ metrics }) => metrics),
          answer.data!.leadMetrics,
        );
        expect(await interpreted.ask(one.organization, values, variables(by, asked), asked.now)).toEqual(
          answer,
        );
      }),
      { numRuns: runs(25), endOnFailure: true },
    );
  });

  test('the rows behind a metric of a group are the very ones counted', async () => {
    const one = await worldWith({ timeZone: 'Asia/Beirut' });
    await fc.assert(
      fc.asyncProperty(
        anyRows(one),
        anyAsked,
        fc.constantFrom<string[][]>(['SOURCE'], ['MONTH', 'OWNER'], ['YEAR']),
        async (rows, asked, by) => {
          await storeRows(world.database, one, rows);
          const timeZone = asked.window.timeZone ?? one.organization.timeZone;
          const expected = expectedGroups(one, oracleOf(one, rows, asked), by, timeZone);
          const answer = await compiled.ask(
            one.organization,
            valuesAndRows,
            { ...variables(by, asked), first: 15 },
            asked.now,
          );
          expect(answer.errors).toEqual([]);
          for (const group of answer.data!.leadGroups)
            expect(group.metrics).toEqual(expected.get(JSON.stringify(keyIn(group, by))));
          expect(answer.data!.leadGroups).toHaveLength(Math.min(15, expected.size));
        },
      ),
      { numRuns: runs(6), endOnFailure: true },
    );
  });
});

/** Whatever can be added of the groups adds up to the whole; rates, medians and percentiles come from the rows. */
function addUp(groups: unknown[], whole: unknown): void {
  const additive = new Set([
    ...['count', 'numerator', 'denominator', 'answered', 'overdue', 'waiting', 'negative', 'amountMissing'],
  ]);
  const visit = (parts: Record<string, unknown>[], all: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(all)) {
      const own = parts.map((part) => part[name]);
      if (additive.has(name))
        expect(own.reduce((sum, one) => (sum as number) + (one as number), 0)).toBe(value);
      else if (name === 'amount' && typeof value === 'string')
        expect(own.reduce((sum: bigint, one) => sum + cents(one as string), 0n)).toBe(cents(value));
      else if (value !== null && typeof value === 'object' && name !== 'unconverted')
        visit(own as Record<string, unknown>[], value as Record<string, unknown>);
    }
  };
  visit(groups as Record<string, unknown>[], whole as Record<string, unknown>);
}

const cents = (amount: string) => BigInt(amount.replace('.', ''));

async function groupsOf(one: LeadWorld, args: string, fields = 'created { count }') {
  const text = `{ leadGroups(${args}) { key { label source period } metrics { ${fields} } } }`;
  const { data, errors } = await compiled.ask(one.organization, text);
  return { groups: data?.leadGroups ?? [], errors };
}

test('leads without a source are a group of their own, apart from those called "unknown"; spellings are one', async () => {
  const one = await worldWith({});
  const from = (source: string | null) => someLead(one, { source });
  const leads = [null, null, 'unknown', 'Unknown', 'Web', 'WEB', 'web'].map(from);
  await storeRows(world.database, one, onlyLeads(leads));
  const { groups } = await groupsOf(one, 'by: SOURCE');
  // dropping those without a source, 5 of 7 leads would be left
  expect(groups).toEqual([
    { key: { label: 'Unknown', source: 'Unknown', period: null }, metrics: { created: { count: 2 } } },
    { key: { label: 'WEB', source: 'WEB', period: null }, metrics: { created: { count: 3 } } },
    { key: { label: null, source: null, period: null }, metrics: { created: { count: 2 } } },
  ]);
});

test('what was created is in the month of its creation, what was converted in that of the conversion', async () => {
  const one = await worldWith({ timeZone: 'Europe/Berlin' });
  await storeRows(
    world.database,
    one,
    onlyLeads([
      // 1 February in Berlin
      someLead(one, { createdAt: new Date('2026-01-31T23:00:00Z') }),
      someLead(one, {
        createdAt: new Date('2026-01-31T22:59:59.999Z'),
        conversions: [someConversion({ convertedAt: new Date('2026-02-28T23:00:00Z') })],
      }),
    ]),
  );
  const { groups } = await groupsOf(
    one,
    'by: MONTH',
    'created { count } converted { count } conversionPeriod { value }',
  );
  expect(groups).toMatchObject([
    {
      key: { label: '2026-01', period: '2026-01-01' },
      metrics: { created: { count: 1 }, converted: { count: 0 }, conversionPeriod: { value: 0 } },
    },
    { key: { label: '2026-02' }, metrics: { created: { count: 1 }, converted: { count: 0 } } },
    {
      key: { label: '2026-03' },
      metrics: { created: { count: 0 }, converted: { count: 1 }, conversionPeriod: { value: null } },
    },
  ]);
});

test('groups come by what they are called, or by a metric, as many as asked for', async () => {
  const one = await worldWith({});
  const [open, working] = one.statuses;
  const leads = [
    ...Array.from({ length: 3 }, () =>
      someLead(one, { source: 'Mail', status: working, conversions: [someConversion()] }),
    ),
    someLead(one, { source: 'Mail', status: open }),
    someLead(one, { source: 'Fair', status: open }),
    ...Array.from({ length: 2 }, () => someLead(one, { source: null, status: open })),
  ];
  await storeRows(world.database, one, onlyLeads(leads));
  const labels = async (args: string) => (await groupsOf(one, args)).groups.map(({ key }) => key.label);
  expect(await labels('by: SOURCE')).toEqual(['Fair', 'Mail', null]);
  expect(await labels('by: SOURCE, first: 2')).toEqual(['Fair', 'Mail']);
  expect(await labels('by: STATUS')).toEqual(['Open - Not Contacted', 'Working - Contacted']);
  expect(await labels('by: SOURCE, orderBy: { metric: "leadsCreated" }')).toEqual(['Mail', null, 'Fair']);
  expect(await labels('by: SOURCE, orderBy: { metric: "leadsCreated", direction: ASC }')).toEqual([
    'Fair',
    null,
    'Mail',
  ]);
  // not selected, and rates of no leads last
  expect(await labels('by: SOURCE, orderBy: { metric: "leadConversionCohort" }, first: 1')).toEqual(['Mail']);
  expect(await labels('by: [SOURCE, STATUS], first: 2')).toEqual([
    'Fair · Open - Not Contacted',
    'Mail · Open - Not Contacted',
  ]);
});

test.each([
  ['by', 'by: []'],
  ['by', 'by: [SOURCE, STATUS, OWNER, MONTH]'],
  ['by', 'by: [SOURCE, SOURCE]'],
  ['by', 'by: [DAY, MONTH]'],
  ['customField', 'by: CUSTOM_FIELD'],
  ['customField', 'by: SOURCE, customField: "color"'],
  ['customField', 'by: CUSTOM_FIELD, customField: "nothing"'],
  ['customField', `by: CUSTOM_FIELD, customField: "x' or 1=1 --"`],
  ['orderBy.metric', 'by: SOURCE, orderBy: { metric: "winRate" }'],
  ['orderBy.metric', 'by: SOURCE, orderBy: { metric: "__proto__" }'],
  ['first', 'by: SOURCE, first: 0'],
  ['first', 'by: SOURCE, first: 501'],
  ['scope.withinDays', 'by: SOURCE, scope: { withinDays: -1 }'],
  ['window.to', 'by: SOURCE, window: { from: "2026-02-01", to: "2026-01-01" }'],
])('what can not be is refused at %s: %s', async (argument, args) => {
  const one = await worldWith({});
  const { groups, errors } = await groupsOf(one, args);
  expect(groups).toEqual([]);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

test('a list of groups with rows is refused before it runs when it asks for too much', async () => {
  const one = await worldWith({});
  const { errors } = await groupsOf(
    one,
    'by: DAY, first: 500',
    'created { records(first: 100) { nodes { id } } } converted { records(first: 100) { nodes { id } } } open { records(first: 100) { nodes { id } } }',
  );
  expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_LARGE' } }]);
});

test('however many groups there are, it takes as many statements, all bound to the organisation', async () => {
  const one = await worldWith({});
  const statements: { text: string; values: readonly unknown[] }[] = [];
  const count = async (sources: number) => {
    const leads = Array.from({ length: sources }, (_, index) => someLead(one, { source: `Source ${index}` }));
    await storeRows(world.database, one, onlyLeads(leads));
    statements.length = 0;
    world.database.observe = (text, values) => statements.push({ text, values });
    const answer = await compiled.ask(one.organization, values, { by: ['SOURCE', 'OWNER'] });
    world.database.observe = undefined;
    expect(answer.errors).toEqual([]);
    expect(answer.data!.leadGroups).toHaveLength(sources);
    for (const { text, values } of statements) {
      expect(text).toMatch(/organization_id = \$|from organization where id = \$/);
      expect(values).toContain(one.organization.id);
    }
    return statements.length;
  };
  // settings, groups, the whole, and the statuses, owners and queues of the keys, if there are any
  expect(await count(1)).toBe(3);
  expect(await count(30)).toBe(3);
});

test("another organisation's leads are in no group, nor found by its ids", async () => {
  const one = await worldWith({});
  const other = await worldWith({});
  await storeRows(world.database, other, onlyLeads([someLead(other, { ownerId: other.users[0]!.id })]));
  const owner = encodeId('User', other.users[0]!.id);
  const { groups } = await groupsOf(one, `by: OWNER, scope: { lead: { owner: { eq: "${owner}" } } }`);
  expect(groups).toEqual([]);
  expect((await groupsOf(one, 'by: OWNER')).groups).toEqual([]);
  expect((await groupsOf(other, 'by: OWNER')).groups).toMatchObject([{ metrics: { created: { count: 1 } } }]);
});
