import { Field, ObjectType } from 'type-graphql';
import { CustomFieldType, CustomRecordType } from './custom-field.enums.ts';

@ObjectType('CustomField', {
  simpleResolvers: true,
  description: 'A field the organisation has added to its leads, accounts, contacts or opportunities.',
})
export class CustomField {
  @Field(() => CustomRecordType, { description: 'Which records have it.' })
  recordType!: CustomRecordType;

  @Field(() => String, {
    description:
      'Its name in `customFields` of a record; `custom.<key>` in plans, mappings, merge policies, provenance and audit. Never changes.',
  })
  key!: string;

  @Field(() => String, { description: 'Its name for people.' })
  label!: string;

  @Field(() => CustomFieldType, { description: 'What it holds.' })
  type!: CustomFieldType;

  @Field(() => [String], { description: 'The values of a picklist, in order; empty for other types.' })
  options!: string[];

  @Field(() => String, { nullable: true, description: 'What it means; null when nobody said.' })
  description!: string | null;
}
