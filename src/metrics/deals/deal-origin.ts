import type { Sql } from 'sql-template-tag';
import type { DealSet } from './deal-set.ts';

/** What a set of metrics was computed from; their values remember it, so that they can list the rows behind them. */
export interface DealOrigin {
  set: DealSet;
  group: string;
  /**
   * Which deals of a set a value counts, where that is not in the definitions of deals: rows of `id` and `k` (the group).
   * Of a rate those in its numerator (true), the others (false), or all (null).
   */
  counted?: (set: DealSet, inNumerator: boolean | null) => Sql;
  /** Tells apart what `counted` counts of one set. */
  part?: string;
}
