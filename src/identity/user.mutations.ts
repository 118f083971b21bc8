import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { usersByIds } from './identity.queries.ts';
import { updateUser } from './team.service.ts';
import { UpdateUserInput, UserPayload } from './user.inputs.ts';

@Resolver()
export class UserMutations {
  @Mutation(() => UserPayload, {
    description: 'Puts a person in a team, or takes them out of theirs. Right: `settings:write`.',
  })
  async updateUser(
    @Arg('input', () => UpdateUserInput, { description: 'The person, and the changes.' })
    input: UpdateUserInput,
    @Ctx() context: Context,
  ): Promise<UserPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => updateUser(tx, context.principal, input)),
    );
    return { user: await loadById(context, 'User', usersByIds, result), userErrors };
  }
}
