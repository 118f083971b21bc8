import { defineEntity, type InferEntity } from '@mikro-orm/core';
import type { FieldMapping } from '../conversion/field-mapping.ts';
import { tenantKey, tracked } from '../database/columns.ts';
import type { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import type { StoredMetricSettings } from '../metrics/metric-settings.ts';
import type { DuplicatePolicy, ReviewPolicy, Role } from './identity.enums.ts';

export type { DuplicatePolicy };

export const OrganizationEntity = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: (p) => ({
    id: p.uuid().primary(),
    name: p.text(),
    nameKey: p.text(),
    currency: p.text(),
    timeZone: p.text(),
    fiscalYearStartMonth: p.smallint().default(1),
    duplicatePolicy: p.text().$type<DuplicatePolicy>().default('BLOCK'),
    similarPolicy: p.text().$type<DuplicatePolicy>().default('WARN'),
    reviewPolicy: p.text().$type<ReviewPolicy>().default('NONE'),
    /** What of a lead goes where; null: as is standard. */
    fieldMappings: p.json<FieldMapping[]>().nullable(),
    /** Limits and weights of metrics that differ from the defaults. */
    metricSettings: p.json<StoredMetricSettings>().default('{}'),
    ...tracked,
  }),
});
export type OrganizationEntity = InferEntity<typeof OrganizationEntity>;

export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'app_user',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    email: p.text().nullable(),
    emailKey: p.text().nullable(),
    role: p.text().$type<Exclude<Role, Role.SERVICE>>(),
    /** The team metrics count this person's deals for; null: none. */
    team: p.text().nullable(),
    isActive: p.boolean().default(true),
    /** Known only from an import as somebody's owner: nobody signs in as this person yet. */
    isPlaceholder: p.boolean().default(false),
    externalId: p.text().nullable(),
    ...tracked,
  }),
});
export type UserEntity = InferEntity<typeof UserEntity>;

export const QueueEntity = defineEntity({
  name: 'Queue',
  tableName: 'queue',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    externalId: p.text().nullable(),
    ...tracked,
  }),
});
export type QueueEntity = InferEntity<typeof QueueEntity>;

export const AccessTokenEntity = defineEntity({
  name: 'AccessToken',
  tableName: 'access_token',
  properties: (p) => ({
    ...tenantKey,
    userId: p.uuid().nullable(),
    role: p.text().$type<Role>(),
    name: p.text(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  }),
});
export type AccessTokenEntity = InferEntity<typeof AccessTokenEntity>;

export const StageEntity = defineEntity({
  name: 'Stage',
  tableName: 'stage',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    nameKey: p.text(),
    position: p.integer(),
    probability: p.smallint(),
    forecastCategory: p.text().$type<ForecastCategory>(),
    isClosed: p.boolean(),
    isWon: p.boolean(),
    ...tracked,
  }),
});
export type StageEntity = InferEntity<typeof StageEntity>;

export const LeadStatusEntity = defineEntity({
  name: 'LeadStatus',
  tableName: 'lead_status',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    nameKey: p.text(),
    position: p.integer(),
    isConverted: p.boolean(),
    isClosed: p.boolean(),
    ...tracked,
  }),
});
export type LeadStatusEntity = InferEntity<typeof LeadStatusEntity>;
