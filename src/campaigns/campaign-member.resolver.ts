import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { contactsByIds } from '../contacts/contact.queries.ts';
import { Contact } from '../contacts/contact.type.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { everything } from '../graphql/filter.ts';
import { loadById, loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { CampaignMember, CampaignMemberConnection, memberList } from './campaign-member.type.ts';
import { campaignsByIds, memberOrder, memberSource } from './campaign.queries.ts';
import { Campaign } from './campaign.type.ts';

@Resolver(() => CampaignMember)
export class CampaignMemberResolver {
  @FieldResolver(() => Campaign, { description: 'The campaign.' })
  campaign(@Root() member: CampaignMember, @Ctx() context: Context): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, member.campaignUuid);
  }

  @FieldResolver(() => Lead, {
    nullable: true,
    description: 'The person while a lead; null when a contact, or when the lead was deleted.',
  })
  lead(@Root() member: CampaignMember, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, member.leadUuid);
  }

  @FieldResolver(() => Contact, {
    nullable: true,
    description: 'The person as a contact; null when a lead, or when the contact was deleted.',
  })
  contact(@Root() member: CampaignMember, @Ctx() context: Context): Promise<Contact | null> | null {
    return loadById(context, 'Contact', contactsByIds, member.contactUuid);
  }
}

@Resolver(() => Lead)
export class LeadCampaignsResolver {
  @FieldResolver(() => Campaign, {
    nullable: true,
    description: 'Its primary campaign: the one it came from. Null: none, or nobody said.',
  })
  campaign(@Root() lead: Lead, @Ctx() context: Context): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, lead.campaignUuid);
  }

  @FieldResolver(() => CampaignMemberConnection, {
    description: 'Its memberships in campaigns, latest first; of a converted lead its contact has them.',
  })
  campaigns(
    @Root() lead: Lead,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<CampaignMemberConnection> {
    return loadPageOf(context, 'Lead.campaigns', args, lead.uuid, memberList, () => ({
      source: memberSource(context.organization.id, everything),
      link: (parent) => sql`t.lead_id = ${parent}`,
      request: pageRequest(args, memberOrder),
    }));
  }
}

@Resolver(() => Contact)
export class ContactCampaignsResolver {
  @FieldResolver(() => CampaignMemberConnection, {
    description: 'Memberships in campaigns, those from the time as a lead included; latest first.',
  })
  campaigns(
    @Root() contact: Contact,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<CampaignMemberConnection> {
    return loadPageOf(context, 'Contact.campaigns', args, contact.uuid, memberList, () => ({
      source: memberSource(context.organization.id, everything),
      link: (parent) => sql`t.contact_id = ${parent}`,
      request: pageRequest(args, memberOrder),
    }));
  }
}

@Resolver(() => Opportunity)
export class OpportunityCampaignResolver {
  @FieldResolver(() => Campaign, {
    nullable: true,
    description: 'Its primary campaign: the one it is credited to. Null: none.',
  })
  campaign(@Root() opportunity: Opportunity, @Ctx() context: Context): Promise<Campaign | null> | null {
    return loadById(context, 'Campaign', campaignsByIds, opportunity.campaignUuid);
  }
}
