import { Field, ID, InputType, Int } from 'type-graphql';
import { BuyingRole } from '../contacts/contact.enums.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { MoneyInput } from '../graphql/money.type.ts';
import { DateScalar, JsonScalar } from '../graphql/scalars.ts';
import { ConversionTarget, MergePolicy } from './conversion.enums.ts';

@InputType('AccountDraft', {
  description:
    'A new account: what is given here replaces what the lead says; an empty text leaves the field empty.',
})
export class AccountDraft {
  @Field(() => String, { nullable: true, description: "Name. Omitted: the lead's company." })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Domain: `acme.com`. Omitted: of the lead's website, else of its e-mail address.",
  })
  domain?: string | null;

  @Field(() => String, { nullable: true, description: "Industry. Omitted: the lead's." })
  industry?: string | null;

  @Field(() => Int, { nullable: true, description: "Number of employees. Omitted: the lead's." })
  employees?: number | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says.',
  })
  customFields?: unknown;
}

@InputType('AccountTarget', { description: 'The account a lead becomes or joins: exactly one of these.' })
export class AccountTarget {
  @Field(() => AccountDraft, { nullable: true, description: 'A new account.' })
  create?: AccountDraft | null;

  @Field(() => ID, {
    nullable: true,
    description: 'This account; only its empty fields are filled from the lead.',
  })
  existing?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "The account a person matched the lead to, else the one with the lead's domain or company name, else a new one. Only `true` makes sense.",
  })
  matchOrCreate?: boolean | null;
}

@InputType('ContactDraft', {
  description:
    'A new contact: what is given here replaces what the lead says; an empty text leaves the field empty.',
})
export class ContactDraft {
  @Field(() => String, { nullable: true, description: "First name. Omitted: the lead's." })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "Last name. Omitted: the lead's." })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address. Omitted: the lead's." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "Telephone number. Omitted: the lead's." })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: "Job title. Omitted: the lead's." })
  title?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says.',
  })
  customFields?: unknown;
}

@InputType('ContactTarget', { description: 'The contact a lead becomes or joins: exactly one of these.' })
export class ContactTarget {
  @Field(() => ContactDraft, { nullable: true, description: 'A new contact.' })
  create?: ContactDraft | null;

  @Field(() => ID, {
    nullable: true,
    description: 'This contact of the account; only its empty fields are filled from the lead.',
  })
  existing?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "The contact at the account with the lead's e-mail address, else a new one. Only `true` makes sense.",
  })
  matchOrCreate?: boolean | null;
}

@InputType('OpportunityDraft', { description: 'A new opportunity; what is omitted has a default.' })
export class OpportunityDraft {
  @Field(() => String, { nullable: true, description: 'Name. Omitted: the company and a hyphen, `Acme-`.' })
  name?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Amount. Omitted: none.' })
  amount?: MoneyInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Stage by its name; probability and forecast category follow. Omitted: the organisation's first open stage.",
  })
  stage?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Close date. Omitted: the last day of the current fiscal quarter.',
  })
  closeDate?: string | null;

  @Field(() => BuyingRole, {
    nullable: true,
    description: 'The part the contact plays. Omitted: not known.',
  })
  role?: BuyingRole | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says.',
  })
  customFields?: unknown;
}

@InputType('ExistingOpportunity', { description: 'An opportunity to join.' })
export class ExistingOpportunity {
  @Field(() => ID, { description: 'An open opportunity of the account.' })
  id!: string;

  @Field(() => BuyingRole, {
    nullable: true,
    description: 'The part the contact plays. Omitted: as it is, if known.',
  })
  role?: BuyingRole | null;
}

@InputType('OpportunityTarget', {
  description: 'The opportunity a lead starts or joins: exactly one of these.',
})
export class OpportunityTarget {
  @Field(() => OpportunityDraft, { nullable: true, description: 'A new opportunity.' })
  create?: OpportunityDraft | null;

  @Field(() => ExistingOpportunity, { nullable: true, description: 'This opportunity.' })
  existing?: ExistingOpportunity | null;

  @Field(() => Boolean, { nullable: true, description: 'No opportunity. Only `true` makes sense.' })
  none?: boolean | null;
}

@InputType('FieldMergePolicy', {
  description:
    'What becomes of one field when the record exists. Consent flags are taken over whenever the lead has them set, and never taken back, whatever the policy.',
})
export class FieldMergePolicy {
  @Field(() => ConversionTarget, { description: 'The record.' })
  target!: ConversionTarget;

  @Field(() => String, { description: 'Its field, one that a lead fills: `phone`, `custom.role`.' })
  field!: string;

  @Field(() => MergePolicy, { description: 'Which value it has afterwards.' })
  policy!: MergePolicy;
}

@InputType('ConvertLeadInput', {
  description: 'A lead, and what it is to become. With nothing but the lead, every part has a default.',
})
export class ConvertLeadInput {
  @Field(() => ID, { description: 'The lead.' })
  lead!: string;

  @Field(() => Int, {
    nullable: true,
    description: "The lead's version the decision was made on; STALE_VERSION when it has changed since.",
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Do exactly what a preview showed, or nothing (PLAN_EXPIRED). Takes the place of everything but `lead`, `ifVersion` and `idempotencyKey`.',
  })
  planToken?: string | null;

  @Field(() => [FieldMergePolicy], {
    nullable: true,
    description:
      "Policies for fields of existing records, one each. Others have the policy of the organisation's mapping: FILL_EMPTY, if it says nothing.",
  })
  mergePolicy?: FieldMergePolicy[] | null;

  @Field(() => AccountTarget, { nullable: true, description: 'The account. Omitted: `matchOrCreate`.' })
  account?: AccountTarget | null;

  @Field(() => ContactTarget, { nullable: true, description: 'The contact. Omitted: `matchOrCreate`.' })
  contact?: ContactTarget | null;

  @Field(() => OpportunityTarget, { nullable: true, description: 'The opportunity. Omitted: `create`.' })
  opportunity?: OpportunityTarget | null;

  @Field(() => String, {
    nullable: true,
    description: "The lead's status afterwards, by its name. Omitted: the first status flagged converted.",
  })
  convertedStatus?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "Owner of the new records and of the lead's open activities, an active user. Omitted: the lead's owner, or who converts when nobody owns it. Required when a queue does.",
  })
  owner?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Replace an existing contact's source by the lead's. Omitted: false.",
  })
  overwriteLeadSource?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Create records even where they seem to exist (see DUPLICATE_FOUND). `matchOrCreate` joins an exact match all the same, and of several none: use `create` then. Omitted: false.',
  })
  allowDuplicate?: boolean | null;
}
