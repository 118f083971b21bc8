import 'reflect-metadata';
import fc from 'fast-check';
import { runs } from '../../support/runs.ts';
import { openWorld, type World } from '../../support/world.ts';
import { allLeadMetrics, type LeadApi, type LeadGroup, leadValues, openLeadApi, withoutRows } from './api.ts';
import {
  addUp,
  anyAsked,
  anyDimensions,
  expectedGroups,
  keyIn,
  keysBy,
  oracleOf,
  variables,
  worldWithColor,
} from './groups.ts';
import type { LeadMetrics } from './oracle.ts';
import { anyRows, onlyLeads, someConversion, someLead, storeRows } from './world.ts';

let world: World;
let api: LeadApi;
beforeAll(async () => {
  world = await openWorld();
  api = await openLeadApi(world, 'compiled');
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const query = (fragments: string) => `${fragments}
  query Groups($by: [LeadDimension!]!, $customField: String, $window: WindowInput, $asOf: DateTime, $first: Int,
    $having: [LeadGroupCondition!], $orderBy: LeadGroupOrder) {
    leadGroups(by: $by, customField: $customField, window: $window, asOf: $asOf, first: $first, having: $having, orderBy: $orderBy) {
      key { label isOther source customValue period status { name } owner { name } queue { name } }
      metrics { ...All }
    }
  }`;
const values = query(leadValues);
const valuesAndRows = query(allLeadMetrics);

/** What groups are chosen and put in order by, by its names. */
const numbers: Record<string, (metrics: LeadMetrics) => number | null> = {
  created: ({ created }) => created.count,
  leadsCreated: ({ created }) => created.count,
  open: ({ open }) => open.count,
  'open.count': ({ open }) => open.count,
  leadAgeingStale: ({ ageing }) => ageing.stale.count,
  conversionCohort: ({ conversionCohort }) => conversionCohort.value,
  'milestones.mql': ({ milestones }) => milestones.mql.value,
  'milestones.mql.numerator': ({ milestones }) => milestones.mql.numerator,
  'leadConversionPeriod.denominator': ({ conversionPeriod }) => conversionPeriod.denominator,
  'ambiguity.share': ({ ambiguity }) => ambiguity.share,
  timeToConversion: ({ timeToConversion }) => timeToConversion.medianDays,
  'timeToConversion.p90Days': ({ timeToConversion }) => timeToConversion.p90Days,
  speedToLead: ({ speedToLead }) => speedToLead.p50Minutes,
  'speedToLead.p95Minutes': ({ speedToLead }) => speedToLead.p95Minutes,
  'speedToLead.waiting': ({ speedToLead }) => speedToLead.waiting,
  'speedToLead.withinSla': ({ speedToLead }) => speedToLead.withinSla.value,
  'speedToLead.withinSla.denominator': ({ speedToLead }) => speedToLead.withinSla.denominator,
  handoffDecision: ({ handoffDecision }) => handoffDecision.medianMinutes,
  'handoffDecision.meanMinutes': ({ handoffDecision }) => handoffDecision.meanMinutes,
  'effectiveness.wonAmount': ({ effectiveness }) => Number(effectiveness.wonAmount.amount.amount),
  'effectiveness.wonAmount.count': ({ effectiveness }) => effectiveness.wonAmount.count,
};
const passes: Record<string, (value: number, limit: number) => boolean> = {
  gt: (value, limit) => value > limit,
  gte: (value, limit) => value >= limit,
  lt: (value, limit) => value < limit,
  lte: (value, limit) => value <= limit,
};
type Condition = { metric: string } & Record<string, string>;
const metric = fc.constantFrom(...Object.keys(numbers));
const anyCondition: fc.Arbitrary<Condition> = fc
  .tuple(
    metric,
    fc.constantFrom(...Object.keys(passes)),
    fc.constantFrom('0', '1', '2', '0.5', '-0.25', '120', '5.00'),
  )
  .map(([name, comparison, limit]) => ({ metric: name, [comparison]: limit }) as Condition);
/** That some groups pass and some do not, with others left. */
const halfOf = fc.constantFrom<Condition>(
  { metric: 'created', gte: '2' },
  { metric: 'open', lte: '1' },
  { metric: 'created', lt: '2' },
);
const anyRequest = fc.record({
  having: fc.oneof(
    fc.array(anyCondition, { maxLength: 2 }),
    halfOf.map((one) => [one]),
  ),
  orderBy: fc.option(fc.record({ metric, direction: fc.constantFrom('ASC', 'DESC') })),
  first: fc.integer({ min: 1, max: 4 }),
});

const satisfies = (metrics: LeadMetrics, { metric: name, ...limits }: Condition) =>
  Object.entries(limits).every(([comparison, limit]) => {
    const own = numbers[name]!(metrics);
    return own !== null && passes[comparison]!(own, Number(limit));
  });

test.each([
  { what: 'values', query: values, numRuns: 30, by: anyDimensions },
  {
    what: 'the rows behind them',
    query: valuesAndRows,
    numRuns: 8,
    by: fc.constantFrom<string[]>(['SOURCE'], ['MONTH', 'OWNER'], ['YEAR']),
  },
])(
  'the first groups in order, and the leads of all others that pass in one more: $what',
  async ({ query: text, numRuns, by: dimensions }) => {
    const one = await worldWithColor(world, { timeZone: 'Europe/Berlin' });
    const shown = text === values ? withoutRows : <T>(part: T) => part;
    await fc.assert(
      fc.asyncProperty(
        anyRows(one),
        anyAsked,
        dimensions,
        fc.array(anyRequest, { minLength: 3, maxLength: 3 }),
        async (rows, asked, by, requests) => {
          await storeRows(world.database, one, rows);
          const oracle = oracleOf(one, rows, asked);
          const timeZone = asked.window.timeZone ?? one.organization.timeZone;
          const { keyText } = keysBy(one, oracle, by, timeZone);
          const all = expectedGroups(one, oracle, by, timeZone);
          for (const request of requests) {
            const answer = await api.ask(
              one.organization,
              text,
              { ...variables(by, asked), ...request },
              asked.now,
            );
            expect(answer.errors).toEqual([]);
            const groups = answer.data!.leadGroups;
            const listed = groups.filter(({ key }) => !key.isOther);
            const name = (group: LeadGroup) => JSON.stringify(keyIn(group, by));

            const passing = [...all].filter(([, metrics]) =>
              request.having.every((one) => satisfies(metrics, one)),
            );
            expect(listed).toHaveLength(Math.min(request.first, passing.length));
            const names = new Set(listed.map(name));
            expect(names.size).toBe(listed.length);
            for (const group of listed)
              expect(group.metrics).toEqual(shown(new Map(passing).get(name(group))));
            if (request.orderBy) {
              const value = numbers[request.orderBy.metric]!;
              const sign = request.orderBy.direction === 'ASC' ? 1 : -1;
              const order = passing
                .map(([, metrics]) => value(metrics))
                .sort((a, b) =>
                  a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b),
                );
              expect(listed.map((group) => value(all.get(name(group))!))).toEqual(
                order.slice(0, listed.length),
              );
            }

            const rest = new Set(passing.map(([key]) => key).filter((key) => !names.has(key)));
            const others = groups.filter(({ key }) => key.isOther);
            expect(groups.slice(listed.length)).toEqual(others);
            if (rest.size === 0) {
              expect(others).toEqual([]);
              continue;
            }
            expect(others).toEqual([
              {
                key: {
                  ...{ label: 'Other', isOther: true, source: null, customValue: null, period: null },
                  ...{ status: null, owner: null, queue: null },
                },
                metrics: shown(oracle.metrics((lead, population) => rest.has(keyText(lead, population)))),
              },
            ]);
            addUp(
              groups.map(({ metrics }) => withoutRows(metrics)),
              withoutRows(
                oracle.metrics((lead, population) =>
                  passing.some(([key]) => key === keyText(lead, population)),
                ),
              ),
            );
          }
        },
      ),
      { numRuns: runs(numRuns), endOnFailure: true },
    );
  },
);

test('as many groups as asked for have no other; one fewer, and it is there', async () => {
  const one = await worldWithColor(world, {});
  const leads = ['A', 'B', 'C'].map((source) => someLead(one, { source }));
  await storeRows(world.database, one, onlyLeads(leads));
  const labels = async (first: number) => {
    const answer = await api.ask(one.organization, values, { by: ['SOURCE'], first });
    return answer.data!.leadGroups.map(({ key, metrics }) => [key.label, metrics.created.count]);
  };
  expect(await labels(3)).toEqual([
    ['A', 1],
    ['B', 1],
    ['C', 1],
  ]);
  expect(await labels(2)).toEqual([
    ['A', 1],
    ['B', 1],
    ['Other', 1],
  ]);
  expect(await labels(1)).toEqual([
    ['A', 1],
    ['Other', 2],
  ]);
});

test('the others of two lists in one operation are each of their own list', async () => {
  const one = await worldWithColor(world, {});
  const conversions = () => [someConversion()];
  const leads = [
    someLead(one, { source: 'A' }),
    ...['B', 'B'].map((source) => someLead(one, { source, conversions: conversions() })),
    ...['C', 'C', 'C'].map((source) => someLead(one, { source })),
  ];
  await storeRows(world.database, one, onlyLeads(leads));
  const groups = 'key { label } metrics { created { count records(first: 9) { totalCount nodes { id } } } }';
  const { data, errors } = await api.ask(
    one.organization,
    `{
      one: leadGroups(by: SOURCE, first: 1) { ${groups} }
      two: leadGroups(by: SOURCE, first: 2) { ${groups} }
      most: leadGroups(by: SOURCE, first: 1, orderBy: { metric: "created" }) { ${groups} }
      few: leadGroups(by: SOURCE, first: 1, having: { metric: "created", lt: 3 }) { ${groups} }
    }`,
  );
  expect(errors).toEqual([]);
  const lists = data as unknown as Record<string, LeadGroup[]>;
  const idsOf = (...sources: string[]) =>
    leads.filter(({ source }) => sources.includes(source!)).map(({ id }) => id);
  const expected = { one: ['B', 'C'], two: ['C'], most: ['A', 'B'], few: ['B'] };
  for (const [list, sources] of Object.entries(expected)) {
    const { key, metrics } = lists[list]!.at(-1)!;
    expect(key.label).toBe('Other');
    const { count, records } = metrics.created;
    expect(count).toBe(idsOf(...sources).length);
    expect(records.totalCount).toBe(count);
    expect(records.nodes.map(({ id }) => id).toSorted()).toEqual(idsOf(...sources).toSorted());
  }
});

test('however many groups and others there are, it takes as many statements, all bound to the organisation', async () => {
  const one = await worldWithColor(world, {});
  const window = { from: '2026-01-01', to: '2026-02-01', compare: 'PREVIOUS' };
  const rows = 'records(first: 2) { totalCount nodes { id } }';
  const text = `query Groups($first: Int, $window: WindowInput) {
    leadGroups(by: SOURCE, first: $first, window: $window, having: { metric: "created", gte: 0 }) {
      key { isOther } metrics { created { count ${rows} } comparison { created { count ${rows} } } }
    }
  }`;
  const count = async (sources: number, first: number) => {
    const createdAt = new Date('2025-12-20T09:00:00Z');
    const leads = Array.from({ length: sources }, (_, index) => {
      const source = `Source ${String(index).padStart(3, '0')}`;
      return [someLead(one, { source }), someLead(one, { source, createdAt })];
    }).flat();
    await storeRows(world.database, one, onlyLeads(leads));
    const statements: string[] = [];
    world.database.observe = (statement, values) => {
      statements.push(statement);
      expect(values).toContain(one.organization.id);
    };
    const answer = await api.ask(one.organization, text, { first, window });
    world.database.observe = undefined;
    expect(answer.errors).toEqual([]);
    const groups = answer.data!.leadGroups;
    expect(groups).toHaveLength(sources > first ? first + 1 : sources);
    for (const { metrics } of groups)
      for (const { created } of [metrics, metrics.comparison!])
        expect(created.records.totalCount).toBe(created.count);
    // whatever the number of groups, all of them are looked at once for their records
    for (const statement of statements.filter((one) => one.includes('p.parent')))
      expect(statement).toContain('with counted as materialized');
    return statements.length;
  };
  // settings; the groups, their comparison; pages and counts of the rows of both
  expect(await count(1, 50)).toBe(7);
  expect(await count(40, 50)).toBe(7);
  // the same of the others, but for the settings
  expect(await count(3, 2)).toBe(13);
  expect(await count(40, 20)).toBe(13);
});
