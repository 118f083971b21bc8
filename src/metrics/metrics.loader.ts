import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Context } from '../graphql/context.ts';
import { loadPage, loadPageOf } from '../graphql/load.ts';
import { orders } from '../graphql/order.ts';
import { type PageArguments, pageRequest } from '../graphql/page.ts';
import { opportunityOrders } from '../opportunities/opportunity.filter.ts';
import { OpportunityOrderField } from '../opportunities/opportunity.inputs.ts';
import { opportunitySource } from '../opportunities/opportunity.queries.ts';
import { type OpportunityConnection, opportunityList } from '../opportunities/opportunity.type.ts';
import { dealTerms, type DealView } from './deal-terms.ts';
import { type MetricKey, metricDefinition } from './metric-definitions.ts';
import type { MetricOrigin } from './metric-origin.ts';
import type { Metric } from './metric.types.ts';
import { metricsOfAccounts, metricsOfScope, type MetricValues } from './metrics.queries.ts';
import { metricWindow, type WindowRequest } from './metric-window.ts';
import { publishedDefinition, type SalesMetrics } from './sales-metrics.type.ts';

/** One SQL for the selected metrics of all accounts of an operation, per window. */
export function loadAccountMetrics(
  context: Context,
  request: WindowRequest | null | undefined,
  keys: MetricKey[],
  accountId: string,
): Promise<SalesMetrics> {
  const window = JSON.stringify(request ?? null);
  return context
    .loader(`Account.metrics ${window} ${keys.join()}`, () => {
      const view = dealView(context, request);
      return new DataLoader<string, SalesMetrics>(async (accountIds) => {
        const values = await metricsOfAccounts(context.snapshot, view, keys, accountIds);
        return accountIds.map((id) => salesMetrics(values.get(id)!, { view, of: { accountId: id, window } }));
      });
    })
    .load(accountId);
}

export async function loadScopeMetrics(
  context: Context,
  request: WindowRequest | null | undefined,
  keys: MetricKey[],
  among: Sql,
): Promise<SalesMetrics> {
  const view = dealView(context, request);
  const values = await metricsOfScope(context.snapshot, view, keys, among);
  return salesMetrics(values, { view, of: { among } });
}

/** A page of exactly the opportunities a metric counts, by close date. */
export function loadRecords(
  context: Context,
  { definition, origin: { view, of } }: Metric,
  args: PageArguments,
): Promise<OpportunityConnection> {
  const key = definition.key as MetricKey;
  const counted = metricDefinition(key).counted(dealTerms(view));
  const byCloseDate = () => orders(null, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE });
  const source = (condition: Sql) => opportunitySource(view.organization.id, condition);
  if ('among' in of) {
    const request = pageRequest(args, byCloseDate());
    return loadPage(context, opportunityList, source(sql`${of.among} and ${counted}`), request);
  }
  return loadPageOf(
    context,
    `Account.metrics.${key}.records ${of.window}`,
    args,
    of.accountId,
    opportunityList,
    () => ({
      source: source(counted),
      link: (parent) => sql`t.account_id = ${parent}`,
      request: pageRequest(args, byCloseDate()),
    }),
  );
}

function dealView({ organization }: Context, request: WindowRequest | null | undefined): DealView {
  return { organization, window: metricWindow(request, organization, new Date()) };
}

function salesMetrics(values: MetricValues, origin: MetricOrigin): SalesMetrics {
  const metrics = Object.entries(values).map(([key, value]) => [
    key,
    { ...value, definition: publishedDefinition(key as MetricKey), origin },
  ]);
  return Object.fromEntries(metrics) as SalesMetrics;
}
