import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { LeadConversionEntity } from '../conversion/conversion.entity.ts';
import type { Transaction } from '../database/database.ts';
import { OpportunityContactRoleEntity } from '../opportunities/opportunity.entity.ts';
import { insertRows } from './bulk-write.ts';
import type { LinkedConversion } from './import-leads.ts';
import { queryInBatches } from './known-records.ts';
import type { Run } from './write-records.ts';

interface KnownConversion {
  id: string;
  leadId: string;
  isImported: boolean;
  isReverted: boolean;
}

/** The conversions Kontor has of these leads (our ids). */
export async function knownConversions(
  tx: Transaction,
  leadIds: Iterable<string>,
): Promise<KnownConversion[]> {
  const { organizationId } = tx.tenant;
  return await queryInBatches(leadIds, (batch) =>
    tx.query<KnownConversion>(sql`
      select id, lead_id as "leadId", is_imported as "isImported", reverted_at is not null as "isReverted"
      from lead_conversion
      where organization_id = ${organizationId} and lead_id = any(${batch}::uuid[])`),
  );
}

/** Leads whose fate Kontor decided: converted here, or an imported conversion reverted here. */
export function decidedInKontor(conversions: KnownConversion[]): Set<string> {
  return new Set(
    conversions.filter(({ isImported, isReverted }) => isImported === isReverted).map(({ leadId }) => leadId),
  );
}

/**
 * Lineage of leads that Salesforce converted. How it came by its account or contact is not in an export, so outcomes are
 * null. A new conversion puts its contact on its opportunity, as the primary one when there is none.
 */
export async function importConversions(
  run: Run,
  linked: LinkedConversion[],
  known: KnownConversion[],
): Promise<void> {
  const { tx, report } = run;
  const current = new Map(known.filter(({ isReverted }) => !isReverted).map((one) => [one.leadId, one]));
  const added = linked
    .filter(({ leadId }) => !current.has(leadId))
    .map((conversion) => ({ id: uuidv7(), ...conversion, isImported: true }));
  const again = linked
    .filter(({ leadId }) => current.has(leadId))
    .map((conversion) => ({ id: current.get(conversion.leadId)!.id, ...conversion }));
  await insertRows(tx, LeadConversionEntity, added);
  await addContactRoles(tx, added);
  await withdrawHandoffs(
    run,
    added.map(({ leadId }) => leadId),
  );
  await expireProposals(tx, added, run.now);
  const updated = await updateConversions(tx, again);
  report.count('conversions', 'created', added.length);
  report.count('conversions', 'updated', updated);
  report.count('conversions', 'unchanged', again.length - updated);
}

/** A lead that was converted elsewhere waits for nobody any more. */
async function withdrawHandoffs({ tx, now }: Run, leadIds: string[]): Promise<void> {
  await tx.query(sql`
    update lead_handoff h set decision = 'WITHDRAWN', decided_at = greatest(h.handed_at, ${now}),
      reason = 'The lead was imported as converted', updated_at = greatest(h.updated_at, ${now}), version = h.version + 1
    where h.organization_id = ${tx.tenant.organizationId} and h.lead_id = any(${leadIds}::uuid[]) and h.decision is null`);
}

async function updateConversions(
  tx: Transaction,
  conversions: ({ id: string } & LinkedConversion)[],
): Promise<number> {
  const { organizationId } = tx.tenant;
  let count = 0;
  for (let start = 0; start < conversions.length; start += 2000) {
    const batch = JSON.stringify(conversions.slice(start, start + 2000));
    const rows = await tx.query(sql`
      update lead_conversion c
      set account_id = coalesce(r."accountId", c.account_id), contact_id = coalesce(r."contactId", c.contact_id),
        opportunity_id = coalesce(r."opportunityId", c.opportunity_id), converted_at = r."convertedAt"
      from jsonb_to_recordset(${batch}::jsonb)
        as r(id uuid, "accountId" uuid, "contactId" uuid, "opportunityId" uuid, "convertedAt" timestamptz(3))
      where c.organization_id = ${organizationId} and c.id = r.id
        and (c.account_id, c.contact_id, c.opportunity_id, c.converted_at)
          is distinct from (coalesce(r."accountId", c.account_id), coalesce(r."contactId", c.contact_id),
            coalesce(r."opportunityId", c.opportunity_id), r."convertedAt")
      returning c.id`);
    count += rows.length;
  }
  return count;
}

async function addContactRoles(tx: Transaction, conversions: LinkedConversion[]): Promise<void> {
  const { organizationId } = tx.tenant;
  const pairs = conversions
    .filter(({ contactId, opportunityId }) => contactId !== null && opportunityId !== null)
    .sort((a, b) => +a.convertedAt - +b.convertedAt);
  const opportunityIds = new Set(pairs.map(({ opportunityId }) => opportunityId!));
  const existing = await queryInBatches(opportunityIds, (batch) =>
    tx.query<{ opportunityId: string; contactId: string; isPrimary: boolean }>(sql`
      select opportunity_id as "opportunityId", contact_id as "contactId", is_primary as "isPrimary"
      from opportunity_contact_role
      where organization_id = ${organizationId} and opportunity_id = any(${batch}::uuid[])`),
  );
  const taken = new Set(existing.map(({ opportunityId, contactId }) => `${opportunityId} ${contactId}`));
  const withPrimary = new Set(existing.filter((role) => role.isPrimary).map((role) => role.opportunityId));
  const roles = [];
  for (const { opportunityId, contactId, convertedAt } of pairs) {
    if (taken.has(`${opportunityId} ${contactId}`)) continue;
    taken.add(`${opportunityId} ${contactId}`);
    const isPrimary = !withPrimary.has(opportunityId!);
    withPrimary.add(opportunityId!);
    roles.push({ id: uuidv7(), opportunityId, contactId, isPrimary, createdAt: convertedAt });
  }
  await insertRows(tx, OpportunityContactRoleEntity, roles);
}

/** Nobody is to review the conversion of a lead that was converted elsewhere. */
async function expireProposals(tx: Transaction, added: { leadId: string }[], now: Date): Promise<void> {
  await queryInBatches(
    added.map(({ leadId }) => leadId),
    (batch) =>
      tx.query(sql`
        update conversion_proposal set state = 'EXPIRED', expired_at = ${now},
          expired_because = '["lead: converted by an import"]'
        where organization_id = ${tx.tenant.organizationId} and lead_id = any(${batch}::uuid[]) and state = 'OPEN'`),
  );
}
