import sql, { raw, type Sql } from 'sql-template-tag';
import { MAX_MINOR } from '../../graphql/money.ts';
import { AmountBasis } from '../metric.enums.ts';
import { within } from '../metric-window.ts';
import type { DealSet } from './deal-set.ts';

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

export const termColumns: Record<keyof DealTerms, string> = {
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
export const termNames = Object.keys(termColumns) as (keyof DealTerms)[];

/** The terms as columns of `dealRows(…) deal`: computed once per row, however many aggregates ask for them. */
export const deal = Object.fromEntries(
  termNames.map((term) => [term, raw(`deal.${termColumns[term]}`)]),
) as Record<keyof DealTerms, Sql>;

/** A deal stands in several groups when periods are asked for: that of its close date, that of its creation, … */
export type Strand = 'all' | 'closing' | 'creation' | 'state';

const OF_CREATION = ['created', 'createdClosed', 'createdWon'] as const;
const OF_STATE = ['open', 'slipped'] as const;
const OF_CLOSING = ['due', 'won', 'lost', 'closing'] as const;

const OF: Record<Strand, ReadonlySet<keyof DealTerms>> = {
  all: new Set([...OF_CREATION, ...OF_STATE, ...OF_CLOSING]),
  closing: new Set([...OF_CLOSING, ...OF_STATE]),
  creation: new Set(OF_CREATION),
  state: new Set(OF_STATE),
};

export function strandsOf({ period, amountBasis }: DealSet): Strand[] {
  if (period?.ends) return ['closing', 'creation', 'state'];
  return period || amountBasis === AmountBasis.AT_CREATION ? ['closing', 'creation'] : ['all'];
}

/**
 * The terms over the opportunity `t`. Won and lost go by the close date, a calendar date; created goes by the instant,
 * against midnight in the window's time zone.
 */
export function dealTerms(
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
export function converted(organizationId: string, amount: Sql, currency: Sql): Sql {
  const inHome = sql`round(${amount} * r.minor_rate)`;
  return ofRate(
    sql`case when abs(${inHome}) <= ${raw(String(MAX_MINOR))} then ${inHome}::bigint end`,
    organizationId,
    currency,
    sql`t.close_date`,
  );
}
