import DataLoader from 'dataloader';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.type.ts';
import { Contact } from '../contacts/contact.type.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { MergedRecord } from './merge.type.ts';
import { mergedInto } from './merged-from.queries.ts';
import type { MergeableTable } from './survivor.queries.ts';

function loadMerged(context: Context, table: MergeableTable, uuid: string): Promise<MergedRecord[]> {
  return context
    .loader<string, MergedRecord[]>(
      `merged into ${table}`,
      () => new DataLoader((ids) => mergedInto(context.snapshot, context.organization.id, table, ids)),
    )
    .load(uuid);
}

@Resolver(() => Account)
export class AccountMergedFromResolver {
  @FieldResolver(() => [MergedRecord], {
    description: 'Accounts that were merged into this one, the latest 100 first; empty when none was.',
  })
  mergedFrom(@Root() account: Account, @Ctx() context: Context): Promise<MergedRecord[]> {
    return loadMerged(context, 'account', account.uuid);
  }
}

@Resolver(() => Contact)
export class ContactMergedFromResolver {
  @FieldResolver(() => [MergedRecord], {
    description: 'Contacts that were merged into this one, the latest 100 first; empty when none was.',
  })
  mergedFrom(@Root() contact: Contact, @Ctx() context: Context): Promise<MergedRecord[]> {
    return loadMerged(context, 'contact', contact.uuid);
  }
}

@Resolver(() => MergedRecord)
export class MergedRecordResolver {
  @FieldResolver(() => User, { nullable: true, description: 'Who merged it; null when that was a program.' })
  mergedBy(@Root() record: MergedRecord, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, record.mergedByUuid);
  }
}
