import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { MAX_LINES } from './job.enums.ts';
import {
  CancelConversionJobInput,
  ConversionJobPayload,
  RevertConversionJobInput,
  StartConversionJobInput,
} from './job.inputs.ts';
import { jobsByIds } from './job.queries.ts';
import { cancelConversionJob, type Enqueue, revertConversionJob, startConversionJob } from './job.service.ts';

function enqueueIn({ jobs }: Context): Enqueue {
  return async (tx, message) => {
    if (!jobs) throw new Error('This process has no job queue');
    await jobs.enqueue(tx, message);
  };
}

async function answered(
  context: Context,
  work: (tx: Transaction) => Promise<string>,
): Promise<ConversionJobPayload> {
  const { result, userErrors } = await orUserErrors(context.write(work));
  return { job: await loadById(context, 'ConversionJob', jobsByIds, result), userErrors };
}

@Resolver()
export class ConversionJobMutations {
  @Mutation(() => ConversionJobPayload, {
    description: `Has up to ${MAX_LINES} leads converted in the background, by who asks for it. Right: \`lead:convert\`, now and while it runs.`,
  })
  startConversionJob(
    @Arg('input', () => StartConversionJobInput, { description: 'The leads.' })
    input: StartConversionJobInput,
    @Ctx() context: Context,
  ): Promise<ConversionJobPayload> {
    return answered(context, (tx) => startConversionJob(tx, context.principal, input, enqueueIn(context)));
  }

  @Mutation(() => ConversionJobPayload, {
    description:
      'Stops a job: what is done stays, the rest never runs. A job that has ended stays as it is. Right: `lead:convert`.',
  })
  cancelConversionJob(
    @Arg('input', () => CancelConversionJobInput, { description: 'Which.' }) input: CancelConversionJobInput,
    @Ctx() context: Context,
  ): Promise<ConversionJobPayload> {
    return answered(context, (tx) => cancelConversionJob(tx, context.principal, input));
  }

  @Mutation(() => ConversionJobPayload, {
    description:
      'Undoes the conversions of an ended job, the newest first, as a job of its own: what is blocked is listed there, the others are undone. While such a job is under way, the same one is the answer. Right: `lead:convert`.',
  })
  revertConversionJob(
    @Arg('input', () => RevertConversionJobInput, { description: 'Which.' }) input: RevertConversionJobInput,
    @Ctx() context: Context,
  ): Promise<ConversionJobPayload> {
    return answered(context, (tx) => revertConversionJob(tx, context.principal, input, enqueueIn(context)));
  }
}
