import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { invalidInput, notFound } from '../graphql/user-error.ts';
import { orSurvivor } from '../merging/survivor.queries.ts';
import { lockMerges } from './company-lock.ts';

/**
 * The account an input refers to, kept from being removed until the transaction ends. `undefined` when the input says
 * nothing, null when it says none. Comes before the lock on the record that refers to it: accounts are locked first.
 */
export async function referencedAccount(
  tx: Transaction,
  account: string | null | undefined,
  field: string,
): Promise<string | null | undefined> {
  if (account === undefined || account === null) return account;
  const given = decodeIdOrRefuse('Account', account, field);
  const { organizationId } = tx.tenant;
  const row = await orSurvivor(tx, organizationId, 'account', given, async (id) => {
    const [living] = await tx.query<{ id: string }>(sql`
      select id from account
      where organization_id = ${organizationId} and id = ${id} and deleted_at is null for share`);
    return living ?? null;
  });
  if (!row) throw notFound(field, 'There is no such account');
  return row.id;
}

/**
 * The account an input names as parent. Changes of parents wait for each other from here on: two of them at once could
 * make a circle that neither sees.
 */
export async function referencedParent(
  tx: Transaction,
  parent: string | null | undefined,
): Promise<string | null | undefined> {
  if (parent !== undefined && parent !== null) await lockMerges(tx);
  return referencedAccount(tx, parent, 'parent');
}

/** Refuses a parent that is the account itself or belongs to it. */
export async function requireNoCircle(tx: Transaction, accountId: string, parentId: string): Promise<void> {
  const { organizationId } = tx.tenant;
  const circle = await tx.query(sql`
    with recursive ancestor as (
      select id, parent_id from account where organization_id = ${organizationId} and id = ${parentId}
      union
      select a.id, a.parent_id from account a
      join ancestor on a.id = ancestor.parent_id where a.organization_id = ${organizationId}
    )
    select id from ancestor where id = ${accountId}`);
  if (circle.length > 0)
    throw invalidInput('parent', 'parent is the account itself or one that belongs to it');
}
