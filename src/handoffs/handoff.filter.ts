import sql from 'sql-template-tag';
import { ArgsType, Field, InputType } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import { dateTimeField, type FilterFields, idField } from '../graphql/filter.ts';
import { DateTimeFilter, IDFilter } from '../graphql/filter.types.ts';
import { HandoffState } from './handoff.enums.ts';

@InputType('LeadHandoffFilter', { description: 'Which hand-offs. All conditions given must hold.' })
export class LeadHandoffFilter {
  @Field(() => IDFilter, { nullable: true, description: 'By who is to take the lead (a user).' })
  to?: IDFilter | null;

  @Field(() => IDFilter, {
    nullable: true,
    description: 'By who handed it over (a user); `isNull` finds those of programs for leads of no person.',
  })
  from?: IDFilter | null;

  @Field(() => HandoffState, { nullable: true, description: 'By what became of it.' })
  state?: HandoffState | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By when it was handed over.' })
  handedAt?: DateTimeFilter | null;
}

@ArgsType()
export class LeadHandoffsArgs extends ForwardPageArgs {
  @Field(() => LeadHandoffFilter, { nullable: true, description: 'Which hand-offs; all when omitted.' })
  filter?: LeadHandoffFilter | null;
}

export const handoffFilter: FilterFields<LeadHandoffFilter> = {
  to: idField('to_user_id', 'User'),
  from: idField('from_user_id', 'User'),
  state: (state) =>
    state === HandoffState.PENDING ? sql`t.decision is null` : sql`t.decision = ${state}::text`,
  handedAt: dateTimeField('handed_at'),
};
