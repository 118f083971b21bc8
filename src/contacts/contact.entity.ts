import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { addressColumns, merged, tenantKey, tracked } from '../database/columns.ts';
import type { BuyingRole } from './contact.enums.ts';

export const ContactEntity = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  properties: (p) => ({
    ...tenantKey,
    accountId: p.uuid().nullable(),
    firstName: p.text().nullable(),
    lastName: p.text(),
    nameKey: p.text(),
    email: p.text().nullable(),
    emailKey: p.text().nullable(),
    phone: p.text().nullable(),
    mobile: p.text().nullable(),
    title: p.text().nullable(),
    titleKey: p.text().nullable(),
    source: p.text().nullable(),
    description: p.text().nullable(),
    ...addressColumns,
    doNotCall: p.boolean().default(false),
    emailOptOut: p.boolean().default(false),
    buyingRole: p.text().$type<BuyingRole>().nullable(),
    ownerId: p.uuid().nullable(),
    externalId: p.text().nullable(),
    customFields: p.json<Record<string, unknown>>().onCreate(() => ({})),
    createdAtEstimated: p.boolean().default(false),
    deletedAt: p.datetime(3).nullable(),
    ...merged,
    ...tracked,
  }),
});
export type ContactEntity = InferEntity<typeof ContactEntity>;
