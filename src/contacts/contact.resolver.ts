import sql from 'sql-template-tag';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { Account } from '../accounts/account.type.ts';
import { conversionOrder, conversionSource } from '../conversion/conversion.queries.ts';
import { LeadConversionConnection, conversionList } from '../conversion/conversion.type.ts';
import { textKey } from '../database/text-key.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { searchedText } from '../graphql/errors.ts';
import { compileFilter, everything } from '../graphql/filter.ts';
import { decodeId } from '../graphql/ids.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { orders } from '../graphql/order.ts';
import { pageRequest } from '../graphql/page.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { meantExternalIds } from '../imports/salesforce-id.ts';
import { opportunityOrders } from '../opportunities/opportunity.filter.ts';
import { OpportunityOrderField } from '../opportunities/opportunity.inputs.ts';
import { opportunitySource } from '../opportunities/opportunity.queries.ts';
import { OpportunityConnection, opportunityList } from '../opportunities/opportunity.type.ts';
import { contactFilter, contactOrders } from './contact.filter.ts';
import { ContactKey, ContactOrderField, ContactsArgs } from './contact.inputs.ts';
import { contactByKey, contactsByIds, contactSource } from './contact.queries.ts';
import { Contact, ContactConnection, contactList } from './contact.type.ts';

@Resolver(() => Contact)
export class ContactResolver {
  @Query(() => Contact, { nullable: true, description: 'One contact; null when there is none by that key.' })
  contact(
    @Arg('by', () => ContactKey, { description: 'How to find it.' }) by: ContactKey,
    @Ctx() context: Context,
  ): Promise<Contact | null> | null {
    if (by.id != null)
      return loadById(context, 'Contact', contactsByIds, decodeId('Contact', by.id, 'by.id'));
    const { snapshot, organization } = context;
    return by.email != null
      ? contactByKey(snapshot, organization.id, 'email_key', [textKey(searchedText(by.email, 'by.email'))])
      : contactByKey(
          snapshot,
          organization.id,
          'external_id',
          meantExternalIds(searchedText(by.externalId!, 'by.externalId')),
        );
  }

  @Query(() => ContactConnection, { description: 'All contacts, page by page.' })
  contacts(
    @Args(() => ContactsArgs) args: ContactsArgs,
    @Ctx() context: Context,
  ): Promise<ContactConnection> {
    const condition = compileFilter(args.filter, contactFilter, context.organization);
    const request = pageRequest(args, orders(args.orderBy, contactOrders, { field: ContactOrderField.NAME }));
    return loadPage(context, contactList, contactSource(context.organization.id, condition), request);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Where the person works; null for a contact without account.',
  })
  account(@Root() contact: Contact, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, contact.accountUuid);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person responsible; null when nobody is.' })
  owner(@Root() contact: Contact, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, contact.ownerUuid);
  }

  @FieldResolver(() => OpportunityConnection, {
    description: 'Deals the person has a role in, by close date.',
  })
  opportunities(
    @Root() contact: Contact,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    const { id } = context.organization;
    return loadPageOf(context, 'Contact.opportunities', args, contact.uuid, opportunityList, () => ({
      source: opportunitySource(id, everything),
      link: (parent) => sql`t.id in (
        select r.opportunity_id from opportunity_contact_role r where r.organization_id = ${id} and r.contact_id = ${parent})`,
      request: pageRequest(
        args,
        orders(null, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE }),
      ),
    }));
  }

  @FieldResolver(() => LeadConversionConnection, {
    description: 'Lineage: the leads this person was before, latest conversion first.',
  })
  conversions(
    @Root() contact: Contact,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<LeadConversionConnection> {
    return loadPageOf(context, 'Contact.conversions', args, contact.uuid, conversionList, () => ({
      source: conversionSource(context.organization.id, everything),
      link: (parent) => sql`t.contact_id = ${parent}`,
      request: pageRequest(args, conversionOrder),
    }));
  }
}
