import DataLoader from 'dataloader';
import sql from 'sql-template-tag';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { Account } from '../accounts/account.type.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import { Contact } from '../contacts/contact.type.ts';
import { conversionOrder, conversionSource } from '../conversion/conversion.queries.ts';
import { LeadConversionConnection, conversionList } from '../conversion/conversion.type.ts';
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
import { opportunityFilter, opportunityOrders } from './opportunity.filter.ts';
import { OpportunitiesArgs, OpportunityKey, OpportunityOrderField } from './opportunity.inputs.ts';
import {
  contactRolesOf,
  opportunitiesByIds,
  opportunityByExternalId,
  opportunitySource,
  stageVisitsOf,
} from './opportunity.queries.ts';
import {
  Opportunity,
  OpportunityConnection,
  OpportunityContactRole,
  opportunityList,
  StageVisit,
} from './opportunity.type.ts';
import { loadStage } from './stage.queries.ts';
import { Stage } from './stage.type.ts';

@Resolver(() => Opportunity)
export class OpportunityResolver {
  @Query(() => Opportunity, {
    nullable: true,
    description: 'One opportunity; null when there is none by that key.',
  })
  opportunity(
    @Arg('by', () => OpportunityKey, { description: 'How to find it.' }) by: OpportunityKey,
    @Ctx() context: Context,
  ): Promise<Opportunity | null> | null {
    return by.id != null
      ? loadById(context, 'Opportunity', opportunitiesByIds, decodeId('Opportunity', by.id, 'by.id'))
      : opportunityByExternalId(
          context.snapshot,
          context.organization.id,
          meantExternalIds(searchedText(by.externalId!, 'by.externalId')),
        );
  }

  @Query(() => OpportunityConnection, { description: 'All opportunities, page by page.' })
  opportunities(
    @Args(() => OpportunitiesArgs) args: OpportunitiesArgs,
    @Ctx() context: Context,
  ): Promise<OpportunityConnection> {
    const condition = compileFilter(args.filter, opportunityFilter, context.organization);
    const order = orders(args.orderBy, opportunityOrders, { field: OpportunityOrderField.CLOSE_DATE });
    const source = opportunitySource(context.organization.id, condition);
    return loadPage(context, opportunityList, source, pageRequest(args, order));
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The company it is with; null for a private deal.',
  })
  account(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, opportunity.accountUuid);
  }

  @FieldResolver(() => Stage, { description: 'Where in the sales process it is.' })
  stage(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<Stage> {
    return loadStage(context, opportunity.stageUuid);
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person responsible; null when nobody is.' })
  owner(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, opportunity.ownerUuid);
  }

  @FieldResolver(() => [OpportunityContactRole], { description: 'The people in it, the main contact first.' })
  contactRoles(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<OpportunityContactRole[]> {
    return context
      .loader(
        'Opportunity.contactRoles',
        () =>
          new DataLoader<string, OpportunityContactRole[]>((ids) =>
            contactRolesOf(context.snapshot, context.organization.id, ids),
          ),
      )
      .load(opportunity.uuid);
  }

  @FieldResolver(() => [StageVisit], { description: 'The stages it went through, in time.' })
  stageHistory(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<StageVisit[]> {
    return context
      .loader(
        'Opportunity.stageHistory',
        () =>
          new DataLoader<string, StageVisit[]>((ids) =>
            stageVisitsOf(context.snapshot, context.organization.id, ids),
          ),
      )
      .load(opportunity.uuid);
  }

  @FieldResolver(() => LeadConversionConnection, {
    description: 'Lineage: the leads that fed this deal, latest conversion first.',
  })
  conversions(
    @Root() opportunity: Opportunity,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<LeadConversionConnection> {
    return loadPageOf(context, 'Opportunity.conversions', args, opportunity.uuid, conversionList, () => ({
      source: conversionSource(context.organization.id, everything),
      link: (parent) => sql`t.opportunity_id = ${parent}`,
      request: pageRequest(args, conversionOrder),
    }));
  }
}

@Resolver(() => OpportunityContactRole)
export class OpportunityContactRoleResolver {
  @FieldResolver(() => Contact, { description: 'The person.' })
  contact(@Root() role: OpportunityContactRole, @Ctx() context: Context): Promise<Contact | null> | null {
    return loadById(context, 'Contact', contactsByIds, role.contactUuid);
  }
}

@Resolver(() => StageVisit)
export class StageVisitResolver {
  @FieldResolver(() => Stage, { description: 'The stage.' })
  stage(@Root() visit: StageVisit, @Ctx() context: Context): Promise<Stage> {
    return loadStage(context, visit.stageUuid);
  }
}
