import sql, { type Sql } from 'sql-template-tag';
import { median, p90 } from '../aggregates.ts';
import type { MetricText } from '../catalogue.ts';
import type { DealSet } from '../deals/deal-set.ts';
import { MetricUnit } from '../metric.enums.ts';
import type { StageStep } from './stage-steps.ts';
import { stageDays, stageEntries } from './stage-visits.queries.ts';
import { threadingRows } from './threading.queries.ts';

interface StageDefinition extends MetricText {
  /** One statement for all groups of a set. */
  rows: (set: DealSet, steps: StageStep[]) => Sql;
}

const DAY = sql`86400000`;
const every = sql`true`;

/** How deals go through the stages, and how many people they have: texts beside the SQL, as with deals. */
export const stageDefinitions = {
  stageConversion: {
    label: 'Stage conversion',
    formula:
      "Of the opportunities that entered the stage `from` in the window, those that later reached `to` or a stage beyond it ÷ all of them. A stage that was skipped counts as reached; a lost deal reaches nothing by being lost, and keeps what it reached before. Stages stand in the organisation's order, open ones first, then won ones. Entered means: came into it from another stage, or began there; a deal counts once, from its first entry in the window on.",
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    rows: stageEntries,
  },
  stageDuration: {
    label: 'Time in stage',
    formula:
      'Days that opportunities spent in a stage: of each the sum over its visits that began in the window, each counted whole, the one that still lasts until now (until asOf); over the opportunities that entered the stage in the window: mean, median (the middle value, or the mean of the two in the middle) and p90 (nearest rank). Exact to the millisecond. A closed stage lasts until the deal is opened again.',
    unit: MetricUnit.DAYS,
    emptyValue: 'null',
    rows: (set, steps) =>
      stageDays(
        set,
        steps,
        (milliseconds) => sql`
        (sum(${milliseconds})::numeric / count(*) / ${DAY})::float8 as "meanDays",
        (${median(milliseconds, every)} / ${DAY})::float8 as "medianDays",
        (${p90(milliseconds, every)}::numeric / ${DAY})::float8 as "p90Days"`,
      ),
  },
  threading: {
    label: 'Threading',
    formula:
      'Distinct contacts with a role per opportunity of the open pipeline: mean and median; an opportunity without any counts as 0. Deleted and merged contacts do not count; with asOf, roles given later do not either. Current state: a window does not restrict it.',
    unit: MetricUnit.COUNT,
    emptyValue: 'null',
    rows: threadingRows,
  },
  multiThreadedShare: {
    label: 'Multi-threaded share',
    formula:
      'Opportunities of the open pipeline with at least two distinct contacts ÷ all of the open pipeline. Current state: a window does not restrict it.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    rows: threadingRows,
  },
} as const satisfies Record<string, StageDefinition>;
