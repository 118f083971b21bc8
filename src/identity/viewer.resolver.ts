import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { activitiesByIds } from '../activities/activity.queries.ts';
import { campaignsByIds } from '../campaigns/campaign.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import { conversionsByIds } from '../conversion/conversion.queries.ts';
import { proposalsByIds } from '../conversion/proposal.queries.ts';
import { jobsByIds } from '../conversion-jobs/job.queries.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { badInput } from '../graphql/errors.ts';
import { parseId } from '../graphql/ids.ts';
import { loadById, loadPage } from '../graphql/load.ts';
import { Node } from '../graphql/node.type.ts';
import { MAX_PAGE, pageRequest } from '../graphql/page.ts';
import { handoffsByIds } from '../handoffs/handoff.queries.ts';
import { leadsByIds, loadLeadStatuses } from '../leads/lead.queries.ts';
import { LeadStatus } from '../leads/lead.type.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { loadStages } from '../opportunities/stage.queries.ts';
import { Stage } from '../opportunities/stage.type.ts';
import {
  byName,
  organizationsByIds,
  queuesByIds,
  queueSource,
  usersByIds,
  userSource,
} from './identity.queries.ts';
import { rightsOf } from './rights.ts';
import { QueueConnection, queueList, User, UserConnection, userList } from './user.type.ts';
import { OrganizationType, Viewer } from './viewer.type.ts';

type NodeId = NonNullable<ReturnType<typeof parseId>>;

function nodeId(id: string, argument: string): NodeId {
  const parsed = parseId(id);
  if (!parsed) throw badInput(argument, 'is not an id: expected acc_…, con_…, opp_…, led_…, cnv_…');
  return parsed;
}

function loadNode(context: Context, { type, uuid }: NodeId): Promise<Node | null> | Node | null {
  switch (type) {
    case 'Account':
      return loadById(context, type, accountsByIds, uuid);
    case 'Activity':
      return loadById(context, type, activitiesByIds, uuid);
    case 'Campaign':
      return loadById(context, type, campaignsByIds, uuid);
    case 'Contact':
      return loadById(context, type, contactsByIds, uuid);
    case 'ConversionProposal':
      return loadById(context, type, proposalsByIds, uuid);
    case 'ConversionJob':
      return loadById(context, type, jobsByIds, uuid);
    case 'Lead':
      return loadById(context, type, leadsByIds, uuid);
    case 'LeadConversion':
      return loadById(context, type, conversionsByIds, uuid);
    case 'LeadHandoff':
      return loadById(context, type, handoffsByIds, uuid);
    case 'LeadStatus':
      return loadLeadStatuses(context).then((all) => all.find((status) => status.uuid === uuid) ?? null);
    case 'Opportunity':
      return loadById(context, type, opportunitiesByIds, uuid);
    case 'Organization':
      return loadById(context, type, organizationsByIds, uuid);
    case 'Queue':
      return loadById(context, type, queuesByIds, uuid);
    case 'Stage':
      return loadStages(context).then((all) => all.find((stage) => stage.uuid === uuid) ?? null);
    case 'User':
      return loadById(context, type, usersByIds, uuid);
  }
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who I am, in which organisation, with which rights.' })
  viewer(@Ctx() context: Context): Viewer {
    const { role } = context.principal;
    return { role, rights: [...rightsOf(role)] };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'The person; null for a program with a service token.',
  })
  user(@Root() _viewer: Viewer, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, context.principal.userId);
  }

  @FieldResolver(() => OrganizationType, {
    description: 'The organisation everything is read from and written to.',
  })
  async organization(@Root() _viewer: Viewer, @Ctx() context: Context): Promise<OrganizationType> {
    return (await loadById(context, 'Organization', organizationsByIds, context.organization.id))!;
  }

  @Query(() => Node, { nullable: true, description: 'Any record by its id; null when there is none.' })
  node(
    @Arg('id', () => ID, { description: 'The id of any record.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Node | null> | Node | null {
    return loadNode(context, nodeId(id, 'id'));
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Records by their ids, in the order asked for; null where there is none.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: `The ids, at most ${MAX_PAGE}.` }) ids: string[],
    @Ctx() context: Context,
  ): (Promise<Node | null> | Node | null)[] {
    if (ids.length > MAX_PAGE) throw badInput('ids', `has more than ${MAX_PAGE} ids`);
    // all are judged before any is loaded: nobody would wait for what was loaded before a bad one
    return ids.map((id, index) => nodeId(id, `ids[${index}]`)).map((id) => loadNode(context, id));
  }
}

@Resolver(() => OrganizationType)
export class OrganizationResolver {
  @FieldResolver(() => [Stage], { description: 'The steps of its sales process, in order.' })
  stages(@Ctx() context: Context): Promise<Stage[]> {
    return loadStages(context);
  }

  @FieldResolver(() => [LeadStatus], { description: 'The steps in the life of its leads, in order.' })
  leadStatuses(@Ctx() context: Context): Promise<LeadStatus[]> {
    return loadLeadStatuses(context);
  }

  @FieldResolver(() => UserConnection, { description: 'Its people, by name: who can own records.' })
  users(
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<UserConnection> {
    return loadPage(context, userList, userSource(context.organization.id), pageRequest(args, byName));
  }

  @FieldResolver(() => QueueConnection, { description: 'The queues that can own its leads, by name.' })
  queues(
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<QueueConnection> {
    return loadPage(context, queueList, queueSource(context.organization.id), pageRequest(args, byName));
  }
}
