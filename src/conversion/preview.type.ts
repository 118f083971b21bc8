import { Field, ID, ObjectType } from 'type-graphql';
import { Account } from '../accounts/account.type.ts';
import { Contact } from '../contacts/contact.type.ts';
import { type DuplicateCandidateData } from '../graphql/user-error.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { DuplicateCandidate } from './conversion-error.type.ts';
import { ConversionOutcome, ConversionTarget, FieldOutcome } from './conversion.enums.ts';

@ObjectType('SourceValue', { simpleResolvers: true, description: 'A value one of the fields of a lead has.' })
export class SourceValue {
  @Field(() => String, { description: "The lead's field: `mobile`; a custom one as `custom.<key>`." })
  field!: string;

  @Field(() => String, { description: 'Its value.' })
  value!: string;
}

@ObjectType('PlannedField', {
  simpleResolvers: true,
  description: 'What is to become of one field, with values as text.',
})
export class PlannedField {
  @Field(() => ConversionTarget, { description: 'The record the field is of.' })
  target!: ConversionTarget;

  @Field(() => String, {
    description: 'The field, as the record has it: `phone`; a custom one as `custom.<key>`.',
  })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The lead's value: of the fields the mapping names, the first that has one; null when none has. In a merge, the duplicate's.",
  })
  source!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Which field of the lead has it: `mobile`, `custom.role`; null without such a value, and in a merge.',
  })
  sourceField!: string | null;

  @Field(() => [SourceValue], {
    description: 'Values of less preferred fields of the lead, which are not considered.',
  })
  otherSources!: SourceValue[];
  @Field(() => ID, {
    nullable: true,
    description: 'In a merge, the duplicate the value is of; null in a conversion.',
  })
  duplicate?: string | null;

  @Field(() => String, { nullable: true, description: "The record's value before; null for a new record." })
  current!: string | null;

  @Field(() => String, { nullable: true, description: "The record's value afterwards." })
  next!: string | null;

  @Field(() => FieldOutcome, { description: 'What is done with it.' })
  outcome!: FieldOutcome;

  @Field(() => String, {
    description:
      'Why, for people; begins with `Default:` where neither the lead nor the input gives a value.',
  })
  reason!: string;
}

@ObjectType('LeadConversionPlan', {
  simpleResolvers: true,
  description: 'What converting a lead would do now; in a proposal, when it was made.',
})
export class LeadConversionPlan {
  @Field(() => String, {
    description:
      'Have exactly this done: `planToken` of `convertLead` or `proposeConversion`, for 24 hours (of a proposal: since it was made) or until anything of it changes. `approveConversion` needs none, and knows no 24 hours.',
  })
  planToken!: string;

  @Field(() => ConversionOutcome, { description: 'How the account comes about.' })
  accountOutcome!: ConversionOutcome;

  @Field(() => Account, {
    nullable: true,
    description: 'The account to join; null when one would be created.',
  })
  account!: Account | null;

  @Field(() => ConversionOutcome, { description: 'How the contact comes about.' })
  contactOutcome!: ConversionOutcome;

  @Field(() => Contact, {
    nullable: true,
    description: 'The contact to join; null when one would be created.',
  })
  contact!: Contact | null;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description: 'How the opportunity comes about; null without one.',
  })
  opportunityOutcome!: ConversionOutcome | null;

  @Field(() => Opportunity, {
    nullable: true,
    description: 'The opportunity to join; null when one would be created, or none.',
  })
  opportunity!: Opportunity | null;

  @Field(() => [PlannedField], {
    description: 'Every field the lead has a value for, and what a new record gets by input or default.',
  })
  fields!: PlannedField[];

  @Field(() => [DuplicateCandidate], {
    description:
      "Accounts that may be the lead's company, best first; none were looked for when the input names one.",
  })
  accountCandidates!: DuplicateCandidateData[];

  @Field(() => [DuplicateCandidate], {
    description: 'Contacts that may be the lead, best first; none were looked for when the input names one.',
  })
  contactCandidates!: DuplicateCandidateData[];
}

@ObjectType('PreviewLeadConversionPayload', {
  simpleResolvers: true,
  description: 'A plan, or why there can be none.',
})
export class PreviewLeadConversionPayload extends WritePayload {
  @Field(() => LeadConversionPlan, {
    nullable: true,
    description: 'The plan; null when there are `userErrors`.',
  })
  plan!: LeadConversionPlan | null;
}
