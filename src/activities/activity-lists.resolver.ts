import sql, { type Sql } from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Contact } from '../contacts/contact.type.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { everything } from '../graphql/filter.ts';
import { loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import { Lead } from '../leads/lead.type.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { activityOrder, activitySource } from './activity.queries.ts';
import { ActivityConnection, activityList } from './activity.type.ts';

function activitiesOf(
  context: Context,
  name: string,
  args: ForwardPageArgs,
  uuid: string,
  link: (parent: Sql) => Sql,
): Promise<ActivityConnection> {
  return loadPageOf(context, name, args, uuid, activityList, () => ({
    source: activitySource(context.organization.id, everything),
    link,
    request: pageRequest(args, activityOrder),
  }));
}

@Resolver(() => Lead)
export class LeadActivitiesResolver {
  @FieldResolver(() => ActivityConnection, {
    description: 'What happened with the lead, up to its conversion; latest first.',
  })
  activities(
    @Root() lead: Lead,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ActivityConnection> {
    return activitiesOf(context, 'Lead.activities', args, lead.uuid, (parent) => sql`t.lead_id = ${parent}`);
  }
}

@Resolver(() => Contact)
export class ContactActivitiesResolver {
  @FieldResolver(() => ActivityConnection, {
    description: 'What happened with the person, also while a lead; latest first.',
  })
  activities(
    @Root() contact: Contact,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ActivityConnection> {
    const link = (parent: Sql) => sql`t.contact_id = ${parent}`;
    return activitiesOf(context, 'Contact.activities', args, contact.uuid, link);
  }
}

@Resolver(() => Opportunity)
export class OpportunityActivitiesResolver {
  @FieldResolver(() => ActivityConnection, { description: 'What happened about the deal, latest first.' })
  activities(
    @Root() opportunity: Opportunity,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<ActivityConnection> {
    const link = (parent: Sql) => sql`t.opportunity_id = ${parent}`;
    return activitiesOf(context, 'Opportunity.activities', args, opportunity.uuid, link);
  }
}
