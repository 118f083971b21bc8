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
  const user = await tx.em.findOne(UserEntity, { organizationId, id });
  if (!user) throw notFound('owner', 'There is no such user');
  if (!user.isActive) throw invalidInput('owner', `${user.name} is inactive and can't own records`);
  return id;
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

/** The owner columns of a lead, which may belong to a queue as well; none when the input says nothing. */
export async function leadOwnerOf(
  tx: Transaction,
  owner: Given,
): Promise<{ ownerId?: string | null; queueId?: string | null }> {
  if (owner && parseId(owner)?.type === 'Queue') {
    const { organizationId } = tx.tenant;
    const id = decodeIdOrRefuse('Queue', owner, 'owner');
    if (!(await tx.em.findOne(QueueEntity, { organizationId, id })))
      throw notFound('owner', 'There is no such queue');
    return { ownerId: null, queueId: id };
  }
  const ownerId = await ownerOf(tx, owner);
  return ownerId === undefined ? {} : { ownerId, queueId: null };
}
