import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Linking } from '../../graphql/page.ts';
import { AmountBasis } from '../metric.enums.ts';
import type { Span } from '../metric-periods.ts';
import type { MetricView } from '../metric-view.ts';
import type { SalesTarget } from './sales-targets.queries.ts';

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
  /** The target a group's pipeline coverage is measured by; absent: there are none for such a set. */
  targetOf?: (targets: SalesTarget[], group: string) => bigint;
  /** The accounts of each group, as rows of `k` (the group) and `account_id`, each once; absent: those of its deals. */
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

/** The live opportunities as `t`: the table itself, or as its history knows them at a moment (by SQL, an instant). */
export function opportunitiesAt(organizationId: string, moment: Sql | null): Sql {
  if (moment === null) return sql`opportunity t`;
  const columns = [
    ...UNTRACKED.map((column) => `o.${column}`),
    ...TRACKED.map((column) => `v.${column}`),
  ].join(', ');
  return sql`(
      select ${raw(columns)} from opportunity o
      join opportunity_version v on v.organization_id = ${organizationId} and v.opportunity_id = o.id
        and v.valid_from <= ${moment} and (v.valid_to is null or v.valid_to > ${moment})
      where o.organization_id = ${organizationId}) t`;
}

export const momentOf = ({ asOf }: MetricView): Sql | null => (asOf ? sql`${asOf}::timestamptz` : null);

/** The vocabulary in which every metric is defined. */
export interface DealTerms {
  /** Not closed and not omitted from forecasts, whatever the window. */
  open: Sql;
  /** Open, with a close date before the day the view is of. */
  slipped: Sql;
  /** Open, with a close date in the window. */
  due: Sql;
  created: Sql;
  /** Created in the window, and closed or won since (by the moment of the view). */
  createdClosed: Sql;
  createdWon: Sql;
  won: Sql;
  lost: Sql;
  /** Close date in the window: what forecasts are made of. */
  closing: Sql;
  category: Sql;
  /** Minor units of the organisation's currency; null when there is none, or one in a currency without a rate. */
  amount: Sql;
  amountMissing: Sql;
  /** What that amount is in. */
  currency: Sql;
  /** There is an amount, but no rate to convert it by. */
  unconverted: Sql;
  probability: Sql;
  /** Close date − date of creation where the organisation is. Negative when it was closed before it was created. */
  cycleDays: Sql;
}

const names: Record<keyof DealTerms, string> = {
  open: 'open',
  slipped: 'slipped',
  due: 'due',
  created: 'created',
  createdClosed: 'created_closed',
  createdWon: 'created_won',
  won: 'won',
  lost: 'lost',
  closing: 'closing',
  category: 'category',
  amount: 'amount',
  amountMissing: 'amount_missing',
  currency: 'currency',
  unconverted: 'unconverted',
  probability: 'probability',
  cycleDays: 'cycle_days',
};
const termNames = Object.keys(names) as (keyof DealTerms)[];

/** The terms as columns of `dealRows(…) deal`: computed once per row, however many aggregates ask for them. */
export const deal = Object.fromEntries(termNames.map((term) => [term, raw(`deal.${names[term]}`)])) as Record<
  keyof DealTerms,
  Sql
>;

/** A deal stands in several groups when periods are asked for: that of its close date, that of its creation, … */
type Strand = 'all' | 'closing' | 'creation' | 'state';

const OF_CREATION = ['created', 'createdClosed', 'createdWon'] as const;
const OF_STATE = ['open', 'slipped'] as const;
const OF_CLOSING = ['due', 'won', 'lost', 'closing'] as const;

const OF: Record<Strand, ReadonlySet<keyof DealTerms>> = {
  all: new Set([...OF_CREATION, ...OF_STATE, ...OF_CLOSING]),
  closing: new Set([...OF_CLOSING, ...OF_STATE]),
  creation: new Set(OF_CREATION),
  state: new Set(OF_STATE),
};

function strandsOf({ period, amountBasis }: DealSet): Strand[] {
  if (period?.ends) return ['closing', 'creation', 'state'];
  return period || amountBasis === AmountBasis.AT_CREATION ? ['closing', 'creation'] : ['all'];
}

/**
 * The terms over the opportunity `t`. Won and lost go by the close date, a calendar date; created goes by the instant,
 * against midnight in the window's time zone.
 */
function dealTerms(
  { view, period, amountBasis }: DealSet,
  strand: Strand,
  amounts: 'comparable' | 'own' = 'comparable',
): DealTerms {
  const { organization, window } = view;
  const closing = within(sql`t.close_date`, window.from, window.to, 'date');
  const created = within(sql`t.created_at`, window.fromInstant, window.toInstant, 'timestamptz');
  const open = sql`(not t.is_closed and t.forecast_category <> 'OMITTED')`;
  const today = strand === 'state' ? sql`ends.today` : sql`${view.today}::date`;
  const atCreation = strand === 'creation' && amountBasis === AmountBasis.AT_CREATION;
  const [ownAmount, currency] = atCreation
    ? [sql`first.amount`, sql`first.currency`]
    : [sql`t.amount`, sql`t.currency`];
  const isHome = sql`${currency} = ${organization.currency}`;
  const inHome = converted(organization.id, ownAmount, currency);
  const terms: DealTerms = {
    open,
    slipped: sql`(${open} and t.close_date < ${today})`,
    due: sql`(${open} and ${closing})`,
    created,
    createdClosed: sql`(${created} and t.is_closed)`,
    createdWon: sql`(${created} and t.is_won)`,
    won: sql`(t.is_won and ${closing})`,
    lost: sql`(t.is_closed and not t.is_won and ${closing})`,
    closing,
    category: sql`t.forecast_category`,
    amount: amounts === 'own' ? ownAmount : sql`(case when ${isHome} then ${ownAmount} else ${inHome} end)`,
    amountMissing: sql`(${ownAmount} is null)`,
    currency,
    unconverted: sql`(${ownAmount} is not null and not ${isHome} and ${inHome} is null)`,
    probability: sql`t.probability`,
    cycleDays: sql`(t.close_date - (t.created_at at time zone ${organization.timeZone})::date)`,
  };
  const has = OF[strand];
  const isState = period?.ends !== undefined;
  for (const term of OF.all)
    if (!has.has(term) || (strand === 'closing' && isState && OF.state.has(term))) terms[term] = sql`false`;
  return terms;
}

/** Something of the rate of a day: the latest that had begun by then, as `r`; null without one. */
function ofRate(value: Sql, organizationId: string, currency: Sql, day: Sql): Sql {
  return sql`(select ${value} from exchange_rate r
        where r.organization_id = ${organizationId} and r.currency = ${currency} and r.valid_from <= ${day}
        order by r.valid_from desc limit 1)`;
}

/** What amounts in minor units of the currency are multiplied by. */
export function rateAt(organizationId: string, currency: Sql, day: Sql): Sql {
  return ofRate(sql`r.minor_rate`, organizationId, currency, day);
}

/** An amount at the rate of the close date, in whole minor units; null without a rate, and for what no amount of ours can be. */
function converted(organizationId: string, amount: Sql, currency: Sql): Sql {
  const inHome = sql`${amount} * r.minor_rate`;
  return ofRate(
    sql`case when abs(${inHome}) < 9e18 then round(${inHome})::bigint end`,
    organizationId,
    currency,
    sql`t.close_date`,
  );
}

export function within(value: Sql, from: string | null, to: string | null, type: string): Sql {
  const bounds = [];
  if (from !== null) bounds.push(sql`${value} >= ${from}::${raw(type)}`);
  if (to !== null) bounds.push(sql`${value} < ${to}::${raw(type)}`);
  return bounds.length === 0 ? sql`true` : sql`(${join(bounds, ' and ')})`;
}

/**
 * The deals of a set that satisfy `counted`: `id`, `account_id`, `created_at`, `close_date`, `is_closed`, `k` (the group),
 * `period` (its first day, of a
 * set with periods) and the terms as columns. Amounts are `comparable` as metrics add them up, or each in its `own`
 * currency, to list what could not be added.
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
  const columns = termNames.map((term) => sql`${shown[term]} as ${raw(names[term])}`);
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
    select t.id, t.account_id, t.created_at, t.close_date, t.is_closed, ${key(period)} as k, ${period} as period, ${join(columns)}
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

/** Opportunities as they were at the end of each period. */
function atEnds(organizationId: string, ends: NonNullable<Period['ends']>): Sql {
  const column = (name: keyof (typeof ends)[number]) => ends.map((end) => end[name]);
  return sql`unnest(${column('start')}::date[], ${column('endInstant')}::timestamptz[], ${column('today')}::date[])
        as ends (period, at, today) cross join lateral ${opportunitiesAt(organizationId, sql`ends.at`)}`;
}

/** Condition on the opportunity `t`: it is one of a group's, and satisfies `counted`. */
export function isCounted(set: DealSet, counted: (terms: DealTerms) => Sql, group: Sql): Sql {
  const { linkedTo, period, view, among } = set;
  if (!linkedTo)
    return sql`t.id in (select deal.id from (${dealRows(set, counted)}) deal where deal.k = ${group})`;
  if (view.asOf || period || strandsOf(set).length > 1)
    return sql`t.id in (select deal.id from (${dealRows(
      { ...set, joins: empty, key: () => sql`''`, among: sql`${among} and ${linkedTo(group)}` },
      counted,
    )}) deal)`;
  return sql`${among} and ${counted(dealTerms(set, 'all'))} and ${linkedTo(group)}`;
}

/** How the opportunities that satisfy `counted` belong to the groups of a set, for a list under each. */
export function countedByGroup(set: DealSet, counted: (terms: DealTerms) => Sql): Linking {
  if (set.linkedTo) return { link: (group) => isCounted(set, counted, group) };
  return {
    parentType: 'text',
    // the groups of all deals are looked at once, not once per group
    prefix: sql`with counted as materialized (select deal.id, deal.k from (${dealRows(set, counted)}) deal)`,
    link: (group) => sql`t.id in (select c.id from counted c where c.k = ${group})`,
  };
}

/**
 * The deals of a set, whichever metrics count them: what `select` makes of `t` (and the terms), beside `id`, `k` (the
 * group), and what history is read by: the moment it is known `at`, and the window `since` … `until` as instants. With
 * periods they are in that of their close date; in a series as of the end of each period, which is the window then.
 */
export function members(
  set: DealSet,
  { select, where }: { select?: (of: DealTerms) => Sql; where?: (of: DealTerms) => Sql } = {},
): Sql {
  const { view, among, joins, key, period } = set;
  const { id } = view.organization;
  const { fromInstant, toInstant, timeZone } = view.window;
  const strand = period?.ends ? 'state' : period ? 'closing' : 'all';
  const terms = dealTerms(set, strand);
  const moment = momentOf(view);
  const [at, since, until] = period?.ends
    ? [sql`ends.at`, sql`(ends.period::timestamp at time zone ${timeZone})`, sql`ends.at`]
    : [
        moment ?? sql`timestamptz 'infinity'`,
        sql`${fromInstant ?? '-infinity'}::timestamptz`,
        sql`${toInstant ?? 'infinity'}::timestamptz`,
      ];
  return sql`
    select t.id, ${key(periodOf(set, strand))} as k, ${at} as at, ${since} as since, ${until} as until${select ? sql`, ${select(terms)}` : empty}
    from ${period?.ends ? atEnds(id, period.ends) : opportunitiesAt(id, moment)} ${joins}
    where t.organization_id = ${id} and t.deleted_at is null and ${among} and ${where ? where(terms) : sql`true`}`;
}

/** A condition on the opportunity `t`: it is among what `rows` (with `id` and `k`) makes of a group of the set. */
export function isAmong(set: DealSet, rows: (set: DealSet) => Sql, group: Sql): Sql {
  const { linkedTo, period, among } = set;
  return linkedTo && !period
    ? sql`t.id in (select r.id from (${rows({ ...set, joins: empty, key: () => sql`''`, among: sql`${among} and ${linkedTo(group)}` })}) r)`
    : sql`t.id in (select r.id from (${rows(set)}) r where r.k = ${group})`;
}
