import type { Sql } from 'sql-template-tag';
import type { DealView } from './deal-terms.ts';

/** What a set of metrics was computed from; their values remember it, so that they can list the rows behind them. */
export interface MetricOrigin {
  view: DealView;
  /** The account, or the condition (over the alias `t`) that says which opportunities. */
  of: { accountId: string; window: string } | { among: Sql };
}
