import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { CustomField } from '../../custom-fields/custom-field.type.ts';
import { customColumns, type DimensionColumns, groupColumns, isPeriod } from '../grouping.ts';
import { startOfPeriod } from '../metric-periods.ts';
import { LeadDimension } from './lead-metrics.inputs.ts';
import type { LeadSet } from './lead-set.ts';

interface Dimension extends DimensionColumns {
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

interface LeadGrouping {
  by: LeadDimension[];
  custom: CustomField | null;
  fiscalYearStartMonth: number;
}

/** The set with its leads in groups. */
export function groupedLeads(whole: LeadSet, { by, custom, fiscalYearStartMonth }: LeadGrouping): LeadSet {
  const { id } = whole.view.organization;
  const dimensions = by.map((dimension): Dimension | null =>
    dimension === LeadDimension.CUSTOM_FIELD ? customColumns('t', custom!) : (DIMENSIONS[dimension] ?? null),
  );
  const joins = dimensions.flatMap((dimension) => dimension?.joins ?? []);
  const interval = (by as string[]).find(isPeriod);
  return {
    ...whole,
    joins:
      joins.length === 0
        ? empty
        : join(
            joins.map((joined) => leftJoin(id, joined)),
            ' ',
          ),
    ...groupColumns(dimensions),
    ...(interval && { period: startOfPeriod(interval, fiscalYearStartMonth) }),
  };
}

function leftJoin(id: string, { table, alias, column }: NonNullable<Dimension['joins']>): Sql {
  const [name, as] = [raw(table), raw(alias)];
  return sql`left join ${name} ${as} on ${as}.organization_id = ${id} and ${as}.id = ${raw(`t.${column}`)}`;
}
