import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { encodeId } from '../graphql/ids.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  CreateActivityInput,
  CreateActivityPayload,
  RemoveActivityInput,
  RemoveActivityPayload,
  UpdateActivityInput,
  UpdateActivityPayload,
} from './activity.inputs.ts';
import { activitiesByIds } from './activity.queries.ts';
import { createActivity, removeActivity, updateActivity } from './activity.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { activity: await loadById(context, 'Activity', activitiesByIds, result), userErrors };
}

@Resolver()
export class ActivityMutations {
  @Mutation(() => CreateActivityPayload, {
    description: 'Notes what happened with a person or a deal, or is to. Right: `activity:write`.',
  })
  createActivity(
    @Arg('input', () => CreateActivityInput, { description: 'The activity.' }) input: CreateActivityInput,
    @Ctx() context: Context,
  ): Promise<CreateActivityPayload> {
    return written(context, (tx) => createActivity(tx, context.principal, input));
  }

  @Mutation(() => UpdateActivityPayload, {
    description: 'Changes an activity; only what is given. Right: `activity:write`.',
  })
  updateActivity(
    @Arg('input', () => UpdateActivityInput, { description: 'The changes.' }) input: UpdateActivityInput,
    @Ctx() context: Context,
  ): Promise<UpdateActivityPayload> {
    return written(context, (tx) => updateActivity(tx, context.principal, input));
  }

  @Mutation(() => RemoveActivityPayload, {
    description:
      'Removes an activity that never was; an import does not bring it back. Right: `activity:write`.',
  })
  async removeActivity(
    @Arg('input', () => RemoveActivityInput, { description: 'The activity.' }) input: RemoveActivityInput,
    @Ctx() context: Context,
  ): Promise<RemoveActivityPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => removeActivity(tx, context.principal, input)),
    );
    return { removed: result && encodeId('Activity', result), userErrors };
  }
}
