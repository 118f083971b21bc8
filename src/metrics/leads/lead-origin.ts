import type { LeadSet } from './lead-set.ts';

/** What a set of metrics was computed from; their values remember it, so that they can list the leads behind them. */
export interface LeadOrigin {
  set: LeadSet;
  group: string;
}
