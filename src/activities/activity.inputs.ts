import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { ActivityDirection, ActivityType } from './activity.enums.ts';
import { Activity } from './activity.type.ts';

const KEY =
  'At most 255 characters, chosen by the client: the same key and input again do nothing and answer the same.';

/** What both inputs have. */
@InputType()
export abstract class ActivityFields {
  @Field(() => String, { nullable: true, description: 'One line about it: at most 255 characters.' })
  subject?: string | null;

  @Field(() => ActivityDirection, {
    nullable: true,
    description: 'Who started it. Only INBOUND counts as engagement. Null: makes no sense here.',
  })
  direction?: ActivityDirection | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Minutes the person gave us, 0 to 100,000. Null: as long as the settings say for its type.',
  })
  minutes?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it happened, not in the future unless it is open; or when it is due. Of a new one now when omitted.',
  })
  occurredAt?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Is it still to be done? Of a new one false when omitted. What is done before it was due happened now, unless `occurredAt` says otherwise.',
  })
  isOpen?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The lead it was with; of a converted one it goes to its contact. Not together with `contact`.',
  })
  lead?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The contact it was with: at the account, or with a part in the deal. Fills in the contact's account.",
  })
  contact?: string | null;

  @Field(() => ID, { nullable: true, description: "The account it belongs to: the deal's, if about one." })
  account?: string | null;

  @Field(() => ID, { nullable: true, description: "The deal it was about. Fills in the deal's account." })
  opportunity?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in another system; no two activities share one.',
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string | null;
}

@InputType('CreateActivityInput', {
  description:
    'Something that happened, or is to. At least one of lead, contact, account and opportunity is named.',
})
export class CreateActivityInput extends ActivityFields {
  @Field(() => ActivityType, { description: 'What it was.' })
  type!: ActivityType;

  @Field(() => ID, {
    nullable: true,
    description: 'Our person in it: an active user. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateActivityInput', {
  description:
    'Changes to an activity. A field that is omitted stays as it is; null empties it. Of lead, contact, account and opportunity, what is given replaces all four.',
})
export class UpdateActivityInput extends ActivityFields {
  @Field(() => ID, { description: 'Which activity.' })
  activity!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the activity has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => ActivityType, { nullable: true, description: "What it was; can't be emptied." })
  type?: ActivityType | null;

  @Field(() => ID, { nullable: true, description: 'Our person in it: an active user.' })
  owner?: string | null;
}

@InputType('RemoveActivityInput', { description: 'An activity that never was.' })
export class RemoveActivityInput {
  @Field(() => ID, { description: 'Which activity.' })
  activity!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the activity has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string | null;
}

@ObjectType('CreateActivityPayload', { simpleResolvers: true, description: 'The new activity.' })
export class CreateActivityPayload extends WritePayload {
  @Field(() => Activity, { nullable: true, description: 'The activity; null when it was refused.' })
  activity!: Activity | null;
}

@ObjectType('UpdateActivityPayload', { simpleResolvers: true, description: 'The activity as it is now.' })
export class UpdateActivityPayload extends WritePayload {
  @Field(() => Activity, { nullable: true, description: 'The activity; null when the change was refused.' })
  activity!: Activity | null;
}

@ObjectType('RemoveActivityPayload', { simpleResolvers: true, description: 'What was removed.' })
export class RemoveActivityPayload extends WritePayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id the activity had; null when the removal was refused.',
  })
  removed!: string | null;
}
