import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { BuyingRole } from '../../contacts/contact.enums.ts';
import type { Snapshot } from '../../database/snapshot.ts';
import { rowsOfRate } from '../rate-part.ts';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import { isKnown } from './account-activity.ts';
import {
  coverageDefinition,
  type CoverageKey,
  type Fact,
  facts,
  requiredRoles,
} from './coverage-definitions.ts';

/** Which accounts coverage is of, and how they fall into groups. */
export interface AccountSet {
  view: MetricView;
  /** Condition on the account `t`: it is one of these groups'. */
  among: (groups: readonly string[]) => Sql;
  /** The group, as text over `t`. */
  key: Sql;
}

export interface RateParts {
  value: number | null;
  numerator: number;
  denominator: number;
}

type CoverageValue = RateParts | number | null | BuyingRole[];
export type CoverageValues = Record<CoverageKey, CoverageValue>;

type Cells = Record<string, string | number | boolean | null>;

const isTarget = (view: MetricView) => sql`${isKnown(view, sql`t`)} and t.is_target`;

/** Aggregates of a metric over target accounts `f`, by column. */
function columnsOf(key: CoverageKey, settings: MetricSettings): Record<string, Sql> {
  const metric = coverageDefinition(key);
  const fact = raw(`f.${metric.fact}`);
  switch (metric.shape) {
    case 'count':
      return { count: sql`count(*)` };
    case 'mean':
      return { numerator: sql`sum(${fact})`, denominator: sql`count(*)` };
    case 'roles':
      return Object.fromEntries(
        requiredRoles(settings).map((role) => [role, sql`bool_or(${role}::text <> all(${fact}))`]),
      );
    case 'rate': {
      const parts = metric.parts?.(fact, settings);
      if (metric.needsRoles && requiredRoles(settings).length === 0)
        return { numerator: sql`0`, denominator: sql`0` };
      return {
        numerator: parts
          ? sql`sum(${parts.numerator})`
          : sql`count(*) filter (where ${metric.isIn(fact, settings)})`,
        denominator: parts ? sql`sum(${parts.denominator})` : sql`count(*)`,
      };
    }
  }
}

function valueOf(key: CoverageKey, cells: Cells | undefined, settings: MetricSettings): CoverageValue {
  const { shape } = coverageDefinition(key);
  const cell = (column: string) => Number(cells?.[`${key}.${column}`] ?? 0);
  if (shape === 'count') return cell('count');
  if (shape === 'roles') return requiredRoles(settings).filter((role) => cells?.[`${key}.${role}`] === true);
  const numerator = cell('numerator');
  const denominator = cell('denominator');
  const value = denominator === 0 ? null : numerator / denominator;
  return shape === 'mean' ? value : { value, numerator, denominator };
}

/** One statement for the given metrics of all groups. */
export async function coverageByGroup(
  snapshot: Snapshot,
  { view, among, key }: AccountSet,
  settings: MetricSettings,
  keys: readonly CoverageKey[],
  groups: readonly string[],
): Promise<(group: string) => CoverageValues> {
  const needed = new Set(keys.map((metric) => coverageDefinition(metric).fact));
  const columns = (Object.keys(facts) as Fact[])
    .filter((fact) => needed.has(fact))
    .map((fact) => sql`, ${facts[fact](view, settings)} as ${raw(fact)}`);
  const aggregates = keys.flatMap((metric) =>
    Object.entries(columnsOf(metric, settings)).map(
      ([column, value]) => sql`, ${value} as ${raw(`"${metric}.${column}"`)}`,
    ),
  );
  const rows = await snapshot.query<{ group: string } & Cells>(sql`
    select f.k as "group"${join([sql``, ...aggregates], '')}
    from (select ${key} as k${join([sql``, ...columns], '')} from account t
      where ${isTarget(view)} and ${among(groups)}) f
    group by f.k`);
  const byGroup = new Map(rows.map((row) => [row.group, row]));
  return (group) =>
    Object.fromEntries(
      keys.map((metric) => [metric, valueOf(metric, byGroup.get(group), settings)]),
    ) as CoverageValues;
}

/** Condition on the account `t`: the metric counts it; of a part only, those in its numerator or those not. */
export function isCovered(
  view: MetricView,
  settings: MetricSettings,
  key: CoverageKey,
  inNumerator: boolean | null,
): Sql {
  const metric = coverageDefinition(key);
  if (metric.shape !== 'rate' || metric.fact === null) return isTarget(view);
  if (metric.needsRoles && requiredRoles(settings).length === 0) return sql`false`;
  const isIn = metric.isIn(facts[metric.fact](view, settings), settings);
  return sql`${isTarget(view)} and ${rowsOfRate(isIn, inNumerator)}`;
}
