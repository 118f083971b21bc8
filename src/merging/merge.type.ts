import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Account } from '../accounts/account.type.ts';
import { Contact } from '../contacts/contact.type.ts';
import { PlannedField } from '../conversion/preview.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { UserError, type UserErrorData } from '../graphql/user-error.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import type { MergedField } from './merge-fields.ts';
import type { MergeCounts as Counts } from './moved-records.ts';

@ObjectType('MergeCounts', {
  simpleResolvers: true,
  description: 'How many records of the duplicates go to the survivor.',
})
export class MergeCounts implements Counts {
  @Field(() => Int, { description: 'Contacts of the merged accounts; 0 when contacts are merged.' })
  contacts!: number;

  @Field(() => Int, { description: 'Opportunities of the merged accounts; 0 when contacts are merged.' })
  opportunities!: number;

  @Field(() => Int, {
    description: 'Lineage: conversions of leads into the duplicates, undone ones included.',
  })
  conversions!: number;

  @Field(() => Int, { description: 'Activities.' })
  activities!: number;

  @Field(() => Int, { description: 'Accounts that belong to the merged ones; 0 when contacts are merged.' })
  accounts!: number;

  @Field(() => Int, { description: 'Leads matched to the merged accounts; 0 when contacts are merged.' })
  leads!: number;

  @Field(() => Int, {
    description:
      'Roles of the merged contacts in deals, of which one stays per deal; 0 when accounts are merged.',
  })
  contactRoles!: number;

  @Field(() => Int, {
    description:
      'Campaign memberships of the merged contacts, of which one stays per campaign, with the earliest response; 0 when accounts are merged.',
  })
  campaignMembers!: number;
}

/** What both payloads have. */
@ObjectType({ simpleResolvers: true })
export abstract class MergePayload extends WritePayload {
  @Field(() => [PlannedField], {
    description:
      "What becomes of each value a duplicate has: FILLED and OVERWRITTEN were taken over, KEPT left the survivor's, DROPPED are lost. Empty when there are `userErrors`.",
  })
  fields!: MergedField[];

  @Field(() => MergeCounts, { description: 'What moves; all 0 when there are `userErrors`.' })
  moved!: MergeCounts;

  @Field(() => [UserError], {
    description:
      'Remarks, which stop nothing: contacts of one e-mail address that are at one account now (DUPLICATE_FOUND).',
  })
  warnings!: UserErrorData[];
}

@ObjectType('MergeAccountsPayload', {
  simpleResolvers: true,
  description: 'Accounts that were merged, or with `dryRun` would be.',
})
export class MergeAccountsPayload extends MergePayload {
  @Field(() => Account, {
    nullable: true,
    description: 'The survivor as it is now (with `dryRun` unchanged); null when there are `userErrors`.',
  })
  account!: Account | null;
}

@ObjectType('MergeContactsPayload', {
  simpleResolvers: true,
  description: 'Contacts that were merged, or with `dryRun` would be.',
})
export class MergeContactsPayload extends MergePayload {
  @Field(() => Contact, {
    nullable: true,
    description: 'The survivor as it is now (with `dryRun` unchanged); null when there are `userErrors`.',
  })
  contact!: Contact | null;
}

@ObjectType('MergedRecord', {
  simpleResolvers: true,
  description: 'A record that was merged into another and is no record of its own any more.',
})
export class MergedRecord {
  mergedByUuid!: string | null;

  @Field(() => ID, { description: 'The id it had; it gives the survivor now.' })
  id!: string;

  @Field(() => String, { description: 'The name it had.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in the system it was imported from; it gives the survivor now.',
  })
  externalId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was merged.' })
  mergedAt!: string;
}
