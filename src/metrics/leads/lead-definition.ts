import sql, { join, type Sql } from 'sql-template-tag';
import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';
import { lead } from './lead-terms.ts';

interface Metric extends MetricText {
  /** Where it stands in `LeadMetrics`: `created`, `milestones.mql`. */
  path: string;
  /** `records` lists exactly these leads; the aggregates below are over them. */
  counted: Sql;
}

/** A number of leads. */
export interface CountDefinition extends Metric {
  shape: 'count';
}

/** `part` of the leads `counted`; a part that is not among them makes it a ratio of two numbers. */
export interface RateDefinition extends Metric {
  shape: 'rate';
  part: Sql;
}

/** Whole days per counted lead. */
export interface DurationDefinition extends Metric {
  shape: 'duration';
  days: Sql;
}

/** Milliseconds from a lead's creation to the first answer, of the leads `counted`, which are answered. */
interface ResponseDefinition extends Metric {
  shape: 'response';
  milliseconds: Sql;
  /** Not answered: for too long, and not yet so. */
  overdue: Sql;
  waiting: Sql;
}

/** Milliseconds per counted lead. */
interface WaitDefinition extends Metric {
  shape: 'wait';
  milliseconds: Sql;
}

/** Money of the opportunities that the counted leads were the first to lead to. */
export interface AmountDefinition extends Metric {
  shape: 'amount';
}

export type LeadDefinition =
  | CountDefinition
  | RateDefinition
  | DurationDefinition
  | ResponseDefinition
  | WaitDefinition
  | AmountDefinition;

type LeadMetricText = Pick<Metric, 'path' | 'label' | 'formula'>;

export const count = (text: LeadMetricText, counted: Sql): CountDefinition => ({
  shape: 'count',
  ...text,
  unit: MetricUnit.COUNT,
  emptyValue: '0',
  counted,
});

export const rate = (text: LeadMetricText, part: Sql, counted: Sql): RateDefinition => ({
  shape: 'rate',
  ...text,
  unit: MetricUnit.RATIO,
  emptyValue: 'null',
  counted,
  part,
});

export const duration = (text: LeadMetricText, counted: Sql): DurationDefinition => ({
  shape: 'duration',
  ...text,
  unit: MetricUnit.DAYS,
  emptyValue: 'null',
  counted,
  days: lead.conversion_days,
});

export const and = (...conditions: Sql[]) => sql`(${join(conditions, ' and ')})`;
