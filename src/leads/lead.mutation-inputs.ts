import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AddressInput } from '../accounts/address.type.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { MoneyInput } from '../graphql/money.type.ts';
import { JsonScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Lead } from './lead.type.ts';

/** What both inputs have. */
@InputType()
export abstract class LeadFields {
  @Field(() => String, { nullable: true, description: 'First name: at most 255 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Company: at most 255 characters.' })
  company?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address: at most 254 characters.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number: at most 40 characters.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Mobile number: at most 40 characters.' })
  mobile?: string | null;

  @Field(() => String, { nullable: true, description: 'Job title: at most 255 characters.' })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The company's website; the lead's account is recognised by its domain.",
  })
  website?: string | null;

  @Field(() => String, { nullable: true, description: "The company's industry: at most 255 characters." })
  industry?: string | null;

  @Field(() => Int, { nullable: true, description: "The company's number of employees: 0 or more." })
  employees?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: "The company's revenue per year: 0 or more." })
  annualRevenue?: MoneyInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where the person works.' })
  address?: AddressInput | null;

  @Field(() => String, { nullable: true, description: 'Description: at most 32,000 characters.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Rating: `Hot`, `Warm`, `Cold`.' })
  rating?: string | null;

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

  @Field(() => String, {
    nullable: true,
    description: 'Where the lead came from: `Web`, `Trade Show`. At most 255 characters.',
  })
  source?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Its primary campaign: the one it came from. Null: none. Who is in a campaign is said by `addCampaignMembers`.',
  })
  campaign?: string | null;

  @Field(() => Int, { nullable: true, description: 'Score of marketing automation.' })
  score?: number | null;

  @Field(() => String, { nullable: true, description: 'Its id in another system; no two leads share one.' })
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

@InputType('CreateLeadInput', { description: 'A new lead. Only the last name is needed.' })
export class CreateLeadInput extends LeadFields {
  @Field(() => String, { description: 'Last name: at most 255 characters, not blank.' })
  lastName!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "One of the organisation's lead statuses, by name; not one for converted leads. Omitted: the first open one.",
  })
  status?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'An active user or a queue. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateLeadInput', {
  description: 'Changes to a lead. A field that is omitted stays as it is; null empties it.',
})
export class UpdateLeadInput extends LeadFields {
  @Field(() => ID, { description: 'Which lead. A converted one is read-only (LEAD_CONVERTED).' })
  lead!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the lead has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Last name: at most 255 characters, not blank; can't be emptied.",
  })
  lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "One of the organisation's lead statuses, by name; not one for converted leads: `convertLead` does that.",
  })
  status?: string | null;

  @Field(() => ID, { nullable: true, description: 'An active user or a queue.' })
  owner?: string | null;
}

@ObjectType('CreateLeadPayload', { simpleResolvers: true, description: 'The new lead.' })
export class CreateLeadPayload extends WritePayload {
  @Field(() => Lead, { nullable: true, description: 'The lead; null when it was refused.' })
  lead!: Lead | null;
}

@ObjectType('UpdateLeadPayload', { simpleResolvers: true, description: 'The lead as it is now.' })
export class UpdateLeadPayload extends WritePayload {
  @Field(() => Lead, { nullable: true, description: 'The lead; null when the change was refused.' })
  lead!: Lead | null;
}
