import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { UpdateOrganizationPayload } from '../identity/settings.inputs.ts';
import { settingsWritten } from '../identity/settings.mutations.ts';
import { OrganizationType } from '../identity/viewer.type.ts';
import { CustomRecordType } from './custom-field.enums.ts';
import { UpdateCustomFieldsInput } from './custom-field.inputs.ts';
import { customFieldsOf } from './custom-field.queries.ts';
import { updateCustomFields } from './custom-field-settings.ts';
import { CustomField } from './custom-field.type.ts';

@Resolver(() => OrganizationType)
export class CustomFieldResolver {
  @FieldResolver(() => [CustomField], {
    description: 'The fields it has added to its records, in order: at most 100 for each type of record.',
  })
  async customFields(
    @Arg('recordType', () => CustomRecordType, {
      nullable: true,
      description: 'Those of leads, accounts, contacts or opportunities only; all when omitted.',
    })
    recordType: CustomRecordType | null | undefined,
    @Ctx() context: Context,
  ): Promise<CustomField[]> {
    const fields = await context
      .loader<'all', CustomField[]>(
        'custom fields',
        () =>
          new DataLoader(async (keys) => {
            const all = await customFieldsOf(context.snapshot, context.organization.id);
            return keys.map(() => all);
          }),
      )
      .load('all');
    return recordType ? fields.filter((field) => field.recordType === recordType) : fields;
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Replaces the custom fields of one type of record. What records have values of is not lost. Right: `settings:write`.',
  })
  updateCustomFields(
    @Arg('input', () => UpdateCustomFieldsInput, { description: 'All fields of the type of record.' })
    input: UpdateCustomFieldsInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateCustomFields(tx, context.principal, input));
  }
}
