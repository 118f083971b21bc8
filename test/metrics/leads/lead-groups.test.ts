import 'reflect-metadata';
import fc from 'fast-check';
import { encodeId } from '../../../src/graphql/ids.ts';
import { runs } from '../../support/runs.ts';
import { openWorld, type World } from '../../support/world.ts';
import { allLeadMetrics, type LeadApi, leadValues, openLeadApi, withoutRows } from './api.ts';
import {
  addUp,
  anyAsked,
  anyDimensions,
  expectedGroups,
  keyIn,
  oracleOf,
  variables,
  worldWithColor,
} from './groups.ts';
import { anyRows, type LeadWorld, onlyLeads, someConversion, someLead, storeRows } from './world.ts';

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

const worldWith = (settings: { timeZone?: string; fiscalYearStartMonth?: number }) =>
  worldWithColor(world, settings);

const query = (fragments: string) => `${fragments}
  query Groups($by: [LeadDimension!]!, $customField: String, $window: WindowInput, $asOf: DateTime, $first: Int,
    $orderBy: LeadGroupOrder) {
    leadGroups(by: $by, customField: $customField, window: $window, asOf: $asOf, first: $first, orderBy: $orderBy) {
      key { label isOther source customValue period status { name } owner { name } queue { name } }
      metrics { ...All }
    }
    leadMetrics(window: $window, asOf: $asOf) { ...All }
  }`;
const values = query(leadValues);
const valuesAndRows = query(allLeadMetrics);

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
          const listed = answer.data!.leadGroups.filter(({ key }) => !key.isOther);
          for (const group of listed)
            expect(group.metrics).toEqual(expected.get(JSON.stringify(keyIn(group, by))));
          expect(listed).toHaveLength(Math.min(15, expected.size));
        },
      ),
      { numRuns: runs(6), endOnFailure: true },
    );
  });
});

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
  expect(await labels('by: SOURCE, first: 2')).toEqual(['Fair', 'Mail', 'Other']);
  expect(await labels('by: STATUS')).toEqual(['Open - Not Contacted', 'Working - Contacted']);
  expect(await labels('by: SOURCE, orderBy: { metric: "leadsCreated" }')).toEqual(['Mail', null, 'Fair']);
  expect(await labels('by: SOURCE, orderBy: { metric: "leadsCreated", direction: ASC }')).toEqual([
    'Fair',
    null,
    'Mail',
  ]);
  // not selected, and rates of no leads last
  expect(await labels('by: SOURCE, orderBy: { metric: "leadConversionCohort" }, first: 1')).toEqual([
    'Mail',
    'Other',
  ]);
  // by the field's path as by its name in the catalogue
  expect(await labels('by: SOURCE, orderBy: { metric: "created" }')).toEqual(['Mail', null, 'Fair']);
  expect(await labels('by: SOURCE, orderBy: { metric: "conversionCohort.numerator" }, first: 1')).toEqual([
    'Mail',
    'Other',
  ]);
  expect(await labels('by: [SOURCE, STATUS], first: 2')).toEqual([
    'Fair · Open - Not Contacted',
    'Mail · Open - Not Contacted',
    'Other',
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
  ['orderBy.metric', 'by: SOURCE, orderBy: { metric: "created.value" }'],
  ['orderBy.metric', 'by: SOURCE, orderBy: { metric: "created.__proto__" }'],
  ['orderBy.metric', 'by: SOURCE, orderBy: { metric: "milestones" }'],
  ['having[0].metric', 'by: SOURCE, having: { metric: "won", gt: "1" }'],
  [
    'having[1].metric',
    'by: SOURCE, having: [{ metric: "created", gt: 1 }, { metric: "comparison.created" }]',
  ],
  ['having[0]', 'by: SOURCE, having: { metric: "created" }'],
  ['having', `by: SOURCE, having: [${'{ metric: "created", gt: 0 } '.repeat(21)}]`],
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

test('whoever names no metric is told all names there are', async () => {
  const one = await worldWith({});
  const { errors } = await groupsOf(one, 'by: SOURCE, orderBy: { metric: "winRate" }');
  expect(errors[0]!.message).toMatch(/^orderBy.metric is no metric of leads: winRate\. There are created, /);
  for (const name of ['milestones.mql', 'effectiveness.wonAmount', 'ambiguity.share', 'leadConversionCohort'])
    expect(errors[0]!.message).toContain(name);
});

test('twenty conditions are answered', async () => {
  const one = await worldWith({});
  await storeRows(world.database, one, onlyLeads([someLead(one, { source: 'Web' })]));
  const { groups, errors } = await groupsOf(
    one,
    `by: SOURCE, having: [${'{ metric: "created", gt: 0, lt: 2 } '.repeat(20)}]`,
  );
  expect(errors).toEqual([]);
  expect(groups).toMatchObject([{ metrics: { created: { count: 1 } } }]);
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
