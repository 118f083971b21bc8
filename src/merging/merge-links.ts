import sql from 'sql-template-tag';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import type { Transaction } from '../database/database.ts';

/** A row that ties a contact to a deal or a campaign, each of which has a contact once. */
interface Link {
  id: string;
  contactId: string;
  /** The deal or campaign. */
  to: string;
}

/** Links to the same thing, the survivor's own first, then in the order of the duplicates. */
function together<L extends Link>(links: L[], contactIds: readonly string[]): [L, ...L[]][] {
  const inOrder = links.toSorted((a, b) => contactIds.indexOf(a.contactId) - contactIds.indexOf(b.contactId));
  return [...Map.groupBy(inOrder, ({ to }) => to).values()] as [L, ...L[]][];
}

interface Role extends Link {
  role: BuyingRole | null;
  isPrimary: boolean;
}

/**
 * One role per deal: the first that is named, primary when any was. The deals are locked: nobody makes another contact
 * the primary one meanwhile.
 */
export async function mergeRoles(tx: Transaction, survivorId: string, duplicateIds: string[]): Promise<void> {
  const { organizationId } = tx.tenant;
  const contactIds = [survivorId, ...duplicateIds];
  await tx.query(sql`
    select o.id from opportunity o
    where o.organization_id = ${organizationId} and o.id in (
      select r.opportunity_id from opportunity_contact_role r
      where r.organization_id = ${organizationId} and r.contact_id = any(${duplicateIds}::uuid[]))
    order by o.id for no key update`);
  const roles = await tx.query<Role>(sql`
    select id, contact_id as "contactId", opportunity_id as "to", role, is_primary as "isPrimary"
    from opportunity_contact_role
    where organization_id = ${organizationId} and contact_id = any(${contactIds}::uuid[]) order by id for update`);
  const kept = together(roles, contactIds).map(([first, ...others]) => ({
    id: first.id,
    role: first.role ?? others.find(({ role }) => role !== null)?.role ?? null,
    isPrimary: first.isPrimary || others.some(({ isPrimary }) => isPrimary),
  }));
  const keptIds = kept.map(({ id }) => id);
  // First, since a deal never has two primary contacts.
  await tx.query(sql`
    delete from opportunity_contact_role
    where organization_id = ${organizationId} and contact_id = any(${contactIds}::uuid[]) and id <> all(${keptIds}::uuid[])`);
  await tx.query(sql`
    update opportunity_contact_role r set contact_id = ${survivorId}, role = kept.role, is_primary = kept."isPrimary"
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as kept (id uuid, role text, "isPrimary" boolean)
    where r.organization_id = ${organizationId} and r.id = kept.id`);
}

interface Member extends Link {
  status: string | null;
  respondedAt: string | null;
  createdAt: string;
}

/** The first one's, unless only another has responded. */
function statusOf([first, ...others]: [Member, ...Member[]]): string | null {
  const responded = others.find(({ respondedAt }) => respondedAt !== null);
  const [own, other] =
    first.respondedAt === null && responded ? [responded, first] : [first, responded ?? others[0]];
  return own.status ?? other?.status ?? null;
}

/** One membership per campaign, with the earliest response and the status of one that responded; it began when the first did. */
export async function mergeMemberships(
  tx: Transaction,
  survivorId: string,
  duplicateIds: string[],
): Promise<void> {
  const { organizationId } = tx.tenant;
  const contactIds = [survivorId, ...duplicateIds];
  const members = await tx.query<Member>(sql`
    select id, contact_id as "contactId", campaign_id as "to", status, responded_at as "respondedAt", created_at as "createdAt"
    from campaign_member
    where organization_id = ${organizationId} and contact_id = any(${contactIds}::uuid[]) order by id for update`);
  const earliest = (times: (string | null)[]) =>
    times.filter((time) => time !== null).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
  const kept = together(members, contactIds).map((links) => ({
    id: links[0].id,
    status: statusOf(links),
    respondedAt: earliest(links.map(({ respondedAt }) => respondedAt)),
    createdAt: earliest(links.map(({ createdAt }) => createdAt)),
  }));
  const keptIds = kept.map(({ id }) => id);
  await tx.query(sql`
    delete from campaign_member
    where organization_id = ${organizationId} and contact_id = any(${contactIds}::uuid[]) and id <> all(${keptIds}::uuid[])`);
  await tx.query(sql`
    update campaign_member m set contact_id = ${survivorId}, status = kept.status, responded_at = kept."respondedAt",
      created_at = kept."createdAt"
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb)
      as kept (id uuid, status text, "respondedAt" timestamptz(3), "createdAt" timestamptz(3))
    where m.organization_id = ${organizationId} and m.id = kept.id`);
}
