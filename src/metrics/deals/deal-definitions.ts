import sql, { join, type Sql } from 'sql-template-tag';
import { count, median, rounded, sum } from '../aggregates.ts';
import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';
import { deal, type DealTerms } from './deal-terms.ts';

type Counted = (deal: DealTerms) => Sql;

interface Metric extends MetricText {
  /** Where it stands in `SalesMetrics`: `forecast.commit`; absent: under its key. */
  path?: string;
  /** `records` lists exactly these rows; the aggregates below are over them. */
  counted: Counted;
}

/** A number of opportunities and a sum over them, in minor units. */
export interface AmountDefinition extends Metric {
  shape: 'amount';
  amount: Sql;
}

/** The share that `part` has of the opportunities `counted`: of their number, or of their money. */
export interface RateDefinition extends Metric {
  shape: 'rate';
  of: 'opportunities' | 'money';
  part: Counted;
}

/** One derived amount in minor units; null where it has no meaning. */
interface MoneyDefinition extends Metric {
  shape: 'money';
  value: Sql;
}

/** Whole days per counted opportunity. */
export interface DurationDefinition extends Metric {
  shape: 'duration';
  days: Sql;
}

/** A number of opportunities. */
export interface CountDefinition extends Metric {
  shape: 'count';
}

export type DealDefinition =
  AmountDefinition | RateDefinition | MoneyDefinition | DurationDefinition | CountDefinition;

const open: Counted = (of) => of.open;
const created: Counted = (of) => of.created;
const won: Counted = (of) => of.won;
const lost: Counted = (of) => of.lost;
const closed: Counted = (of) => sql`(${of.won} or ${of.lost})`;
const wonWithAmount: Counted = (of) => sql`(${of.won} and ${of.amount} is not null)`;
const dueWithAmount: Counted = (of) => sql`(${of.due} and ${of.amount} is not null)`;
const closedWithAmount: Counted = (of) => sql`(${closed(of)} and ${of.amount} is not null)`;

const amountOf = (rows: Counted) => sum(deal.amount, rows(deal));
const numberOf = (rows: Counted) => count(rows(deal));
const cycleDays = sum(deal.cycleDays, won(deal));

type AmountText = Pick<MetricText, 'label' | 'formula'>;

const amountMetric = (text: AmountText, counted: Counted, amount = amountOf(counted)) =>
  ({ shape: 'amount', ...text, unit: MetricUnit.MONEY, emptyValue: '0', counted, amount }) as const;

/** By forecast category, of deals with a close date in the window. */
const forecast = (name: string, label: string, categories: string[]) => ({
  ...amountMetric(
    {
      label: `Forecast: ${label}`,
      formula: `Opportunities with closeDate in the window and forecast category ${categories.join(' or ')}: their number and Σ amount. OMITTED is in no forecast.`,
    },
    (of) =>
      sql`(${of.closing} and ${of.category} in (${join(categories.map((category) => sql`${category}`))}))`,
  ),
  path: `forecast.${name}`,
});

/**
 * The catalogue of deals, one entry per metric: its text and its SQL side by side, so that they can't drift apart. The
 * SQL is over `dealRows(…) deal`.
 */
export const dealDefinitions = {
  openPipeline: amountMetric(
    {
      label: 'Open pipeline',
      formula:
        'Opportunities that are not closed and whose forecast category is not OMITTED: their number and Σ amount. Current state: a window does not restrict it.',
    },
    open,
  ),
  weightedPipeline: amountMetric(
    {
      label: 'Weighted pipeline',
      formula:
        'Σ amount × probability ÷ 100 over the open pipeline, rounded once at the end. Current state: a window does not restrict it.',
    },
    open,
    rounded(sum(sql`${deal.amount}::numeric * ${deal.probability}`, open(deal)), sql`100`),
  ),
  pipelineCreated: amountMetric(
    {
      label: 'Pipeline created',
      formula:
        'Opportunities created in the window, whatever became of them: their number and Σ amount, the current one, or with amountBasis AT_CREATION the first one in their history. Either is converted at the rate of the close date they have at the moment in question.',
    },
    created,
  ),
  won: amountMetric(
    {
      label: 'Won',
      formula: 'Opportunities won with closeDate in the window: their number and Σ amount.',
    },
    won,
  ),
  lost: amountMetric(
    {
      label: 'Lost',
      formula: 'Opportunities closed but not won, with closeDate in the window: their number and Σ amount.',
    },
    lost,
  ),
  winRate: {
    shape: 'rate',
    label: 'Win rate',
    formula: 'won ÷ (won + lost), by number, with closeDate in the window. Open opportunities are not in it.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    of: 'opportunities',
    counted: closed,
    part: won,
  },
  winRateByValue: {
    shape: 'rate',
    label: 'Win rate by value',
    formula:
      "Σ won amount ÷ Σ (won + lost) amount, with closeDate in the window, over amounts in the organisation's currency.",
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    of: 'money',
    counted: closedWithAmount,
    part: wonWithAmount,
  },
  closeRate: {
    shape: 'rate',
    label: 'Close rate',
    formula:
      'Of the opportunities created in the window, those won so far ÷ all of them; closeRateOpen tells how many are not decided yet.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    of: 'opportunities',
    counted: created,
    part: (of) => of.createdWon,
  },
  closeRateOpen: {
    shape: 'count',
    label: 'Close rate: still open',
    formula: 'Opportunities created in the window that are not closed yet: the open remainder of closeRate.',
    unit: MetricUnit.COUNT,
    emptyValue: '0',
    counted: (of) => sql`(${of.created} and not ${of.createdClosed})`,
  },
  averageDealSize: {
    shape: 'money',
    label: 'Average deal size',
    formula:
      "Σ amount ÷ number of the opportunities won with closeDate in the window that have an amount in the organisation's currency (converted where there is a rate), rounded once at the end.",
    unit: MetricUnit.MONEY,
    emptyValue: 'null',
    counted: wonWithAmount,
    value: rounded(amountOf(wonWithAmount), numberOf(wonWithAmount)),
  },
  medianDealSize: {
    shape: 'money',
    label: 'Median deal size',
    formula:
      "The middle amount of the opportunities won with closeDate in the window that have an amount in the organisation's currency; of an even number the mean of the two in the middle, exact, so possibly with half a minor unit.",
    unit: MetricUnit.MONEY,
    emptyValue: 'null',
    counted: wonWithAmount,
    value: median(deal.amount, wonWithAmount(deal)),
  },
  salesCycle: {
    shape: 'duration',
    label: 'Sales cycle',
    formula:
      "closeDate − the date of createdAt in the organisation's time zone, in days, over the opportunities won with closeDate in the window: mean, median (the middle value, or the mean of the two in the middle) and p90 (nearest rank: the fewest days that at least 90 % of them did not exceed). Negative days (closed before created) are included, and counted in `negative`.",
    unit: MetricUnit.DAYS,
    emptyValue: 'null',
    counted: won,
    days: deal.cycleDays,
  },
  velocity: {
    shape: 'money',
    label: 'Sales velocity',
    formula:
      'openPipeline.count × averageDealSize × winRate ÷ salesCycle.meanDays, from unrounded parts, rounded once at the end. Null when a part is null or the mean cycle is not above 0. It counts the open pipeline and what was closed in the window.',
    unit: MetricUnit.MONEY_PER_DAY,
    emptyValue: 'null',
    counted: (of) => sql`(${open(of)} or ${closed(of)})`,
    // the mean cycle is days ÷ won, so won stands above the line twice
    value: sql`case when ${cycleDays} > 0 then ${rounded(
      sql`${numberOf(open)}::numeric * ${amountOf(wonWithAmount)} * ${numberOf(won)} * ${numberOf(won)}`,
      sql`${numberOf(wonWithAmount)}::numeric * ${numberOf(closed)} * ${cycleDays}`,
    )} end`,
  },
  coverage: {
    shape: 'rate',
    label: 'Pipeline coverage',
    formula:
      'Σ amount of the open pipeline with closeDate in the window ÷ Σ of the targets whose period lies in the window: of groups by owner, team and period those of these people and periods, of a scope by owner alone (eq, in) those of the owners, of all opportunities those of the organisation, else of all its people. Null when that is 0, where the scope or the groups go by anything else, and of all groups beyond the first ones together. Groups are those of opportunities: a person with a target and none has no group. Amounts in a currency without a rate are not in it.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
    of: 'money',
    // the denominator are targets instead, which are no deals: see withTarget
    counted: dueWithAmount,
    part: dueWithAmount,
  },
  slipped: amountMetric(
    {
      label: 'Slipped',
      formula:
        'Opportunities of the open pipeline with closeDate before today (of asOf, in the window’s time zone): their number and Σ amount. How often a deal was put off tells its pushCount. Current state: a window does not restrict it.',
    },
    (of) => of.slipped,
  ),
  forecastPipeline: forecast('pipeline', 'pipeline', ['PIPELINE']),
  forecastBestCase: forecast('bestCase', 'best case', ['BEST_CASE']),
  forecastMostLikely: forecast('mostLikely', 'most likely', ['MOST_LIKELY']),
  forecastCommit: forecast('commit', 'commit', ['COMMIT']),
  forecastClosed: forecast('closed', 'closed', ['CLOSED']),
  forecastCumulativeCommit: forecast('cumulativeCommit', 'cumulative commit', ['COMMIT', 'CLOSED']),
  forecastCumulativeBestCase: forecast('cumulativeBestCase', 'cumulative best case', [
    'BEST_CASE',
    'MOST_LIKELY',
    'COMMIT',
    'CLOSED',
  ]),
  forecastOpenPipeline: forecast('openPipeline', 'open pipeline', [
    'PIPELINE',
    'BEST_CASE',
    'MOST_LIKELY',
    'COMMIT',
  ]),
} as const satisfies Record<string, DealDefinition>;

export type DealMetricKey = keyof typeof dealDefinitions;

export const dealMetricKeys = Object.keys(dealDefinitions) as DealMetricKey[];

export function dealDefinition(key: DealMetricKey): DealDefinition {
  return dealDefinitions[key];
}
