import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Lead } from '../leads/lead.type.ts';
import { LeadHandoff } from './handoff.type.ts';

/** What all inputs about hand-offs have. */
@InputType()
abstract class HandoffChange {
  @Field(() => Int, {
    nullable: true,
    description: "The lead's `version` you have seen: refused as STALE_VERSION when it has changed since.",
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('HandOffLeadInput', { description: 'A lead, and who is to take it.' })
export class HandOffLeadInput extends HandoffChange {
  @Field(() => ID, { description: 'Which lead: an open one, not converted.' })
  lead!: string;

  @Field(() => ID, {
    description:
      'Who is to take it: another active user of the role AE or ADMIN, who does not own it already.',
  })
  to!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What they are to know: at most 32,000 characters.',
  })
  note?: string | null;
}

@InputType()
abstract class HandoffDecisionInput extends HandoffChange {
  @Field(() => ID, { description: 'Which hand-off: a pending one.' })
  handoff!: string;
}

@InputType('AcceptHandoffInput', { description: 'A hand-off to accept.' })
export class AcceptHandoffInput extends HandoffDecisionInput {}

@InputType('BounceHandoffInput', { description: 'A hand-off to give back.' })
export class BounceHandoffInput extends HandoffDecisionInput {
  @Field(() => String, { description: 'Why, for who handed it over: at most 255 characters, not blank.' })
  reason!: string;
}

@InputType('WithdrawHandoffInput', { description: 'A hand-off to take back.' })
export class WithdrawHandoffInput extends HandoffDecisionInput {
  @Field(() => String, { nullable: true, description: 'Why: at most 255 characters.' })
  reason?: string | null;
}

@ObjectType('LeadHandoffPayload', { simpleResolvers: true, description: 'The hand-off as it is now.' })
export class LeadHandoffPayload extends WritePayload {
  @Field(() => LeadHandoff, { nullable: true, description: 'The hand-off; null when it was refused.' })
  handoff!: LeadHandoff | null;

  @Field(() => Lead, { nullable: true, description: 'Its lead, as it is now; null when it was refused.' })
  lead!: Lead | null;
}
