import 'reflect-metadata';
import fc from 'fast-check';
import { runs } from '../../support/runs.ts';
import { openWorld, type World } from '../../support/world.ts';
import { comparedWindow, lastMomentBefore } from '../deals/calendar.ts';
import { allLeadMetrics, type LeadApi, leadValues, openLeadApi, withoutRows } from './api.ts';
import { type Asked, expectedGroups, keyIn, keysBy, oracleOf, worldWithColor } from './groups.ts';
import type { Lead, LeadMetrics, LeadOracle, Population, Rows } from './oracle.ts';
import {
  anyNow,
  anyRows,
  days,
  instant,
  type LeadWorld,
  onlyLeads,
  someConversion,
  someLead,
  storeRows,
  zones,
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

interface Comparing extends Asked {
  window: { from: string; to: string; timeZone: string; compare: 'PREVIOUS' | 'LAST_YEAR' };
}

const anyComparing: fc.Arbitrary<Comparing> = fc.record({
  window: fc
    .record({
      days: fc.tuple(fc.constantFrom(...days), fc.constantFrom(...days)),
      timeZone: fc.constantFrom(...zones),
      compare: fc.constantFrom('PREVIOUS' as const, 'LAST_YEAR' as const),
    })
    .map(({ days: bounds, ...rest }) => {
      const [from, to] = bounds.toSorted() as [string, string];
      return { from, to, ...rest };
    }),
  asOf: fc.option(instant, { freq: 2 }),
  now: anyNow,
});

/** What happened in the window compared with, and what was open at its end. */
function oraclesOf(one: LeadWorld, rows: Rows, { window, asOf, now }: Comparing): [LeadOracle, LeadOracle] {
  const { timeZone } = window;
  const compared = { ...comparedWindow(window, window), timeZone };
  const end = new Date(lastMomentBefore(compared.to!, timeZone));
  const isOver = end < (asOf ?? now);
  return [
    oracleOf(one, rows, { window: compared, asOf, now }),
    oracleOf(one, rows, { window: compared, asOf: isOver ? end : asOf, now }),
  ];
}

type IsIn = (lead: Lead, population: Population) => boolean;

function merged([happened, state]: [LeadOracle, LeadOracle], isIn: [IsIn?, IsIn?] = []): LeadMetrics {
  const { open, ageing, ambiguity } = state.metrics(isIn[1]);
  return { ...happened.metrics(isIn[0]), open, ageing, ambiguity };
}

const whole = (fragments: string) => `${fragments}
  query Compared($window: WindowInput, $asOf: DateTime) {
    leadMetrics(window: $window, asOf: $asOf) { ...All comparison { ...All comparison { created { count } } } }
  }`;

test.each([
  { what: 'values', query: whole(leadValues), numRuns: 40 },
  { what: 'the rows behind them', query: whole(allLeadMetrics), numRuns: 8 },
])(
  'a comparison is what happened in that window as known now, and what was open at its end: $what',
  async ({ query, numRuns, what }) => {
    const one = await worldWithColor(world, { timeZone: 'America/Havana' });
    const shown = what === 'values' ? withoutRows : <T>(part: T) => part;
    await fc.assert(
      fc.asyncProperty(anyRows(one), anyComparing, async (rows, asked) => {
        await storeRows(world.database, one, rows);
        const { window, asOf, now } = asked;
        const expected = {
          ...shown(oracleOf(one, rows, asked).metrics()),
          comparison: { ...shown(merged(oraclesOf(one, rows, asked))), comparison: null },
        };
        for (const api of [compiled, interpreted]) {
          const answer = await api.ask(one.organization, query, { window, asOf }, now);
          expect(answer).toEqual({ data: { leadMetrics: expected }, errors: [] });
        }
      }),
      { numRuns: runs(numRuns), endOnFailure: true },
    );
  },
);

const grouped = (fragments: string) => `${fragments}
  query Compared($by: [LeadDimension!]!, $customField: String, $window: WindowInput, $asOf: DateTime, $first: Int,
    $having: [LeadGroupCondition!]) {
    leadGroups(by: $by, customField: $customField, window: $window, asOf: $asOf, first: $first, having: $having) {
      key { label isOther source customValue period status { name } owner { name } queue { name } }
      metrics { ...All comparison { ...All } }
    }
  }`;

const plain = ['SOURCE', 'STATUS', 'OWNER', 'QUEUE', 'CAMPAIGN', 'CUSTOM_FIELD'];

test.each([
  { what: 'values', query: grouped(leadValues), numRuns: 25, dimensions: 2 },
  { what: 'the rows behind them', query: grouped(allLeadMetrics), numRuns: 6, dimensions: 1 },
])(
  'each group is compared, those that only have leads in that window are there, and so are they in the others: $what',
  async ({ query, numRuns, what, dimensions }) => {
    const one = await worldWithColor(world, { timeZone: 'Europe/Berlin' });
    const shown = what === 'values' ? withoutRows : <T>(part: T) => part;
    const anyBy = fc.subarray(plain, { minLength: 1, maxLength: dimensions });
    const anyList = fc.record({
      first: fc.constantFrom(1, 2, 5, 6),
      having: fc.constantFrom<{ metric: string; lte?: number; gte?: number }[][]>(
        [],
        [{ metric: 'created', lte: 1 }],
        [{ metric: 'open', gte: 1 }],
      ),
    });
    await fc.assert(
      fc.asyncProperty(anyRows(one), anyComparing, anyBy, anyList, async (rows, asked, by, list) => {
        await storeRows(world.database, one, rows);
        const { window, asOf, now } = asked;
        const { timeZone } = window;
        const own = oracleOf(one, rows, asked);
        const compared = oraclesOf(one, rows, asked);
        const [ofOwn, ofHappened, ofState] = [own, ...compared].map((oracle) =>
          keysBy(one, oracle, by, timeZone),
        ) as [ReturnType<typeof keysBy>, ReturnType<typeof keysBy>, ReturnType<typeof keysBy>];
        const none = own.metrics(() => false);
        const ownGroups = expectedGroups(one, own, by, timeZone);
        const happenedKeys = (['created', 'converted', 'handed'] as const).flatMap((population) =>
          compared[0].population(population).map((lead) => ofHappened.keyText(lead, population)),
        );
        const openKeys = compared[1].population('open').map((lead) => ofState.keyText(lead, 'open'));
        const keys = [...new Set([...ownGroups.keys(), ...happenedKeys, ...openKeys])];
        const passing = keys.filter((key) => {
          const { created, open } = ownGroups.get(key) ?? none;
          return list.having.every((condition) =>
            condition.metric === 'created' ? created.count <= 1 : open.count >= 1,
          );
        });
        const metricsOf = (wanted: Set<string>) => ({
          ...shown(own.metrics((lead, population) => wanted.has(ofOwn.keyText(lead, population)))),
          comparison: shown(
            merged(compared, [
              (lead, population) => wanted.has(ofHappened.keyText(lead, population)),
              (lead, population) => wanted.has(ofState.keyText(lead, population)),
            ]),
          ),
        });

        const customField = by.includes('CUSTOM_FIELD') ? 'color' : null;
        const asking = { by, customField, window, asOf, ...list };
        const answer = await compiled.ask(one.organization, query, asking, now);
        expect(answer.errors).toEqual([]);
        const groups = answer.data!.leadGroups;
        const listed = groups.filter(({ key }) => !key.isOther);
        expect(listed).toHaveLength(Math.min(list.first, passing.length));
        const names = new Set(listed.map((group) => JSON.stringify(keyIn(group, by))));
        for (const group of listed) {
          const name = JSON.stringify(keyIn(group, by));
          expect(passing).toContain(name);
          expect(group.metrics).toEqual(metricsOf(new Set([name])));
        }
        const rest = passing.filter((key) => !names.has(key));
        expect(groups.filter(({ key }) => key.isOther).map(({ metrics }) => metrics)).toEqual(
          rest.length === 0 ? [] : [metricsOf(new Set(rest))],
        );
      }),
      { numRuns: runs(numRuns), endOnFailure: true },
    );
  },
);

/** A lead of last year, one of this, and one of both. */
async function twoYears() {
  const one = await worldWithColor(world, {});
  const [ada, bo] = one.users as [LeadWorld['users'][number], LeadWorld['users'][number]];
  const before = new Date('2025-03-01T09:00:00Z');
  await storeRows(
    world.database,
    one,
    onlyLeads([
      someLead(one, {
        source: 'Fair',
        createdAt: before,
        ownerId: ada.id,
        conversions: [someConversion({ convertedAt: new Date('2026-02-01T09:00:00Z') })],
      }),
      someLead(one, { source: 'Mail', createdAt: before, ownerId: bo.id }),
      someLead(one, { source: 'Mail', ownerId: bo.id }),
      someLead(one, { source: 'Web', ownerId: ada.id }),
    ]),
  );
  const now = new Date('2026-06-01T09:00:00Z');
  return { one, ask: (text: string) => compiled.ask(one.organization, text, {}, now) };
}

const YEAR = 'window: { named: THIS_YEAR, compare: PREVIOUS }';

test('a lead converted since was open at the end of the window compared with', async () => {
  const { ask } = await twoYears();
  const fields = 'open { count } created { count } converted { count } conversionCohort { numerator }';
  const { data } = await ask(`{ leadMetrics(${YEAR}) { ${fields} comparison { ${fields} } } }`);
  expect(data!.leadMetrics).toEqual({
    ...{
      open: { count: 3 },
      created: { count: 2 },
      converted: { count: 1 },
      conversionCohort: { numerator: 0 },
    },
    comparison: {
      ...{ open: { count: 2 }, created: { count: 2 }, converted: { count: 0 } },
      // of those created then, as known now
      conversionCohort: { numerator: 1 },
    },
  });
});

test('a group is there for the window compared with only if something is asked of that', async () => {
  const { ask } = await twoYears();
  const labels = async (args: string, fields: string) => {
    const { data, errors } = await ask(
      `{ leadGroups(by: SOURCE, ${args}) { key { label } metrics { ${fields} } } }`,
    );
    expect(errors).toEqual([]);
    return data!.leadGroups.map(({ key }) => key.label);
  };
  expect(await labels(YEAR, 'created { count }')).toEqual(['Mail', 'Web']);
  const both = 'created { count } comparison { created { count } }';
  expect(await labels(YEAR, both)).toEqual(['Fair', 'Mail', 'Web']);
  expect(await labels(YEAR, 'comparison { created { count } }')).toEqual(['Fair', 'Mail', 'Web']);
  expect(await labels(`${YEAR}, first: 2`, both)).toEqual(['Fair', 'Mail', 'Other']);
  expect(await labels(`${YEAR}, having: { metric: "created", lt: 1 }`, both)).toEqual(['Fair']);
  expect(await labels('window: { named: THIS_YEAR }', both)).toEqual(['Mail', 'Web']);
});

test('there is no comparison without a window to compare with, nor of periods', async () => {
  const { ask } = await twoYears();
  const fields = 'comparison { created { count } }';
  const { data } = await ask(`{
    leadMetrics(window: { named: THIS_YEAR }) { ${fields} }
    leadGroups(by: MONTH, ${YEAR}) { key { label } metrics { created { count } ${fields} } }
  }`);
  expect(data).toEqual({
    leadMetrics: { comparison: null },
    leadGroups: [{ key: { label: '2026-01' }, metrics: { created: { count: 2 }, comparison: null } }],
  });
});

test("everybody's leads are compared, by one statement, and listed", async () => {
  const { ask } = await twoYears();
  const rows = 'count records(first: 5) { totalCount }';
  const statements: string[] = [];
  world.database.observe = (text) => statements.push(text);
  const { data, errors } = await ask(
    `{ viewer { organization { users { nodes { name leadMetrics(${YEAR}) {
      created { ${rows} } comparison { created { ${rows} } open { ${rows} } }
    } } } } } }`,
  );
  world.database.observe = undefined;
  expect(errors).toEqual([]);
  const of = (count: number) => ({ count, records: { totalCount: count } });
  const byName = new Map(
    data!.viewer.organization.users.nodes.map(({ name, leadMetrics }) => [name, leadMetrics]),
  );
  expect(byName.get('Ada')).toEqual({ created: of(1), comparison: { created: of(1), open: of(1) } });
  expect(byName.get('Bo')).toEqual({ created: of(1), comparison: { created: of(1), open: of(1) } });
  expect(statements.filter((text) => text.includes('with found as'))).toHaveLength(2);
});
