import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { isNamedZone, NO_ZONE } from '../identity/time-zone.ts';
import { matchLeads } from '../leads/lead-matching.ts';
import type { Reading } from './cell-values.ts';
import { importAccounts } from './import-accounts.ts';
import { importContacts } from './import-contacts.ts';
import { decidedInKontor, importConversions, knownConversions } from './import-conversions.ts';
import { importLeads, type LinkedConversion } from './import-leads.ts';
import { importOpportunities, type ChangedChain } from './import-opportunities.ts';
import { ImportError, ImportReport, type ImportResult, StrictImportError } from './import-report.ts';
import { importActivities } from './import-activities.ts';
import { importCampaigns } from './import-campaigns.ts';
import { importContactRoles } from './import-contact-roles.ts';
import { importMembers } from './import-members.ts';
import { LinkTarget } from './known-records.ts';
import { lockRecords, ownerIds } from './locked-records.ts';
import { settleConverted } from './converted-people.ts';
import { resolveLeadStatuses } from './lead-statuses.ts';
import type { HistoryDraft } from './opportunity-rows.ts';
import { writeChains } from './opportunity-versions.ts';
import { resolveOwners } from './owners.ts';
import type { ConversionDraft } from './person-rows.ts';
import { readExport, type SalesforceExport } from './salesforce-export.ts';
import { resolveStages } from './stages.ts';
import type { Run } from './write-records.ts';

export type { ImportResult } from './import-report.ts';

export interface ImportOptions {
  /** The folder with `Account.csv`, `Contact.csv`, `Lead.csv`, `Opportunity.csv`, `OpportunityHistory.csv`, `User.csv`. */
  dir: string;
  /** Any bad row stops everything, and nothing is written. */
  strict?: boolean;
  /** IANA zone of dates and times that name none; default the organisation's. */
  timeZone?: string;
  now?: Date;
}

/**
 * Takes in a folder of a Salesforce export, in one transaction. Records are known by their Salesforce ids, so importing
 * again updates; `docs/import.md` has the rules. Throws ImportError when nothing could be imported at all.
 */
export async function importSalesforce(
  database: Database,
  organization: Organization,
  principal: Principal,
  options: ImportOptions,
): Promise<ImportResult> {
  // It makes stages, statuses and users, beside the records.
  requireRight(principal, 'settings:write');
  const { dir, strict = false, timeZone = organization.timeZone, now = new Date() } = options;
  if (!isNamedZone(timeZone)) throw new ImportError(`The time zone ${timeZone} ${NO_ZONE}`);
  const reading: Reading = { timeZone, currency: organization.currency, now };
  const readReport = new ImportReport();
  const files = await readExport(dir, reading, readReport);
  const refuseBadRows = (report: ImportReport) => {
    if (strict && report.hasRejected) throw new StrictImportError(report.refusal(organization.name));
  };
  refuseBadRows(readReport);

  let wrote = false;
  const result = await database.write(principal, async (tx) => {
    const report = readReport.copy();
    await writeExport(tx, files, reading, report);
    refuseBadRows(report);
    wrote = report.hasWritten;
    const written = report.result(organization.name);
    if (report.hasWritten) {
      const after = { source: 'Salesforce', types: written.types };
      record(tx, principal, {
        recordType: 'Import',
        recordId: uuidv7(),
        action: 'importSalesforce',
        after,
        at: now,
      });
    }
    return written;
  });
  if (wrote) await database.learnStatistics();
  return result;
}

async function writeExport(
  tx: Transaction,
  files: SalesforceExport,
  reading: Reading,
  report: ImportReport,
): Promise<void> {
  const { organizationId } = tx.tenant;
  const { now } = reading;
  // Imports wait for each other, and whoever makes a user waits for them.
  await tx.query(sql`select id from organization where id = ${organizationId} for no key update`);
  const known = await lockRecords(tx, files);
  const run: Run = {
    tx,
    report,
    now,
    owners: await resolveOwners(tx, ownerIds(files), files.users, report, now),
  };
  const statuses = await resolveLeadStatuses(tx, files.leads, report, now);
  const stages = await resolveStages(tx, files.opportunities, files.history.drafts.values(), report, now);
  await tx.em.flush();

  const accounts = new LinkTarget('account', files.accounts, known.accounts);
  const contacts = new LinkTarget('contact', files.contacts, known.contacts);
  const opportunities = new LinkTarget('opportunity', files.opportunities, known.opportunities);
  const leadTarget = new LinkTarget('lead', files.leads, known.leads);
  const campaigns = new LinkTarget('campaign', files.campaigns, known.campaigns);
  const history = Map.groupBy(files.history.drafts.values(), ({ opportunityId }) => opportunityId);

  await importCampaigns(run, files.campaigns, known.campaigns, campaigns);
  const writtenAccounts = await importAccounts(run, files.accounts, known.accounts, accounts);
  await importContacts(run, files.contacts, known.contacts, accounts, contacts);
  const deals = { table: files.opportunities, known: known.opportunities, history, stages, reading };
  const { changedChains } = await importOpportunities(run, {
    ...{ ...deals, accounts, opportunities, campaigns },
  });
  await writeChains(tx, changedChains);
  reportHistory(report, files, opportunities, changedChains);

  const conversions = await knownConversions(
    tx,
    [...known.leads.values()].map(({ id }) => id),
  );
  const links = { accountId: accounts, contactId: contacts, opportunityId: opportunities };
  const leads = await importLeads(run, {
    table: files.leads,
    known: known.leads,
    ...{ leads: leadTarget, campaigns, statuses },
    decidedHere: decidedInKontor(conversions),
    linkConversion: (draft, id, before) => linkConversion(run, draft, id, links, before?.convertedAt ?? null),
  });
  await importConversions(run, leads.conversions, conversions);
  await settleConverted(
    run,
    leads.conversions.map(({ leadId }) => leadId),
  );

  const targets = { leads: leadTarget, contacts, accounts, opportunities, campaigns };
  await importContactRoles(run, files.contactRoles, targets);
  await importMembers(run, files.members, targets);
  for (const table of [files.tasks, files.events])
    await importActivities(run, table, known.activities, targets);

  const accountsChanged = writtenAccounts.created.size + writtenAccounts.updated.size > 0;
  await matchLeads(tx, accountsChanged ? await openLeads(tx) : [...leads.created, ...leads.updated]);
}

const LINK_COLUMNS = {
  accountId: 'ConvertedAccountId',
  contactId: 'ConvertedContactId',
  opportunityId: 'ConvertedOpportunityId',
} as const;

function linkConversion(
  { report, now }: Run,
  draft: { conversion: ConversionDraft | null; createdAt: Date | null },
  leadId: string,
  targets: Record<keyof typeof LINK_COLUMNS, LinkTarget>,
  knownConvertedAt: string | null,
): LinkedConversion {
  const conversion = draft.conversion!;
  const link = (to: keyof typeof LINK_COLUMNS) => {
    const externalId = conversion[to];
    // What a conversion made may be deleted since; the conversion happened all the same.
    if (externalId !== null && targets[to].isDeleted(externalId)) {
      report.note('{n} links of conversions name deleted records and were left empty');
      return null;
    }
    return targets[to].resolve(LINK_COLUMNS[to], externalId);
  };
  const { createdAt } = draft;
  const before = knownConvertedAt === null ? null : new Date(knownConvertedAt);
  const told = conversion.convertedAt ?? before ?? createdAt ?? now;
  const convertedAt = createdAt !== null && createdAt > told ? createdAt : told;
  return {
    leadId,
    accountId: link('accountId'),
    contactId: link('contactId'),
    opportunityId: link('opportunityId'),
    convertedAt,
  };
}

/** A row of the history is new, replaced or unchanged as its opportunity's history is. */
function reportHistory(
  report: ImportReport,
  { history, opportunities }: SalesforceExport,
  target: LinkTarget,
  changedChains: ChangedChain[],
): void {
  const changed = new Map(changedChains.map((change) => [change.externalId, change]));
  const outcomeOf = (draft: HistoryDraft) => {
    const change = changed.get(draft.opportunityId);
    if (change) return change.isNew ? 'created' : 'updated';
    if (target.isDeleted(draft.opportunityId)) return 'skippedDeleted';
    return opportunities.drafts.has(draft.opportunityId) && target.has(draft.opportunityId)
      ? 'unchanged'
      : undefined;
  };
  for (const draft of history.drafts.values()) {
    const outcome = outcomeOf(draft);
    if (outcome) report.count('opportunityHistory', outcome);
    else
      report.reject('opportunityHistory', {
        file: history.file,
        line: draft.line,
        column: 'OpportunityId',
        reason: `names no good row of ${opportunities.file}: ${draft.opportunityId}`,
        id: draft.externalId,
      });
  }
}

async function openLeads(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    select id from lead
    where organization_id = ${tx.tenant.organizationId} and not is_converted and deleted_at is null`);
  return rows.map(({ id }) => id);
}
