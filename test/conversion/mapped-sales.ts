import { MergePolicy } from '../../src/conversion/conversion.enums.ts';
import { type FieldMapping, STANDARD_MAPPINGS } from '../../src/conversion/field-mapping.ts';
import type { FieldMappingInput } from '../../src/conversion/field-mapping.inputs.ts';
import { updateFieldMappings } from '../../src/conversion/field-mapping-settings.ts';
import { CustomFieldType, CustomRecordType } from '../../src/custom-fields/custom-field.enums.ts';
import { updateCustomFields } from '../../src/custom-fields/custom-field-settings.ts';
import type { Sales } from './sales.ts';

const { TEXT, NUMBER, BOOLEAN, DATE, PICKLIST } = CustomFieldType;

/** Fields of every type on all four kinds of record. */
export async function addCustomFields(sales: Sales): Promise<void> {
  const of = (key: string, type: CustomFieldType, options?: string[]) => ({ key, label: key, type, options });
  const fields = [
    ...[of('role', TEXT), of('seats', NUMBER), of('isPublic', BOOLEAN), of('since', DATE)],
    ...[
      of('tier', PICKLIST, ['Gold', 'Silver']),
      of('constructor', TEXT),
      of('renewal_key', TEXT),
      of('boss_id', TEXT),
    ],
  ];
  await sales.world.database.write(sales.admin, async (tx) => {
    for (const recordType of Object.values(CustomRecordType)) {
      await updateCustomFields(tx, sales.admin, { recordType, fields });
      // each call finds the organisation as the one before has left it
      await tx.em.flush();
    }
  });
}

export function setMappings(sales: Sales, mappings: FieldMappingInput[] | null): Promise<string> {
  return sales.world.database.write(sales.admin, (tx) => updateFieldMappings(tx, sales.admin, { mappings }));
}

type Change = Pick<FieldMapping, 'target' | 'field' | 'sources'> & { policy?: MergePolicy };

/** The standard mapping with these in the place of those of their fields. */
export function mappingsWith(changes: Change[]): FieldMapping[] {
  const isChanged = ({ target, field }: FieldMapping) =>
    changes.some((one) => one.target === target && one.field === field);
  return [
    ...STANDARD_MAPPINGS.filter((one) => !isChanged(one)).map((one) => ({
      ...one,
      sources: [...one.sources],
    })),
    ...changes.map((change) => ({ policy: MergePolicy.FILL_EMPTY, ...change })),
  ];
}
