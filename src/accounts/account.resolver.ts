import sql from 'sql-template-tag';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ActivityConnection, activityList } from '../activities/activity.type.ts';
import { activitySource } from '../activities/activity.queries.ts';
import { contactFilter, contactOrders } from '../contacts/contact.filter.ts';
import { ContactOrderField, NestedContactsArgs } from '../contacts/contact.inputs.ts';
import { contactSource } from '../contacts/contact.queries.ts';
import { ContactConnection, contactList } from '../contacts/contact.type.ts';
import { conversionOrder, conversionSource } from '../conversion/conversion.queries.ts';
import { LeadConversionConnection, conversionList } from '../conversion/conversion.type.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { badInput, searchedText } from '../graphql/errors.ts';
import { compileFilter, everything } from '../graphql/filter.ts';
import { decodeId } from '../graphql/ids.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { orders } from '../graphql/order.ts';
import { pageRequest } from '../graphql/page.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { meantExternalIds } from '../imports/salesforce-id.ts';
import { leadFilter, leadOrders } from '../leads/lead.filter.ts';
import { LeadOrderField, NestedLeadsArgs } from '../leads/lead.inputs.ts';
import { leadSource } from '../leads/lead.queries.ts';
import { LeadConnection, leadList } from '../leads/lead.type.ts';
import { opportunityFilter, opportunityOrders } from '../opportunities/opportunity.filter.ts';
import { NestedOpportunitiesArgs, OpportunityOrderField } from '../opportunities/opportunity.inputs.ts';
import { opportunitySource } from '../opportunities/opportunity.queries.ts';
import { OpportunityConnection, opportunityList } from '../opportunities/opportunity.type.ts';
import { OrderDirection } from '../graphql/filter.types.ts';
import { activityOrder } from '../activities/activity.queries.ts';
import { accountFilter, accountOrders } from './account.filter.ts';
import { AccountKey, AccountOrderField, AccountsArgs } from './account.inputs.ts';
import { accountByKey, accountsByIds, accountSource } from './account.queries.ts';
import { Account, AccountConnection, accountList } from './account.type.ts';
import { registrableDomain } from './company.ts';

const byName = { field: AccountOrderField.NAME };

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => Account, { nullable: true, description: 'One account; null when there is none by that key.' })
  account(
    @Arg('by', () => AccountKey, { description: 'How to find it.' }) by: AccountKey,
    @Ctx() context: Context,
  ): Promise<Account | null> | null {
    if (by.id != null)
      return loadById(context, 'Account', accountsByIds, decodeId('Account', by.id, 'by.id'));
    const { snapshot, organization } = context;
    if (by.externalId != null)
      return accountByKey(
        snapshot,
        organization.id,
        'external_id',
        meantExternalIds(searchedText(by.externalId, 'by.externalId')),
      );
    const domain = registrableDomain(by.domain);
    if (domain === null) throw badInput('by.domain', 'is not a domain (acme.com)');
    return accountByKey(snapshot, organization.id, 'domain', [domain]);
  }

  @Query(() => AccountConnection, { description: 'All accounts, page by page.' })
  accounts(
    @Args(() => AccountsArgs) args: AccountsArgs,
    @Ctx() context: Context,
  ): Promise<AccountConnection> {
    const condition = compileFilter(args.filter, accountFilter, context.organization);
    const request = pageRequest(args, orders(args.orderBy, accountOrders, byName));
    return loadPage(context, accountList, accountSource(context.organization.id, condition), request);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person responsible; null when nobody is.' })
  owner(@Root() account: Account, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, account.ownerUuid);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The company it belongs to; null at the top.',
  })
  parent(@Root() account: Account, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, account.parentUuid);
  }

  @FieldResolver(() => AccountConnection, { description: 'Companies that belong to it directly, by name.' })
  children(
    @Root() account: Account,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<AccountConnection> {
    return loadPageOf(context, 'Account.children', args, account.uuid, accountList, () => ({
      source: accountSource(context.organization.id, everything),
      link: (parent) => sql`t.parent_id = ${parent}`,
      request: pageRequest(args, orders(null, accountOrders, byName)),
    }));
  }

  @FieldResolver(() => ContactConnection, {
    description: 'People we know there; by name unless ordered otherwise.',
  })
  contacts(
    @Root() account: Account,
    @Args(() => NestedContactsArgs) args: NestedContactsArgs,
    @Ctx() context: Context,
  ): Promise<ContactConnection> {
    return loadPageOf(context, 'Account.contacts', args, account.uuid, contactList, () => ({
      source: contactSource(
        context.organization.id,
        compileFilter(args.filter, contactFilter, context.organization, 'contacts.filter'),
      ),
      link: (parent) => sql`t.account_id = ${parent}`,
      request: pageRequest(args, orders(args.orderBy, contactOrders, { field: ContactOrderField.NAME })),
    }));
  }

  @FieldResolver(() => OpportunityConnection, {
    description: 'Deals with it, open and closed; by close date unless ordered otherwise.',
  })
  opportunities(
    @Root() account: Account,
    @Args(() => NestedOpportunitiesArgs) args: NestedOpportunitiesArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    return loadPageOf(context, 'Account.opportunities', args, account.uuid, opportunityList, () => ({
      source: opportunitySource(
        context.organization.id,
        compileFilter(args.filter, opportunityFilter, context.organization, 'opportunities.filter'),
      ),
      link: (parent) => sql`t.account_id = ${parent}`,
      request: pageRequest(
        args,
        orders(args.orderBy, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE }),
      ),
    }));
  }

  @FieldResolver(() => LeadConnection, {
    description: 'Leads not converted yet that are matched to this account, newest first.',
  })
  leads(
    @Root() account: Account,
    @Args(() => NestedLeadsArgs) args: NestedLeadsArgs,
    @Ctx() context: Context,
  ): Promise<LeadConnection> {
    return loadPageOf(context, 'Account.leads', args, account.uuid, leadList, () => ({
      source: leadSource(
        context.organization.id,
        sql`not t.is_converted and ${compileFilter(args.filter, leadFilter, context.organization, 'leads.filter')}`,
      ),
      link: (parent) => sql`t.matched_account_id = ${parent}`,
      request: pageRequest(
        args,
        orders(null, leadOrders, { field: LeadOrderField.CREATED_AT, direction: OrderDirection.DESC }),
      ),
    }));
  }

  @FieldResolver(() => LeadConversionConnection, {
    description: 'Lineage: every lead that fed this account, latest conversion first.',
  })
  conversions(
    @Root() account: Account,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<LeadConversionConnection> {
    return loadPageOf(context, 'Account.conversions', args, account.uuid, conversionList, () => ({
      source: conversionSource(context.organization.id, everything),
      link: (parent) => sql`t.account_id = ${parent}`,
      request: pageRequest(args, conversionOrder),
    }));
  }

  @FieldResolver(() => ActivityConnection, { description: 'What happened with the account, latest first.' })
  activities(
    @Root() account: Account,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ActivityConnection> {
    return loadPageOf(context, 'Account.activities', args, account.uuid, activityList, () => ({
      source: activitySource(context.organization.id, everything),
      link: (parent) => sql`t.account_id = ${parent}`,
      request: pageRequest(args, activityOrder),
    }));
  }
}
