import sql, { empty, type Sql } from 'sql-template-tag';
import { dateIn } from '../../identity/fiscal-calendar.ts';
import type { MetricSettings } from '../metric-settings.ts';
import type { MetricView } from '../metric-view.ts';
import { endOf } from '../metric-periods.ts';
import type { DealSet } from '../deals/deal-set.ts';
import type { LeadTerm } from './lead-terms.ts';

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
  /** Of a comparison: what is current state is seen as of the end of its window. */
  stateView?: MetricView;
  /** Leads of another set whose groups are there, too, though their metrics are of none of these leads. */
  beside?: { set: LeadSet; populations: LeadTerm[] };
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

/** The same leads seen by the window to compare with; null without one, and of periods, which stand beside each other. */
export function comparedLeads(set: LeadSet): LeadSet | null {
  const { view, period } = set;
  const window = view.window.compared;
  if (!window || period) return null;
  const end = endOf({ from: window.from!, to: window.to! }, window.timeZone, view.moment);
  const isOver = end.getTime() < view.moment.getTime();
  const compared = { ...view, window };
  return {
    ...set,
    view: compared,
    stateView: isOver
      ? { ...compared, asOf: end, moment: end, today: dateIn(window.timeZone, end) }
      : compared,
  };
}
