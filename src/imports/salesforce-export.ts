import { readdir } from 'node:fs/promises';
import { accountFile, type AccountDraft } from './account-rows.ts';
import { type Reading, startOfDay } from './cell-values.ts';
import { type ActivityDraft, eventFile, taskFile } from './activity-rows.ts';
import { campaignFile, type CampaignDraft, memberFile, type MemberDraft } from './campaign-rows.ts';
import { contactRoleFile, type ContactRoleDraft } from './contact-role-rows.ts';
import { type DraftTable, emptyTable, type FileShape, readDrafts, witness } from './drafts.ts';
import { ImportError, type ImportReport } from './import-report.ts';
import {
  historyFile,
  type HistoryDraft,
  opportunityFile,
  type OpportunityDraft,
} from './opportunity-rows.ts';
import { contactFile, type ContactDraft, leadFile, type LeadDraft } from './person-rows.ts';
import { userFile, type UserDraft } from './user-rows.ts';

/** The good rows of an export folder. */
export interface SalesforceExport {
  users: DraftTable<UserDraft>;
  accounts: DraftTable<AccountDraft>;
  contacts: DraftTable<ContactDraft>;
  leads: DraftTable<LeadDraft>;
  opportunities: DraftTable<OpportunityDraft>;
  history: DraftTable<HistoryDraft>;
  campaigns: DraftTable<CampaignDraft>;
  members: DraftTable<MemberDraft>;
  contactRoles: DraftTable<ContactRoleDraft>;
  tasks: DraftTable<ActivityDraft>;
  events: DraftTable<ActivityDraft>;
}

/** Reads every file of the folder that is there; needs no database, so no transaction waits for a disk. */
export async function readExport(
  dir: string,
  reading: Reading,
  report: ImportReport,
): Promise<SalesforceExport> {
  const files = await listFiles(dir);
  const wanted = [accountFile, contactFile, leadFile, opportunityFile, historyFile].map(({ file }) => file);
  const others = [campaignFile, memberFile, contactRoleFile, taskFile, eventFile].map(({ file }) => file);
  if (![...wanted, ...others].some((file) => files.has(file.toLowerCase())))
    throw new ImportError(`${dir} holds none of ${[...wanted, ...others].join(', ')}`);
  const read = async <D>(shape: FileShape<D>): Promise<DraftTable<D>> => {
    const file = files.get(shape.file.toLowerCase());
    if (file !== undefined) return await readDrafts(dir, { ...shape, file }, reading, report);
    if (wanted.includes(shape.file)) report.note(`${shape.file} is not there`);
    return emptyTable(shape);
  };
  const found = {
    users: await read(userFile),
    accounts: await read(accountFile),
    contacts: await read(contactFile),
    leads: await read(leadFile),
    opportunities: await read(opportunityFile),
    history: await read(historyFile),
    campaigns: await read(campaignFile),
    members: await read(memberFile),
    contactRoles: await read(contactRoleFile),
    tasks: await read(taskFile),
    events: await read(eventFile),
  };
  estimateCreation(found, reading);
  return found;
}

/** File names by themselves in lower case: tools differ in it. */
async function listFiles(dir: string): Promise<Map<string, string>> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ImportError(`The folder ${dir} does not exist`);
    if (code === 'ENOTDIR')
      throw new ImportError(`${dir} is no folder: give the folder the CSV files are in`);
    throw new ImportError(`The folder ${dir} can't be read: ${(error as Error).message}`);
  }
  return new Map(names.sort().map((name) => [name.toLowerCase(), name]));
}

/** A record without a creation date existed when others first referred to it. */
function estimateCreation(
  { accounts, contacts, leads, opportunities, history }: SalesforceExport,
  reading: Reading,
): void {
  for (const { opportunityId, at } of history.drafts.values())
    witness(opportunities.drafts.get(opportunityId), at);
  for (const lead of leads.drafts.values()) {
    if (!lead.conversion) continue;
    const { accountId, contactId, opportunityId, convertedAt } = lead.conversion;
    witness(lead, convertedAt);
    witness(accounts.drafts.get(accountId ?? ''), convertedAt);
    witness(contacts.drafts.get(contactId ?? ''), convertedAt);
    witness(opportunities.drafts.get(opportunityId ?? ''), convertedAt);
  }
  for (const opportunity of opportunities.drafts.values()) {
    // A close date may be planned: only a past one tells of a time the deal was there.
    const closeDate = startOfDay(opportunity.closeDate, reading);
    if (closeDate <= reading.now) witness(opportunity, closeDate);
    witness(accounts.drafts.get(opportunity.accountId ?? ''), opportunity.createdAt);
  }
  for (const contact of contacts.drafts.values())
    witness(accounts.drafts.get(contact.accountId ?? ''), contact.createdAt);
}
