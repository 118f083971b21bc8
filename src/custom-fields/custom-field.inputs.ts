import { Field, InputType } from 'type-graphql';
import { SettingsChange } from '../identity/settings.inputs.ts';
import { CustomFieldType, CustomRecordType } from './custom-field.enums.ts';

@InputType('CustomFieldInput', { description: 'A custom field. What is omitted stays as it is.' })
export class CustomFieldInput {
  @Field(() => String, {
    description:
      'Names it: a lower-case letter, then letters, digits and `_`, at most 40; unique for the type of record. The field that has it already, else a new one.',
  })
  key!: string;

  @Field(() => String, { description: 'Its name for people: at most 255 characters.' })
  label!: string;

  @Field(() => CustomFieldType, { description: 'What it holds. Fixed while a record has a value of it.' })
  type!: CustomFieldType;

  @Field(() => [String], {
    nullable: true,
    description:
      'The values of a picklist, in order: 1 to 100 of at most 255 characters, different whatever case and accents. One that a record has stays.',
  })
  options?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it means: at most 255 characters; null: nothing.',
  })
  description?: string | null;
}

@InputType('UpdateCustomFieldsInput', { description: 'All custom fields of one type of record.' })
export class UpdateCustomFieldsInput extends SettingsChange {
  @Field(() => CustomRecordType, { description: 'Whose fields.' })
  recordType!: CustomRecordType;

  @Field(() => [CustomFieldInput], {
    description:
      'All of them, in order: at most 100. One that is left out is removed, if no record has a value of it and no field mapping uses it.',
  })
  fields!: CustomFieldInput[];
}
