import DataLoader from 'dataloader';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { auditOfConversions } from './audit.queries.ts';
import { Actor, AuditEntry } from './audit.type.ts';
import { LeadConversion } from './conversion.type.ts';

@Resolver(() => LeadConversion)
export class AuditResolver {
  @FieldResolver(() => [AuditEntry], {
    description:
      'What was done, by whom, with everything it changed, oldest first: the conversion, and its undoing; empty for an imported conversion.',
  })
  audit(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<AuditEntry[]> {
    return context
      .loader(
        'LeadConversion.audit',
        () =>
          new DataLoader<string, AuditEntry[]>((ids) =>
            auditOfConversions(context.snapshot, context.organization, ids),
          ),
      )
      .load(conversion.uuid);
  }
}

@Resolver(() => Actor)
export class ActorResolver {
  @FieldResolver(() => User, { nullable: true, description: 'The person; null for a program.' })
  user(@Root() actor: Actor, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, actor.userUuid);
  }
}
