import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Lead } from './lead.type.ts';

@InputType('MatchLeadInput', { description: 'Which account a lead belongs to, before it is converted.' })
export class MatchLeadInput {
  @Field(() => ID, { description: 'Which lead. A converted one is read-only (LEAD_CONVERTED).' })
  lead!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Its account, whatever the matching finds (method MANUAL); null: as the matching finds it. Has to be given.',
  })
  account?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the lead has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@ObjectType('MatchLeadPayload', { simpleResolvers: true, description: 'The lead as it is now.' })
export class MatchLeadPayload extends WritePayload {
  @Field(() => Lead, { nullable: true, description: 'The lead; null when it was refused.' })
  lead!: Lead | null;
}
