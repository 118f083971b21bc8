import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConvertLeadsItem } from '../conversion/conversion-batch.inputs.ts';
import { OpportunityTarget } from '../conversion/conversion.inputs.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { ConversionJobLineState, ConversionJobState, MAX_LINES } from './job.enums.ts';
import { ConversionJob } from './job.type.ts';

@InputType('StartConversionJobInput', {
  description: 'Leads to convert in the background, each as PER_RECORD in a batch does.',
})
export class StartConversionJobInput {
  @Field(() => [ConvertLeadsItem], { description: `The leads: 1 to ${MAX_LINES}.` })
  items!: ConvertLeadsItem[];

  @Field(() => OpportunityTarget, {
    nullable: true,
    description:
      'One opportunity per account for all leads of the job that name none themselves. Omitted: one for each.',
  })
  shareOpportunity?: OpportunityTarget | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('CancelConversionJobInput', { description: 'A job to stop.' })
export class CancelConversionJobInput {
  @Field(() => ID, { description: 'The job.' })
  job!: string;
}

@InputType('RevertConversionJobInput', { description: 'A job to undo.' })
export class RevertConversionJobInput {
  @Field(() => ID, { description: 'The job, ended.' })
  job!: string;

  @Field(() => String, { nullable: true, description: 'Why, for the audit.' })
  reason?: string | null;
}

@ObjectType('ConversionJobPayload', { simpleResolvers: true, description: 'The job.' })
export class ConversionJobPayload extends WritePayload {
  @Field(() => ConversionJob, { nullable: true, description: 'The job; null when it was refused.' })
  job!: ConversionJob | null;
}

@ArgsType()
export class ConversionJobsArgs extends ForwardPageArgs {
  @Field(() => ConversionJobState, { nullable: true, description: 'Only those so far; all when omitted.' })
  state?: ConversionJobState | null;
}

@ArgsType()
export class ConversionJobLinesArgs extends ForwardPageArgs {
  @Field(() => ConversionJobLineState, { nullable: true, description: 'Only those; all when omitted.' })
  state?: ConversionJobLineState | null;
}
