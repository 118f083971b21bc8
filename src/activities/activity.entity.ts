import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../database/columns.ts';
import type { ActivityDirection, ActivityType } from './activity.enums.ts';

export const ActivityEntity = defineEntity({
  name: 'Activity',
  tableName: 'activity',
  properties: (p) => ({
    ...tenantKey,
    type: p.text().$type<ActivityType>(),
    subject: p.text().nullable(),
    direction: p.text().$type<ActivityDirection>().nullable(),
    /** Null: as long as the settings say for its type. */
    minutes: p.integer().nullable(),
    occurredAt: p.datetime(3),
    isOpen: p.boolean().default(false),
    leadId: p.uuid().nullable(),
    contactId: p.uuid().nullable(),
    accountId: p.uuid().nullable(),
    opportunityId: p.uuid().nullable(),
    ownerId: p.uuid().nullable(),
    externalId: p.text().nullable(),
    ...tracked,
  }),
});
export type ActivityEntity = InferEntity<typeof ActivityEntity>;
