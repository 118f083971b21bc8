import sql, { empty, type Sql } from 'sql-template-tag';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import type { DealSet } from '../deals/deal-set.ts';

/** Which leads metrics are computed from, and how they fall into groups. */
export interface LeadSet {
  view: MetricView;
  settings: MetricSettings;
  /** All opportunities of the organisation, as of the same moment: what leads led to. */
  deals: DealSet;
  /** A condition on the lead `t`. */
  among: Sql;
  /** What key and labels need, joined to `t`. */
  joins: Sql;
  /** The group a lead belongs to, as text; by period also of the first day of its period. */
  key: (period: Sql) => Sql;
  /** How each part of the key is told, and what puts the groups in order. */
  labels: (period: Sql) => { label: Sql; sort: Sql }[];
  /** Which leads `t` are a group's, where that is known without the key: reads by index. */
  linkedTo?: (group: Sql) => Sql;
  /** The first day of the period a date lies in, of a set in periods. */
  period?: (date: Sql) => Sql;
  /** A cohort counts as converted only what was within so many days; null: so far. */
  withinDays: number | null;
}

/** Of a set that is one group, named ''. */
export const ungroupedLeads = { joins: empty, key: () => sql`''`, labels: () => [] };

/** The leads of each of the records that `column` refers to: a group for each. */
export function leadsByColumn(whole: LeadSet, column: Sql, ids: readonly string[]): LeadSet {
  return {
    ...whole,
    among: sql`${column} = any(${ids}::uuid[])`,
    key: () => sql`${column}::text`,
    linkedTo: (id) => sql`${column} = ${id}::uuid`,
  };
}
