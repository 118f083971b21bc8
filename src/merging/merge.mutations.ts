import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { mergeAccounts, previewAccountMerge, type MergeResult } from './merge-accounts.service.ts';
import { mergeContacts, previewContactMerge } from './merge-contacts.service.ts';
import { MergeAccountsInput, MergeContactsInput } from './merge.inputs.ts';
import { MergeAccountsPayload, MergeContactsPayload } from './merge.type.ts';
import { NOTHING_MOVED } from './moved-records.ts';

interface Ways {
  preview: (tx: Transaction) => Promise<MergeResult>;
  merge: (tx: Transaction) => Promise<MergeResult>;
}

async function merged(context: Context, isDryRun: boolean | null | undefined, { preview, merge }: Ways) {
  const { principal, database } = context;
  const work = isDryRun ? database.plan(principal, preview) : context.write(merge);
  const { result, userErrors } = await orUserErrors(work);
  const { survivorId = null, fields = [], moved = NOTHING_MOVED, warnings = [] } = result ?? {};
  return { survivorId, payload: { fields, moved, warnings, userErrors } };
}

@Resolver()
export class MergeMutations {
  @Mutation(() => MergeAccountsPayload, {
    description:
      'Makes one account of several that are one company, in one step: what hangs on the duplicates goes to the survivor, and their ids lead to it. It can not be undone. Right: `record:merge`.',
  })
  async mergeAccounts(
    @Arg('input', () => MergeAccountsInput, { description: 'The accounts.' }) input: MergeAccountsInput,
    @Ctx() context: Context,
  ): Promise<MergeAccountsPayload> {
    const { principal } = context;
    const { survivorId, payload } = await merged(context, input.dryRun, {
      preview: (tx) => previewAccountMerge(tx, principal, input),
      merge: (tx) => mergeAccounts(tx, principal, input),
    });
    return { account: await loadById(context, 'Account', accountsByIds, survivorId), ...payload };
  }

  @Mutation(() => MergeContactsPayload, {
    description:
      'Makes one contact of several that are one person, in one step: what hangs on the duplicates goes to the survivor, and their ids lead to it. It can not be undone. Right: `record:merge`.',
  })
  async mergeContacts(
    @Arg('input', () => MergeContactsInput, { description: 'The contacts.' }) input: MergeContactsInput,
    @Ctx() context: Context,
  ): Promise<MergeContactsPayload> {
    const { principal } = context;
    const { survivorId, payload } = await merged(context, input.dryRun, {
      preview: (tx) => previewContactMerge(tx, principal, input),
      merge: (tx) => mergeContacts(tx, principal, input),
    });
    return { contact: await loadById(context, 'Contact', contactsByIds, survivorId), ...payload };
  }
}
