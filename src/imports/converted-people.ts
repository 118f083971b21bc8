import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { queryInBatches } from './known-records.ts';
import type { Run } from './write-records.ts';

/** The contact a lead was converted into, and when. */
export interface ConvertedPerson {
  contactId: string;
  convertedAt: Date;
}

/** That of each of these leads (our ids); leads that are not converted, or into no contact, are left out. */
export async function convertedPeople(
  tx: Transaction,
  leadIds: Iterable<string>,
): Promise<Map<string, ConvertedPerson>> {
  const { organizationId } = tx.tenant;
  const rows = await queryInBatches(leadIds, (batch) =>
    tx.query<{ leadId: string; contactId: string; convertedAt: string }>(sql`
      select lead_id as "leadId", contact_id as "contactId", converted_at as "convertedAt" from lead_conversion
      where organization_id = ${organizationId} and lead_id = any(${batch}::uuid[]) and reverted_at is null
        and contact_id is not null`),
  );
  return new Map(
    rows.map(({ leadId, contactId, convertedAt }) => [
      leadId,
      { contactId, convertedAt: new Date(convertedAt) },
    ]),
  );
}

/** What leads had that an import tells to be converted goes to their contacts, as with a conversion here. */
export async function settleConverted({ tx, now }: Run, leadIds: string[]): Promise<void> {
  await queryInBatches(leadIds, (batch) => moveMemberships(tx, batch));
  await queryInBatches(leadIds, (batch) => linkActivities(tx, batch, now));
}

/** Of several memberships in one campaign the contact's own, else the first, is kept, with the earliest response. */
async function moveMemberships(tx: Transaction, leadIds: string[]): Promise<object[]> {
  const { organizationId } = tx.tenant;
  return tx.query(sql`
    with person as (
      select lead_id, contact_id from lead_conversion
      where organization_id = ${organizationId} and lead_id = any(${leadIds}::uuid[]) and reverted_at is null
        and contact_id is not null
    ), membership as (
      select m.id, p.contact_id, m.campaign_id, m.created_at, m.responded_at, false as is_own from campaign_member m
      join person p on p.lead_id = m.lead_id where m.organization_id = ${organizationId}
      union all
      select m.id, m.contact_id, m.campaign_id, m.created_at, m.responded_at, true from campaign_member m
      where m.organization_id = ${organizationId} and m.contact_id in (select contact_id from person)
    ), ranked as (
      select id, contact_id, min(responded_at) over same as first_response,
        row_number() over (partition by campaign_id, contact_id order by is_own desc, created_at, id) as place
      from membership window same as (partition by campaign_id, contact_id)
    ), doubled as (
      delete from campaign_member m using ranked r
      where m.organization_id = ${organizationId} and m.id = r.id and r.place > 1
    )
    update campaign_member m set lead_id = null, contact_id = r.contact_id, responded_at = r.first_response
    from ranked r
    where m.organization_id = ${organizationId} and m.id = r.id and r.place = 1
      and (m.lead_id is not null or m.responded_at is distinct from r.first_response)`);
}

async function linkActivities(tx: Transaction, leadIds: string[], now: Date): Promise<object[]> {
  const { organizationId } = tx.tenant;
  return tx.query(sql`
    update activity a set contact_id = c.contact_id, account_id = coalesce(a.account_id, c.account_id),
      opportunity_id = coalesce(a.opportunity_id, c.opportunity_id), updated_at = greatest(a.updated_at, ${now}::timestamptz),
      version = a.version + 1
    from lead_conversion c
    where a.organization_id = ${organizationId} and a.lead_id = any(${leadIds}::uuid[]) and a.contact_id is null
      and c.organization_id = ${organizationId} and c.lead_id = a.lead_id and c.reverted_at is null
      and c.contact_id is not null`);
}
