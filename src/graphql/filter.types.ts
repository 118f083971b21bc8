import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { DateScalar, DateTimeScalar, DecimalScalar } from './scalars.ts';

const all = 'All conditions given must hold; a condition that is null counts as not given.';

@InputType('StringFilter', { description: `Conditions on a text. ${all}` })
export class StringFilter {
  @Field(() => String, { nullable: true, description: 'Exactly this text.' })
  eq?: string | null;

  @Field(() => String, { nullable: true, description: 'Not this text (rows without a text match too).' })
  ne?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'One of these texts (at most 500); none of an empty list.',
  })
  in?: string[] | null;

  @Field(() => String, { nullable: true, description: 'This text is part of it, whatever case and accents.' })
  contains?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'It begins with this text, whatever case and accents.',
  })
  startsWith?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: has no text; false: has one.' })
  isNull?: boolean | null;
}

@InputType('IntFilter', { description: `Conditions on a whole number. ${all}` })
export class IntFilter {
  @Field(() => Int, { nullable: true, description: 'Equal to.' })
  eq?: number | null;

  @Field(() => [Int], { nullable: true, description: 'One of these (at most 500).' })
  in?: number[] | null;

  @Field(() => Int, { nullable: true, description: 'Greater than.' })
  gt?: number | null;

  @Field(() => Int, { nullable: true, description: 'Greater than or equal to.' })
  gte?: number | null;

  @Field(() => Int, { nullable: true, description: 'Less than.' })
  lt?: number | null;

  @Field(() => Int, { nullable: true, description: 'Less than or equal to.' })
  lte?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'true: has no number; false: has one.' })
  isNull?: boolean | null;
}

@InputType('DecimalFilter', {
  description: `Conditions on an amount, compared in the organisation's currency: amounts in other currencies never match. ${all}`,
})
export class DecimalFilter {
  @Field(() => DecimalScalar, { nullable: true, description: 'Equal to.' })
  eq?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Greater than.' })
  gt?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Greater than or equal to.' })
  gte?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Less than.' })
  lt?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Less than or equal to.' })
  lte?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: has no amount; false: has one, in any currency.',
  })
  isNull?: boolean | null;
}

@InputType('DateFilter', { description: `Conditions on a calendar date. ${all}` })
export class DateFilter {
  @Field(() => DateScalar, { nullable: true, description: 'On this day.' })
  eq?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'On this day or later.' })
  gte?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Before this day.' })
  lt?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: has no date; false: has one.' })
  isNull?: boolean | null;
}

@InputType('DateTimeFilter', { description: `Conditions on an instant. ${all}` })
export class DateTimeFilter {
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this instant or later.' })
  gte?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before this instant.' })
  lt?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'true: has none; false: has one.' })
  isNull?: boolean | null;
}

@InputType('IDFilter', { description: `Conditions on a reference. ${all}` })
export class IDFilter {
  @Field(() => ID, { nullable: true, description: 'This record.' })
  eq?: string | null;

  @Field(() => [ID], { nullable: true, description: 'One of these records (at most 500).' })
  in?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'true: refers to none; false: refers to one.' })
  isNull?: boolean | null;
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Rows without a value come last in both directions.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest, A first.' },
    DESC: { description: 'Largest, latest, Z first.' },
  },
});
