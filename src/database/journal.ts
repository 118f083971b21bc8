import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../identity/principal.ts';
import type { Transaction } from './database.ts';
import { AuditEntryEntity, OutboxEventEntity } from './journal.entity.ts';

export interface Change {
  /** A GraphQL type's name: `Lead`, `Account`, … */
  recordType: string;
  recordId: string;
  /** What was done, as the API names it: `createLead`, `convertLead`, `moveOpportunity`. */
  action: string;
  before?: unknown;
  after?: unknown;
  at: Date;
}

/** Money columns are bigint, which JSON has not. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part)));
}

/** Writes down a change in its own transaction: an audit entry for people, an outbox event for other programs. */
export function record(tx: Transaction, principal: Principal, change: Change): void {
  const key = () => ({ organizationId: tx.tenant.organizationId, id: uuidv7() });
  const { recordType, recordId, action, at } = change;
  tx.em.create(AuditEntryEntity, {
    ...key(),
    recordType,
    recordId,
    action,
    actorKind: principal.kind,
    actorUserId: principal.userId,
    actorName: principal.name,
    before: plain(change.before),
    after: plain(change.after),
    at,
  });
  tx.em.create(OutboxEventEntity, {
    ...key(),
    type: action,
    payload: { recordType, recordId, actorUserId: principal.userId },
    at,
  });
}
