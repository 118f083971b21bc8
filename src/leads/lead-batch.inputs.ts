import { Field, InputType, ObjectType } from 'type-graphql';
import { BatchMode, MAX_BATCH } from '../graphql/batch-mode.ts';
import { CLIENT_REF } from '../graphql/client-ref.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { CreateLeadInput, CreateLeadPayload } from './lead.mutation-inputs.ts';

@InputType('CreateLeadsItem', { description: 'One lead of a batch.' })
export class CreateLeadsItem {
  @Field(() => String, {
    nullable: true,
    description: CLIENT_REF,
  })
  clientRef?: string | null;

  @Field(() => CreateLeadInput, {
    description: 'The lead. An `idempotencyKey` goes to the batch, not to one lead of it.',
  })
  input!: CreateLeadInput;
}

@InputType('CreateLeadsInput', { description: 'New leads, made together.' })
export class CreateLeadsInput {
  @Field(() => [CreateLeadsItem], { description: `The leads: 1 to ${MAX_BATCH}.` })
  items!: CreateLeadsItem[];

  @Field(() => BatchMode, {
    defaultValue: BatchMode.ALL_OR_NOTHING,
    nullable: true,
    description: 'What becomes of the others when some are refused.',
  })
  mode?: BatchMode | null;

  @Field(() => String, {
    nullable: true,
    description: `${IDEMPOTENCY_KEY} Refusals of PER_RECORD are answers, too.`,
  })
  idempotencyKey?: string | null;
}

@ObjectType('CreateLeadsResult', {
  simpleResolvers: true,
  description: 'What became of one lead of a batch.',
})
export class CreateLeadsResult {
  @Field(() => String, { nullable: true, description: 'As the item had it.' })
  clientRef!: string | null;

  @Field(() => CreateLeadPayload, {
    description:
      "The lead or what was wrong; paths begin at the batch's input: `items`, `3`, `input`, `email`.",
  })
  payload!: CreateLeadPayload;
}

@ObjectType('CreateLeadsPayload', { simpleResolvers: true, description: 'The new leads.' })
export class CreateLeadsPayload extends WritePayload {
  @Field(() => [CreateLeadsResult], {
    description: 'One for each item, in their order; empty when the batch itself was refused.',
  })
  results!: CreateLeadsResult[];
}
