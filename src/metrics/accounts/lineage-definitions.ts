import sql, { type Sql } from 'sql-template-tag';
import type { MetricText } from '../catalogue.ts';
import type { DealTerms } from '../deals/deal-terms.ts';
import { MetricUnit } from '../metric.enums.ts';
import type { MetricSettings } from '../metric-settings.ts';
import { type MetricView, standsAt } from '../metric-view.ts';
import { TOUCH, touches } from './account-activity.ts';

interface LineageDefinition extends MetricText {
  shape: 'rate' | 'amount';
  /** `records` lists exactly these, over the opportunity `t`. */
  counted: (terms: DealTerms, view: MetricView) => Sql;
  /** Of a rate: is it in the numerator? Of an amount: is it counted? Over the columns of `dealRows(…) deal`. */
  isIn: (view: MetricView, settings: MetricSettings) => Sql;
}

/** A conversion that stood at the view's moment. */
const stands = (view: MetricView) =>
  sql`v.organization_id = ${view.organization.id} and ${standsAt(view, 'v')}`;

const isLinked = (view: MetricView, opportunity: Sql) =>
  sql`exists (select from lead_conversion v where ${stands(view)} and v.opportunity_id = ${opportunity})`;

const atAccount = (account: Sql) => sql`${account} = deal.account_id`;

const localDate = ({ organization }: MetricView, at: Sql) =>
  sql`(${at} at time zone ${organization.timeZone})::date`;

const notAfterClose = (view: MetricView, at: Sql) =>
  sql`(not deal.is_closed or ${localDate(view, at)} <= deal.close_date)`;

const rate = { shape: 'rate', unit: MetricUnit.RATIO, emptyValue: 'null' } as const;

/** The catalogue of what leads and marketing had to do with opportunities: text and SQL of each metric side by side. */
export const lineageDefinitions = {
  sourced: {
    ...rate,
    label: 'Sourced',
    formula: `Of the opportunities created in the window (createdAt), those at an account that a lead had been converted into by their creation (and not been undone), or that had a touch before it ÷ all. A touch is ${TOUCH}.`,
    counted: (of) => of.created,
    isIn: (view, settings) => sql`(
      exists (select from lead_conversion v where ${stands(view)} and v.account_id = deal.account_id
        and v.converted_at <= deal.created_at)
      or exists (select from (${touches(view, settings, atAccount)}) touch where touch.at < deal.created_at))`,
  },
  influenced: {
    ...rate,
    label: 'Influenced',
    formula: `Of the opportunities created in the window (createdAt), those at an account that a lead was converted into, or that had a touch, before they closed ÷ all: up to closeDate in the organisation's time zone, that day included; of open ones up to the moment. A touch is ${TOUCH}.`,
    counted: (of) => of.created,
    isIn: (view, settings) => sql`(
      exists (select from lead_conversion v where ${stands(view)} and v.account_id = deal.account_id
        and ${notAfterClose(view, sql`v.converted_at`)})
      or exists (select from (${touches(view, settings, atAccount)}) touch
        where ${notAfterClose(view, sql`touch.at`)}))`,
  },
  leadSourcedRevenue: {
    shape: 'amount',
    label: 'Lead-sourced revenue',
    formula:
      'Opportunities won with closeDate in the window that a lead conversion (not undone) led to: their number and Σ amount.',
    unit: MetricUnit.MONEY,
    emptyValue: '0',
    counted: (of, view) => sql`(${of.won} and ${isLinked(view, sql`t.id`)})`,
    isIn: (view) => sql`(deal.won and ${isLinked(view, sql`deal.id`)})`,
  },
} as const satisfies Record<string, LineageDefinition>;

export type LineageKey = keyof typeof lineageDefinitions;

export const lineageKeys = Object.keys(lineageDefinitions) as LineageKey[];

export function lineageDefinition(key: LineageKey): LineageDefinition {
  return lineageDefinitions[key];
}
