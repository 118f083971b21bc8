import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey } from './columns.ts';

/** Who did what to which record, with the record before and after. */
export const AuditEntryEntity = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: (p) => ({
    ...tenantKey,
    recordType: p.text(),
    recordId: p.uuid(),
    action: p.text(),
    actorKind: p.text().$type<'PERSON' | 'SERVICE'>(),
    actorUserId: p.uuid().nullable(),
    actorName: p.text(),
    before: p.json<unknown>().nullable(),
    after: p.json<unknown>().nullable(),
    /** What else there is to know of it: of a conversion its plan, and whose proposal it was. */
    details: p.json<unknown>().nullable(),
    at: p.datetime(3),
  }),
});
export type AuditEntryEntity = InferEntity<typeof AuditEntryEntity>;

/** An event for other programs, written with the change it tells of. */
export const OutboxEventEntity = defineEntity({
  name: 'OutboxEvent',
  tableName: 'outbox_event',
  properties: (p) => ({
    ...tenantKey,
    type: p.text(),
    payload: p.json<unknown>(),
    at: p.datetime(3),
  }),
});
export type OutboxEventEntity = InferEntity<typeof OutboxEventEntity>;
