import { Field, InputType } from 'type-graphql';
import { SettingsChange } from '../identity/settings.inputs.ts';
import { ConversionTarget, MergePolicy } from './conversion.enums.ts';

@InputType('FieldMappingInput', {
  description: 'Where one field of what a lead becomes gets its value from.',
})
export class FieldMappingInput {
  @Field(() => ConversionTarget, { description: 'The record the field is of.' })
  target!: ConversionTarget;

  @Field(() => String, { description: "The record's field: `phone`; a custom one as `custom.<key>`." })
  field!: string;

  @Field(() => [String], {
    description:
      "1 to 10 of the lead's fields in order of preference, custom ones as `custom.<key>`; each must hold what the field can.",
  })
  sources!: string[];

  @Field(() => MergePolicy, {
    nullable: true,
    description:
      "What becomes of the field of an existing record, unless the call's `mergePolicy` says. Omitted: FILL_EMPTY, the only one for opt-outs.",
  })
  policy?: MergePolicy | null;
}

@InputType('UpdateFieldMappingsInput', { description: 'What of a lead goes where when it is converted.' })
export class UpdateFieldMappingsInput extends SettingsChange {
  @Field(() => [FieldMappingInput], {
    nullable: true,
    description:
      'All mappings: what is left out stays on the lead; those with `isFixed` have to be there. Null: the standard ones. Has to be given.',
  })
  mappings?: FieldMappingInput[] | null;
}
