import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../database/columns.ts';
import type { CustomFieldType, CustomRecordType } from './custom-field.enums.ts';

/** A field an organisation has added to a kind of record; the values are in the records' `custom_fields`. */
export const CustomFieldEntity = defineEntity({
  name: 'CustomField',
  tableName: 'custom_field',
  properties: (p) => ({
    ...tenantKey,
    recordType: p.text().$type<CustomRecordType>(),
    key: p.text(),
    label: p.text(),
    type: p.text().$type<CustomFieldType>(),
    /** Of a picklist, in order; else empty. */
    options: p.json<string[]>(),
    description: p.text().nullable(),
    position: p.integer(),
    ...tracked,
  }),
});
export type CustomFieldEntity = InferEntity<typeof CustomFieldEntity>;
