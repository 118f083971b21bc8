import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { ForwardPageArgs, PageArgs } from '../graphql/connection.ts';
import { DateTimeFilter, IDFilter, OrderDirection, StringFilter } from '../graphql/filter.types.ts';

@InputType('LeadKey', { description: 'One way to name a lead; exactly one field.' })
export class LeadKey {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its id in the system it was imported from; of Salesforce ids, the form of 15 or of 18 characters.',
  })
  externalId?: string;
}

@InputType('LeadFilter', { description: 'Which leads. All conditions given must hold.' })
export class LeadFilter {
  @Field(() => StringFilter, {
    nullable: true,
    description: 'By full name ("Bertha Boxer"); `eq` and `in` ignore case and accents here.',
  })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By e-mail address, whatever case.' })
  email?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By company.' })
  company?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: "By the status's name." })
  status?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By source.' })
  source?: StringFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Converted leads only (true) or the others (false).' })
  isConverted?: boolean | null;

  @Field(() => IDFilter, {
    nullable: true,
    description: 'By owner (a user); `isNull` finds leads of no person, those of a queue among them.',
  })
  owner?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By primary campaign.' })
  campaign?: IDFilter | null;

  @Field(() => IDFilter, {
    nullable: true,
    description: 'By the queue that owns it; `isNull: false` finds the leads that wait in any queue.',
  })
  queue?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => [LeadFilter], { nullable: true, description: 'All of these hold.' })
  and?: LeadFilter[] | null;

  @Field(() => [LeadFilter], {
    nullable: true,
    description: 'At least one of these holds; none of an empty list.',
  })
  or?: LeadFilter[] | null;

  @Field(() => LeadFilter, { nullable: true, description: 'This does not hold.' })
  not?: LeadFilter | null;
}

export enum LeadOrderField {
  NAME = 'NAME',
  COMPANY = 'COMPANY',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  SCORE = 'SCORE',
}
registerEnumType(LeadOrderField, {
  name: 'LeadOrderField',
  description: 'What leads can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Full name, without regard to case and accents.' },
    COMPANY: { description: 'Company, without regard to case and accents.' },
    CREATED_AT: { description: 'Time of creation.' },
    UPDATED_AT: { description: 'Time of the last change.' },
    SCORE: { description: 'Score.' },
  },
});

@InputType('LeadOrder', { description: 'One order of leads.' })
export class LeadOrder {
  @Field(() => LeadOrderField, { description: 'By what.' })
  field!: LeadOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way.',
  })
  direction?: OrderDirection | null;
}

@ArgsType()
export class LeadsArgs extends PageArgs {
  @Field(() => LeadFilter, { nullable: true, description: 'Which leads; all when omitted.' })
  filter?: LeadFilter | null;

  @Field(() => [LeadOrder], { nullable: true, description: 'In which order; newest first when omitted.' })
  orderBy?: LeadOrder[] | null;
}

@ArgsType()
export class NestedLeadsArgs extends ForwardPageArgs {
  @Field(() => LeadFilter, { nullable: true, description: 'Which leads; all when omitted.' })
  filter?: LeadFilter | null;
}
