import sql, { empty, raw, type Sql } from 'sql-template-tag';
import type { AmountBasis } from '../metric.enums.ts';
import type { Span } from '../metric-periods.ts';
import type { MetricView } from '../metric-view.ts';
import type { TargetChoice } from '../targets/window-targets.queries.ts';

/** Which opportunities metrics are computed from, and how they fall into groups. */
export interface DealSet {
  view: MetricView;
  /** A condition on the opportunity `t`, as it was at the view's moment. */
  among: Sql;
  /** What the key needs, joined to `t`. */
  joins: Sql;
  /** The group a deal belongs to, as text over `t`, the joins and the first day of its period. */
  key: (period: Sql) => Sql;
  /** What the groups are told by and put in order by, like the key: columns `label0`, … and `sort0`, … */
  labels?: (period: Sql) => { label: Sql; sort: Sql }[];
  amountBasis: AmountBasis;
  /** Periods the deals are put in, by close date or creation: a key of their own. */
  period?: Period;
  /** It is one group, named ''. */
  isOne?: boolean;
  /** Which opportunities `t` are a group's, where that is known without the key: reads by index. */
  linkedTo?: (group: Sql) => Sql;
  /** The targets a group's pipeline coverage is measured by; absent: there are none for such a set. */
  targets?: TargetChoice;
  /**
   * The accounts of each group, as rows of `k` (the group) and `account_id`, each once; with what the groups are told by,
   * where they have labels. Absent: those of its deals.
   */
  accounts?: Sql;
  /** Of a series: its periods, each a group of all those accounts. */
  spans?: Span[];
}

/** How dates become periods: the first day of the one a date lies in, as SQL over a date. */
export interface Period {
  startOf: (date: Sql) => Sql;
  /** In a series, current-state values are as of the end of each period: those ends. */
  ends?: { start: string; endInstant: string; today: string }[];
}

/** Of a set that is one group, named ''. */
export const ungrouped = { isOne: true, joins: empty, key: () => sql`''`, linkedTo: () => sql`true` };

/** What history keeps of an opportunity: `opportunity_version` has these as of any moment. */
const TRACKED = [
  'stage_id',
  'amount',
  'currency',
  'probability',
  'forecast_category',
  'close_date',
  'is_closed',
  'is_won',
];
/** The rest, which is as it is now; `created_at` does not change. */
const UNTRACKED = [
  'organization_id',
  'id',
  'account_id',
  'name',
  'name_key',
  'stage_position',
  'owner_id',
  'source',
  'source_key',
  'campaign_id',
  'type_label',
  'custom_fields',
  'created_at',
  'updated_at',
  'deleted_at',
];

const VERSION = [
  ...UNTRACKED.map((column) => `o.${column}`),
  ...TRACKED.map((column) => `v.${column}`),
  ...['v.valid_from', 'v.valid_to'],
].join(', ');

/** The opportunities as `t`, in each of their versions `v` that satisfies the condition: with `valid_from`, `valid_to`. */
function versions(organizationId: string, condition: Sql): Sql {
  return sql`(
      select ${raw(VERSION)} from opportunity o
      join opportunity_version v on v.organization_id = ${organizationId} and v.opportunity_id = o.id and ${condition}
      where o.organization_id = ${organizationId}) t`;
}

/** The opportunities as `t`: the table itself, or as its history knows them at a moment (by SQL, an instant). */
export function opportunitiesAt(organizationId: string, moment: Sql | null): Sql {
  if (moment === null) return sql`opportunity t`;
  return versions(
    organizationId,
    sql`v.valid_from <= ${moment} and (v.valid_to is null or v.valid_to > ${moment})`,
  );
}

type Ends = NonNullable<Period['ends']>;

const instants = (ends: Ends) => sql`${ends.map(({ endInstant }) => endInstant)}::timestamptz[]`;

/** Where among the ends, from 1, the first one lies that is not before an instant. */
const firstEnd = (ends: Ends, instant: Sql) =>
  sql`width_bucket(${instant} - interval '1 microsecond', ${instants(ends)}) + 1`;

/**
 * The opportunities as `t` as they were at the end of each period, with that as `ends`: history is read once, and each
 * version makes a row for each of the ends it stood at.
 */
export function atEnds(organizationId: string, ends: Ends): Sql {
  return sql`${versions(organizationId, sql`true`)} cross join lateral (
      select (${ends.map(({ start }) => start)}::date[])[e.place] as period, (${instants(ends)})[e.place] as at,
        (${ends.map(({ today }) => today)}::date[])[e.place] as today
      from generate_series(${firstEnd(ends, sql`t.valid_from`)},
        coalesce(${firstEnd(ends, sql`t.valid_to`)} - 1, ${ends.length}::int)) as e (place)) ends`;
}

export const momentOf = ({ asOf }: MetricView): Sql | null => (asOf ? sql`${asOf}::timestamptz` : null);
