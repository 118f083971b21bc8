import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../../database/snapshot.ts';
import type { MetricPeriod } from '../metric-periods.ts';
import type { MetricView } from '../metric-view.ts';

/** A target in minor units of the organisation's currency, for one person or (without owner) for the organisation. */
export interface SalesTarget {
  ownerId: string | null;
  team: string | null;
  /** Half-open. */
  startsOn: string;
  endsOn: string;
  amount: bigint;
}

/** The targets whose period lies in the window. */
export async function targetsWithin(
  snapshot: Snapshot,
  { organization: { id }, window: { from, to } }: MetricView,
): Promise<SalesTarget[]> {
  const bound = (column: Sql, date: string | null) =>
    date === null ? sql`true` : sql`${column} ${date}::date`;
  const rows = await snapshot.query<Omit<SalesTarget, 'amount'> & { amount: string }>(sql`
    select s.owner_id as "ownerId", u.team, s.starts_on as "startsOn", s.ends_on as "endsOn", s.amount
    from sales_target s
    left join app_user u on u.organization_id = ${id} and u.id = s.owner_id
    where s.organization_id = ${id} and ${bound(sql`s.starts_on >=`, from)} and ${bound(sql`s.ends_on <=`, to)}`);
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

const totalOf = (targets: SalesTarget[]): bigint => targets.reduce((sum, { amount }) => sum + amount, 0n);

/** By which targets pipeline coverage is measured. */
export interface TargetChoice {
  /** Those in question for a group. */
  among: (targets: SalesTarget[], group: string) => SalesTarget[];
  /** People's count, whatever is set for the organisation as a whole. */
  isOfPeople: boolean;
}

/** Of targets of the organisation and of people: its own if it has any, else what its people's add up to. */
export function targetOf({ among, isOfPeople }: TargetChoice, targets: SalesTarget[], group: string): bigint {
  const chosen = among(targets, group);
  const own = isOfPeople ? [] : chosen.filter(({ ownerId }) => ownerId === null);
  return totalOf(own.length > 0 ? own : chosen);
}

/** Null: of nobody. */
export const targetsOfOwner = (targets: SalesTarget[], owner: string | null): SalesTarget[] =>
  owner === null ? [] : targets.filter(({ ownerId }) => ownerId === owner);

/** Null: of people without a team. */
export const targetsOfTeam = (targets: SalesTarget[], team: string | null): SalesTarget[] =>
  targets.filter((target) => target.ownerId !== null && target.team === team);

/** Those whose period lies in one of the periods. */
export function targetsIn(targets: SalesTarget[], { from, to }: MetricPeriod): SalesTarget[] {
  return targets.filter(({ startsOn, endsOn }) => startsOn >= from && endsOn <= to);
}
