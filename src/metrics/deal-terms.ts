import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Organization } from '../identity/organization.service.ts';
import type { MetricWindow } from './metric-window.ts';

/** Whose deals, in which window: everything a metric's value depends on beside the rows themselves. */
export interface DealView {
  organization: Pick<Organization, 'id' | 'currency' | 'timeZone'>;
  window: MetricWindow;
}

/** The vocabulary in which every metric is defined. */
export interface DealTerms {
  /** Not closed and not omitted from forecasts, whatever the window. */
  openPipeline: Sql;
  created: Sql;
  won: Sql;
  lost: Sql;
  /** Minor units; null when there is none, or one that can't be added to the organisation's currency. */
  amount: Sql;
  amountMissing: Sql;
  /** There is an amount, but it can't be added to the organisation's currency. */
  unconverted: Sql;
  probability: Sql;
  /** Close date − date of creation where the organisation is. Negative when it was closed before it was created. */
  cycleDays: Sql;
}

/** `comparable`: amounts as metrics add them up; `own`: each in its own currency, to list what could not be added. */
export type AmountBasis = 'comparable' | 'own';

/**
 * The terms over the table `opportunity t`. Won and lost go by the close date, a calendar date; created goes by the
 * instant, against midnight in the window's time zone.
 */
export function dealTerms({ organization, window }: DealView, basis: AmountBasis = 'comparable'): DealTerms {
  const closing = within(sql`t.close_date`, window.from, window.to, 'date');
  const creating = within(sql`t.created_at`, window.fromInstant, window.toInstant, 'timestamptz');
  return {
    openPipeline: sql`(not t.is_closed and t.forecast_category <> 'OMITTED')`,
    created: creating,
    won: sql`(t.is_won and ${closing})`,
    lost: sql`(t.is_closed and not t.is_won and ${closing})`,
    amount:
      basis === 'own'
        ? sql`t.amount`
        : sql`(case when t.currency = ${organization.currency} then t.amount end)`,
    amountMissing: sql`(t.amount is null)`,
    unconverted: sql`(t.amount is not null and t.currency <> ${organization.currency})`,
    probability: sql`t.probability`,
    cycleDays: sql`(t.close_date - (t.created_at at time zone ${organization.timeZone})::date)`,
  };
}

function within(value: Sql, from: string | null, to: string | null, type: string): Sql {
  const bounds = [];
  if (from !== null) bounds.push(sql`${value} >= ${from}::${raw(type)}`);
  if (to !== null) bounds.push(sql`${value} < ${to}::${raw(type)}`);
  return bounds.length === 0 ? sql`true` : sql`(${join(bounds, ' and ')})`;
}

const names = Object.entries({
  openPipeline: 'open_pipeline',
  created: 'created',
  won: 'won',
  lost: 'lost',
  amount: 'amount',
  amountMissing: 'amount_missing',
  unconverted: 'unconverted',
  probability: 'probability',
  cycleDays: 'cycle_days',
} satisfies Record<keyof DealTerms, string>) as [keyof DealTerms, string][];

/** The terms as columns of `dealRows(…) deal`: computed once per row, however many aggregates ask for them. */
export const deal = Object.fromEntries(
  names.map(([term, column]) => [term, raw(`deal.${column}`)]),
) as Record<keyof DealTerms, Sql>;

/** The live opportunities that satisfy `among`, with their terms as columns. */
export function dealRows(view: DealView, among: Sql, basis: AmountBasis = 'comparable'): Sql {
  const terms = dealTerms(view, basis);
  const columns = names.map(([term, column]) => sql`${terms[term]} as ${raw(column)}`);
  return sql`select t.account_id, t.currency, ${join(columns)} from opportunity t where ${liveDeals(view)} and ${among}`;
}

export function liveDeals({ organization }: DealView): Sql {
  return sql`t.organization_id = ${organization.id} and t.deleted_at is null`;
}
