import sql, { type Sql } from 'sql-template-tag';
import type { Money } from '../../graphql/money.type.ts';
import { count, median, p90, sum } from '../aggregates.ts';
import { exactMoney } from '../deals/deal-shapes.ts';
import type { LeadDefinition } from './lead-definition.ts';
import { lead } from './lead-terms.ts';

/** What PostgreSQL answers, by column: bigint and numeric as text. */
export type Cells = Record<string, string | number | null>;

export interface CountValue {
  count: number;
}

export interface RateValue {
  value: number | null;
  numerator: number;
  denominator: number;
}

export interface DurationValue {
  meanDays: number | null;
  medianDays: number | null;
  p90Days: number | null;
  count: number;
  negative: number;
}

interface ResponseValue {
  p50Minutes: number | null;
  p95Minutes: number | null;
  bands: { fromMinutes: number; toMinutes: number | null; count: number }[];
  answered: number;
  overdue: number;
  waiting: number;
}

interface WaitValue {
  meanMinutes: number | null;
  medianMinutes: number | null;
  p90Minutes: number | null;
  count: number;
}

export interface AmountValue {
  count: number;
  amount: Money;
  amountMissing: number;
  unconverted: Money[];
}

export type LeadMetricValue =
  CountValue | RateValue | DurationValue | ResponseValue | WaitValue | AmountValue;

/** Minutes at which bands of answers begin; the last has no end. */
const BANDS = [0, 5, 15, 60];
export const MINUTE = 60_000;

const p95 = (value: Sql, rows: Sql) =>
  sql`percentile_disc(0.95) within group (order by ${value}) filter (where ${rows})`;
const mean = (value: Sql, rows: Sql) => sql`${sum(value, rows)}::float8 / nullif(${count(rows)}, 0)`;

/** What a metric selects per group: column → aggregate over `found`. */
export function columnsOf(metric: LeadDefinition): Record<string, Sql> {
  const { counted } = metric;
  switch (metric.shape) {
    case 'count':
      return { count: count(counted) };
    case 'rate':
      return {
        value: sql`${count(metric.part)}::float8 / nullif(${count(counted)}, 0)`,
        numerator: count(metric.part),
        denominator: count(counted),
      };
    case 'duration':
      return {
        meanDays: mean(metric.days, counted),
        medianDays: sql`${median(metric.days, counted)}::float8`,
        p90Days: p90(metric.days, counted),
        count: count(counted),
        negative: count(sql`${counted} and ${metric.days} < 0`),
      };
    case 'response':
      return {
        p50: median(metric.milliseconds, counted),
        p95: p95(metric.milliseconds, counted),
        answered: count(counted),
        overdue: count(metric.overdue),
        waiting: count(metric.waiting),
        ...Object.fromEntries(
          BANDS.map((minutes) => [
            `from${minutes}`,
            count(sql`${counted} and ${metric.milliseconds} >= ${minutes * MINUTE}::bigint`),
          ]),
        ),
      };
    case 'wait':
      return {
        mean: mean(metric.milliseconds, counted),
        median: median(metric.milliseconds, counted),
        p90: p90(metric.milliseconds, counted),
        count: count(counted),
      };
    case 'amount':
      return {
        count: count(counted),
        amount: sum(lead.amount, counted),
        amountMissing: count(sql`${counted} and ${lead.amount_missing}`),
      };
  }
}

/** What a column holds a number in, if not as the API shows it: minor units, milliseconds. */
export type ColumnUnit = 'money' | 'minutes';

/** A metric's numbers as the API names them, and their columns: the first is meant when only the metric is named. */
export const numbers: Record<LeadDefinition['shape'], Record<string, [column: string, unit?: ColumnUnit]>> = {
  count: { count: ['count'] },
  rate: { value: ['value'], numerator: ['numerator'], denominator: ['denominator'] },
  duration: {
    medianDays: ['medianDays'],
    meanDays: ['meanDays'],
    p90Days: ['p90Days'],
    count: ['count'],
    negative: ['negative'],
  },
  response: {
    p50Minutes: ['p50', 'minutes'],
    p95Minutes: ['p95', 'minutes'],
    answered: ['answered'],
    overdue: ['overdue'],
    waiting: ['waiting'],
  },
  wait: {
    medianMinutes: ['median', 'minutes'],
    meanMinutes: ['mean', 'minutes'],
    p90Minutes: ['p90', 'minutes'],
    count: ['count'],
  },
  amount: { amount: ['amount', 'money'], count: ['count'], amountMissing: ['amountMissing'] },
};

/** The value as the API shows it; of no cells that over no leads. `foreign` are the amounts without a rate. */
export function valueOf(
  metric: LeadDefinition,
  cells: Cells,
  foreign: Money[],
  currency: string,
): LeadMetricValue {
  const number = (column: string) => Number(cells[column] ?? 0);
  const orNull = (column: string) => (cells[column] == null ? null : Number(cells[column]));
  const minutes = (column: string) => (cells[column] == null ? null : Number(cells[column]) / MINUTE);
  switch (metric.shape) {
    case 'count':
      return { count: number('count') };
    case 'rate':
      return { value: orNull('value'), numerator: number('numerator'), denominator: number('denominator') };
    case 'duration':
      return {
        meanDays: orNull('meanDays'),
        medianDays: orNull('medianDays'),
        p90Days: orNull('p90Days'),
        count: number('count'),
        negative: number('negative'),
      };
    case 'response':
      return {
        p50Minutes: minutes('p50'),
        p95Minutes: minutes('p95'),
        bands: BANDS.map((from, index) => {
          const to = BANDS[index + 1] ?? null;
          const beyond = to === null ? 0 : number(`from${to}`);
          return { fromMinutes: from, toMinutes: to, count: number(`from${from}`) - beyond };
        }),
        answered: number('answered'),
        overdue: number('overdue'),
        waiting: number('waiting'),
      };
    case 'wait':
      return {
        meanMinutes: minutes('mean'),
        medianMinutes: minutes('median'),
        p90Minutes: minutes('p90'),
        count: number('count'),
      };
    case 'amount':
      return {
        count: number('count'),
        amount: exactMoney(String(cells.amount ?? 0), currency),
        amountMissing: number('amountMissing'),
        unconverted: foreign,
      };
  }
}
