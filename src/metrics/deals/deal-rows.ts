import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Linking } from '../../graphql/page.ts';
import { AmountBasis } from '../metric.enums.ts';
import { atEnds, type DealSet, momentOf, opportunitiesAt } from './deal-set.ts';
import { dealTerms, type DealTerms, type Strand, strandsOf, termColumns, termNames } from './deal-terms.ts';

/** What rows of deals have beside the terms and labels: `k` is the group, `period` its first day in a set with periods. */
const OWN_COLUMNS = ['id', 'account_id', 'created_at', 'close_date', 'is_closed'] as const;
export const DEAL_COLUMNS = [...OWN_COLUMNS, 'k', 'period'] as const;

/**
 * The deals of a set that satisfy `counted`: `DEAL_COLUMNS`, the terms as columns, and what the groups are told by. Amounts are
 * `comparable` as metrics add them up, or each in its `own` currency, to list what could not be added.
 */
export function dealRows(
  set: DealSet,
  counted: (terms: DealTerms) => Sql,
  amounts: 'comparable' | 'own' = 'comparable',
): Sql {
  return join(
    strandsOf(set).map((strand) => sql`(${strandRows(set, strand, counted, amounts)})`),
    ' union all ',
  );
}

/** `offset 0` keeps PostgreSQL from writing a term out in each aggregate over it. */
function strandRows(
  set: DealSet,
  strand: Strand,
  counted: (terms: DealTerms) => Sql,
  amounts: 'comparable' | 'own',
): Sql {
  const { view, among, joins, key, amountBasis } = set;
  const period = periodOf(set, strand);
  const { id } = view.organization;
  const terms = dealTerms(set, strand);
  const shown = dealTerms(set, strand, amounts);
  const columns = termNames.map((term) => sql`${shown[term]} as ${raw(termColumns[term])}`);
  set
    .labels?.(period)
    .forEach(({ label, sort }, index) =>
      columns.push(sql`${label} as ${raw(`label${index}`)}`, sql`${sort} as ${raw(`sort${index}`)}`),
    );
  const first =
    strand === 'creation' && amountBasis === AmountBasis.AT_CREATION
      ? sql`join lateral (
          select f.amount, f.currency from opportunity_version f
          where f.organization_id = ${id} and f.opportunity_id = t.id order by f.valid_from limit 1) first on true`
      : empty;
  return sql`
    select ${raw(OWN_COLUMNS.map((column) => `t.${column}`).join(', '))}, ${key(period)} as k, ${period} as period, ${join(columns)}
    from ${strand === 'state' ? atEnds(id, set.period!.ends!) : opportunitiesAt(id, momentOf(view))} ${joins} ${first}
    where t.organization_id = ${id} and t.deleted_at is null and ${among} and ${counted(terms)}
    offset 0`;
}

function periodOf({ view, period }: DealSet, strand: Strand): Sql {
  if (!period) return sql`null::date`;
  if (strand === 'state') return sql`ends.period`;
  return period.startOf(
    strand === 'creation'
      ? sql`(t.created_at at time zone ${view.window.timeZone})::date`
      : sql`t.close_date`,
  );
}

/** The deals that satisfy `counted`, as rows of `id` and `k`. */
export const countedRows =
  (counted: (terms: DealTerms) => Sql, also: Sql = sql`true`) =>
  (set: DealSet): Sql =>
    sql`select deal.id, deal.k from (${dealRows(set, counted)}) deal where ${also}`;

/** A condition on the opportunity `t`: it is one of a group's, and satisfies `counted`. */
export function isCounted(set: DealSet, counted: (terms: DealTerms) => Sql, group: Sql): Sql {
  const { linkedTo, period, view, among } = set;
  if (!linkedTo || period || view.asOf || strandsOf(set).length > 1)
    return isAmong(set, countedRows(counted), group);
  return sql`${among} and ${counted(dealTerms(set, 'all'))} and ${linkedTo(group)}`;
}

/** A condition on the opportunity `t`: it is among what `rows` (with `id` and `k`) makes of a group of the set. */
export function isAmong(set: DealSet, rows: (set: DealSet) => Sql, group: Sql): Sql {
  const { linkedTo, among } = set;
  return linkedTo
    ? sql`t.id in (select r.id from (${rows({ ...set, joins: empty, key: () => sql`''`, among: sql`${among} and ${linkedTo(group)}` })}) r)`
    : sql`t.id in (select r.id from (${rows(set)}) r where r.k = ${group})`;
}

/** How the opportunities that satisfy `counted` belong to the groups of a set, for a list under each. */
export function countedByGroup(set: DealSet, counted: (terms: DealTerms) => Sql): Linking {
  return set.linkedTo
    ? { link: (group) => isCounted(set, counted, group) }
    : amongByGroup(set, countedRows(counted));
}

/** The same of what `rows` (with `id` and `k`) makes of the set. */
export function amongByGroup(set: DealSet, rows: (set: DealSet) => Sql): Linking {
  if (set.linkedTo) return { link: (group) => isAmong(set, rows, group) };
  return {
    parentType: 'text',
    // the groups of all deals are looked at once, not once per group
    prefix: sql`with counted as materialized (${rows(set)})`,
    link: (group) => sql`t.id in (select c.id from counted c where c.k = ${group})`,
  };
}

interface MemberOptions {
  select?: (of: DealTerms) => Sql;
  where?: (of: DealTerms) => Sql;
}

/**
 * The deals of a set, whichever metrics count them: what `select` makes of `t` (and the terms), beside `id`, `k` (the
 * group), and the moment history is known `at`. With periods they are in that of their close date; in a series once for
 * each period at whose end they stood, which is that moment.
 */
export function members(set: DealSet, { select, where }: MemberOptions = {}): Sql {
  const { view, among, joins, key, period } = set;
  const { id } = view.organization;
  const strand = period?.ends ? 'state' : period ? 'closing' : 'all';
  const terms = dealTerms(set, strand);
  const moment = momentOf(view);
  const at = period?.ends ? sql`ends.at` : (moment ?? sql`timestamptz 'infinity'`);
  return sql`
    select t.id, ${key(periodOf(set, strand))} as k, ${at} as at${select ? sql`, ${select(terms)}` : empty}
    from ${period?.ends ? atEnds(id, period.ends) : opportunitiesAt(id, moment)} ${joins}
    where t.organization_id = ${id} and t.deleted_at is null and ${among} and ${where ? where(terms) : sql`true`}`;
}
