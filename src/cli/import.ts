import path from 'node:path';
import type { Command } from 'commander';
import type { ImportResult } from '../imports/import-report.ts';
import { jsonOption, organizationOption } from './options.ts';
import { print, printJson, printTable } from './output.ts';
import { asAdministrator, organizationNamed, withInstallation } from './session.ts';

interface SalesforceOptions {
  dir: string;
  organization: string;
  strict?: boolean;
  timeZone?: string;
  json?: true;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('take in records of another system')
    .command('salesforce')
    .description(
      'import a folder of Salesforce export files: Account.csv, Contact.csv, Lead.csv, Opportunity.csv, …',
    )
    .requiredOption('--dir <folder>', 'the folder with the CSV files')
    .addOption(organizationOption())
    .option('--strict', 'write nothing and fail if any row is bad')
    .option('--time-zone <zone>', "IANA zone of dates with a time but no offset (else the organization's)")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Importing again updates the records by their Salesforce ids. A bad row is reported with file, line, column and reason,
and the rest goes in: the exit code is 0 all the same, unless --strict is given.

Example:
  npm run -s kontor -- import salesforce --dir ./export --time-zone America/New_York`,
    )
    .action(importFolder);
}

async function importFolder({ dir, strict = false, timeZone, ...options }: SalesforceOptions): Promise<void> {
  await withInstallation(async (installation, { callerDirectory }) => {
    const organization = await organizationNamed(installation, options.organization);
    const { importSalesforce } = await import('../imports/salesforce-import.ts');
    const { StrictImportError } = await import('../imports/import-report.ts');
    const show = options.json ? printJson : printReport;
    const { database } = installation;
    const principal = await asAdministrator(installation, organization.id);
    const folder = path.resolve(callerDirectory, dir);
    try {
      show(await importSalesforce(database, organization, principal, { dir: folder, strict, timeZone }));
    } catch (error) {
      if (error instanceof StrictImportError) show(error.result);
      throw error;
    }
  });
}

function printReport({ types, rejected, rejectedTotal, notes }: ImportResult): void {
  const rows = Object.entries(types).map(([records, counts]) => {
    const { created, updated, unchanged, rejected: bad, skippedDeleted = 0 } = counts;
    return { records, created, updated, unchanged, rejected: bad, deleted: skippedDeleted };
  });
  printTable(rows);
  for (const { file, line, column, reason } of rejected)
    print(`${file}:${line}${column === null ? '' : ` ${column}`}: ${reason}`);
  if (rejectedTotal > rejected.length) print(`and ${rejectedTotal - rejected.length} more bad rows`);
  for (const note of notes) print(note);
}
