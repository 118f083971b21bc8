import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { CustomRecordType } from '../../custom-fields/custom-field.enums.ts';
import type { CustomField } from '../../custom-fields/custom-field.type.ts';
import { customColumns, type DimensionColumns, groupColumns, isPeriod, keyValues } from '../grouping.ts';
import { MetricDimension } from '../metric.enums.ts';
import { periodFrom, startOfPeriod } from '../metric-periods.ts';
import type { MetricView } from '../metric-view.ts';
import type { DealSet } from './deal-set.ts';
import {
  type SalesTarget,
  targetsIn,
  targetsOfOwner,
  targetsOfTeam,
  type TargetChoice,
} from '../targets/window-targets.queries.ts';

/** A table a dimension looks at, joined to the opportunity `t`. */
type Joined = 'account' | 'owner' | 'stage' | 'campaign' | 'journey';

/** What tells of the account, without the deal. */
const OF_ACCOUNTS: ReadonlySet<Joined> = new Set<Joined>(['account', 'journey']);

interface Dimension extends DimensionColumns {
  joins: Joined[];
}

const plain = (joins: Joined[], column: string, key = column, sort = key): Dimension => ({
  joins,
  key: raw(`(${key})::text`),
  label: raw(`${column}::text`),
  sort: raw(sort),
});

const country = "lower(nullif(btrim(ga.country), ''))";

const DIMENSIONS: Partial<Record<MetricDimension, Dimension>> = {
  [MetricDimension.ACCOUNT]: plain(['account'], 'ga.name', 't.account_id', 'ga.name_key'),
  [MetricDimension.TIER]: plain(['account'], 'ga.tier'),
  [MetricDimension.INDUSTRY]: plain(['account'], 'ga.industry', 'ga.industry_key'),
  [MetricDimension.TYPE]: plain(['account'], 'ga.type'),
  [MetricDimension.COUNTRY]: plain(['account'], 'btrim(ga.country)', country),
  [MetricDimension.OWNER]: plain(['owner'], 'gu.name', 't.owner_id', 'gu.name'),
  [MetricDimension.TEAM]: plain(['owner'], 'gu.team'),
  [MetricDimension.STAGE]: plain(['stage'], 'gs.name', 't.stage_id', 'gs.position'),
  [MetricDimension.SOURCE]: plain([], 't.source', 't.source_key'),
  [MetricDimension.CAMPAIGN]: plain(['campaign'], 'gc.name', 't.campaign_id', 'gc.name_key'),
};

interface Grouping {
  by: MetricDimension[];
  /** The custom field deals are grouped by: of theirs, or of their account. */
  custom: CustomField | null;
  fiscalYearStartMonth: number;
  /** Rows `(account_id, stage)`; needed when grouped by journey stage. */
  journeyStages: Sql | null;
}

/** The set with its deals in groups. */
export function groupedSet(whole: DealSet, grouping: Grouping): DealSet {
  const { view } = whole;
  const interval = (grouping.by as string[]).find(isPeriod);
  const dimensions = grouping.by.map((dimension) => dimensionOf(dimension, grouping));
  const joined = new Set(dimensions.flatMap((dimension) => dimension?.joins ?? []));
  const joins = join([whole.joins, ...[...joined].map((table) => joinOf(table, grouping, view))], ' ');
  const groups = groupColumns(dimensions);
  const isOfAccounts = dimensions.every((one) => one?.joins.some((table) => OF_ACCOUNTS.has(table)));
  return {
    ...whole,
    joins,
    ...groups,
    isOne: false,
    accounts: isOfAccounts ? accountsIn(whole, joins, groups) : undefined,
    linkedTo: undefined,
    targets: whole.targets && targetsBy(grouping.by, whole.targets),
    ...(interval && { period: { startOf: startOfPeriod(interval, grouping.fiscalYearStartMonth) } }),
  };
}

/** The accounts of the whole, grouped as their deals are by what accounts have. */
function accountsIn(
  { accounts }: DealSet,
  joins: Sql,
  { key, labels }: ReturnType<typeof groupColumns>,
): Sql {
  const told = labels(empty).map(
    ({ label, sort }, index) => sql`${label} as ${raw(`label${index}`)}, ${sort} as ${raw(`sort${index}`)}`,
  );
  return sql`select ${key(empty)} as k, t.account_id, ${join(told)} from (${accounts!}) t ${joins}`;
}

/** Null for a period, which deals bring along. */
function dimensionOf(dimension: MetricDimension, { custom }: Grouping): Dimension | null {
  if (isPeriod(dimension)) return null;
  if (dimension === MetricDimension.JOURNEY_STAGE) return plain(['journey'], 'gj.stage');
  if (dimension === MetricDimension.CUSTOM_FIELD) {
    const isOfAccount = custom!.recordType === CustomRecordType.ACCOUNT;
    return { joins: isOfAccount ? ['account'] : [], ...customColumns(isOfAccount ? 'ga' : 't', custom!) };
  }
  return DIMENSIONS[dimension]!;
}

function joinOf(table: Joined, { journeyStages }: Grouping, { organization: { id } }: MetricView): Sql {
  switch (table) {
    case 'account':
      return sql`left join account ga on ga.organization_id = ${id} and ga.id = t.account_id`;
    case 'owner':
      return sql`left join app_user gu on gu.organization_id = ${id} and gu.id = t.owner_id`;
    case 'stage':
      return sql`left join stage gs on gs.organization_id = ${id} and gs.id = t.stage_id`;
    case 'campaign':
      return sql`left join campaign gc on gc.organization_id = ${id} and gc.id = t.campaign_id`;
    case 'journey':
      return sql`left join (with journey as materialized (${journeyStages ?? empty}) select * from journey) gj
        on gj.account_id = t.account_id`;
  }
}

/** Targets are set for people, so for teams, and for periods; not for anything else deals are grouped by. */
function targetsBy(by: MetricDimension[], whole: TargetChoice): TargetChoice | undefined {
  const narrowed = by.map((dimension) => targetsByOne(dimension));
  if (!narrowed.every((one) => one !== null)) return undefined;
  return {
    isOfPeople: whole.isOfPeople || by.some((dimension) => !isPeriod(dimension)),
    among: (targets, group) => {
      const values = keyValues(group);
      const start = whole.among(targets, '');
      return narrowed.reduce((some, of, index) => of(some, values[index] ?? null), start);
    },
  };
}

/** The targets that are for a group's value of a dimension; null: none are set by it. */
function targetsByOne(
  dimension: MetricDimension,
): ((targets: SalesTarget[], value: string | null) => SalesTarget[]) | null {
  if (dimension === MetricDimension.OWNER) return targetsOfOwner;
  if (dimension === MetricDimension.TEAM) return targetsOfTeam;
  const period: string = dimension;
  if (!isPeriod(period)) return null;
  return (targets, start) => (start === null ? [] : targetsIn(targets, periodFrom(period, start)));
}
