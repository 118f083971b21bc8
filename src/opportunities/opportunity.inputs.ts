import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { ForwardPageArgs, PageArgs } from '../graphql/connection.ts';
import {
  DateFilter,
  DateTimeFilter,
  DecimalFilter,
  IDFilter,
  OrderDirection,
  StringFilter,
} from '../graphql/filter.types.ts';

@InputType('OpportunityKey', { description: 'One way to name an opportunity; exactly one field.' })
export class OpportunityKey {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its id in the system it was imported from; of Salesforce ids, the form of 15 or of 18 characters.',
  })
  externalId?: string;
}

@InputType('OpportunityFilter', { description: 'Which opportunities. All conditions given must hold.' })
export class OpportunityFilter {
  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By account.' })
  account?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: "By the stage's name." })
  stage?: StringFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Closed ones only (true) or open ones (false).' })
  isClosed?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Won ones only (true) or all others (false).' })
  isWon?: boolean | null;

  @Field(() => DecimalFilter, {
    nullable: true,
    description:
      "By amount in the organisation's currency. Nothing is converted: no amount in another currency satisfies a comparison.",
  })
  amount?: DecimalFilter | null;

  @Field(() => DateFilter, { nullable: true, description: 'By close date.' })
  closeDate?: DateFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By owner (a user).' })
  owner?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By primary campaign.' })
  campaign?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By source.' })
  source?: StringFilter | null;

  @Field(() => [OpportunityFilter], { nullable: true, description: 'All of these hold.' })
  and?: OpportunityFilter[] | null;

  @Field(() => [OpportunityFilter], {
    nullable: true,
    description: 'At least one of these holds; none of an empty list.',
  })
  or?: OpportunityFilter[] | null;

  @Field(() => OpportunityFilter, { nullable: true, description: 'This does not hold.' })
  not?: OpportunityFilter | null;
}

export enum OpportunityOrderField {
  NAME = 'NAME',
  AMOUNT = 'AMOUNT',
  CLOSE_DATE = 'CLOSE_DATE',
  CREATED_AT = 'CREATED_AT',
  STAGE = 'STAGE',
}
registerEnumType(OpportunityOrderField, {
  name: 'OpportunityOrderField',
  description: 'What opportunities can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, without regard to case and accents.' },
    AMOUNT: { description: 'Amount as a number; unlike currencies are not converted.' },
    CLOSE_DATE: { description: 'Close date.' },
    CREATED_AT: { description: 'Time of creation.' },
    STAGE: { description: "The stage's place in the process." },
  },
});

@InputType('OpportunityOrder', { description: 'One order of opportunities.' })
export class OpportunityOrder {
  @Field(() => OpportunityOrderField, { description: 'By what.' })
  field!: OpportunityOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way.',
  })
  direction?: OrderDirection | null;
}

@ArgsType()
export class OpportunitiesArgs extends PageArgs {
  @Field(() => OpportunityFilter, { nullable: true, description: 'Which opportunities; all when omitted.' })
  filter?: OpportunityFilter | null;

  @Field(() => [OpportunityOrder], {
    nullable: true,
    description: 'In which order; by close date when omitted.',
  })
  orderBy?: OpportunityOrder[] | null;
}

@ArgsType()
export class NestedOpportunitiesArgs extends ForwardPageArgs {
  @Field(() => OpportunityFilter, { nullable: true, description: 'Which opportunities; all when omitted.' })
  filter?: OpportunityFilter | null;

  @Field(() => [OpportunityOrder], {
    nullable: true,
    description: 'In which order; by close date when omitted.',
  })
  orderBy?: OpportunityOrder[] | null;
}
