import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('Address', {
  simpleResolvers: true,
  description: 'A postal address; parts that are not known are null.',
})
export class Address {
  @Field(() => String, { nullable: true, description: 'Street and number, may have several lines.' })
  street!: string | null;

  @Field(() => String, { nullable: true, description: 'City.' })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'State, province or county, as entered.' })
  state!: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Country, as entered.' })
  country!: string | null;
}

/** The address over the alias `t`; null when all of it is null. */
export const addressSelect = `case when coalesce(t.street, t.city, t.state, t.postal_code, t.country) is not null then
  jsonb_build_object('street', t.street, 'city', t.city, 'state', t.state, 'postalCode', t.postal_code, 'country', t.country) end`;

@InputType('AddressInput', { description: 'A postal address. Replaces the former one as a whole.' })
export class AddressInput implements Address {
  @Field(() => String, { nullable: true, description: 'Street and number, may have several lines.' })
  street!: string | null;

  @Field(() => String, { nullable: true, description: 'City.' })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'State, province or county.' })
  state!: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Country.' })
  country!: string | null;
}
