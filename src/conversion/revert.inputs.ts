import { Field, ID, InputType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';

@InputType('RevertConversionInput', { description: 'Which conversion to undo.' })
export class RevertConversionInput {
  @Field(() => ID, { description: 'The conversion: `cnv_…`.' })
  conversion!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the audit.' })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}
