import sql, { type Sql } from 'sql-template-tag';
import { members } from '../deals/deal-rows.ts';
import { type DealSet, ungrouped } from '../deals/deal-set.ts';
import { within } from '../metric-window.ts';
import type { StageStep } from './stage-steps.ts';

/**
 * Every version of a set's deals that is known at its moment: `k`, `id`, `stage_id` and its `rank`, `valid_from`; whether
 * the deal came into the stage by it (`is_entry`); the furthest rank of any later version (`furthest`); and how long it
 * stood (`milliseconds`), until the moment if it still does. That is as known now (or asOf): periods, and a window that is
 * compared with, say only which entries count.
 */
function stageVersions(set: DealSet, steps: StageStep[]): Sql {
  const { organization, moment } = set.view;
  const ids = steps.map(({ stage }) => stage.uuid);
  const ranks = steps.map(({ rank }) => rank);
  const known: DealSet = set.period?.ends ? { ...set, period: undefined } : set;
  return sql`
    select m.k, m.id, v.stage_id, step.rank, v.valid_from,
      v.stage_id is distinct from lag(v.stage_id) over past as is_entry,
      max(step.rank) over future as furthest,
      greatest(0, round(extract(epoch from
        least(v.valid_to, ${moment}::timestamptz) - v.valid_from) * 1000))::bigint as milliseconds
    from (${members(set.spans ? { ...known, ...ungrouped } : known)}) m
    join opportunity_version v on v.organization_id = ${organization.id} and v.opportunity_id = m.id and v.valid_from <= m.at
    join unnest(${ids}::uuid[], ${ranks}::int[]) as step (id, rank) on step.id = v.stage_id
    window past as (partition by m.k, m.id order by v.valid_from),
      future as (past rows between 1 following and unbounded following)`;
}

/** The entries in the window are those that count: `entered` is when. */
const isInside = ({ view: { window } }: DealSet, entered: Sql) =>
  within(entered, window.fromInstant, window.toInstant, 'timestamptz');

/** The group an entry counts in: in a series its period. */
function groupOf({ spans }: DealSet, entered: Sql): Sql {
  if (!spans) return sql`v.k`;
  const [groups, starts] = [spans.map(({ group }) => group), spans.map(({ since }) => since)];
  return sql`(${groups}::text[])[width_bucket(${entered}, ${starts}::timestamptz[])]`;
}

/** The first entry into each stage within the window, one row per deal: `k`, `id`, `stage_id`, `furthest`. */
function entries(set: DealSet, steps: StageStep[]): Sql {
  const entered = sql`v.valid_from`;
  return sql`
    select distinct on (e.k, e.id, e.stage_id) e.k, e.id, e.stage_id, e.furthest
    from (
      select ${groupOf(set, entered)} as k, v.id, v.stage_id, v.furthest, v.valid_from
      from (${stageVersions(set, steps)}) v
      where v.is_entry and ${isInside(set, entered)}) e
    order by e.k, e.id, e.stage_id, e.valid_from`;
}

/** The deals that entered a stage in the window and satisfy a condition on the entry `e`. */
export function enteredStage(set: DealSet, steps: StageStep[], stageUuid: string, also: Sql): Sql {
  return sql`
    select e.k, e.id from (${entries(set, steps)}) e where e.stage_id = ${stageUuid}::uuid and ${also}`;
}

/** Of the deals that entered a stage in the window: how many came how far afterwards (null: nowhere). */
export interface StageEntries {
  group: string;
  stageUuid: string;
  furthest: number | null;
  count: number;
}

export function stageEntries(set: DealSet, steps: StageStep[]): Sql {
  return sql`
    select e.k as "group", e.stage_id as "stageUuid", e.furthest, count(*)::int as count
    from (${entries(set, steps)}) e
    group by 1, 2, 3`;
}

/** The days deals spent in a stage, over those that entered it in the window. */
export interface StageDays {
  group: string;
  stageUuid: string;
  meanDays: number;
  medianDays: number;
  p90Days: number;
  count: number;
}

export function stageDays(set: DealSet, steps: StageStep[], shape: (milliseconds: Sql) => Sql): Sql {
  const entered = sql`v.entered`;
  return sql`
    select stay.k as "group", stay.stage_id as "stageUuid", count(*)::int as count, ${shape(sql`stay.milliseconds`)}
    from (
      select ${groupOf(set, entered)} as k, v.id, v.stage_id, sum(v.milliseconds)::bigint as milliseconds
      from (
        select s.k, s.id, s.stage_id, s.milliseconds,
          max(case when s.is_entry then s.valid_from end) over (partition by s.k, s.id order by s.valid_from) as entered
        from (${stageVersions(set, steps)}) s
      ) v
      where ${isInside(set, entered)}
      group by 1, v.id, v.stage_id
    ) stay
    group by 1, 2`;
}
