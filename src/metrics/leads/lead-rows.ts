import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Linking } from '../../graphql/page.ts';
import { dealRows } from '../deals/deal-rows.ts';
import { standsAt } from '../metric-view.ts';
import { within } from '../metric-window.ts';
import { type LeadSet, ungroupedLeads } from './lead-set.ts';
import { convertedAt, type Joined, type LeadTerm, leadTerms, type Strand, termsIn } from './lead-terms.ts';

/** Whom each strand is about, and the date that tells the period. */
const STRANDS: Record<Strand, { population: LeadTerm; date: (set: LeadSet) => Sql }> = {
  creation: { population: 'created', date: () => sql`t.created_at` },
  state: { population: 'open', date: () => sql`t.created_at` },
  conversion: { population: 'converted_in', date: convertedAt },
  handoff: { population: 'handed', date: () => sql`h.handed_at` },
};
const POPULATIONS = Object.values(STRANDS).map(({ population }) => population);

/** Strands whose rows are read as one: those of one period, and seen from one moment. */
type Arm = [Strand, ...Strand[]];

function armsOf({ period, stateView }: LeadSet): Arm[] {
  if (period) return [['creation', 'state'], ['conversion'], ['handoff']];
  if (stateView) return [['creation', 'conversion', 'handoff'], ['state']];
  return [['creation', 'state', 'conversion', 'handoff']];
}

/** The populations that SQL over `found` is about. */
export function populationsIn(asked: Sql): LeadTerm[] {
  const named = termsIn(asked);
  return POPULATIONS.filter((population) => named.includes(population));
}

/**
 * The leads that metrics are about: `id`, `k` (the group), labels, and as columns those terms that `asked`, SQL over
 * `found`, names. Only what these need is read.
 */
export function leadRows(set: LeadSet, asked: Sql): Sql {
  const needed = termsIn(asked);
  const { beside } = set;
  return join(
    [
      ...armRows(set, needed, populationsIn(asked), true),
      ...(beside ? armRows(beside.set, needed, beside.populations, false) : []),
    ],
    ' union all ',
  );
}

/** The rows of each arm that has some; their terms are null where they do not count. */
function armRows(set: LeadSet, needed: LeadTerm[], populations: LeadTerm[], doCount: boolean): Sql[] {
  return armsOf(set).flatMap((arm) => {
    const wanted = arm.map((strand) => STRANDS[strand].population);
    const own = populations.filter((population) => wanted.includes(population));
    const seen = set.stateView && arm[0] === 'state' ? { ...set, view: set.stateView } : set;
    return own.length === 0 ? [] : [rowsOf(seen, arm, needed, own, doCount)];
  });
}

function rowsOf(set: LeadSet, arm: Arm, needed: LeadTerm[], populations: LeadTerm[], doCount: boolean): Sql {
  const { view, among, joins, key } = set;
  const { id } = view.organization;
  const known = needed.filter((term) => {
    const { only } = leadTerms[term];
    return doCount && (!only || arm.includes(only.strand));
  });
  const value = (term: LeadTerm) => {
    const { value: of, only } = leadTerms[term];
    if (known.includes(term)) return of(set);
    return raw(only ? `null::${only.type}` : 'null');
  };
  const period = set.period
    ? set.period(sql`(${STRANDS[arm[0]].date(set)} at time zone ${view.window.timeZone})::date`)
    : sql`null`;
  const columns = [
    ...needed.map((term) => sql`${value(term)} as ${raw(term)}`),
    ...set
      .labels(period)
      .map(
        ({ label, sort }, index) =>
          sql`${label} as ${raw(`label${index}`)}, ${sort} as ${raw(`sort${index}`)}`,
      ),
  ];
  const isWanted = join(
    populations.map((population) => leadTerms[population].value(set)),
    ' or ',
  );
  const exists = view.asOf ? sql`t.created_at <= ${view.asOf}::timestamptz` : sql`true`;
  // offset 0: what is costly to know of a row is computed once, not for every aggregate over it
  return sql`
    (select t.id, ${key(period)} as k, ${join(columns)}
    from lead t ${joinsOf(set, [...known, ...populations])} ${joins}
    where t.organization_id = ${id} and t.deleted_at is null and ${exists} and ${among} and (${isWanted})
    offset 0)`;
}

function joinsOf(set: LeadSet, needed: LeadTerm[]): Sql {
  const { id } = set.view.organization;
  const joined = new Set(needed.flatMap((term) => leadTerms[term].joins?.(set) ?? []));
  const parts: Record<Joined, () => Sql> = {
    status: () => sql`join lead_status s on s.organization_id = ${id} and s.id = t.status_id`,
    conversion: () =>
      sql`left join lead_conversion c on c.organization_id = ${id} and c.lead_id = t.id and ${standsAt(set.view, 'c')}`,
    handoff: () => sql`left join (${lastHandoffs(set)}) h on h.lead_id = t.id`,
    deal: () => sql`left join (${dealRows(set.deals, () => sql`true`)}) deal on deal.id = c.opportunity_id`,
  };
  const list = (Object.keys(parts) as Joined[]).filter((table) => joined.has(table));
  return list.length === 0
    ? empty
    : join(
        list.map((table) => parts[table]()),
        ' ',
      );
}

/** The last hand-off in the window of each lead, as decided by the view's moment; what was taken back is none. */
function lastHandoffs({ view: { organization, window, asOf } }: LeadSet): Sql {
  const { id } = organization;
  const inWindow = within(sql`h.handed_at`, window.fromInstant, window.toInstant, 'timestamptz');
  const known = asOf ? sql`h.handed_at <= ${asOf}::timestamptz` : sql`true`;
  const decided = asOf
    ? sql`case when h.decided_at <= ${asOf}::timestamptz then h.decision end`
    : sql`h.decision`;
  return sql`
      select distinct on (h.lead_id) h.lead_id, h.handed_at, h.decided_at, h.decision,
        bool_or(coalesce(h.decision = 'BOUNCED', false)) over (partition by h.lead_id) as bounced
      from (
        select h.lead_id, h.id, h.handed_at, h.decided_at, ${decided} as decision from lead_handoff h
        where h.organization_id = ${id} and ${inWindow} and ${known}) h
      where h.decision is distinct from 'WITHDRAWN'
      order by h.lead_id, h.handed_at desc, h.id desc`;
}

/** The leads that satisfy a condition over `found`, as rows of `id` and `k`. */
const countedRows = (set: LeadSet, condition: Sql) =>
  sql`select found.id, found.k from (${leadRows(set, condition)}) found where ${condition}`;

/** How the leads that satisfy a condition over `found` belong to the groups of a set, for a list under each. */
export function countedByGroup(set: LeadSet, condition: Sql): Linking {
  const { linkedTo } = set;
  const rowsOfGroup = (among: Sql) => countedRows({ ...set, ...ungroupedLeads, among }, condition);
  if (linkedTo)
    return { link: (group) => sql`t.id in (select c.id from (${rowsOfGroup(linkedTo(group))}) c)` };
  return {
    parentType: 'text',
    // the groups of all leads are looked at once, not once per group
    prefix: sql`with counted as materialized (${countedRows(set, condition)})`,
    link: (group) => sql`t.id in (select c.id from counted c where c.k = ${group})`,
  };
}

/** A condition on the lead `t`: it is one of a set that is one group, and satisfies a condition over `found`. */
export function isCounted(set: LeadSet, condition: Sql): Sql {
  return sql`t.id in (select c.id from (${countedRows(set, condition)}) c)`;
}
