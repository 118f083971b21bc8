import type { Transaction } from '../database/database.ts';
import type { DraftTable } from './drafts.ts';
import { lockKnownActivities } from './import-activities.ts';
import type { KnownContact } from './import-contacts.ts';
import type { KnownLead } from './import-leads.ts';
import { type KnownRecord, lockKnown } from './known-records.ts';
import { lockKnownOpportunities } from './opportunity-versions.ts';
import type { SalesforceExport } from './salesforce-export.ts';

/** Salesforce ids of the records that a folder's rows are or name. */
class Named {
  readonly leads = new Set<string>();
  readonly accounts = new Set<string>();
  readonly contacts = new Set<string>();
  readonly opportunities = new Set<string>();
  readonly campaigns = new Set<string>();

  constructor(files: SalesforceExport) {
    for (const type of ['leads', 'accounts', 'contacts', 'opportunities', 'campaigns'] as const)
      this.add(type, ...files[type].drafts.keys());
    for (const { parentId } of files.accounts.drafts.values()) this.add('accounts', parentId);
    for (const { accountId } of files.contacts.drafts.values()) this.add('accounts', accountId);
    for (const { accountId, campaignId } of files.opportunities.drafts.values()) {
      this.add('accounts', accountId);
      this.add('campaigns', campaignId);
    }
    for (const { conversion, campaignId } of files.leads.drafts.values()) {
      this.add('accounts', conversion?.accountId);
      this.add('contacts', conversion?.contactId);
      this.add('opportunities', conversion?.opportunityId);
      this.add('campaigns', campaignId);
    }
    for (const { campaignId, leadId, contactId } of files.members.drafts.values()) {
      this.add('campaigns', campaignId);
      this.add('leads', leadId);
      this.add('contacts', contactId);
    }
    for (const { opportunityId, contactId } of files.contactRoles.drafts.values()) {
      this.add('opportunities', opportunityId);
      this.add('contacts', contactId);
    }
    for (const table of [files.tasks, files.events])
      for (const { whoId, whatId } of table.drafts.values())
        // whatever kind they are of: an id is that of one record
        for (const type of ['leads', 'contacts', 'accounts', 'opportunities'] as const)
          this.add(type, whoId, whatId);
  }

  private add(
    type: 'leads' | 'accounts' | 'contacts' | 'opportunities' | 'campaigns',
    ...ids: (string | null | undefined)[]
  ): void {
    for (const id of ids) if (id !== null && id !== undefined) this[type].add(id);
  }
}

/** Everything the files name, locked in the order conversions lock in, so that the two wait instead of deadlocking. */
export async function lockRecords(tx: Transaction, files: SalesforceExport) {
  const named = new Named(files);
  const leads = await lockKnown<Omit<KnownLead, keyof KnownRecord>>(
    tx,
    'lead',
    named.leads,
    'first_name as "firstName", website, email, is_converted as "isConverted", converted_at as "convertedAt"',
  );
  const accounts = await lockKnown(tx, 'account', named.accounts);
  const contacts = await lockKnown<Omit<KnownContact, keyof KnownRecord>>(
    tx,
    'contact',
    named.contacts,
    'first_name as "firstName"',
  );
  const opportunities = await lockKnownOpportunities(tx, named.opportunities);
  const campaigns = await lockKnown(tx, 'campaign', named.campaigns);
  const activities = await lockKnownActivities(tx, [
    ...files.tasks.drafts.keys(),
    ...files.events.drafts.keys(),
  ]);
  return { leads, accounts, contacts, opportunities, campaigns, activities };
}

/** Salesforce ids of whoever owns something in the files. */
export function ownerIds(files: SalesforceExport): Set<string> {
  const { accounts, contacts, leads, opportunities, campaigns, tasks, events } = files;
  const tables: DraftTable<{ ownerId: string | null }>[] = [
    ...[accounts, contacts, leads, opportunities],
    ...[campaigns, tasks, events],
  ];
  const drafts = tables.flatMap(({ drafts }) => [...drafts.values()]);
  return new Set(drafts.map(({ ownerId }) => ownerId).filter((id) => id !== null));
}
