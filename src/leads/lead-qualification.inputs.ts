import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { LeadMilestone } from './lead.enums.ts';
import { Lead } from './lead.type.ts';

@InputType('QualifyLeadInput', { description: 'How far a lead has come, or that it comes no further.' })
export class QualifyLeadInput {
  @Field(() => ID, { description: 'Which lead. A converted one is read-only (LEAD_CONVERTED).' })
  lead!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the lead has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => LeadMilestone, { description: 'What it has reached.' })
  milestone!: LeadMilestone;

  @Field(() => String, {
    nullable: true,
    description:
      'Why, at most 255 characters. DISQUALIFIED needs it and keeps it on the lead; the others write it into the audit.',
  })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@ObjectType('QualifyLeadPayload', { simpleResolvers: true, description: 'The lead as it is now.' })
export class QualifyLeadPayload extends WritePayload {
  @Field(() => Lead, { nullable: true, description: 'The lead; null when it was refused.' })
  lead!: Lead | null;
}
