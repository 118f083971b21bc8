import { Field, ObjectType } from 'type-graphql';
import { ConversionTarget, MergePolicy } from './conversion.enums.ts';

@ObjectType('FieldMapping', {
  simpleResolvers: true,
  description: 'Where one field of what a lead becomes gets its value from.',
})
export class FieldMappingType {
  @Field(() => ConversionTarget, { description: 'The record the field is of.' })
  target!: ConversionTarget;

  @Field(() => String, { description: "The record's field: `phone`; a custom one as `custom.<key>`." })
  field!: string;

  @Field(() => [String], {
    description:
      "The lead's fields in order of preference: the first that has a value gives it. Of `website` and `email` a domain takes the registrable domain, free-mail providers excluded.",
  })
  sources!: string[];

  @Field(() => MergePolicy, {
    description: "What becomes of the field of an existing record, unless the call's `mergePolicy` says.",
  })
  policy!: MergePolicy;

  @Field(() => Boolean, {
    description:
      'Can it neither be left out nor get other sources? Records are recognised by it, or it is a wish to be left alone.',
  })
  isFixed!: boolean;
}
