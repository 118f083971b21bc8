import type { EntityDictionary } from '@mikro-orm/core';
import sql, { raw, type Sql } from 'sql-template-tag';
import { companyMatchKey } from '../accounts/company.ts';
import { companyLockKeys, lockCompanyKeys } from '../accounts/company-lock.ts';
import type { CompanyKeys } from '../accounts/account-candidates.queries.ts';
import { textKeyOrNull } from '../database/text-key.ts';
import type { Transaction } from '../database/database.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { Batch } from './batch-records.ts';
import { holdSettings } from './conversion-records.ts';
import type { Targets } from './targets.ts';

/** A lead as its table has it. */
export type LeadRow = EntityDictionary<LeadEntity> & {
  id: string;
  domain: string | null;
  match_key: string | null;
  email_key: string | null;
  company: string | null;
  matched_account_id: string | null;
  campaign_id: string | null;
};

/** A lead of a batch and what it is to become, as far as the input alone tells. */
export interface Intended {
  leadId: string;
  targets: Targets;
}

/**
 * Locks everything the conversions of a batch are going to lock: all leads, the settings, all companies, all accounts, contacts and
 * opportunities, each kind in one order, the kinds in the order that all conversions share. So neither two batches nor a
 * batch and a single conversion wait for each other, whatever the order of their leads. What comes to be found later than
 * here (an account renamed meanwhile) is locked when it is; should that be a deadlock, the batch is run again.
 */
export async function lockBatch(tx: Transaction, items: readonly Intended[]): Promise<Batch> {
  const leads = await lockLeads(
    tx,
    items.map(({ leadId }) => leadId),
  );
  const known = items.flatMap(({ leadId, targets }) => {
    const lead = leads.get(leadId);
    return lead ? [{ lead, targets }] : [];
  });
  const companies = known.map(companyOf);
  const keys = new Set(companies.flatMap(companyLockKeys));
  const batch = new Batch(tx, leads, keys);
  if (known.length === 0) return batch;
  await holdSettings(tx);
  await lockCompanyKeys(tx, [...keys]);
  const accounts = await lockAccounts(tx, known, companies);
  await lockContacts(tx, known, accounts);
  const opportunities = known.flatMap(({ targets: { opportunity } }) =>
    opportunity.kind === 'existing' ? opportunity.id : [],
  );
  if (opportunities.length > 0) await lockRows(tx, 'opportunity', opportunities, []);
  return batch;
}

interface Known {
  lead: LeadRow;
  targets: Targets;
}

async function lockLeads(tx: Transaction, ids: readonly string[]): Promise<Map<string, LeadRow>> {
  const rows = await tx.query<LeadRow>(sql`
    select * from lead
    where organization_id = ${tx.tenant.organizationId} and id = any(${ids}::uuid[]) and deleted_at is null
    order by id for update`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The company the plan will look for: a new account's by its draft, else the lead's. */
function companyOf({ lead, targets: { account } }: Known): CompanyKeys {
  if (account.kind !== 'create') return { domain: lead.domain, matchKey: lead.match_key };
  const { name = lead.company, domain = lead.domain } = account.draft;
  return { domain, matchKey: (name && companyMatchKey(name)) || null };
}

async function lockAccounts(
  tx: Transaction,
  items: readonly Known[],
  companies: readonly CompanyKeys[],
): Promise<string[]> {
  const named = items.flatMap(({ lead, targets: { account } }) =>
    account.kind === 'existing' ? account.id : (lead.matched_account_id ?? []),
  );
  const { organizationId } = tx.tenant;
  const withKey = (column: 'domain' | 'match_key', keys: (string | null)[]) => sql`
    select id from account
    where organization_id = ${organizationId} and ${raw(column)} = any(${keys}::text[]) and deleted_at is null`;
  return lockRows(tx, 'account', named, [
    withKey(
      'domain',
      companies.map(({ domain }) => domain),
    ),
    withKey(
      'match_key',
      companies.map(({ matchKey }) => matchKey),
    ),
  ]);
}

async function lockContacts(
  tx: Transaction,
  items: readonly Known[],
  accounts: readonly string[],
): Promise<void> {
  const named = items.flatMap(({ targets: { contact } }) => (contact.kind === 'existing' ? contact.id : []));
  const emails = items.map(({ lead, targets: { contact } }) =>
    contact.kind === 'create' && contact.draft.email !== undefined
      ? textKeyOrNull(contact.draft.email)
      : lead.email_key,
  );
  await lockRows(tx, 'contact', named, [
    sql`select id from contact
      where organization_id = ${tx.tenant.organizationId} and account_id = any(${accounts}::uuid[])
        and email_key = any(${emails}::text[]) and deleted_at is null`,
  ]);
}

/** Locks the rows named and found, in the order of their ids, and returns these. */
async function lockRows(
  tx: Transaction,
  table: 'account' | 'contact' | 'opportunity',
  named: readonly string[],
  found: readonly Sql[],
): Promise<string[]> {
  const { organizationId } = tx.tenant;
  const ids = found.reduce((all, one) => sql`${all} union ${one}`, sql`select unnest(${named}::uuid[])`);
  const rows = await tx.query<{ id: string }>(sql`
    select t.id from ${raw(table)} t where t.organization_id = ${organizationId} and t.id in (${ids})
    order by t.id for no key update`);
  return rows.map(({ id }) => id);
}
