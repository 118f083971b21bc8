import sql, { type Sql } from 'sql-template-tag';
import { fromMinor, minorDigits } from '../../graphql/money.ts';
import type { Money } from '../../graphql/money.type.ts';
import { count, fraction, median, p90, sum } from '../aggregates.ts';
import { deal } from './deal-terms.ts';
import type { DealDefinition } from './deal-definitions.ts';

export interface AmountValue {
  count: number;
  amount: Money;
  amountMissing: number;
  unconverted: Money[];
}

export interface RateValue {
  value: number | null;
  numerator: string;
  denominator: string;
}

interface MoneyValue {
  value: Money | null;
  count: number;
}

export interface DurationValue {
  meanDays: number | null;
  medianDays: number | null;
  p90Days: number | null;
  count: number;
  negative: number;
}

export interface CountValue {
  count: number;
}

export type MetricValue = AmountValue | RateValue | MoneyValue | DurationValue | CountValue;

/** What PostgreSQL answers, by column: bigint and numeric as text. */
export type Cells = Record<string, string | number | null>;

/** What a metric selects per account or scope: column → aggregate over `deal`. */
export function columnsOf(metric: DealDefinition): Record<string, Sql> {
  const counted = metric.counted(deal);
  switch (metric.shape) {
    case 'amount':
      return {
        count: count(counted),
        amount: metric.amount,
        amountMissing: count(sql`${counted} and ${deal.amountMissing}`),
      };
    case 'rate': {
      const size = (rows: Sql) => (metric.of === 'money' ? sum(deal.amount, rows) : count(rows));
      const [numerator, denominator] = [size(metric.part(deal)), size(counted)];
      return {
        // sums of money may have more digits than a float
        value:
          metric.of === 'money'
            ? sql`(${fraction(numerator, denominator)})::float8`
            : sql`(${numerator})::float8 / nullif(${denominator}, 0)::float8`,
        numerator,
        denominator,
      };
    }
    case 'money':
      return { value: metric.value, count: count(counted) };
    case 'count':
      return { count: count(counted) };
    case 'duration':
      return {
        meanDays: sql`${sum(metric.days, counted)}::float8 / nullif(${count(counted)}, 0)`,
        medianDays: sql`${median(metric.days, counted)}::float8`,
        p90Days: p90(metric.days, counted),
        count: count(counted),
        negative: count(sql`${counted} and ${metric.days} < 0`),
      };
  }
}

/** What they are over no rows. */
export function emptyCells(metric: DealDefinition): Cells {
  const zeros = new Set(['count', 'amount', 'amountMissing', 'numerator', 'denominator', 'negative']);
  return Object.fromEntries(
    Object.keys(columnsOf(metric)).map((column) => [column, zeros.has(column) ? '0' : null]),
  );
}

/** The value as the API shows it; `foreign` are the amounts left out because of their currency. */
export function valueOf(
  metric: DealDefinition,
  cells: Cells,
  foreign: Money[],
  currency: string,
): MetricValue {
  // 0 ÷ a negative sum is −0 in floating point
  const number = (column: string) => (cells[column] === null ? null : Number(cells[column]) + 0);
  switch (metric.shape) {
    case 'amount':
      return {
        count: Number(cells.count),
        amount: exactMoney(String(cells.amount), currency),
        amountMissing: Number(cells.amountMissing),
        unconverted: foreign,
      };
    case 'rate': {
      const part = (column: string) =>
        metric.of === 'money' ? fromMinor(String(cells[column]), currency) : String(cells[column]);
      return { value: number('value'), numerator: part('numerator'), denominator: part('denominator') };
    }
    case 'money':
      return {
        value: cells.value === null ? null : exactMoney(String(cells.value), currency),
        count: Number(cells.count),
      };
    case 'count':
      return { count: Number(cells.count) };
    case 'duration':
      return {
        meanDays: number('meanDays'),
        medianDays: number('medianDays'),
        p90Days: number('p90Days'),
        count: Number(cells.count),
        negative: Number(cells.negative),
      };
  }
}

/** Minor units, possibly with a half (a median's), in the major unit: `1001.5` EUR → `10.015`. */
export function exactMoney(minor: string, currency: string): Money {
  const [whole = '0', fraction = ''] = minor.split('.');
  const point = fraction && minorDigits(currency) === 0 ? '.' : '';
  return { amount: fromMinor(whole, currency) + point + fraction, currency };
}
