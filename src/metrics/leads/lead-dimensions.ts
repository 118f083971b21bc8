import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { badInput } from '../../graphql/errors.ts';
import { Interval } from '../metric.enums.ts';
import { periodLabel, startOfPeriod } from '../metric-periods.ts';
import { LeadDimension } from './lead-metrics.inputs.ts';
import type { LeadSet } from './lead-set.ts';

interface Dimension {
  key: Sql;
  /** How a group is told, and what puts the groups in order. */
  label: Sql;
  sort: Sql;
  /** A table whose row `column` of the lead names, joined under an alias. */
  joins?: { table: string; alias: string; column: string };
}

const named = (table: string, alias: string, column: string, sort = `${alias}.name`): Dimension => ({
  key: raw(`t.${column}::text`),
  label: raw(`${alias}.name`),
  sort: raw(sort),
  joins: { table, alias, column },
});

const DIMENSIONS: Partial<Record<LeadDimension, Dimension>> = {
  [LeadDimension.SOURCE]: {
    key: raw('t.source_key'),
    label: raw('t.source collate "C"'),
    sort: raw('t.source_key'),
  },
  [LeadDimension.STATUS]: named('lead_status', 'gs', 'status_id', 'gs.position'),
  [LeadDimension.OWNER]: named('app_user', 'gu', 'owner_id'),
  [LeadDimension.QUEUE]: named('queue', 'gq', 'queue_id'),
  [LeadDimension.CAMPAIGN]: named('campaign', 'gc', 'campaign_id', 'gc.name_key'),
};

const MAX_DIMENSIONS = 3;
const INTERVALS: ReadonlySet<string> = new Set(Object.values(Interval));

export const isPeriod = (dimension: LeadDimension): boolean => INTERVALS.has(dimension);

export interface LeadGrouping {
  by: LeadDimension[];
  customField: string | null;
  fiscalYearStartMonth: number;
}

/** Checks what is to be grouped by. */
export function requireLeadGrouping({ by, customField }: LeadGrouping): void {
  if (by.length === 0 || by.length > MAX_DIMENSIONS)
    throw badInput('by', `takes one to ${MAX_DIMENSIONS} dimensions, got ${by.length}`);
  if (new Set(by).size !== by.length) throw badInput('by', 'names a dimension twice');
  if (by.filter(isPeriod).length > 1) throw badInput('by', 'takes one kind of period');
  if (by.includes(LeadDimension.CUSTOM_FIELD) !== (customField !== null))
    throw badInput('customField', 'goes with the dimension CUSTOM_FIELD, and only with it');
}

/** The set with its leads in groups; a group's key is the JSON of its dimensions' keys. */
export function groupedLeads(
  whole: LeadSet,
  { by, customField, fiscalYearStartMonth }: LeadGrouping,
): LeadSet {
  const { id } = whole.view.organization;
  const value = sql`(t.custom_fields ->> ${customField}::text)`;
  const dimensions = by.map((dimension): Dimension | null =>
    dimension === LeadDimension.CUSTOM_FIELD
      ? { key: value, label: value, sort: value }
      : (DIMENSIONS[dimension] ?? null),
  );
  const joins = dimensions.flatMap((dimension) => dimension?.joins ?? []);
  const interval = by.find(isPeriod) as Interval | undefined;
  return {
    ...whole,
    joins:
      joins.length === 0
        ? empty
        : join(
            joins.map((joined) => leftJoin(id, joined)),
            ' ',
          ),
    key: (period) =>
      sql`jsonb_build_array(${join(dimensions.map((dimension) => dimension?.key ?? sql`${period}::text`))})::text`,
    labels: (period) =>
      dimensions.map((dimension) => dimension ?? { label: sql`${period}::text`, sort: sql`${period}::text` }),
    ...(interval && { period: startOfPeriod(interval, fiscalYearStartMonth) }),
  };
}

function leftJoin(id: string, { table, alias, column }: NonNullable<Dimension['joins']>): Sql {
  const [name, as] = [raw(table), raw(alias)];
  return sql`left join ${name} ${as} on ${as}.organization_id = ${id} and ${as}.id = ${raw(`t.${column}`)}`;
}

/** A group's key as values in the order of the dimensions. */
export function groupValues(group: string): (string | null)[] {
  return JSON.parse(group) as (string | null)[];
}

/** How a group is called: its parts, null when it has none of them. */
export function groupLabel(
  by: LeadDimension[],
  values: (string | null)[],
  labels: (string | null)[],
): string | null {
  const parts = by.map((dimension, index) => {
    const value = values[index] ?? null;
    if (value === null) return null;
    return isPeriod(dimension)
      ? periodLabel(dimension as unknown as Interval, value)
      : (labels[index] ?? value);
  });
  return parts.every((part) => part === null) ? null : parts.map((part) => part ?? '–').join(' · ');
}
