import type { Sql } from 'sql-template-tag';
import type { DealSet } from './deal-set.ts';

/** What a set of metrics was computed from; their values remember it, so that they can list the rows behind them. */
export interface DealOrigin {
  set: DealSet;
  /** Tells the set apart from the others of an operation, arguments included. */
  name: string;
  group: string;
  /**
   * Which deals of a set a value counts, where that is not in the definitions of deals: rows of `id` and `k` (the group).
   * Of a rate those in its numerator (true), the others (false), or all (null).
   */
  counted?: (set: DealSet, inNumerator: boolean | null) => Sql;
}
