import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { CampaignMember } from './campaign-member.type.ts';
import { Campaign } from './campaign.type.ts';

const KEY =
  'At most 255 characters, chosen by the client: the same key and input again do nothing and answer the same.';

/** What can be said of a person in a campaign. */
@InputType()
abstract class MemberFields {
  @Field(() => String, {
    nullable: true,
    description: 'How far the person got: `Sent`, `Attended`. At most 255 characters.',
  })
  status?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the person first responded, not in the future; null: not yet.',
  })
  respondedAt?: Date | null;
}

@InputType('CampaignPersonInput', { description: 'A person for a campaign: either a lead or a contact.' })
export class CampaignPersonInput extends MemberFields {
  @Field(() => ID, {
    nullable: true,
    description: 'The lead. For a converted one its contact is added.',
  })
  lead?: string | null;

  @Field(() => ID, { nullable: true, description: 'The contact.' })
  contact?: string | null;
}

@InputType('AddCampaignMembersInput', { description: 'A campaign, and who comes into it.' })
export class AddCampaignMembersInput {
  @Field(() => ID, { description: 'Which campaign.' })
  campaign!: string;

  @Field(() => [CampaignPersonInput], {
    description: '1 to 100 people. One who is in the campaign already stays as they are there.',
  })
  people!: CampaignPersonInput[];

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string | null;
}

@InputType('UpdateCampaignMemberInput', {
  description: 'Changes to a membership. A field that is omitted stays as it is; null empties it.',
})
export class UpdateCampaignMemberInput extends MemberFields {
  @Field(() => ID, { description: 'Which membership.' })
  member!: string;

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string | null;
}

@InputType('RemoveCampaignMemberInput', { description: 'A membership that is to end.' })
export class RemoveCampaignMemberInput {
  @Field(() => ID, { description: 'Which membership.' })
  member!: string;

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string | null;
}

@ObjectType('AddCampaignMembersPayload', {
  simpleResolvers: true,
  description: 'The campaign, and the people asked for as they are in it now.',
})
export class AddCampaignMembersPayload extends WritePayload {
  @Field(() => Campaign, { nullable: true, description: 'The campaign; null when it was refused.' })
  campaign!: Campaign | null;

  @Field(() => [CampaignMember], {
    description:
      'A membership for each of `people`, in their order, whether new or not; empty when it was refused.',
  })
  members!: CampaignMember[];
}

@ObjectType('UpdateCampaignMemberPayload', {
  simpleResolvers: true,
  description: 'The membership as it is now.',
})
export class UpdateCampaignMemberPayload extends WritePayload {
  @Field(() => CampaignMember, {
    nullable: true,
    description: 'The membership; null when the change was refused.',
  })
  member!: CampaignMember | null;
}

@ObjectType('RemoveCampaignMemberPayload', {
  simpleResolvers: true,
  description: 'The campaign, without the person.',
})
export class RemoveCampaignMemberPayload extends WritePayload {
  @Field(() => Campaign, { nullable: true, description: 'The campaign; null when it was refused.' })
  campaign!: Campaign | null;
}
