import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { activitiesByIds } from '../activities/activity.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { Node } from '../graphql/node.type.ts';
import { type RevertBlockerData, UserError } from '../graphql/user-error.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { conversionsByIds } from './conversion.queries.ts';
import { LeadConversion } from './conversion.type.ts';

@ObjectType('RevertBlocker', {
  simpleResolvers: true,
  description: 'Something that was built on a conversion.',
})
export class RevertBlocker {
  @Field(() => String, { description: 'What was done to the record since, for people.' })
  reason!: string;
}

@ObjectType('RevertBlockedError', {
  implements: UserError,
  simpleResolvers: true,
  description:
    "The conversion was built upon, or imported, so that nothing is known of what it wrote; nothing was undone. Undo what is listed first, where it can be undone: a merge can't.",
})
export class RevertBlockedError extends UserError {
  @Field(() => [RevertBlocker], { description: 'Everything in the way; at most 100 of a kind.' })
  blockers!: RevertBlocker[];
}

@ObjectType('RevertConversionPayload', {
  simpleResolvers: true,
  description: 'An undone conversion; nothing was undone when there are `userErrors`.',
})
export class RevertConversionPayload extends WritePayload {
  @Field(() => LeadConversion, {
    nullable: true,
    description: 'The conversion, undone; it stays visible. What it had created is gone.',
  })
  conversion!: LeadConversion | null;

  @Field(() => Lead, {
    nullable: true,
    description: 'The lead, as it was before; it can be converted again.',
  })
  lead!: Lead | null;
}

@Resolver(() => RevertBlocker)
export class RevertBlockerResolver {
  @FieldResolver(() => Node, {
    description: 'The record that changed or was added; the conversion when the record is no more.',
  })
  async record(@Root() blocker: RevertBlockerData, @Ctx() context: Context): Promise<Node | null> {
    const { conversionId } = blocker;
    return (
      (await recordOf(context, blocker)) ??
      loadById(context, 'LeadConversion', conversionsByIds, conversionId)
    );
  }
}

function recordOf(context: Context, { type, id }: RevertBlockerData): Promise<Node | null> | null {
  switch (type) {
    case 'Account':
      return loadById(context, type, accountsByIds, id);
    case 'Contact':
      return loadById(context, type, contactsByIds, id);
    case 'Opportunity':
      return loadById(context, type, opportunitiesByIds, id);
    case 'Lead':
      return loadById(context, type, leadsByIds, id);
    case 'Activity':
      return loadById(context, type, activitiesByIds, id);
    case 'LeadConversion':
      return loadById(context, type, conversionsByIds, id);
  }
}
