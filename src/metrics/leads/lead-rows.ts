import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { dealRows } from '../deals/deal-rows.ts';
import { standsAt } from '../metric-view.ts';
import { within } from '../metric-window.ts';
import { type LeadSet, ungroupedLeads } from './lead-set.ts';
import { convertedAt, type Joined, type LeadTerm, leadTerms, type Strand, termsIn } from './lead-terms.ts';

/** What each strand is about, and the date that tells the period. */
const STRANDS: Record<Strand, { populations: LeadTerm[]; date: (set: LeadSet) => Sql }> = {
  creation: { populations: ['created', 'open'], date: () => sql`t.created_at` },
  conversion: { populations: ['converted_in'], date: convertedAt },
  handoff: { populations: ['handed'], date: () => sql`h.handed_at` },
};
const STRAND_NAMES = Object.keys(STRANDS) as Strand[];

/**
 * The leads that metrics are about: `id`, `k` (the group), labels, and as columns those terms that `asked`, SQL over
 * `found`, names. Only what these need is read.
 */
export function leadRows(set: LeadSet, asked: Sql): Sql {
  const needed = termsIn(asked);
  if (!set.period) return strandRows(set, needed, null);
  const strands = STRAND_NAMES.filter((strand) =>
    STRANDS[strand].populations.some((population) => needed.includes(population)),
  );
  return join(
    strands.map((strand) => strandRows(set, needed, strand)),
    ' union all ',
  );
}

/** Null: every lead once, whatever strand its terms are of. */
function strandRows(set: LeadSet, needed: LeadTerm[], strand: Strand | null): Sql {
  const { view, among, joins, key } = set;
  const { id } = view.organization;
  const isKnownHere = (term: LeadTerm) => {
    const { only } = leadTerms[term];
    return !strand || !only || only.strand === strand;
  };
  const value = (term: LeadTerm) =>
    isKnownHere(term) ? leadTerms[term].value(set) : raw(`null::${leadTerms[term].only!.type}`);
  const populations = (strand ? [strand] : STRAND_NAMES).flatMap((name) => STRANDS[name].populations);
  const wanted = populations.filter((population) => needed.includes(population));
  const period =
    strand && set.period
      ? set.period(sql`(${STRANDS[strand].date(set)} at time zone ${view.window.timeZone})::date`)
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
    wanted.map((population) => leadTerms[population].value(set)),
    ' or ',
  );
  const exists = view.asOf ? sql`t.created_at <= ${view.asOf}::timestamptz` : sql`true`;
  // offset 0: what is costly to know of a row is computed once, not for every aggregate over it
  return sql`
    (select t.id, ${key(period)} as k, ${join(columns)}
    from lead t ${joinsOf(set, needed.filter(isKnownHere))} ${joins}
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

/** Condition on the lead `t`: it is one of a group's, and satisfies a condition over `found`. */
export function isCounted(set: LeadSet, condition: Sql, group: Sql): Sql {
  const own = set.linkedTo ? { ...set, ...ungroupedLeads, among: set.linkedTo(group) } : set;
  const isOfGroup = set.linkedTo ? sql`true` : sql`found.k = ${group}`;
  return sql`t.id in (
      select found.id from (${leadRows(own, condition)}) found where ${condition} and ${isOfGroup})`;
}
