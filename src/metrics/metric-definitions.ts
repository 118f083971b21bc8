import sql, { type Sql } from 'sql-template-tag';
import { count, median, rounded, sum } from './aggregates.ts';
import { deal, type DealTerms } from './deal-terms.ts';
import { MetricUnit } from './metric.enums.ts';

/** What every metric states about itself, in words and as the rows it counts. */
interface Metric {
  label: string;
  formula: string;
  unit: MetricUnit;
  /** `records` lists exactly these rows; the aggregates below are over them. */
  counted: (deal: DealTerms) => Sql;
}

/** A number of opportunities and a sum over them, in minor units. */
export interface AmountDefinition extends Metric {
  shape: 'amount';
  amount: Sql;
}

/** A share of a whole: of opportunities, or of money when both are sums of minor units. */
export interface RateDefinition extends Metric {
  shape: 'rate';
  of: 'opportunities' | 'money';
  numerator: Sql;
  denominator: Sql;
}

/** One derived amount in minor units; null where it has no meaning. */
export interface MoneyDefinition extends Metric {
  shape: 'money';
  value: Sql;
}

/** Whole days per counted opportunity. */
export interface DurationDefinition extends Metric {
  shape: 'duration';
  days: Sql;
}

export type MetricDefinitionEntry = AmountDefinition | RateDefinition | MoneyDefinition | DurationDefinition;

const open = (of: DealTerms) => of.openPipeline;
const created = (of: DealTerms) => of.created;
const won = (of: DealTerms) => of.won;
const lost = (of: DealTerms) => of.lost;
const closed = (of: DealTerms) => sql`(${of.won} or ${of.lost})`;
const wonWithAmount = (of: DealTerms) => sql`(${of.won} and ${of.amount} is not null)`;
const closedWithAmount = (of: DealTerms) => sql`(${closed(of)} and ${of.amount} is not null)`;

const amountOf = (rows: (of: DealTerms) => Sql) => sum(deal.amount, rows(deal));
const numberOf = (rows: (of: DealTerms) => Sql) => count(rows(deal));
const cycleDays = sum(deal.cycleDays, won(deal));

/**
 * The catalogue, one entry per metric: its text and its SQL side by side, so that they can't drift apart. The SQL is
 * over `dealRows(…) deal`.
 */
export const metricDefinitions = {
  openPipeline: {
    shape: 'amount',
    label: 'Open pipeline',
    formula:
      'Opportunities that are not closed and whose forecast category is not OMITTED: their number and Σ amount. Current state: a window does not restrict it.',
    unit: MetricUnit.MONEY,
    counted: open,
    amount: amountOf(open),
  },
  weightedPipeline: {
    shape: 'amount',
    label: 'Weighted pipeline',
    formula:
      'Σ amount × probability ÷ 100 over the open pipeline, rounded once at the end. Current state: a window does not restrict it.',
    unit: MetricUnit.MONEY,
    counted: open,
    amount: rounded(sum(sql`${deal.amount}::numeric * ${deal.probability}`, open(deal)), sql`100`),
  },
  pipelineCreated: {
    shape: 'amount',
    label: 'Pipeline created',
    formula:
      'Opportunities created in the window, whatever became of them: their number and Σ current amount.',
    unit: MetricUnit.MONEY,
    counted: created,
    amount: amountOf(created),
  },
  won: {
    shape: 'amount',
    label: 'Won',
    formula: 'Opportunities won with closeDate in the window: their number and Σ amount.',
    unit: MetricUnit.MONEY,
    counted: won,
    amount: amountOf(won),
  },
  lost: {
    shape: 'amount',
    label: 'Lost',
    formula: 'Opportunities closed but not won, with closeDate in the window: their number and Σ amount.',
    unit: MetricUnit.MONEY,
    counted: lost,
    amount: amountOf(lost),
  },
  winRate: {
    shape: 'rate',
    label: 'Win rate',
    formula: 'won ÷ (won + lost), by number, with closeDate in the window. Open opportunities are not in it.',
    unit: MetricUnit.RATIO,
    of: 'opportunities',
    counted: closed,
    numerator: numberOf(won),
    denominator: numberOf(closed),
  },
  winRateByValue: {
    shape: 'rate',
    label: 'Win rate by value',
    formula:
      "Σ won amount ÷ Σ (won + lost) amount, with closeDate in the window, over amounts in the organisation's currency.",
    unit: MetricUnit.RATIO,
    of: 'money',
    counted: closedWithAmount,
    numerator: amountOf(wonWithAmount),
    denominator: amountOf(closedWithAmount),
  },
  averageDealSize: {
    shape: 'money',
    label: 'Average deal size',
    formula:
      "Σ amount ÷ number of the opportunities won with closeDate in the window that have an amount in the organisation's currency, rounded once at the end.",
    unit: MetricUnit.MONEY,
    counted: wonWithAmount,
    value: rounded(amountOf(wonWithAmount), numberOf(wonWithAmount)),
  },
  medianDealSize: {
    shape: 'money',
    label: 'Median deal size',
    formula:
      "The middle amount of the opportunities won with closeDate in the window that have an amount in the organisation's currency; of an even number the mean of the two in the middle, exact, so possibly with half a minor unit.",
    unit: MetricUnit.MONEY,
    counted: wonWithAmount,
    value: median(deal.amount, wonWithAmount(deal)),
  },
  salesCycle: {
    shape: 'duration',
    label: 'Sales cycle',
    formula:
      "closeDate − the date of createdAt in the organisation's time zone, in days, over the opportunities won with closeDate in the window: mean, median (the middle value, or the mean of the two in the middle) and p90 (nearest rank: the fewest days that at least 90 % of them did not exceed). Negative days (closed before created) are included, and counted in `negative`.",
    unit: MetricUnit.DAYS,
    counted: won,
    days: deal.cycleDays,
  },
  velocity: {
    shape: 'money',
    label: 'Sales velocity',
    formula:
      'openPipeline.count × averageDealSize × winRate ÷ salesCycle.meanDays, from unrounded parts, rounded once at the end. Null when a part is null or the mean cycle is not above 0. It counts the open pipeline and what was closed in the window.',
    unit: MetricUnit.MONEY_PER_DAY,
    counted: (of) => sql`(${open(of)} or ${closed(of)})`,
    // the mean cycle is days ÷ won, so won stands above the line twice
    value: sql`case when ${cycleDays} > 0 then ${rounded(
      sql`${numberOf(open)}::numeric * ${amountOf(wonWithAmount)} * ${numberOf(won)} * ${numberOf(won)}`,
      sql`${numberOf(wonWithAmount)}::numeric * ${numberOf(closed)} * ${cycleDays}`,
    )} end`,
  },
} as const satisfies Record<string, MetricDefinitionEntry>;

export type MetricKey = keyof typeof metricDefinitions;

export const metricKeys = Object.keys(metricDefinitions) as MetricKey[];

export function metricDefinition(key: MetricKey): MetricDefinitionEntry {
  return metricDefinitions[key];
}
