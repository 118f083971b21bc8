import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { survivorsOf } from '../merging/survivor.queries.ts';

export interface HeldLead {
  id: string;
  isConverted: boolean;
  /** Of the conversion that stands; null when it isn't converted. */
  conversionId: string | null;
  /** What it became; null when it isn't converted, or an import didn't know. */
  contactId: string | null;
}

export interface HeldContact {
  id: string;
  accountId: string | null;
}

/**
 * Leads that something is about to be attached to, by their ids: none is converted, or its conversion undone, before the
 * transaction ends. Comes before all other locks but the idempotency key's.
 */
export async function heldLeads(tx: Transaction, ids: readonly string[]): Promise<Map<string, HeldLead>> {
  if (ids.length === 0) return new Map();
  const { organizationId } = tx.tenant;
  const leads = await tx.query<{ id: string; isConverted: boolean }>(sql`
    select id, is_converted as "isConverted" from lead
    where organization_id = ${organizationId} and id = any(${ids}::uuid[]) and deleted_at is null
    order by id for share`);
  const converted = leads.filter(({ isConverted }) => isConverted).map(({ id }) => id);
  // a statement of its own: it sees what was committed while the locks were waited for
  const conversions =
    converted.length === 0
      ? []
      : await tx.query<{ leadId: string; conversionId: string; contactId: string | null }>(sql`
          select lead_id as "leadId", id as "conversionId", contact_id as "contactId" from lead_conversion
          where organization_id = ${organizationId} and lead_id = any(${converted}::uuid[]) and reverted_at is null`);
  const conversionOf = new Map(conversions.map(({ leadId, ...conversion }) => [leadId, conversion]));
  return new Map(
    leads.map((lead) => [
      lead.id,
      { conversionId: null, contactId: null, ...lead, ...conversionOf.get(lead.id) },
    ]),
  );
}

/** Contacts the same way, after leads and accounts; the id of one that was merged away gives the one it went into. */
export async function heldContacts(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, HeldContact>> {
  const { organizationId } = tx.tenant;
  const held = new Map<string, HeldContact>();
  const askedFor = new Map(ids.map((id) => [id, id]));
  for (let wanted = [...new Set(ids)]; wanted.length > 0;) {
    const rows = await tx.query<HeldContact>(sql`
      select id, account_id as "accountId" from contact
      where organization_id = ${organizationId} and id = any(${wanted}::uuid[]) and deleted_at is null
      order by id for share`);
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const [asked, id] of askedFor) if (found.has(id)) held.set(asked, found.get(id)!);
    const missing = wanted.filter((id) => !found.has(id));
    const survivors =
      missing.length === 0 ? new Map() : await survivorsOf(tx, organizationId, 'contact', missing);
    for (const [asked, id] of askedFor) if (survivors.has(id)) askedFor.set(asked, survivors.get(id)!);
    wanted = [...new Set(survivors.values())];
  }
  return held;
}

/** The lead an input names at `path`; refused when it is not there, or converted into no contact that could take its place. */
export function foundLead(leads: ReadonlyMap<string, HeldLead>, id: string, path: string[]): HeldLead {
  const lead = leads.get(id);
  if (!lead) throw notFound(path, 'There is no such lead');
  if (lead.isConverted && lead.contactId === null)
    throw new Refusal({
      code: UserErrorCode.LEAD_CONVERTED,
      message: 'The lead is converted, and into no contact that could take its place',
      path,
      conversionId: lead.conversionId!,
    });
  return lead;
}

/** The contact an input names at `path`, itself or by a lead it was. */
export function foundContact(
  contacts: ReadonlyMap<string, HeldContact>,
  id: string,
  path: string[],
): HeldContact {
  const contact = contacts.get(id);
  if (!contact) throw notFound(path, 'There is no such contact');
  return contact;
}
