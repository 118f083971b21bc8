import { ArgsType, Field } from 'type-graphql';
import { AccountFilter, AccountOrder } from '../accounts/account.inputs.ts';
import { NestedContactsArgs } from '../contacts/contact.inputs.ts';
import { ForwardPageArgs } from '../graphql/connection.ts';
import { LeadOrder, NestedLeadsArgs } from '../leads/lead.inputs.ts';
import { NestedOpportunitiesArgs } from '../opportunities/opportunity.inputs.ts';

const inNumeratorField = () =>
  Field(() => Boolean, {
    nullable: true,
    description: 'Only those in the numerator (true), or only the others (false). Default: all counted.',
  });

@ArgsType()
export class RateRecordsArgs extends NestedOpportunitiesArgs {
  @inNumeratorField()
  inNumerator?: boolean | null;
}

@ArgsType()
export class AccountRecordsArgs extends ForwardPageArgs {
  @Field(() => AccountFilter, { nullable: true, description: 'Which of them; all when omitted.' })
  filter?: AccountFilter | null;

  @Field(() => [AccountOrder], { nullable: true, description: 'In which order; by name when omitted.' })
  orderBy?: AccountOrder[] | null;

  @inNumeratorField()
  inNumerator?: boolean | null;
}

@ArgsType()
export class ContactRecordsArgs extends NestedContactsArgs {
  @inNumeratorField()
  inNumerator?: boolean | null;
}

@ArgsType()
export class LeadRecordsArgs extends NestedLeadsArgs {
  @Field(() => [LeadOrder], { nullable: true, description: 'In which order; oldest first when omitted.' })
  orderBy?: LeadOrder[] | null;
}
