import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { queuesByIds } from './identity.queries.ts';
import { CreateQueueInput, QueuePayload, RemoveQueueInput, UpdateQueueInput } from './queue.inputs.ts';
import { createQueue, removeQueue, updateQueue } from './queue.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>): Promise<QueuePayload> {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { queue: await loadById(context, 'Queue', queuesByIds, result), userErrors };
}

@Resolver()
export class QueueMutations {
  @Mutation(() => QueuePayload, { description: 'Makes a queue that can own leads. Right: `settings:write`.' })
  createQueue(
    @Arg('input', () => CreateQueueInput, { description: 'The queue.' }) input: CreateQueueInput,
    @Ctx() context: Context,
  ): Promise<QueuePayload> {
    return written(context, (tx) => createQueue(tx, context.principal, input));
  }

  @Mutation(() => QueuePayload, { description: 'Renames a queue. Right: `settings:write`.' })
  updateQueue(
    @Arg('input', () => UpdateQueueInput, { description: 'The queue, and its new name.' })
    input: UpdateQueueInput,
    @Ctx() context: Context,
  ): Promise<QueuePayload> {
    return written(context, (tx) => updateQueue(tx, context.principal, input));
  }

  @Mutation(() => QueuePayload, {
    description: 'Removes a queue that owns no lead. Right: `settings:write`.',
  })
  removeQueue(
    @Arg('input', () => RemoveQueueInput, { description: 'The queue.' }) input: RemoveQueueInput,
    @Ctx() context: Context,
  ): Promise<QueuePayload> {
    return written(context, (tx) => removeQueue(tx, context.principal, input));
  }
}
