import sql, { empty, type Sql } from 'sql-template-tag';
import { accountFilter } from '../../accounts/account.filter.ts';
import { accountSource } from '../../accounts/account.queries.ts';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { opportunityFilter } from '../../opportunities/opportunity.filter.ts';
import { isInScope } from '../accounts/account-scope.ts';
import { AmountBasis } from '../metric.enums.ts';
import type { MetricScope } from '../metric.inputs.ts';
import type { MetricView } from '../metric-view.ts';
import { type DealSet, ungrouped } from './deal-set.ts';
import { wholeTarget } from '../targets/window-targets.queries.ts';

/** The opportunities of a scope, as one group. */
export function scopeSet(
  { organization }: Pick<Context, 'organization'>,
  scope: MetricScope | null | undefined,
  view: MetricView,
): DealSet {
  const own = compileFilter(scope?.opportunity, opportunityFilter, organization, 'scope.opportunity');
  const isWhole = !scope?.account && Object.keys(scope?.opportunity ?? {}).length === 0;
  return {
    ...ungrouped,
    view,
    among: scope?.account ? sql`${own} and ${atAccounts(scope, organization)}` : own,
    amountBasis: scope?.amountBasis ?? AmountBasis.CURRENT,
    ...(isWhole && { targetOf: wholeTarget }),
    accounts: sql`select ''::text as k, t.id as account_id from account t
      where t.organization_id = ${organization.id} and t.deleted_at is null and ${isInScope({ organization }, scope, view)}`,
  };
}

function atAccounts({ account }: MetricScope, organization: Context['organization']): Sql {
  const condition = compileFilter(account, accountFilter, organization, 'scope.account');
  const accounts = accountSource(organization.id, condition);
  return sql`t.account_id in (select t.id from account t where ${accounts.where})`;
}

/** The opportunities of each of the records, which `column` refers to: a group for each. */
export function setByColumn(view: MetricView, column: Sql, ids: readonly string[]): DealSet {
  return {
    view,
    among: sql`${column} = any(${ids}::uuid[])`,
    joins: empty,
    key: () => sql`${column}::text`,
    linkedTo: (id) => sql`${column} = ${id}`,
    amountBasis: AmountBasis.CURRENT,
  };
}

/** The opportunities of each account. */
export function setByAccount(view: MetricView, ids: readonly string[]): DealSet {
  return {
    ...setByColumn(view, sql`t.account_id`, ids),
    accounts: sql`select own.id::text as k, own.id as account_id from unnest(${ids}::uuid[]) own (id)`,
  };
}

/** The opportunities of each account and of all accounts below it; one may be in several groups. */
export function setByFamily(view: MetricView, ids: readonly string[]): DealSet {
  const { id } = view.organization;
  return {
    view,
    among: sql`true`,
    accounts: sql`select family.head::text as k, family.member as account_id
      from (${families(id, sql`a.id = any(${ids}::uuid[])`)}) family`,
    joins: sql`join (${families(id, sql`a.id = any(${ids}::uuid[])`)}) family on family.member = t.account_id`,
    key: () => sql`family.head::text`,
    linkedTo: (head) => sql`t.account_id in (select f.member from (${families(id, sql`a.id = ${head}`)}) f)`,
    amountBasis: AmountBasis.CURRENT,
  };
}

/** Each of those accounts (`head`) with itself and all below it (`member`); a ring of parents ends where it began. */
export function families(organizationId: string, heads: Sql): Sql {
  return sql`with recursive below (head, member) as (
        select a.id, a.id from account a where a.organization_id = ${organizationId} and ${heads}
        union
        select b.head, a.id from below b
        join account a on a.organization_id = ${organizationId} and a.parent_id = b.member and a.deleted_at is null)
      select head, member from below`;
}
