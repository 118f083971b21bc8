import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey } from '../database/columns.ts';
import type { ConversionOutcome, ConversionTarget, FieldOutcome } from './conversion.enums.ts';

export const LeadConversionEntity = defineEntity({
  name: 'LeadConversion',
  tableName: 'lead_conversion',
  properties: (p) => ({
    ...tenantKey,
    leadId: p.uuid(),
    accountId: p.uuid().nullable(),
    contactId: p.uuid().nullable(),
    opportunityId: p.uuid().nullable(),
    accountOutcome: p.text().$type<ConversionOutcome>().nullable(),
    contactOutcome: p.text().$type<ConversionOutcome>().nullable(),
    opportunityOutcome: p.text().$type<ConversionOutcome>().nullable(),
    convertedAt: p.datetime(3),
    convertedById: p.uuid().nullable(),
    /** Who fed the lead to whoever sells, and who sells: see `conversion-people.ts`. */
    sdrId: p.uuid().nullable(),
    aeId: p.uuid().nullable(),
    isImported: p.boolean().default(false),
    revertedAt: p.datetime(3).nullable(),
  }),
});
export type LeadConversionEntity = InferEntity<typeof LeadConversionEntity>;

/** Provenance: one field of a record that one conversion considered, and what it did with it. */
export const ConversionFieldEntity = defineEntity({
  name: 'ConversionField',
  tableName: 'conversion_field',
  properties: (p) => ({
    ...tenantKey,
    conversionId: p.uuid(),
    target: p.text().$type<ConversionTarget>(),
    field: p.text(),
    /** The lead's field the value came from; null: from elsewhere, or written before this was kept. */
    sourceField: p.text().nullable(),
    value: p.text().nullable(),
    outcome: p.text().$type<FieldOutcome>(),
  }),
});
export type ConversionFieldEntity = InferEntity<typeof ConversionFieldEntity>;
