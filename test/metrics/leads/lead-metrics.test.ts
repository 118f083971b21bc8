import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import type { MetricSettings } from '../../../src/metrics/metric-settings.ts';
import { runs } from '../../support/runs.ts';
import { openWorld, type World } from '../../support/world.ts';
import { allLeadMetrics, type LeadApi, leadValues, openLeadApi, withoutRows } from './api.ts';
import { type LeadMetrics, LeadOracle, type Rows, type View } from './oracle.ts';
import { anyNow, anyRows, anyWindow, instant, leadWorld, type LeadWorld, storeRows } from './world.ts';

const limits = {
  standard: { firstResponseMinutes: 60, handoffHours: 48, leadActiveDays: 30, leadAgingDays: 90 },
  own: { firstResponseMinutes: 15, handoffHours: 1, leadActiveDays: 2, leadAgingDays: 80 },
};

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

async function worldWith(timeZone: string, settings: Partial<MetricSettings>): Promise<LeadWorld> {
  const made = await leadWorld(world, { timeZone });
  const { id, tenant } = made.organization;
  await world.database.write(tenant, (tx) =>
    tx.query(
      sql`update organization set metric_settings = ${JSON.stringify(settings)}::jsonb where id = ${id}`,
    ),
  );
  return made;
}

const query = (fragments: string) => `${fragments}
  query Whole($window: WindowInput, $asOf: DateTime, $scope: LeadScope) {
    leadMetrics(window: $window, asOf: $asOf, scope: $scope) { ...All }
  }`;
const values = query(leadValues);
const valuesAndRows = query(allLeadMetrics);

interface Case {
  window: { from: string | null; to: string | null; timeZone?: string };
  asOf: Date | null;
  now: Date;
  withinDays: number | null;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  window: anyWindow,
  asOf: fc.option(instant, { freq: 2 }),
  now: anyNow,
  withinDays: fc.option(fc.constantFrom(0, 1, 30, 2000)),
});

/** Often as of the last moment a lead may wait for an answer, or a hand-off for a decision. */
const anyCaseOf = ({ leads }: Rows, { firstResponseMinutes, handoffHours }: View['settings']) => {
  const limits = leads
    .flatMap(({ createdAt, handoffs }) => [
      +createdAt + firstResponseMinutes * 60_000,
      ...handoffs.map(({ handedAt }) => +handedAt + handoffHours * 3_600_000),
    ])
    .filter((at) => at < Date.parse('2025-01-02'));
  if (limits.length === 0) return anyCase;
  const atLimit = fc.constantFrom(...limits).map((at) => new Date(at));
  return fc.oneof(
    anyCase,
    fc.tuple(anyCase, atLimit).map(([asked, asOf]): Case => ({ ...asked, asOf })),
  );
};

function oracleOf(
  { organization }: LeadWorld,
  rows: Rows,
  { window, ...rest }: Case,
  settings: View['settings'],
): LeadOracle {
  const timeZone = window.timeZone ?? organization.timeZone;
  return new LeadOracle(rows, { ...organization, ...rest, window: { ...window, timeZone }, settings });
}

function variablesOf({ window, asOf, withinDays }: Case) {
  return { window, asOf, scope: { withinDays } };
}

describe('in generated worlds', () => {
  test.each([
    { timeZone: 'Europe/Berlin', settings: limits.standard },
    { timeZone: 'America/Havana', settings: limits.own },
  ])('every metric of every window and moment equals the oracle: $timeZone', async (organization) => {
    const one = await worldWith(organization.timeZone, organization.settings);
    const given = anyRows(one).chain((rows) =>
      fc.tuple(fc.constant(rows), anyCaseOf(rows, organization.settings)),
    );
    await fc.assert(
      fc.asyncProperty(given, async ([rows, asked]) => {
        await storeRows(world.database, one, rows);
        const expected = withoutRows(oracleOf(one, rows, asked, organization.settings).metrics());
        for (const api of [compiled, interpreted]) {
          const answer = await api.ask(one.organization, values, variablesOf(asked), asked.now);
          expect(answer).toEqual({ data: { leadMetrics: expected }, errors: [] });
        }
      }),
      { numRuns: runs(60), endOnFailure: true },
    );
  });

  test('the rows behind each metric are the very ones counted', async () => {
    const one = await worldWith('Pacific/Auckland', {});
    await fc.assert(
      fc.asyncProperty(anyRows(one), anyCase, async (rows, asked) => {
        await storeRows(world.database, one, rows);
        const expected = oracleOf(one, rows, asked, limits.standard).metrics();
        const answer = await compiled.ask(one.organization, valuesAndRows, variablesOf(asked), asked.now);
        expect(answer).toEqual({ data: { leadMetrics: expected }, errors: [] });
        hold(answer.data!.leadMetrics);
      }),
      { numRuns: runs(6), endOnFailure: true },
    );
  });

  test('as of now is as it is now', async () => {
    const one = await worldWith('Asia/Beirut', {});
    await fc.assert(
      fc.asyncProperty(anyRows(one), anyCase, async (rows, asked) => {
        await storeRows(world.database, one, rows);
        const ask = (asOf: Date | null, now: Date) =>
          compiled.ask(one.organization, values, variablesOf({ ...asked, asOf }), now);
        const current = await ask(null, asked.now);
        expect(current.errors).toEqual([]);
        expect(await ask(asked.now, asked.now)).toEqual(current);
        expect(await ask(new Date(+asked.now + 1), asked.now)).toEqual(current);
        // from history, what the tables say
        expect(await ask(asked.now, new Date(+asked.now + 1))).toEqual(current);
      }),
      { numRuns: runs(25), endOnFailure: true },
    );
  });
});

interface Counted {
  count?: number;
  numerator?: number;
  denominator?: number;
  value?: number | null;
  answered?: number;
  records?: { totalCount: number };
  leadRecords?: { totalCount: number };
  numeratorRecords?: { totalCount: number };
}

/** What holds of every answer, whatever the rows. */
function hold(metrics: LeadMetrics): void {
  const visit = (part: Counted): void => {
    const listed = part.records ?? part.leadRecords;
    if (listed) expect(listed.totalCount).toBe(part.count ?? part.answered ?? part.denominator);
    if (part.numeratorRecords) {
      expect(part.numeratorRecords.totalCount).toBe(part.numerator);
      expect(part.value).toBe(part.denominator === 0 ? null : part.numerator! / part.denominator!);
    }
    for (const inner of Object.values(part) as unknown[])
      if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) visit(inner);
  };
  visit(metrics as Counted);
  const { conversionCohort, milestones, speedToLead, open, ageing, created } = metrics;
  for (const rate of [conversionCohort, speedToLead.withinSla, metrics.handoff, ...Object.values(milestones)])
    expect(rate.value ?? 0).toBeLessThanOrEqual(1);
  expect(ageing.active.count + ageing.aging.count + ageing.stale.count).toBe(open.count);
  expect(speedToLead.bands.reduce((sum, band) => sum + band.count, 0)).toBe(speedToLead.answered);
  expect(speedToLead.answered + speedToLead.overdue + speedToLead.waiting).toBe(created.count);
}
