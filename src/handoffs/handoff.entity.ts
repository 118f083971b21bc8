import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../database/columns.ts';
import type { HandoffDecision } from './handoff.enums.ts';

export const LeadHandoffEntity = defineEntity({
  name: 'LeadHandoff',
  tableName: 'lead_handoff',
  properties: (p) => ({
    ...tenantKey,
    leadId: p.uuid(),
    /** Who handed it over; of a program's hand-off the lead's owner then, if a person. */
    fromUserId: p.uuid().nullable(),
    toUserId: p.uuid(),
    note: p.text().nullable(),
    handedAt: p.datetime(3),
    /** Null while it is pending. */
    decision: p.text().$type<HandoffDecision>().nullable(),
    decidedAt: p.datetime(3).nullable(),
    decidedById: p.uuid().nullable(),
    reason: p.text().nullable(),
    ...tracked,
  }),
});
export type LeadHandoffEntity = InferEntity<typeof LeadHandoffEntity>;
