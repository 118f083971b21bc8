import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { addressColumns, merged, tenantKey, tracked } from '../database/columns.ts';
import type { AccountType } from './account.enums.ts';

export const AccountEntity = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    nameKey: p.text(),
    /** Normalised without legal suffixes: two accounts with one key are the same company. */
    matchKey: p.text(),
    domain: p.text().nullable(),
    website: p.text().nullable(),
    industry: p.text().nullable(),
    industryKey: p.text().nullable(),
    employees: p.integer().nullable(),
    annualRevenue: p.bigint().nullable(),
    annualRevenueCurrency: p.text().nullable(),
    phone: p.text().nullable(),
    ...addressColumns,
    rating: p.text().nullable(),
    type: p.text().$type<AccountType>().nullable(),
    typeLabel: p.text().nullable(),
    description: p.text().nullable(),
    tier: p.smallint().nullable(),
    isTarget: p.boolean().default(false),
    ownerId: p.uuid().nullable(),
    parentId: p.uuid().nullable(),
    externalId: p.text().nullable(),
    customFields: p.json<Record<string, unknown>>().onCreate(() => ({})),
    createdAtEstimated: p.boolean().default(false),
    deletedAt: p.datetime(3).nullable(),
    ...merged,
    ...tracked,
  }),
});
export type AccountEntity = InferEntity<typeof AccountEntity>;
