import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { DuplicatePolicy, ReviewPolicy } from './identity.enums.ts';
import { OrganizationType } from './viewer.type.ts';

/** What every change of settings has. */
@InputType()
export abstract class SettingsChange {
  @Field(() => Int, {
    nullable: true,
    description:
      "The organisation's `version` you have seen: refused as STALE_VERSION when a setting has changed since.",
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('UpdateOrganizationInput', {
  description: 'Changes to the settings. A field that is omitted stays as it is; none can be emptied.',
})
export class UpdateOrganizationInput extends SettingsChange {
  @Field(() => String, {
    nullable: true,
    description: 'Its name: at most 100 characters, unlike every other organisation’s.',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'IANA time zone: `Europe/Berlin`, `UTC`. Days and months of metrics begin and end by it from now on.',
  })
  timeZone?: string | null;

  @Field(() => Int, { nullable: true, description: 'Month its fiscal year starts in: 1 (January) to 12.' })
  fiscalYearStartMonth?: number | null;

  @Field(() => DuplicatePolicy, {
    nullable: true,
    description:
      'What a conversion does when a new account or contact would be an exact duplicate: an account of the same domain or name, a contact of the same e-mail address at the account.',
  })
  duplicatePolicy?: DuplicatePolicy | null;

  @Field(() => DuplicatePolicy, {
    nullable: true,
    description:
      'What a conversion does when a new account would have a name similar to that of another, or a new contact the e-mail address of one elsewhere or the name of one at the account.',
  })
  similarPolicy?: DuplicatePolicy | null;

  @Field(() => ReviewPolicy, {
    nullable: true,
    description: 'Which conversions need which review; counts for proposals that are open, too.',
  })
  reviewPolicy?: ReviewPolicy | null;
}

/** What the steps of both lists have. */
@InputType()
export abstract class StepInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'An existing one, which may get another name; omitted: the one of that name, else a new one.',
  })
  id?: string | null;

  @Field(() => String, {
    description: 'Its name: at most 255 characters, unique in the list whatever case and accents.',
  })
  name!: string;
}

@InputType('StageInput', {
  description: 'A stage of the sales process. What is omitted stays as it is.',
})
export class StageInput extends StepInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Default probability of winning a deal in it, in percent: 0 to 100. A new open stage needs one; won: 100, lost: 0.',
  })
  probability?: number | null;

  @Field(() => ForecastCategory, {
    nullable: true,
    description:
      'Default forecast category of a deal in it. CLOSED if won, and only then. Of a new one: PIPELINE, if lost OMITTED.',
  })
  forecastCategory?: ForecastCategory | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Is a deal in it closed? Of a new one: if it is won. Fixed while a deal is in it.',
  })
  isClosed?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Is a deal in it won? Of a new one: no. Fixed while a deal is in it.',
  })
  isWon?: boolean | null;
}

@InputType('UpdateStagesInput', { description: 'The whole sales process.' })
export class UpdateStagesInput extends SettingsChange {
  @Field(() => [StageInput], {
    description:
      'All stages in order: at least one open, one won, one lost; at most 100. One that is left out is removed, if no deal is or was in it.',
  })
  stages!: StageInput[];
}

@InputType('LeadStatusInput', { description: 'A status of leads. What is omitted stays as it is.' })
export class LeadStatusInput extends StepInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Is it for converted leads? Of a new one: no. Fixed while a lead has it.',
  })
  isConverted?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Is the lead done with? Of a new one: if it is for converted leads, which are always closed.',
  })
  isClosed?: boolean | null;
}

@InputType('UpdateLeadStatusesInput', { description: 'All statuses of leads.' })
export class UpdateLeadStatusesInput extends SettingsChange {
  @Field(() => [LeadStatusInput], {
    description:
      'All statuses in order: at least one open, one for converted leads; at most 100. One that is left out is removed, if no lead has it.',
  })
  statuses!: LeadStatusInput[];
}

@ObjectType('UpdateOrganizationPayload', {
  simpleResolvers: true,
  description: 'The organisation as it is now.',
})
export class UpdateOrganizationPayload extends WritePayload {
  @Field(() => OrganizationType, {
    nullable: true,
    description: 'The organisation; null when the change was refused.',
  })
  organization!: OrganizationType | null;
}
