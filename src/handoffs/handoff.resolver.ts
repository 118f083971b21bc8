import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { compileFilter, everything } from '../graphql/filter.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import type { UserErrorData } from '../graphql/user-error.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { handoffFilter, LeadHandoffsArgs } from './handoff.filter.ts';
import { handoffOrder, handoffsByIds, handoffSource, loadPendingHandoff } from './handoff.queries.ts';
import { HandoffError, handoffList, LeadHandoff, LeadHandoffConnection } from './handoff.type.ts';

@Resolver(() => LeadHandoff)
export class HandoffResolver {
  @Query(() => LeadHandoffConnection, {
    description: 'Hand-offs of leads, latest first: with `to` and `state: PENDING` the inbox of an AE.',
  })
  leadHandoffs(
    @Args(() => LeadHandoffsArgs) args: LeadHandoffsArgs,
    @Ctx() context: Context,
  ): Promise<LeadHandoffConnection> {
    const condition = compileFilter(args.filter, handoffFilter, context.organization);
    const source = handoffSource(context.organization.id, condition);
    return loadPage(context, handoffList, source, pageRequest(args, handoffOrder));
  }

  @FieldResolver(() => Lead, { nullable: true, description: 'The lead; null when it was deleted.' })
  lead(@Root() handoff: LeadHandoff, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, handoff.leadUuid);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      "Who handed it over; for a program's hand-off the lead's owner then. Null: a program's, of a lead no person owned.",
  })
  from(@Root() handoff: LeadHandoff, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, handoff.fromUuid);
  }

  @FieldResolver(() => User, { description: 'Who is to take the lead.' })
  to(@Root() handoff: LeadHandoff, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, handoff.toUuid);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who decided it; null while it is pending, and when a program or an import withdrew it.',
  })
  decidedBy(@Root() handoff: LeadHandoff, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, handoff.decidedByUuid);
  }
}

@Resolver(() => Lead)
export class LeadHandoffsResolver {
  @FieldResolver(() => LeadHandoffConnection, { description: 'Its hand-offs from SDR to AE, latest first.' })
  handoffs(
    @Root() lead: Lead,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<LeadHandoffConnection> {
    return loadPageOf(context, 'Lead.handoffs', args, lead.uuid, handoffList, () => ({
      source: handoffSource(context.organization.id, everything),
      link: (parent) => sql`t.lead_id = ${parent}`,
      request: pageRequest(args, handoffOrder),
    }));
  }

  @FieldResolver(() => LeadHandoff, {
    nullable: true,
    description: 'The hand-off that waits for a decision; null when there is none.',
  })
  pendingHandoff(@Root() lead: Lead, @Ctx() context: Context): Promise<LeadHandoff | null> {
    return loadPendingHandoff(context, lead.uuid);
  }
}

@Resolver(() => HandoffError)
export class HandoffErrorResolver {
  @FieldResolver(() => LeadHandoff, { nullable: true, description: 'The hand-off that came first.' })
  handoff(@Root() error: UserErrorData, @Ctx() context: Context): Promise<LeadHandoff | null> | null {
    return loadById(context, 'LeadHandoff', handoffsByIds, error.handoffId!);
  }
}
