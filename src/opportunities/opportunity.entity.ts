import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../database/columns.ts';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import type { ForecastCategory } from './opportunity.enums.ts';

export const OpportunityEntity = defineEntity({
  name: 'Opportunity',
  tableName: 'opportunity',
  properties: (p) => ({
    ...tenantKey,
    accountId: p.uuid().nullable(),
    name: p.text(),
    nameKey: p.text(),
    stageId: p.uuid(),
    /** The stage's position, kept here so that an order by stage has an index. */
    stagePosition: p.integer(),
    amount: p.bigint().nullable(),
    currency: p.text(),
    probability: p.smallint(),
    forecastCategory: p.text().$type<ForecastCategory>(),
    closeDate: p.date(),
    closedAt: p.datetime(3).nullable(),
    isClosed: p.boolean(),
    isWon: p.boolean(),
    ownerId: p.uuid().nullable(),
    source: p.text().nullable(),
    sourceKey: p.text().nullable(),
    campaignId: p.uuid().nullable(),
    typeLabel: p.text().nullable(),
    nextStep: p.text().nullable(),
    lostReason: p.text().nullable(),
    description: p.text().nullable(),
    pushCount: p.integer().default(0),
    externalId: p.text().nullable(),
    customFields: p.json<Record<string, unknown>>().onCreate(() => ({})),
    createdAtEstimated: p.boolean().default(false),
    deletedAt: p.datetime(3).nullable(),
    ...tracked,
  }),
});
export type OpportunityEntity = InferEntity<typeof OpportunityEntity>;

/** One state of an opportunity over a half-open interval; the one with `validTo` null equals the opportunity itself. */
export const OpportunityVersionEntity = defineEntity({
  name: 'OpportunityVersion',
  tableName: 'opportunity_version',
  properties: (p) => ({
    ...tenantKey,
    opportunityId: p.uuid(),
    stageId: p.uuid(),
    amount: p.bigint().nullable(),
    currency: p.text(),
    probability: p.smallint(),
    forecastCategory: p.text().$type<ForecastCategory>(),
    closeDate: p.date(),
    isClosed: p.boolean(),
    isWon: p.boolean(),
    validFrom: p.datetime(3),
    validTo: p.datetime(3).nullable(),
  }),
});
export type OpportunityVersionEntity = InferEntity<typeof OpportunityVersionEntity>;

export const OpportunityContactRoleEntity = defineEntity({
  name: 'OpportunityContactRole',
  tableName: 'opportunity_contact_role',
  properties: (p) => ({
    ...tenantKey,
    opportunityId: p.uuid(),
    contactId: p.uuid(),
    role: p.text().$type<BuyingRole>().nullable(),
    isPrimary: p.boolean().default(false),
    externalId: p.text().nullable(),
    createdAt: p.datetime(3),
  }),
});
export type OpportunityContactRoleEntity = InferEntity<typeof OpportunityContactRoleEntity>;
