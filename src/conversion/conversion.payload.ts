import { Field, ObjectType } from 'type-graphql';
import { Account } from '../accounts/account.type.ts';
import { Contact } from '../contacts/contact.type.ts';
import { UserError, type UserErrorData } from '../graphql/user-error.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Lead } from '../leads/lead.type.ts';
import { Opportunity } from '../opportunities/opportunity.type.ts';
import { LeadConversion } from './conversion.type.ts';

@ObjectType('ConvertLeadPayload', {
  simpleResolvers: true,
  description: 'What a lead became, as it is now; nothing of it when there are `userErrors`.',
})
export class ConvertLeadPayload extends WritePayload {
  @Field(() => LeadConversion, {
    nullable: true,
    description:
      'The conversion: outcomes and lineage; with `revertedAt` when the key was used before and it was undone since.',
  })
  conversion!: LeadConversion | null;

  @Field(() => Lead, { nullable: true, description: 'The lead.' })
  lead!: Lead | null;

  @Field(() => Account, { nullable: true, description: 'The account it became or joined.' })
  account!: Account | null;

  @Field(() => Contact, { nullable: true, description: 'The contact it became or joined.' })
  contact!: Contact | null;

  @Field(() => Opportunity, {
    nullable: true,
    description: 'The opportunity it started or joined; null without one.',
  })
  opportunity!: Opportunity | null;

  @Field(() => [UserError], {
    description:
      'Remarks on what was done all the same: similar records (DUPLICATE_FOUND), or that the conversion a repeated `idempotencyKey` stands for was undone since (ALREADY_REVERTED).',
  })
  warnings!: UserErrorData[];
}
