import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  CreateAccountInput,
  CreateAccountPayload,
  UpdateAccountInput,
  UpdateAccountPayload,
} from './account.mutation-inputs.ts';
import { accountsByIds } from './account.queries.ts';
import { createAccount, updateAccount } from './account.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { account: await loadById(context, 'Account', accountsByIds, result), userErrors };
}

@Resolver()
export class AccountMutations {
  @Mutation(() => CreateAccountPayload, {
    description:
      'Makes an account. Duplicates are not looked for: a conversion does that. Right: `account:write`.',
  })
  createAccount(
    @Arg('input', () => CreateAccountInput, { description: 'The account.' }) input: CreateAccountInput,
    @Ctx() context: Context,
  ): Promise<CreateAccountPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => createAccount(tx, principal, organization, input));
  }

  @Mutation(() => UpdateAccountPayload, {
    description: 'Changes an account; only what is given. Right: `account:write`.',
  })
  updateAccount(
    @Arg('input', () => UpdateAccountInput, { description: 'The changes.' }) input: UpdateAccountInput,
    @Ctx() context: Context,
  ): Promise<UpdateAccountPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateAccount(tx, principal, organization, input));
  }
}
