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
  details?: unknown;
  at: Date;
}

/** Money columns are bigint, which JSON has not. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part)));
}

const key = (tx: Transaction) => ({ organizationId: tx.tenant.organizationId, id: uuidv7() });

/** Writes an audit entry alone: for a change that the event of another record tells of, a conversion's say. */
export function audit(tx: Transaction, principal: Principal, change: Change): void {
  const { recordType, recordId, action, at } = change;
  tx.em.create(AuditEntryEntity, {
    ...key(tx),
    recordType,
    recordId,
    action,
    actorKind: principal.kind,
    actorUserId: principal.userId,
    actorName: principal.name,
    before: plain(change.before),
    after: plain(change.after),
    details: plain(change.details),
    at,
  });
}

/**
 * Writes down a change in its own transaction: an audit entry for people, an outbox event for other programs, which tells
 * the record and what `told` adds.
 */
export function record(tx: Transaction, principal: Principal, change: Change, told: object = {}): void {
  const { recordType, recordId, action, at } = change;
  audit(tx, principal, change);
  tx.em.create(OutboxEventEntity, {
    ...key(tx),
    type: action,
    payload: plain({ recordType, recordId, actorUserId: principal.userId, ...told }),
    at,
  });
}
