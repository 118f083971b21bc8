import DataLoader from 'dataloader';
import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql';
import { accountFilter, accountOrders } from '../../accounts/account.filter.ts';
import { AccountOrderField } from '../../accounts/account.inputs.ts';
import { accountSource } from '../../accounts/account.queries.ts';
import { Account, AccountConnection, accountList } from '../../accounts/account.type.ts';
import { BuyingRole } from '../../contacts/contact.enums.ts';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadPage, loadPageOf } from '../../graphql/load.ts';
import { orders } from '../../graphql/order.ts';
import { pageRequest } from '../../graphql/page.ts';
import { metricDefinition, metricDescription } from '../catalogue.ts';
import { metricsCost } from '../metric-costs.ts';
import { MetricsArgs, ViewArgs } from '../metric.inputs.ts';
import { loadMetricSettings, plainView } from '../metric-view.ts';
import { AccountRecordsArgs } from '../records.inputs.ts';
import { AccountCoverage } from './account-coverage.type.ts';
import { AccountRateMetric } from './account-metric.types.ts';
import { isInScope } from './account-scope.ts';
import { setName } from '../set-name.ts';
import { loadSelected } from './selected-values.ts';
import { coverageDefinition, type CoverageKey, coverageKeys } from './coverage-definitions.ts';
import {
  type AccountSet,
  coverageByGroup,
  type CoverageValues,
  isCovered,
  type RateParts,
} from './coverage.queries.ts';

@Resolver()
class CoverageResolver {
  @Query(() => AccountCoverage, {
    complexity: metricsCost,
    description:
      'How well target accounts are covered: those that satisfy `scope.account` and, with `scope.opportunity`, have at least one such opportunity; all when no scope is given.',
  })
  accountCoverage(
    @Args(() => MetricsArgs) { scope, ...args }: MetricsArgs,
    @Ctx() context: Context,
  ): AccountCoverage {
    const view = plainView(context, args);
    const among = isInScope(context, scope, view);
    return { origin: { set: { view, among: () => among, key: sql`''` }, group: '' } };
  }
}

@Resolver(() => Account)
class AccountCoverageResolver {
  @FieldResolver(() => AccountCoverage, {
    description: 'Coverage of this account, if it is a target account; else of none.',
  })
  coverage(
    @Root() account: Account,
    @Args(() => ViewArgs) args: ViewArgs,
    @Ctx() context: Context,
  ): Promise<AccountCoverage> {
    // one set for all accounts, so that their metrics are computed together
    return context
      .loader(
        `Account.coverage ${JSON.stringify(args)}`,
        () =>
          new DataLoader<'all', AccountSet>((keys) =>
            Promise.resolve(keys.map(() => setOfAccounts(plainView(context, args)))),
          ),
      )
      .load('all')
      .then((set) => ({ origin: { set, group: account.uuid } }));
  }
}

const setOfAccounts = (view: AccountSet['view']): AccountSet => ({
  view,
  among: (ids) => sql`t.id = any(${ids}::uuid[])`,
  key: sql`t.id::text`,
});

/** One field per entry of the catalogue, described by it. */
function coverageField(key: CoverageKey) {
  const metric = coverageDefinition(key);
  const type = {
    count: () => Int,
    mean: () => Float,
    roles: () => [BuyingRole],
    rate: () => AccountRateMetric,
  }[metric.shape];

  @Resolver(() => AccountCoverage)
  class CoverageFieldResolver {
    @FieldResolver(type, {
      nullable: metric.shape === 'mean',
      description: metricDescription(metric),
    })
    async [key](@Root() { origin }: AccountCoverage, @Ctx() context: Context): Promise<unknown> {
      const settings = await loadMetricSettings(context);
      const value = await loadSelected<CoverageKey, CoverageValues>(
        context,
        'coverage',
        { ...origin, key },
        (keys, groups) => coverageByGroup(context.snapshot, origin.set, settings, keys, groups),
      );
      if (metric.shape !== 'rate') return value;
      return { ...(value as RateParts), definition: metricDefinition(key), key, origin };
    }
  }
  return CoverageFieldResolver;
}

@Resolver(() => AccountRateMetric)
class AccountRateResolver {
  @FieldResolver(() => AccountConnection, {
    description: 'Exactly the target accounts it counts, by name.',
  })
  async records(
    @Root() { key, origin }: AccountRateMetric,
    @Args(() => AccountRecordsArgs) args: AccountRecordsArgs,
    @Ctx() context: Context,
  ): Promise<AccountConnection> {
    const { set, group } = origin;
    const settings = await loadMetricSettings(context);
    const counted = isCovered(set.view, settings, key, args.inNumerator ?? null);
    const filtered = compileFilter(args.filter, accountFilter, context.organization, 'records.filter');
    const source = accountSource(context.organization.id, sql`${counted} and ${filtered}`);
    const order = orders(args.orderBy, accountOrders, { field: AccountOrderField.NAME });
    const request = pageRequest(args, order);
    if (group === '')
      return loadPage(
        context,
        accountList,
        { ...source, where: sql`${source.where} and ${set.among([])}` },
        request,
      );
    return loadPageOf(context, `${setName(set)} ${key} records`, args, group, accountList, () => ({
      source,
      link: (parent) => sql`t.id = ${parent}`,
      request,
    }));
  }
}

export const coverageResolvers = [
  CoverageResolver,
  AccountCoverageResolver,
  AccountRateResolver,
  ...coverageKeys.map(coverageField),
];
