import { Field, InputType, ObjectType } from 'type-graphql';
import { BuyingRole } from '../contacts/contact.enums.ts';
import { BatchMode, MAX_BATCH } from '../graphql/batch-mode.ts';
import { CLIENT_REF } from '../graphql/client-ref.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { ConvertLeadInput, OpportunityTarget } from './conversion.inputs.ts';
import { ConvertLeadPayload } from './conversion.payload.ts';

@InputType('ConvertLeadsItem', { description: 'One lead of a batch, and what it is to become.' })
export class ConvertLeadsItem {
  @Field(() => String, {
    nullable: true,
    description: CLIENT_REF,
  })
  clientRef?: string | null;

  @Field(() => ConvertLeadInput, {
    description:
      'The lead, once per batch. An `idempotencyKey` goes to the batch, not to one lead of it. An `opportunity` of its own (or a `planToken`) is not shared.',
  })
  input!: ConvertLeadInput;

  @Field(() => BuyingRole, {
    nullable: true,
    description:
      "The part the contact plays in the shared opportunity. Omitted: the role that `shareOpportunity` names. Only where the lead shares it; else the role is the `opportunity`'s.",
  })
  role?: BuyingRole | null;
}

@InputType('ConvertLeadsInput', {
  description:
    'Leads to convert together, one after another in their order: leads of one new company share its account, also where each says `account.create` (unless with `allowDuplicate`).',
})
export class ConvertLeadsInput {
  @Field(() => [ConvertLeadsItem], { description: `The leads: 1 to ${MAX_BATCH}.` })
  items!: ConvertLeadsItem[];

  @Field(() => BatchMode, {
    defaultValue: BatchMode.ALL_OR_NOTHING,
    nullable: true,
    description: 'What becomes of the others when some are refused.',
  })
  mode?: BatchMode | null;

  @Field(() => OpportunityTarget, {
    nullable: true,
    description:
      'One opportunity for all leads that come to the same account and name none themselves: the first of them starts it (or all join the existing one), each contact plays a part in it. Omitted: one for each lead.',
  })
  shareOpportunity?: OpportunityTarget | null;

  @Field(() => String, {
    nullable: true,
    description: `${IDEMPOTENCY_KEY} Refusals of PER_RECORD are answers, too.`,
  })
  idempotencyKey?: string | null;
}

@ObjectType('ConvertLeadsResult', {
  simpleResolvers: true,
  description: 'What became of one lead of a batch.',
})
export class ConvertLeadsResult {
  @Field(() => String, { nullable: true, description: 'As the item had it.' })
  clientRef!: string | null;

  @Field(() => ConvertLeadPayload, {
    description:
      "What the lead became or what was wrong; paths begin at the batch's input: `items`, `3`, `input`, `account`.",
  })
  payload!: ConvertLeadPayload;
}

@ObjectType('ConvertLeadsPayload', { simpleResolvers: true, description: 'What became of the leads.' })
export class ConvertLeadsPayload extends WritePayload {
  @Field(() => [ConvertLeadsResult], {
    description: 'One for each item, in their order; empty when the batch itself was refused.',
  })
  results!: ConvertLeadsResult[];
}
