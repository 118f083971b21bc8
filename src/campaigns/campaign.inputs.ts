import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { PageArgs } from '../graphql/connection.ts';
import {
  DateFilter,
  DateTimeFilter,
  IDFilter,
  OrderDirection,
  StringFilter,
} from '../graphql/filter.types.ts';

@InputType('CampaignKey', { description: 'One way to name a campaign; exactly one field.' })
export class CampaignKey {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'Its id in the system it was imported from.' })
  externalId?: string;
}

@InputType('CampaignFilter', { description: 'Which campaigns. All conditions given must hold.' })
export class CampaignFilter {
  @Field(() => StringFilter, { nullable: true, description: 'By name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By type: `Webinar`.' })
  type?: StringFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Active ones only (true) or the others (false).' })
  isActive?: boolean | null;

  @Field(() => DateFilter, { nullable: true, description: 'By first day.' })
  startDate?: DateFilter | null;

  @Field(() => DateTimeFilter, { nullable: true, description: 'By time of creation.' })
  createdAt?: DateTimeFilter | null;

  @Field(() => IDFilter, { nullable: true, description: 'By owner (a user).' })
  owner?: IDFilter | null;

  @Field(() => [CampaignFilter], { nullable: true, description: 'All of these hold.' })
  and?: CampaignFilter[] | null;

  @Field(() => [CampaignFilter], {
    nullable: true,
    description: 'At least one of these holds; none of an empty list.',
  })
  or?: CampaignFilter[] | null;

  @Field(() => CampaignFilter, { nullable: true, description: 'This does not hold.' })
  not?: CampaignFilter | null;
}

export enum CampaignOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
  START_DATE = 'START_DATE',
}
registerEnumType(CampaignOrderField, {
  name: 'CampaignOrderField',
  description: 'What campaigns can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, without regard to case and accents.' },
    CREATED_AT: { description: 'Time of creation.' },
    START_DATE: { description: 'First day.' },
  },
});

@InputType('CampaignOrder', { description: 'One order of campaigns.' })
export class CampaignOrder {
  @Field(() => CampaignOrderField, { description: 'By what.' })
  field!: CampaignOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way.',
  })
  direction?: OrderDirection | null;
}

@ArgsType()
export class CampaignsArgs extends PageArgs {
  @Field(() => CampaignFilter, { nullable: true, description: 'Which campaigns; all when omitted.' })
  filter?: CampaignFilter | null;

  @Field(() => [CampaignOrder], { nullable: true, description: 'In which order; by name when omitted.' })
  orderBy?: CampaignOrder[] | null;
}
