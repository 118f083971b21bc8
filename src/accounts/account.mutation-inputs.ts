import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { MoneyInput } from '../graphql/money.type.ts';
import { JsonScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { AccountType } from './account.enums.ts';
import { Account } from './account.type.ts';
import { AddressInput } from './address.type.ts';

/** What both inputs have. */
@InputType()
export abstract class AccountFields {
  @Field(() => String, {
    nullable: true,
    description:
      "The company's domain, or any address within: `www.acme.co.uk` is stored as `acme.co.uk`. Omitted: the website's.",
  })
  domain?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Website. Unless `domain` is given as well, the domain becomes its.',
  })
  website?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in another system; no two accounts share one.',
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'Industry: at most 255 characters.' })
  industry?: string | null;

  @Field(() => Int, { nullable: true, description: 'Number of employees: 0 or more.' })
  employees?: number | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: "The company's own revenue per year: 0 or more.",
  })
  annualRevenue?: MoneyInput | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: at most 40 characters.' })
  phone?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where it is.' })
  address?: AddressInput | null;

  @Field(() => String, { nullable: true, description: 'Rating: `Hot`, `Warm`, `Cold`.' })
  rating?: string | null;

  @Field(() => AccountType, {
    nullable: true,
    description: 'What it is to us. A change clears `typeLabel`, which told the former one.',
  })
  type?: AccountType | null;

  @Field(() => String, { nullable: true, description: 'Description: at most 32,000 characters.' })
  description?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Tier of the account programme: 1 (most important) to 9.',
  })
  tier?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Is it a target account? Not when omitted at its creation.',
  })
  isTarget?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The company it belongs to; neither itself nor one that belongs to it.',
  })
  parent?: string | null;

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

@InputType('CreateAccountInput', { description: 'A new account. Only the name is needed.' })
export class CreateAccountInput extends AccountFields {
  @Field(() => String, { description: "The company's name: at most 255 characters, not blank." })
  name!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The person responsible: an active user. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateAccountInput', {
  description: 'Changes to an account. A field that is omitted stays as it is; null empties it.',
})
export class UpdateAccountInput extends AccountFields {
  @Field(() => ID, { description: 'Which account.' })
  account!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the account has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The company's name: at most 255 characters, not blank; can't be emptied.",
  })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The person responsible: an active user.' })
  owner?: string | null;
}

@ObjectType('CreateAccountPayload', { simpleResolvers: true, description: 'The new account.' })
export class CreateAccountPayload extends WritePayload {
  @Field(() => Account, { nullable: true, description: 'The account; null when it was refused.' })
  account!: Account | null;
}

@ObjectType('UpdateAccountPayload', { simpleResolvers: true, description: 'The account as it is now.' })
export class UpdateAccountPayload extends WritePayload {
  @Field(() => Account, { nullable: true, description: 'The account; null when the change was refused.' })
  account!: Account | null;
}
