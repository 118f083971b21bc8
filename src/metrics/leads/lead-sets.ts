import type { Context } from '../../graphql/context.ts';
import { badInput } from '../../graphql/errors.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { leadFilter } from '../../leads/lead.filter.ts';
import { scopeSet } from '../deals/deal-sets.ts';
import { loadMetricSettings, metricView, type ViewRequest } from '../metric-view.ts';
import { metricWindow } from '../metric-window.ts';
import type { LeadScope } from './lead-metrics.inputs.ts';
import { type LeadSet, ungroupedLeads } from './lead-set.ts';

/** More days than any time zone's calendar has had. */
const MAX_DAYS = 1_000_000;

/** The leads of a scope, as one group. */
export async function leadScopeSet(
  context: Context,
  scope: LeadScope | null | undefined,
  request: ViewRequest,
): Promise<LeadSet> {
  const { organization } = context;
  const withinDays = scope?.withinDays ?? null;
  if (withinDays !== null && (withinDays < 0 || withinDays > MAX_DAYS))
    throw badInput('scope.withinDays', `must be 0 to ${MAX_DAYS}, got ${withinDays}`);
  const among = compileFilter(scope?.lead, leadFilter, organization, 'scope.lead');
  const view = metricView(context, request);
  const everAfter = { ...view, window: metricWindow(null, organization, view.moment) };
  return {
    ...ungroupedLeads,
    view,
    settings: await loadMetricSettings(context),
    deals: scopeSet(context, null, everAfter),
    among,
    withinDays,
  };
}
