import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Context } from '../../graphql/context.ts';
import { loadStages } from '../../opportunities/stage.queries.ts';
import { metricDefinition } from '../catalogue.ts';
import type { DealOrigin } from '../deals/deal-origin.ts';
import type { DealSet } from '../deals/deal-set.ts';
import type { RateMetric } from '../metric.types.ts';
import { rowsOfRate } from '../rate-part.ts';
import { setName } from '../set-name.ts';
import { stageDefinitions } from './stage-definitions.ts';
import type { StageConversion, StageDuration, ThreadingMetric } from './stage-metrics.type.ts';
import { stagePairs, type StageStep, stageSteps } from './stage-steps.ts';
import { isMultiThreaded, openDealsWithPeople, type ThreadingRow } from './threading.queries.ts';
import { enteredStage, type StageDays, type StageEntries } from './stage-visits.queries.ts';

type Family = keyof typeof stageDefinitions;

/** One statement for all groups of a set an operation asks for; of each group its rows. */
function loadRows<Row extends { group: string }>(
  context: Context,
  family: Family,
  origin: DealOrigin,
  statement: (set: DealSet) => Sql,
): Promise<Row[]> {
  return context
    .loader(
      `${setName(origin.set)} ${family}`,
      () =>
        new DataLoader<string, Row[]>(async (groups) => {
          const rows = await context.snapshot.query<Row>(statement(origin.set));
          const byGroup = Map.groupBy(rows, ({ group }) => group);
          return groups.map((group) => byGroup.get(group) ?? []);
        }),
    )
    .load(origin.group);
}

/** What a value of a stage counts: the deals that entered it in the window; in the numerator those that came to `to`. */
function enteredOrigin(
  origin: DealOrigin,
  steps: StageStep[],
  { stage }: StageStep,
  to: StageStep | null = null,
): DealOrigin {
  return {
    ...origin,
    part: `${stage.uuid} ${to?.stage.uuid}`,
    counted: (set, inNumerator) =>
      enteredStage(
        set,
        steps,
        stage.uuid,
        rowsOfRate(sql`e.furthest >= ${to?.rank}::int`, to && inNumerator),
      ),
  };
}

function rate(
  key: Family,
  numerator: number,
  denominator: number,
  origin: DealOrigin,
): Omit<RateMetric, 'records'> {
  return {
    value: denominator === 0 ? null : numerator / denominator,
    numerator: String(numerator),
    denominator: String(denominator),
    definition: metricDefinition(key),
    origin,
  };
}

export async function loadStageConversion(
  context: Context,
  origin: DealOrigin,
  allPairs: boolean,
): Promise<StageConversion[]> {
  const steps = stageSteps(await loadStages(context));
  const rows = await loadRows<StageEntries>(context, 'stageConversion', origin, (set) =>
    stageDefinitions.stageConversion.rows(set, steps),
  );
  return stagePairs(steps, allPairs).map(([from, to]) => {
    const entered = rows.filter(({ stageUuid }) => stageUuid === from.stage.uuid);
    const total = (of: StageEntries[]) => of.reduce((sum, { count }) => sum + count, 0);
    const reached = entered.filter(({ furthest }) => furthest !== null && furthest >= to.rank!);
    return {
      from: from.stage,
      to: to.stage,
      rate: rate('stageConversion', total(reached), total(entered), enteredOrigin(origin, steps, from, to)),
    };
  });
}

export async function loadStageDuration(context: Context, origin: DealOrigin): Promise<StageDuration[]> {
  const steps = stageSteps(await loadStages(context));
  const rows = await loadRows<StageDays>(context, 'stageDuration', origin, (set) =>
    stageDefinitions.stageDuration.rows(set, steps),
  );
  return steps.map((step) => {
    const row = rows.find(({ stageUuid }) => stageUuid === step.stage.uuid);
    return {
      stage: step.stage,
      duration: {
        meanDays: row?.meanDays ?? null,
        medianDays: row?.medianDays ?? null,
        p90Days: row?.p90Days ?? null,
        count: row?.count ?? 0,
        negative: 0,
        definition: metricDefinition('stageDuration'),
        origin: enteredOrigin(origin, steps, step),
      },
    };
  });
}

export async function loadThreading(context: Context, origin: DealOrigin): Promise<ThreadingMetric> {
  const [row] = await loadRows<ThreadingRow>(context, 'threading', origin, stageDefinitions.threading.rows);
  return {
    mean: row?.mean ?? null,
    median: row?.median ?? null,
    multiThreadedShare: rate('multiThreadedShare', row?.multiThreaded ?? 0, row?.count ?? 0, {
      ...origin,
      counted: (set, inNumerator) => sql`
        select deal.id, deal.k from (${openDealsWithPeople(set)}) deal
        where ${rowsOfRate(isMultiThreaded, inNumerator)}`,
    }),
    definition: metricDefinition('threading'),
  };
}
