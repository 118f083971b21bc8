import sql, { type Sql } from 'sql-template-tag';
import { accountFilter } from '../../accounts/account.filter.ts';
import type { Context } from '../../graphql/context.ts';
import { compileFilter, everything } from '../../graphql/filter.ts';
import { opportunityFilter } from '../../opportunities/opportunity.filter.ts';
import { momentOf, opportunitiesAt } from '../deals/deal-set.ts';
import type { MetricScope } from '../metric.inputs.ts';
import type { MetricView } from '../metric-view.ts';

/** Condition on the account `t`: it satisfies the scope's account filter, and has an opportunity that satisfies the other. */
export function isInScope(
  { organization }: Pick<Context, 'organization'>,
  scope: MetricScope | null | undefined,
  view: MetricView,
): Sql {
  const own = compileFilter(scope?.account, accountFilter, organization, 'scope.account');
  const condition = compileFilter(scope?.opportunity, opportunityFilter, organization, 'scope.opportunity');
  if (condition === everything) return own;
  return sql`${own} and t.id in (
      select t.account_id from ${opportunitiesAt(organization.id, momentOf(view))}
      where t.organization_id = ${organization.id} and t.deleted_at is null and ${condition})`;
}
