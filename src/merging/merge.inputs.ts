import { Field, ID, InputType, Int } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';

@InputType('MergeFieldChoice', { description: 'Which of the records a field is taken from.' })
export class MergeFieldChoice {
  @Field(() => String, {
    description:
      'The field, as `fields` of the payload names it: `phone`, `address` (as a whole), `custom.region`.',
  })
  field!: string;

  @Field(() => ID, {
    description: 'The record whose value stays: the survivor or one of the duplicates. It must have one.',
  })
  from!: string;
}

/** What both inputs have. */
@InputType()
export abstract class MergeInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` of the survivor you have seen: refused as STALE_VERSION when it has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => [MergeFieldChoice], {
    nullable: true,
    description:
      "Where to take single fields from. The others keep the survivor's value; one that is empty is filled from the first duplicate that has it.",
  })
  fields?: MergeFieldChoice[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only tells what would be done, and writes nothing; then `idempotencyKey` does nothing.',
  })
  dryRun?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('MergeAccountsInput', { description: 'Accounts that are one company.' })
export class MergeAccountsInput extends MergeInput {
  @Field(() => ID, { description: 'The account that stays.' })
  survivor!: string;

  @Field(() => [ID], { description: 'The accounts that go into it: 1 to 20, in the order they fill fields.' })
  duplicates!: string[];
}

@InputType('MergeContactsInput', {
  description: 'Contacts that are one person, at one account; a contact without account fits any.',
})
export class MergeContactsInput extends MergeInput {
  @Field(() => ID, { description: 'The contact that stays.' })
  survivor!: string;

  @Field(() => [ID], { description: 'The contacts that go into it: 1 to 20, in the order they fill fields.' })
  duplicates!: string[];
}
