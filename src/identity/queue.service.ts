import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { textKey } from '../database/text-key.ts';
import { applyChanges, changeTime, forUpdate, found, requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { readFields, required, shortText } from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { QueueEntity } from './identity.entity.ts';
import { lockedOrganization } from './organization-settings.ts';
import type { Principal } from './principal.ts';
import type { CreateQueueInput, RemoveQueueInput, UpdateQueueInput } from './queue.inputs.ts';
import { requireRight } from './rights.ts';

/** As many are listed by name within a moment, and nobody has more. */
const MAX_QUEUES = 500;

/** The name a queue is to have; no two queues of the organisation share one. Its lock keeps others from taking it. */
async function freeName(tx: Transaction, given: string, of?: string): Promise<string> {
  const { name } = readFields({ name: given }, { name: required(shortText) });
  await lockedOrganization(tx, undefined);
  const { organizationId } = tx.tenant;
  const queues = await tx.query<{ id: string; name: string }>(sql`
    select id, name from queue where organization_id = ${organizationId}`);
  if (queues.some((queue) => queue.id !== of && textKey(queue.name) === textKey(name!)))
    throw invalidInput('name', 'name belongs to another queue');
  if (of === undefined && queues.length >= MAX_QUEUES)
    throw invalidInput(
      'name',
      `The organisation has ${MAX_QUEUES} queues already, which is the most it can have`,
    );
  return name!;
}

/** Makes a queue that can own leads. Returns its UUID. */
export function createQueue(tx: Transaction, principal: Principal, input: CreateQueueInput): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'createQueue', input.idempotencyKey, input, async () => {
    const name = await freeName(tx, input.name);
    const at = new Date();
    const id = uuidv7();
    const { organizationId } = tx.tenant;
    tx.em.create(QueueEntity, { organizationId, id, name, createdAt: at, updatedAt: at });
    const change = { recordType: 'Queue', recordId: id, action: 'createQueue', after: { name }, at };
    record(tx, principal, change);
    return id;
  });
}

/** Renames a queue. Returns its UUID. */
export function updateQueue(tx: Transaction, principal: Principal, input: UpdateQueueInput): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateQueue', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('Queue', input.queue, 'queue');
    const name = await freeName(tx, input.name, id);
    const queue = await lockedQueue(tx, id, input.ifVersion);
    const changes = applyChanges(queue, { name });
    if (changes)
      record(tx, principal, { recordType: 'Queue', recordId: id, action: 'updateQueue', ...changes });
    return id;
  });
}

/** Removes a queue that owns no lead, deleted ones included. Returns its UUID. */
export function removeQueue(tx: Transaction, principal: Principal, input: RemoveQueueInput): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'removeQueue', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('Queue', input.queue, 'queue');
    // who is about to give it a lead holds it until that is done
    const queue = await lockedQueue(tx, id, input.ifVersion);
    const { organizationId } = tx.tenant;
    const owned = await tx.query(sql`
      select id from lead where organization_id = ${organizationId} and queue_id = ${id} limit 1`);
    if (owned.length > 0)
      throw invalidInput('queue', `${queue.name} owns leads, so it stays: assign them first`);
    const at = changeTime(queue);
    const before = { name: queue.name };
    tx.em.remove(queue);
    record(tx, principal, { recordType: 'Queue', recordId: id, action: 'removeQueue', before, at });
    return id;
  });
}

async function lockedQueue(
  tx: Transaction,
  id: string,
  ifVersion: number | null | undefined,
): Promise<QueueEntity> {
  const { organizationId } = tx.tenant;
  const queue = found(await tx.em.findOne(QueueEntity, { organizationId, id }, forUpdate), 'queue');
  requireVersion(queue, ifVersion);
  return queue;
}
