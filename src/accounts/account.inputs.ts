import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { PageArgs } from '../graphql/connection.ts';
import {
  DateTimeFilter,
  IDFilter,
  IntFilter,
  OrderDirection,
  StringFilter,
} from '../graphql/filter.types.ts';

@InputType('AccountKey', { description: 'One way to name an account; exactly one field.' })
export class AccountKey {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its domain, or any address within: `www.acme.com` finds `acme.com`. Of several accounts, the oldest.',
  })
  domain?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its id in the system it was imported from; of Salesforce ids, the form of 15 or of 18 characters.',
  })
  externalId?: string;
}

@InputType('AccountFilter', { description: 'Which accounts. All conditions given must hold.' })
export class AccountFilter {
  @Field(() => IDFilter, { nullable: true, description: 'By id.' })
  id?: IDFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By domain (lower case).' })
  domain?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By industry.' })
  industry?: StringFilter | null;

  @Field(() => IntFilter, { nullable: true, description: 'By tier.' })
  tier?: IntFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Target accounts only (true) or all others (false).' })
  isTarget?: boolean | null;

  @Field(() => IDFilter, { nullable: true, description: 'By owner (a user).' })
  owner?: IDFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By parent account.' })
  parent?: IDFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => [AccountFilter], { nullable: true, description: 'All of these hold.' })
  and?: AccountFilter[] | null;

  @Field(() => [AccountFilter], {
    nullable: true,
    description: 'At least one of these holds; none of an empty list.',
  })
  or?: AccountFilter[] | null;

  @Field(() => AccountFilter, { nullable: true, description: 'This does not hold.' })
  not?: AccountFilter | null;
}

export enum AccountOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  TIER = 'TIER',
  ANNUAL_REVENUE = 'ANNUAL_REVENUE',
}
registerEnumType(AccountOrderField, {
  name: 'AccountOrderField',
  description: 'What accounts can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, without regard to case and accents.' },
    CREATED_AT: { description: 'Time of creation.' },
    UPDATED_AT: { description: 'Time of the last change.' },
    TIER: { description: 'Tier.' },
    ANNUAL_REVENUE: { description: 'Annual revenue as a number; unlike currencies are not converted.' },
  },
});

@InputType('AccountOrder', { description: 'One order of accounts.' })
export class AccountOrder {
  @Field(() => AccountOrderField, { description: 'By what.' })
  field!: AccountOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way.',
  })
  direction?: OrderDirection | null;
}

@ArgsType()
export class AccountsArgs extends PageArgs {
  @Field(() => AccountFilter, { nullable: true, description: 'Which accounts; all when omitted.' })
  filter?: AccountFilter | null;

  @Field(() => [AccountOrder], { nullable: true, description: 'In which order; by name when omitted.' })
  orderBy?: AccountOrder[] | null;
}
