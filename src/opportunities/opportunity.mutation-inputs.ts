import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { MoneyInput } from '../graphql/money.type.ts';
import { DateScalar, JsonScalar } from '../graphql/scalars.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { ForecastCategory } from './opportunity.enums.ts';
import { Opportunity } from './opportunity.type.ts';

/** What both inputs have. */
@InputType()
export abstract class OpportunityFields {
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What the deal is worth; may be negative. Null: unknown.',
  })
  amount?: MoneyInput | null;

  @Field(() => Int, {
    nullable: true,
    description: "Probability of winning it, in percent, 0 to 100: for an open deal only. Null: the stage's.",
  })
  probability?: number | null;

  @Field(() => ForecastCategory, {
    nullable: true,
    description:
      "How sure it is counted in forecasts: for an open deal only, and never CLOSED. Null: the stage's.",
  })
  forecastCategory?: ForecastCategory | null;

  @Field(() => String, { nullable: true, description: 'Where it came from: `Web`, `Trade Show`.' })
  source?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Its primary campaign: the one it is credited to. Null: none.',
  })
  campaign?: string | null;

  @Field(() => String, { nullable: true, description: 'What to do next: at most 255 characters.' })
  nextStep?: string | null;

  @Field(() => String, { nullable: true, description: 'Description: at most 32,000 characters.' })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in another system; no two opportunities share one.',
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

@InputType('CreateOpportunityInput', { description: 'A new opportunity.' })
export class CreateOpportunityInput extends OpportunityFields {
  @Field(() => String, { description: "The deal's name: at most 255 characters, not blank." })
  name!: string;

  @Field(() => ID, { nullable: true, description: 'The company it is with; null: a private deal.' })
  account?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "One of the organisation's stages, by name; a closed one too, for a deal of the past. Omitted: the first open one.",
  })
  stage?: string | null;

  @Field(() => DateScalar, {
    description: 'When it is expected to close, or did: a date of the years 1900 to 2200.',
  })
  closeDate!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The person responsible: an active user. Omitted: who makes it, if a person; null: nobody.',
  })
  owner?: string | null;
}

@InputType('UpdateOpportunityInput', {
  description:
    'Changes to an opportunity. A field that is omitted stays as it is; null empties it. The stage is changed by `moveOpportunity`.',
})
export class UpdateOpportunityInput extends OpportunityFields {
  @Field(() => ID, { description: 'Which opportunity.' })
  opportunity!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` you have seen: refused as STALE_VERSION when the opportunity has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The deal's name: at most 255 characters, not blank; can't be emptied.",
  })
  name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The company it is with. Refused while a person with a part in the deal is not there.',
  })
  account?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: "When it is expected to close, or did; later counts as a push. Can't be emptied.",
  })
  closeDate?: string | null;

  @Field(() => ID, { nullable: true, description: 'The person responsible: an active user.' })
  owner?: string | null;
}

@InputType('MoveOpportunityInput', {
  description: 'A change of stage, with what usually changes along with it.',
})
export class MoveOpportunityInput {
  @Field(() => ID, { description: 'Which opportunity.' })
  opportunity!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` you have seen: refused as STALE_VERSION when the opportunity has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    description:
      "One of the organisation's stages, by name, open or closed. Probability and forecast category become the new stage's.",
  })
  stage!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: "The new close date; stays as it is when omitted, and can't be emptied.",
  })
  closeDate?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The new amount; null: unknown.' })
  amount?: MoneyInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was lost: for a stage that is lost only. Cleared when the deal moves to another one.',
  })
  lostReason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@ObjectType('CreateOpportunityPayload', { simpleResolvers: true, description: 'The new opportunity.' })
export class CreateOpportunityPayload extends WritePayload {
  @Field(() => Opportunity, { nullable: true, description: 'The opportunity; null when it was refused.' })
  opportunity!: Opportunity | null;
}

@ObjectType('UpdateOpportunityPayload', {
  simpleResolvers: true,
  description: 'The opportunity as it is now.',
})
export class UpdateOpportunityPayload extends WritePayload {
  @Field(() => Opportunity, {
    nullable: true,
    description: 'The opportunity; null when the change was refused.',
  })
  opportunity!: Opportunity | null;
}

@ObjectType('MoveOpportunityPayload', {
  simpleResolvers: true,
  description: 'The opportunity as it is now.',
})
export class MoveOpportunityPayload extends WritePayload {
  @Field(() => Opportunity, {
    nullable: true,
    description: 'The opportunity; null when the move was refused.',
  })
  opportunity!: Opportunity | null;
}
