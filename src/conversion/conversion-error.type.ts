import { Ctx, Field, FieldResolver, Float, ObjectType, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { Node } from '../graphql/node.type.ts';
import { type DuplicateCandidateData, UserError, type UserErrorData } from '../graphql/user-error.ts';
import { MatchMethod } from '../leads/lead.enums.ts';
import { conversionsByIds } from './conversion.queries.ts';
import { LeadConversion } from './conversion.type.ts';

@ObjectType('LeadConvertedError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'The lead is converted, and so read-only.',
})
export class LeadConvertedError extends UserError {}

@ObjectType('DuplicateCandidate', {
  simpleResolvers: true,
  description: 'A record that seems to be the one about to be created.',
})
export class DuplicateCandidate {
  @Field(() => Float, { description: 'How alike: 1 is an exact match.' })
  score!: number;

  @Field(() => [String], { description: 'The fields that agree: `domain`, `name`, `email`.' })
  matchedOn!: string[];

  @Field(() => MatchMethod, { description: 'How it was recognised.' })
  method!: MatchMethod;
}

@ObjectType('DuplicateFoundError', {
  implements: UserError,
  simpleResolvers: true,
  description:
    'The record to create seems to exist. Name one of the candidates as `existing`, or set `allowDuplicate`.',
})
export class DuplicateFoundError extends UserError {}

@ObjectType('PlanExpiredError', {
  implements: UserError,
  simpleResolvers: true,
  description:
    'Converting would do something else now than the plan says, so nothing was done. Preview again.',
})
export class PlanExpiredError extends UserError {
  @Field(() => [String], { description: 'What has changed, for people: `lead: version 3 → 4`.' })
  changes!: string[];
}

@Resolver(() => LeadConvertedError)
export class LeadConvertedErrorResolver {
  @FieldResolver(() => LeadConversion, { nullable: true, description: 'The conversion that stands.' })
  conversion(@Root() error: UserErrorData, @Ctx() context: Context): Promise<LeadConversion | null> | null {
    return loadById(context, 'LeadConversion', conversionsByIds, error.conversionId!);
  }
}

function recordOf(context: Context, { kind, id }: DuplicateCandidateData): Promise<Node | null> | null {
  return kind === 'Account'
    ? loadById(context, 'Account', accountsByIds, id)
    : loadById(context, 'Contact', contactsByIds, id);
}

@Resolver(() => DuplicateFoundError)
export class DuplicateFoundErrorResolver {
  @FieldResolver(() => [DuplicateCandidate], {
    description:
      'The records that seem to be it, best first; of a remembered error those that are still there.',
  })
  async candidates(
    @Root() { candidates = [] }: UserErrorData,
    @Ctx() context: Context,
  ): Promise<DuplicateCandidateData[]> {
    const records = await Promise.all(candidates.map((candidate) => recordOf(context, candidate)));
    return candidates.filter((_, index) => records[index] !== null);
  }
}

@Resolver(() => DuplicateCandidate)
export class DuplicateCandidateResolver {
  @FieldResolver(() => Node, { description: 'The record.' })
  record(@Root() candidate: DuplicateCandidateData, @Ctx() context: Context): Promise<Node | null> | null {
    return recordOf(context, candidate);
  }
}
