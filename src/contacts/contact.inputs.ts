import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { ForwardPageArgs, PageArgs } from '../graphql/connection.ts';
import { DateTimeFilter, IDFilter, OrderDirection, StringFilter } from '../graphql/filter.types.ts';

@InputType('ContactKey', { description: 'One way to name a contact; exactly one field.' })
export class ContactKey {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address, whatever case. Of several contacts, the oldest.',
  })
  email?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its id in the system it was imported from; of Salesforce ids, the form of 15 or of 18 characters.',
  })
  externalId?: string;
}

@InputType('ContactFilter', { description: 'Which contacts. All conditions given must hold.' })
export class ContactFilter {
  @Field(() => StringFilter, {
    nullable: true,
    description: 'By full name ("Rose Gonzalez"); `eq` and `in` ignore case and accents here.',
  })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By e-mail address, whatever case.' })
  email?: StringFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By account.' })
  account?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By job title.' })
  title?: StringFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By owner (a user).' })
  owner?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => [ContactFilter], { nullable: true, description: 'All of these hold.' })
  and?: ContactFilter[] | null;

  @Field(() => [ContactFilter], {
    nullable: true,
    description: 'At least one of these holds; none of an empty list.',
  })
  or?: ContactFilter[] | null;

  @Field(() => ContactFilter, { nullable: true, description: 'This does not hold.' })
  not?: ContactFilter | null;
}

export enum ContactOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(ContactOrderField, {
  name: 'ContactOrderField',
  description: 'What contacts can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Full name, without regard to case and accents.' },
    CREATED_AT: { description: 'Time of creation.' },
    UPDATED_AT: { description: 'Time of the last change.' },
  },
});

@InputType('ContactOrder', { description: 'One order of contacts.' })
export class ContactOrder {
  @Field(() => ContactOrderField, { description: 'By what.' })
  field!: ContactOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way.',
  })
  direction?: OrderDirection | null;
}

@ArgsType()
export class ContactsArgs extends PageArgs {
  @Field(() => ContactFilter, { nullable: true, description: 'Which contacts; all when omitted.' })
  filter?: ContactFilter | null;

  @Field(() => [ContactOrder], { nullable: true, description: 'In which order; by name when omitted.' })
  orderBy?: ContactOrder[] | null;
}

@ArgsType()
export class NestedContactsArgs extends ForwardPageArgs {
  @Field(() => ContactFilter, { nullable: true, description: 'Which contacts; all when omitted.' })
  filter?: ContactFilter | null;

  @Field(() => [ContactOrder], { nullable: true, description: 'In which order; by name when omitted.' })
  orderBy?: ContactOrder[] | null;
}
