import sql, { join, type Sql } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';

/** How many of each go from the duplicates to the survivor. */
export interface MergeCounts {
  contacts: number;
  opportunities: number;
  conversions: number;
  activities: number;
  accounts: number;
  leads: number;
  contactRoles: number;
  campaignMembers: number;
}

export const NOTHING_MOVED: MergeCounts = {
  ...{ contacts: 0, opportunities: 0, conversions: 0, activities: 0 },
  ...{ accounts: 0, leads: 0, contactRoles: 0, campaignMembers: 0 },
};

/** Those of one duplicate; activities can be many and are only counted. */
export type Moved = Partial<Record<keyof MergeCounts, string[] | number>>;

type Kind = Exclude<keyof MergeCounts, 'activities'>;

/** Everything that hangs on each duplicate, by its id. */
async function movedBy(
  tx: Transaction,
  duplicateIds: readonly string[],
  kinds: Partial<Record<Kind, Sql>>,
  activities: Sql,
): Promise<Map<string, Moved>> {
  const arms = Object.entries(kinds).map(
    ([kind, rows]) => sql`select ${kind}::text as kind, id, owner from (${rows}) r`,
  );
  const rows = await tx.query<{ kind: Kind; id: string; owner: string }>(
    sql`${join(arms, ' union all ')} order by 1, 2`,
  );
  const counted = await tx.query<{ owner: string; count: number }>(activities);
  const moved = new Map(duplicateIds.map((id): [string, Moved] => [id, {}]));
  for (const { kind, id, owner } of rows) ((moved.get(owner)![kind] ??= []) as string[]).push(id);
  for (const { owner, count } of counted) moved.get(owner)!.activities = count;
  return moved;
}

/** What accounts lose when they are merged into one that is `survivorId`. */
export function movedByAccounts(
  tx: Transaction,
  survivorId: string,
  ids: readonly string[],
): Promise<Map<string, Moved>> {
  const { organizationId } = tx.tenant;
  const members = [survivorId, ...ids];
  return movedBy(
    tx,
    ids,
    {
      contacts: sql`select id, account_id as owner from contact
        where organization_id = ${organizationId} and account_id = any(${ids}::uuid[]) and deleted_at is null`,
      opportunities: sql`select id, account_id as owner from opportunity
        where organization_id = ${organizationId} and account_id = any(${ids}::uuid[]) and deleted_at is null`,
      accounts: sql`select id, parent_id as owner from account
        where organization_id = ${organizationId} and parent_id = any(${ids}::uuid[]) and deleted_at is null
          and id <> all(${members}::uuid[])`,
      leads: sql`select id, matched_account_id as owner from lead
        where organization_id = ${organizationId} and matched_account_id = any(${ids}::uuid[]) and deleted_at is null`,
      conversions: sql`select id, account_id as owner from lead_conversion
        where organization_id = ${organizationId} and account_id = any(${ids}::uuid[])`,
    },
    sql`select account_id as owner, count(*)::int as count from activity
      where organization_id = ${organizationId} and account_id = any(${ids}::uuid[]) group by account_id`,
  );
}

/** What contacts lose when they are merged into another. */
export function movedByContacts(tx: Transaction, ids: readonly string[]): Promise<Map<string, Moved>> {
  const { organizationId } = tx.tenant;
  return movedBy(
    tx,
    ids,
    {
      contactRoles: sql`select id, contact_id as owner from opportunity_contact_role
        where organization_id = ${organizationId} and contact_id = any(${ids}::uuid[])`,
      campaignMembers: sql`select id, contact_id as owner from campaign_member
        where organization_id = ${organizationId} and contact_id = any(${ids}::uuid[])`,
      conversions: sql`select id, contact_id as owner from lead_conversion
        where organization_id = ${organizationId} and contact_id = any(${ids}::uuid[])`,
    },
    sql`select contact_id as owner, count(*)::int as count from activity
      where organization_id = ${organizationId} and contact_id = any(${ids}::uuid[]) group by contact_id`,
  );
}

/** All duplicates together. */
export function countMoved(moved: ReadonlyMap<string, Moved>): MergeCounts {
  const counts = { ...NOTHING_MOVED };
  for (const parts of moved.values())
    for (const [kind, part] of Object.entries(parts) as [keyof MergeCounts, string[] | number][])
      counts[kind] += typeof part === 'number' ? part : part.length;
  return counts;
}
