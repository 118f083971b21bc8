import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import type { Transaction } from '../database/database.ts';

/** The records a lead became. */
export interface Converted {
  leadId: string;
  accountId: string;
  contactId: string;
  opportunityId: string | null;
}

/** Links the lead's activities to what it became; open ones go to the new owner, closed ones stay whose they were. */
export async function linkActivities(
  tx: Transaction,
  { leadId, accountId, contactId, opportunityId }: Converted,
  ownerId: string,
  at: Date,
): Promise<void> {
  await tx.query(sql`
    update activity set account_id = coalesce(account_id, ${accountId}), contact_id = coalesce(contact_id, ${contactId}),
      opportunity_id = coalesce(opportunity_id, ${opportunityId}),
      owner_id = case when is_open then ${ownerId} else owner_id end, updated_at = ${at}, version = version + 1
    where organization_id = ${tx.tenant.organizationId} and lead_id = ${leadId}`);
}

/**
 * Moves the lead's campaign memberships to the contact; of two in one campaign the earliest response is kept, with the
 * status of the one that responded.
 */
export async function moveMemberships(tx: Transaction, { leadId, contactId }: Converted): Promise<void> {
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    with doubled as (
      delete from campaign_member m
      where m.organization_id = ${organizationId} and m.lead_id = ${leadId} and exists (
        select from campaign_member of_contact
        where of_contact.organization_id = ${organizationId} and of_contact.campaign_id = m.campaign_id
          and of_contact.contact_id = ${contactId})
      returning m.campaign_id, m.responded_at, m.status
    ), kept as (
      update campaign_member m set responded_at = least(m.responded_at, doubled.responded_at),
        status = case when m.responded_at is null and doubled.responded_at is not null
          then coalesce(doubled.status, m.status) else coalesce(m.status, doubled.status) end
      from doubled
      where m.organization_id = ${organizationId} and m.contact_id = ${contactId}
        and m.campaign_id = doubled.campaign_id
    )
    update campaign_member m set lead_id = null, contact_id = ${contactId}
    where m.organization_id = ${organizationId} and m.lead_id = ${leadId} and not exists (
      select from campaign_member of_contact
      where of_contact.organization_id = ${organizationId} and of_contact.campaign_id = m.campaign_id
        and of_contact.contact_id = ${contactId})`);
}

/**
 * Puts the contact on the opportunity, once: as the primary contact when there is none. A role that is named replaces
 * the one the contact has there. The opportunity is new, or locked.
 */
export async function addContactRole(
  tx: Transaction,
  opportunityId: string,
  contactId: string,
  role: BuyingRole | null,
  at: Date,
): Promise<void> {
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    insert into opportunity_contact_role as r
      (organization_id, id, opportunity_id, contact_id, role, is_primary, created_at)
    select ${organizationId}, ${uuidv7()}::uuid, ${opportunityId}::uuid, ${contactId}::uuid, ${role}, not exists (
      select from opportunity_contact_role
      where organization_id = ${organizationId} and opportunity_id = ${opportunityId} and is_primary), ${at}
    on conflict (organization_id, opportunity_id, contact_id) do update
      set role = coalesce(excluded.role, r.role), is_primary = r.is_primary or excluded.is_primary`);
}
