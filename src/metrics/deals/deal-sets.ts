import sql, { empty, type Sql } from 'sql-template-tag';
import { accountFilter } from '../../accounts/account.filter.ts';
import { accountSource } from '../../accounts/account.queries.ts';
import type { Context } from '../../graphql/context.ts';
import { compileFilter, everything } from '../../graphql/filter.ts';
import { decodeId } from '../../graphql/ids.ts';
import { opportunityFilter } from '../../opportunities/opportunity.filter.ts';
import type { OpportunityFilter } from '../../opportunities/opportunity.inputs.ts';
import { isKnown } from '../accounts/account-activity.ts';
import { isInScope } from '../accounts/account-scope.ts';
import { AmountBasis } from '../metric.enums.ts';
import type { MetricScope } from '../metric.inputs.ts';
import type { MetricView } from '../metric-view.ts';
import { type DealSet, ungrouped } from './deal-set.ts';
import type { TargetChoice } from '../targets/window-targets.queries.ts';

/** The opportunities of a scope, as one group. */
export function scopeSet(
  { organization }: Pick<Context, 'organization'>,
  scope: MetricScope | null | undefined,
  view: MetricView,
): DealSet {
  const own = compileFilter(scope?.opportunity, opportunityFilter, organization, 'scope.opportunity');
  const ofAccount = compileFilter(scope?.account, accountFilter, organization, 'scope.account');
  const isOfAll = ofAccount === everything;
  const accounts = accountSource(organization.id, ofAccount);
  return {
    ...ungrouped,
    view,
    among: isOfAll
      ? own
      : sql`${own} and t.account_id in (select t.id from account t where ${accounts.where})`,
    amountBasis: scope?.amountBasis ?? AmountBasis.CURRENT,
    targets: isOfAll ? targetsFor(scope?.opportunity ?? {}, organization) : undefined,
    accounts: sql`select ''::text as k, t.id as account_id from account t
      where ${isKnown(view, sql`t`)} and ${isInScope({ organization }, scope, view)}`,
  };
}

/** Targets are set for the organisation and for people, so there are none for opportunities with anything else in common. */
function targetsFor(
  { owner, ...others }: OpportunityFilter,
  organization: Context['organization'],
): TargetChoice | undefined {
  if (compileFilter(others, opportunityFilter, organization) !== everything) return undefined;
  const { eq = null, in: list = null, isNull = null } = owner ?? {};
  const ids = list ?? (eq === null ? null : [eq]);
  if (ids === null && isNull === null) return { among: (targets) => targets, isOfPeople: false };
  if (ids === null || isNull !== null || (list !== null && eq !== null)) return undefined;
  const owners = new Set(ids.map((id) => decodeId('User', id, 'scope.opportunity.owner')));
  return {
    among: (targets) => targets.filter(({ ownerId }) => ownerId !== null && owners.has(ownerId)),
    isOfPeople: true,
  };
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
