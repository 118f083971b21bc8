import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { BuyingRole } from '../contacts/contact.enums.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Opportunity } from './opportunity.type.ts';

/** A deal and a person. */
@InputType()
abstract class ContactRoleChange {
  @Field(() => ID, { description: 'Which deal.' })
  opportunity!: string;

  @Field(() => ID, { description: 'Which person.' })
  contact!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'At most 255 characters, chosen by the client: the same key and input again do nothing and answer the same.',
  })
  idempotencyKey?: string | null;
}

@InputType('AddOpportunityContactInput', {
  description: "A deal, and a person at the deal's account who has a part in it.",
})
export class AddOpportunityContactInput extends ContactRoleChange {
  @Field(() => BuyingRole, {
    nullable: true,
    description: 'The part. Null: nobody said; a part the person has in the deal already stays.',
  })
  role?: BuyingRole | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'true: the main contact, in place of the former. Omitted or null: only when the deal has none.',
  })
  isPrimary?: boolean | null;
}

@InputType('UpdateOpportunityContactInput', {
  description:
    "Changes to a person's part in a deal. A field that is omitted stays as it is; null empties it.",
})
export class UpdateOpportunityContactInput extends ContactRoleChange {
  @Field(() => BuyingRole, { nullable: true, description: 'The part. Null: not known any more.' })
  role?: BuyingRole | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'true: the main contact, in place of the former. Not false for the main one: make another that.',
  })
  isPrimary?: boolean | null;
}

@InputType('RemoveOpportunityContactInput', { description: 'A deal, and a person without a part in it.' })
export class RemoveOpportunityContactInput extends ContactRoleChange {}

@ObjectType('OpportunityContactPayload', {
  simpleResolvers: true,
  description: 'The deal with the people in it.',
})
export class OpportunityContactPayload extends WritePayload {
  @Field(() => Opportunity, { nullable: true, description: 'The opportunity; null when it was refused.' })
  opportunity!: Opportunity | null;
}
