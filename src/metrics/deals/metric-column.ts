import { badInput } from '../../graphql/errors.ts';
import { comparableMoney } from '../grouping.ts';
import { dealDefinition, type DealMetricKey, dealMetricKeys } from './deal-definitions.ts';
import { columnsOf } from './deal-shapes.ts';

/** A number of a metric that groups can be put in order and chosen by. */
interface MetricColumn {
  key: DealMetricKey;
  /** As `metricColumns` names it. */
  column: string;
  isMoney: boolean;
}

/** The number meant when only the metric is named. */
const MAIN = { amount: 'amount', rate: 'value', money: 'value', duration: 'medianDays', count: 'count' };

const MONEY: Record<string, ReadonlySet<string>> = {
  amount: new Set(['amount']),
  money: new Set(['value']),
};

/** `won`, `won.count`, `salesCycle.p90Days`, `forecast.commit.amount`; `path` is the argument, for errors. */
export function metricColumn(name: string, path: string): MetricColumn {
  const key = dealMetricKeys.find((known) => {
    const field = dealDefinition(known).path ?? known;
    return name === known || name === field || name.startsWith(`${field}.`);
  });
  if (!key || key === 'coverage') throw badInput(path, `is no metric to go by: ${name}. ${known()}`);
  const metric = dealDefinition(key);
  const field = metric.path ?? key;
  const columns = Object.keys(columnsOf(metric));
  const column = name === key || name === field ? MAIN[metric.shape] : name.slice(field.length + 1);
  if (!columns.includes(column)) throw badInput(path, `has no ${column} for ${field}: ${columns.join(', ')}`);
  const isMoney =
    MONEY[metric.shape]?.has(column) ??
    (metric.shape === 'rate' && metric.of === 'money' && column !== 'value');
  return { key, column: `${key}.${column}`, isMoney };
}

/** Targets are no deals, so there is nothing to go by in coverage; other families have values of their own statement. */
function known(): string {
  const names = dealMetricKeys
    .filter((key) => key !== 'coverage')
    .map((key) => dealDefinition(key).path ?? key);
  return `There are ${names.join(', ')}; each also with one of its numbers (won.count, salesCycle.p90Days)`;
}

/** A value to compare the number with, as SQL has it: money in minor units. */
export function comparable({ isMoney }: MetricColumn, value: string, currency: string): string {
  return isMoney ? comparableMoney(value, currency) : value;
}
