import sql from 'sql-template-tag';
import { Arg, Ctx, FieldResolver, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { UpdateOrganizationPayload } from '../identity/settings.inputs.ts';
import { settingsWritten } from '../identity/settings.mutations.ts';
import { OrganizationType } from '../identity/viewer.type.ts';
import { type FieldMapping, STANDARD_MAPPINGS } from './field-mapping.ts';
import { UpdateFieldMappingsInput } from './field-mapping.inputs.ts';
import { updateFieldMappings } from './field-mapping-settings.ts';
import { FieldMappingType } from './field-mapping.type.ts';
import { knownFields } from './mapped-fields.ts';

@Resolver(() => OrganizationType)
export class FieldMappingResolver {
  @FieldResolver(() => [FieldMappingType], {
    description:
      'What of a lead goes where when it is converted, and the merge policies that holds by default.',
  })
  async fieldMappings(@Ctx() { snapshot, organization }: Context): Promise<FieldMappingType[]> {
    const row = await snapshot.one<{ fieldMappings: FieldMapping[] | null }>(
      sql`select field_mappings as "fieldMappings" from organization where id = ${organization.id}`,
    );
    const { targets } = knownFields([]);
    return (row?.fieldMappings ?? STANDARD_MAPPINGS).map((mapping) => ({
      ...mapping,
      sources: [...mapping.sources],
      isFixed: targets[mapping.target].get(mapping.field)?.isFixed ?? false,
    }));
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Says what of a lead goes where when it is converted, and what becomes of values that are there. Right: `settings:write`.',
  })
  updateFieldMappings(
    @Arg('input', () => UpdateFieldMappingsInput, { description: 'All mappings.' })
    input: UpdateFieldMappingsInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateFieldMappings(tx, context.principal, input));
  }
}
