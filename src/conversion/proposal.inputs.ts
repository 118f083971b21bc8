import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import { dateTimeField, type FilterFields, idField } from '../graphql/filter.ts';
import { DateTimeFilter, IDFilter } from '../graphql/filter.types.ts';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { ProposalState } from './proposal.enums.ts';

@InputType('ReviewConversionInput', { description: 'A decision about a proposal to convert a lead.' })
export class ReviewConversionInput {
  @Field(() => ID, { description: 'The proposal: `cpr_…`.' })
  proposal!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for who proposed it: at most 32,000 characters.',
  })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType('ConversionProposalFilter', {
  description: 'Which proposals. All conditions given must hold.',
})
export class ConversionProposalFilter {
  @Field(() => IDFilter, { nullable: true, description: 'By the lead.' })
  lead?: IDFilter | null;

  @Field(() => IDFilter, {
    nullable: true,
    description: 'By the person who proposed; `isNull: true` for those of programs.',
  })
  proposedBy?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By the time they were made.' })
  proposedAt?: DateTimeFilter | null;
}

@ArgsType()
export class ConversionProposalsArgs extends ForwardPageArgs {
  @Field(() => ProposalState, {
    nullable: true,
    description:
      'Only those in this state. OPEN: those that wait longest come first; else the latest come first.',
  })
  state?: ProposalState | null;

  @Field(() => ConversionProposalFilter, {
    nullable: true,
    description: 'Which proposals; all when omitted.',
  })
  filter?: ConversionProposalFilter | null;
}

export const proposalFilter: FilterFields<ConversionProposalFilter> = {
  lead: idField('lead_id', 'Lead'),
  proposedBy: idField('proposed_by_id', 'User'),
  proposedAt: dateTimeField('proposed_at'),
};
