import { Field, ID, InputType, Int } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';

@InputType('AssignLeadInput', { description: 'Whose a lead is from now on.' })
export class AssignLeadInput {
  @Field(() => ID, { description: 'Which lead. A converted one is read-only (LEAD_CONVERTED).' })
  lead!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'An active user or a queue; null: nobody. Has to be given.',
  })
  owner?: string | null;

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
