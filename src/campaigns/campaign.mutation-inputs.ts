import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MoneyInput } from '../graphql/money.type.ts';
import { DateScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Campaign } from './campaign.type.ts';

/** What both inputs have. */
@InputType()
export abstract class CampaignFields {
  @Field(() => String, {
    nullable: true,
    description: 'What kind it is: `Webinar`, `Trade Show`. At most 255 characters.',
  })
  type?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where it stands: `Planned`, `In Progress`. At most 255 characters.',
  })
  status?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Is it in use? Of a new campaign true when omitted; can't be emptied.",
  })
  isActive?: boolean | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Its first day: a date of the years 1900 to 2200.',
  })
  startDate?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Its last day: a date of the years 1900 to 2200, not before the first.',
  })
  endDate?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What it was to cost: 0 or more.' })
  budgetedCost?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What it has cost: 0 or more. Null: unknown.' })
  actualCost?: MoneyInput | null;

  @Field(() => String, { nullable: true, description: 'Description: at most 32,000 characters.' })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in another system; no two campaigns share one.',
  })
  externalId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'At most 255 characters, chosen by the client: the same key and input again do nothing and answer the same.',
  })
  idempotencyKey?: string | null;
}

@InputType('CreateCampaignInput', { description: 'A new campaign. Only the name is needed.' })
export class CreateCampaignInput extends CampaignFields {
  @Field(() => String, { description: "The campaign's name: at most 255 characters, not blank." })
  name!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The person responsible: an active user. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateCampaignInput', {
  description: 'Changes to a campaign. A field that is omitted stays as it is; null empties it.',
})
export class UpdateCampaignInput extends CampaignFields {
  @Field(() => ID, { description: 'Which campaign.' })
  campaign!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the campaign has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The campaign's name: at most 255 characters, not blank; can't be emptied.",
  })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The person responsible: an active user.' })
  owner?: string | null;
}

@ObjectType('CreateCampaignPayload', { simpleResolvers: true, description: 'The new campaign.' })
export class CreateCampaignPayload extends WritePayload {
  @Field(() => Campaign, { nullable: true, description: 'The campaign; null when it was refused.' })
  campaign!: Campaign | null;
}

@ObjectType('UpdateCampaignPayload', { simpleResolvers: true, description: 'The campaign as it is now.' })
export class UpdateCampaignPayload extends WritePayload {
  @Field(() => Campaign, { nullable: true, description: 'The campaign; null when the change was refused.' })
  campaign!: Campaign | null;
}
