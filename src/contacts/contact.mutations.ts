import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  CreateContactInput,
  CreateContactPayload,
  UpdateContactInput,
  UpdateContactPayload,
} from './contact.mutation-inputs.ts';
import { contactsByIds } from './contact.queries.ts';
import { createContact, updateContact } from './contact.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { contact: await loadById(context, 'Contact', contactsByIds, result), userErrors };
}

@Resolver()
export class ContactMutations {
  @Mutation(() => CreateContactPayload, {
    description:
      'Makes a contact. Duplicates are not looked for: a conversion does that. Right: `contact:write`.',
  })
  createContact(
    @Arg('input', () => CreateContactInput, { description: 'The contact.' }) input: CreateContactInput,
    @Ctx() context: Context,
  ): Promise<CreateContactPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => createContact(tx, principal, organization, input));
  }

  @Mutation(() => UpdateContactPayload, {
    description: 'Changes a contact; only what is given. Right: `contact:write`.',
  })
  updateContact(
    @Arg('input', () => UpdateContactInput, { description: 'The changes.' }) input: UpdateContactInput,
    @Ctx() context: Context,
  ): Promise<UpdateContactPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateContact(tx, principal, organization, input));
  }
}
