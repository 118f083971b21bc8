import DataLoader from 'dataloader';
import sql from 'sql-template-tag';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadPage, loadPageOf } from '../../graphql/load.ts';
import { orders } from '../../graphql/order.ts';
import { pageRequest } from '../../graphql/page.ts';
import { leadFilter, leadOrders } from '../../leads/lead.filter.ts';
import { LeadOrderField } from '../../leads/lead.inputs.ts';
import { leadSource } from '../../leads/lead.queries.ts';
import { type LeadConnection, leadList } from '../../leads/lead.type.ts';
import { metricDefinition } from '../catalogue.ts';
import type { LeadRecordsArgs } from '../records.inputs.ts';
import { setName } from '../set-name.ts';
import { leadDefinition, type LeadMetricKey } from './lead-definitions.ts';
import { emptyLeadValues, leadMetricsByGroup, type LeadValues } from './lead-metrics.queries.ts';
import type { LeadAmbiguity, LeadMetric, LeadMetrics } from './lead-metrics.type.ts';
import type { LeadOrigin } from './lead-origin.ts';
import { countedByGroup, isCounted } from './lead-rows.ts';
import { comparedLeads, type LeadSet } from './lead-set.ts';

/** The values as clients see them. */
export function leadMetrics(origin: LeadOrigin, values: LeadValues): LeadMetrics {
  const metrics: Record<string, unknown> = { origin };
  const at = (path: string[]): Record<string, unknown> =>
    path.reduce((part, name) => (part[name] ??= {}) as Record<string, unknown>, metrics);
  for (const section of ['milestones', 'ageing', 'ambiguity', 'effectiveness']) at([section]);
  for (const [key, value] of Object.entries(values)) {
    const { path, shape } = leadDefinition(key as LeadMetricKey);
    // the opportunities behind a duration are told by its origin, of which one of leads has none
    const own = shape === 'duration' ? { leadOrigin: origin } : { origin };
    const names = path.split('.');
    const metric = { ...value, definition: metricDefinition(key), ...own };
    Object.assign(at(names), metric);
  }
  const ambiguity = metrics.ambiguity as LeadAmbiguity & { ambiguous?: { value: number | null } };
  ambiguity.share = ambiguity.ambiguous?.value ?? null;
  return metrics as unknown as LeadMetrics;
}

export async function loadLeadMetrics(
  context: Context,
  keys: LeadMetricKey[],
  set: LeadSet,
): Promise<LeadMetrics> {
  const values = await leadMetricsByGroup(context.snapshot, set, keys);
  return leadMetrics({ set, group: '' }, values.get('') ?? emptyLeadValues(set, keys));
}

/** One SQL for the selected metrics of all parents of an operation, per set of arguments, which `name` tells. */
export function loadLeadMetricsByParent(
  context: Context,
  name: string,
  keys: LeadMetricKey[],
  makeSet: (parents: readonly string[]) => Promise<LeadSet>,
  parent: string,
): Promise<LeadMetrics> {
  return context
    .loader(
      `${name} ${keys.join()}`,
      () =>
        new DataLoader<string, LeadMetrics>(async (parents) => {
          const set = await makeSet(parents);
          const byParent = await leadMetricsByGroup(context.snapshot, set, keys);
          const empty = emptyLeadValues(set, keys);
          return parents.map((group) => leadMetrics({ set, group }, byParent.get(group) ?? empty));
        }),
    )
    .load(parent);
}

/** The same metrics of the window to compare with; null without one, and of periods, which stand beside each other. */
export function loadLeadComparison(
  context: Context,
  { set, group }: LeadOrigin,
  keys: LeadMetricKey[],
): Promise<LeadMetrics> | null {
  const compared = comparedLeads(set);
  return (
    compared &&
    loadLeadMetricsByParent(
      context,
      `${setName(set)} comparison`,
      keys,
      () => Promise.resolve(compared),
      group,
    )
  );
}

/** A page of exactly the leads a metric counts (of a rate: the whole, or the `part`), oldest first. */
export function loadLeadRecords(
  context: Context,
  { definition: { key } }: Pick<LeadMetric, 'definition'>,
  { set, group }: LeadOrigin,
  args: LeadRecordsArgs,
  part = false,
): Promise<LeadConnection> {
  const metric = leadDefinition(key as LeadMetricKey);
  const condition = part && metric.shape === 'rate' ? metric.part : metric.counted;
  const { organization } = set.view;
  const order = orders(args.orderBy, leadOrders, { field: LeadOrderField.CREATED_AT });
  const request = pageRequest(args, order);
  const filtered = compileFilter(args.filter, leadFilter, organization, 'records.filter');
  if (group === '') {
    const source = leadSource(organization.id, sql`${isCounted(set, condition)} and ${filtered}`);
    return loadPage(context, leadList, source, request);
  }
  return loadPageOf(
    context,
    `${setName(set)} ${key} ${part ? 'part' : 'records'}`,
    args,
    group,
    leadList,
    () => ({
      source: leadSource(organization.id, filtered),
      request,
      ...countedByGroup(set, condition),
    }),
  );
}
