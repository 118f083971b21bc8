import { Field, ID, InputType } from 'type-graphql';

@InputType('RevertConversionInput', { description: 'Which conversion to undo.' })
export class RevertConversionInput {
  @Field(() => ID, { description: 'The conversion: `cnv_…`.' })
  conversion!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the audit.' })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Any text of at most 255 characters. A repeated call with it gives the same answer and does nothing.',
  })
  idempotencyKey?: string | null;
}
