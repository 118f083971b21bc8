import { LockMode } from '@mikro-orm/core';
import type { Transaction } from '../database/database.ts';
import { decodeIdOrRefuse, parseId } from '../graphql/ids.ts';
import { invalidInput, notFound } from '../graphql/user-error.ts';
import { QueueEntity, UserEntity } from './identity.entity.ts';
import type { Principal } from './principal.ts';

type Given = string | null | undefined;

/**
 * The user an input names as owner: one who is active. `undefined` when the input says nothing, null when it says nobody.
 */
export async function ownerOf(tx: Transaction, owner: Given): Promise<string | null | undefined> {
  if (owner === undefined || owner === null) return owner;
  const { organizationId } = tx.tenant;
  const id = decodeIdOrRefuse('User', owner, 'owner');
  return activeUser(await tx.em.findOne(UserEntity, { organizationId, id }));
}

function activeUser(user: UserEntity | null | undefined): string {
  if (!user) throw notFound('owner', 'There is no such user');
  if (!user.isActive) throw invalidInput('owner', `${user.name} is inactive and can't own records`);
  return user.id;
}

/** Owner of a new record: whom the input names, else the person who makes it; nobody when a program does. */
export async function ownerOfNew(
  tx: Transaction,
  principal: Principal,
  owner: Given,
): Promise<string | null> {
  const named = await ownerOf(tx, owner);
  return named === undefined ? principal.userId : named;
}

export interface LeadOwner {
  ownerId?: string | null;
  queueId?: string | null;
}

/** The owner columns of a lead, which may belong to a queue as well; none when the input says nothing. */
export async function leadOwnerOf(tx: Transaction, owner: Given): Promise<LeadOwner> {
  return (await leadOwners(tx, [owner]))(owner);
}

/** Queues that leads are about to get: none of them is removed before the transaction ends. */
function heldQueues(tx: Transaction, ids: string[]): Promise<QueueEntity[]> {
  const { organizationId } = tx.tenant;
  return tx.em.find(
    QueueEntity,
    { organizationId, id: ids },
    { lockMode: LockMode.PESSIMISTIC_READ, orderBy: { id: 'asc' } },
  );
}

/** The same for many leads: whom they name is looked up at once, and refused for each lead by itself. */
export async function leadOwners(
  tx: Transaction,
  owners: readonly Given[],
): Promise<(owner: Given) => LeadOwner> {
  const { organizationId } = tx.tenant;
  const named = owners.flatMap((owner) => (owner && parseId(owner)) || []);
  const ids = (type: 'User' | 'Queue') => [
    ...new Set(named.filter((id) => id.type === type).map(({ uuid }) => uuid)),
  ];
  const [userIds, queueIds] = [ids('User'), ids('Queue')];
  const users = userIds.length > 0 ? await tx.em.find(UserEntity, { organizationId, id: userIds }) : [];
  const queues = queueIds.length > 0 ? await heldQueues(tx, queueIds) : [];
  return (owner) => {
    if (owner === undefined) return {};
    if (owner === null) return { ownerId: null, queueId: null };
    if (parseId(owner)?.type === 'Queue') {
      const id = decodeIdOrRefuse('Queue', owner, 'owner');
      if (!queues.some((queue) => queue.id === id)) throw notFound('owner', 'There is no such queue');
      return { ownerId: null, queueId: id };
    }
    const id = decodeIdOrRefuse('User', owner, 'owner');
    return { ownerId: activeUser(users.find((user) => user.id === id)), queueId: null };
  };
}
