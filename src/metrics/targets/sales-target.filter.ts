import { ArgsType, Field, InputType } from 'type-graphql';
import { ForwardPageArgs } from '../../graphql/connection.ts';
import { dateField, type FilterFields, idField } from '../../graphql/filter.ts';
import { DateFilter, IDFilter } from '../../graphql/filter.types.ts';

@InputType('SalesTargetFilter', { description: 'Which targets. All conditions given must hold.' })
export class SalesTargetFilter {
  @Field(() => IDFilter, {
    nullable: true,
    description: 'By whose they are (a user); `isNull: true` finds the whole organisation’s.',
  })
  owner?: IDFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'By the first day of their period.' })
  from?: DateFilter | null;
}

@ArgsType()
export class SalesTargetsArgs extends ForwardPageArgs {
  @Field(() => SalesTargetFilter, { nullable: true, description: 'Which targets; all when omitted.' })
  filter?: SalesTargetFilter | null;
}

export const targetFilter: FilterFields<SalesTargetFilter> = {
  owner: idField('owner_id', 'User'),
  from: dateField('starts_on'),
};
