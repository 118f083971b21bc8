import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { Account } from '../accounts/account.type.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import { Contact } from '../contacts/contact.type.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { Activity } from './activity.type.ts';

@Resolver(() => Activity)
export class ActivityResolver {
  @FieldResolver(() => Lead, { nullable: true, description: 'The lead it was with; null when with none.' })
  lead(@Root() activity: Activity, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, activity.leadUuid);
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description: 'The contact it was with; null when with none.',
  })
  contact(@Root() activity: Activity, @Ctx() context: Context): Promise<Contact | null> | null {
    return loadById(context, 'Contact', contactsByIds, activity.contactUuid);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The account it belongs to; null when to none.',
  })
  account(@Root() activity: Activity, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, activity.accountUuid);
  }

  @FieldResolver(() => Opportunity, {
    nullable: true,
    description: 'The deal it was about; null when about none.',
  })
  opportunity(@Root() activity: Activity, @Ctx() context: Context): Promise<Opportunity | null> | null {
    return loadById(context, 'Opportunity', opportunitiesByIds, activity.opportunityUuid);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Our person in it; null when nobody.' })
  owner(@Root() activity: Activity, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, activity.ownerUuid);
  }
}
