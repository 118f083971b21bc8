import DataLoader from 'dataloader';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { Account } from '../accounts/account.type.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import { Contact } from '../contacts/contact.type.ts';
import type { Context } from '../graphql/context.ts';
import { compileFilter } from '../graphql/filter.ts';
import { loadById, loadPage } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { conversionFilter, ConversionsArgs } from './conversion.filter.ts';
import { conversionOrder, conversionSource, provenanceOf } from './conversion.queries.ts';
import {
  conversionList,
  FieldProvenance,
  LeadConversion,
  LeadConversionConnection,
} from './conversion.type.ts';

/** Reading conversions: what became of leads, and where records came from. */
@Resolver(() => LeadConversion)
export class LineageResolver {
  @Query(() => LeadConversionConnection, { description: 'All conversions, latest first.' })
  conversions(
    @Args(() => ConversionsArgs) args: ConversionsArgs,
    @Ctx() context: Context,
  ): Promise<LeadConversionConnection> {
    const condition = compileFilter(args.filter, conversionFilter, context.organization);
    const source = conversionSource(context.organization.id, condition);
    return loadPage(context, conversionList, source, pageRequest(args, conversionOrder));
  }

  @FieldResolver(() => Lead, { description: 'The lead.' })
  lead(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, conversion.leadUuid);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The account it became or joined; null when that is no more.',
  })
  account(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, conversion.accountUuid);
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description: 'The contact it became or joined; null when that is no more.',
  })
  contact(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<Contact | null> | null {
    return loadById(context, 'Contact', contactsByIds, conversion.contactUuid);
  }

  @FieldResolver(() => Opportunity, {
    nullable: true,
    description: 'The deal it started or joined; null without one.',
  })
  opportunity(
    @Root() conversion: LeadConversion,
    @Ctx() context: Context,
  ): Promise<Opportunity | null> | null {
    return loadById(context, 'Opportunity', opportunitiesByIds, conversion.opportunityUuid);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'The person who converted it; null when an import did not say.',
  })
  convertedBy(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, conversion.convertedByUuid);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      "Who fed the lead: whoever handed it over, by its last accepted hand-off; else an SDR who converted what was the AE's lead; else the lead's owner; else who converted a lead no person owned. As it was then; null for an imported conversion.",
  })
  sdr(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, conversion.sdrUuid);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      'Who sells: the owner of the opportunity the lead started or joined, else of the account. As it was then; null when those had none, and for an imported conversion.',
  })
  ae(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, conversion.aeUuid);
  }

  @FieldResolver(() => [FieldProvenance], {
    description: 'Provenance: each field considered and what became of it; empty for an imported conversion.',
  })
  fields(@Root() conversion: LeadConversion, @Ctx() context: Context): Promise<FieldProvenance[]> {
    return context
      .loader(
        'LeadConversion.fields',
        () =>
          new DataLoader<string, FieldProvenance[]>((ids) =>
            provenanceOf(context.snapshot, context.organization.id, ids),
          ),
      )
      .load(conversion.uuid);
  }
}
