import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AddressInput } from '../accounts/address.type.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { JsonScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { BuyingRole } from './contact.enums.ts';
import { Contact } from './contact.type.ts';

/** What both inputs have. */
@InputType()
export abstract class ContactFields {
  @Field(() => ID, {
    nullable: true,
    description:
      'The account the person works at; null: none. A person who changes companies keeps the parts in former deals.',
  })
  account?: string | null;

  @Field(() => String, { nullable: true, description: 'First name: at most 255 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address: at most 254 characters.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: at most 40 characters.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Mobile number: at most 40 characters.' })
  mobile?: string | null;

  @Field(() => String, { nullable: true, description: 'Job title: at most 255 characters.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the person came from: `Web`, `Trade Show`.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Description: at most 32,000 characters.' })
  description?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where the person works.' })
  address?: AddressInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The person asked not to be called. Only an administrator takes it back (else FORBIDDEN_FIELD).',
  })
  doNotCall?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The person asked for no e-mail. Only an administrator takes it back (else FORBIDDEN_FIELD).',
  })
  emailOptOut?: boolean | null;

  @Field(() => BuyingRole, { nullable: true, description: "The person's usual part in purchases." })
  buyingRole?: BuyingRole | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in another system; no two contacts share one.',
  })
  externalId?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Values of the organisation\'s own fields by key: `{ role: "CTO" }`. A key that is omitted stays as it is (of a new record: empty); null empties it. Omitted or null: as they are.',
  })
  customFields?: unknown;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('CreateContactInput', { description: 'A new contact. Only the last name is needed.' })
export class CreateContactInput extends ContactFields {
  @Field(() => String, { description: 'Last name: at most 255 characters, not blank.' })
  lastName!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The person responsible: an active user. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateContactInput', {
  description: 'Changes to a contact. A field that is omitted stays as it is; null empties it.',
})
export class UpdateContactInput extends ContactFields {
  @Field(() => ID, { description: 'Which contact.' })
  contact!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the contact has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Last name: at most 255 characters, not blank; can't be emptied.",
  })
  lastName?: string | null;

  @Field(() => ID, { nullable: true, description: 'The person responsible: an active user.' })
  owner?: string | null;
}

@ObjectType('CreateContactPayload', { simpleResolvers: true, description: 'The new contact.' })
export class CreateContactPayload extends WritePayload {
  @Field(() => Contact, { nullable: true, description: 'The contact; null when it was refused.' })
  contact!: Contact | null;
}

@ObjectType('UpdateContactPayload', { simpleResolvers: true, description: 'The contact as it is now.' })
export class UpdateContactPayload extends WritePayload {
  @Field(() => Contact, { nullable: true, description: 'The contact; null when the change was refused.' })
  contact!: Contact | null;
}
