import type { Command } from 'commander';
import { jsonOption, wholeNumber } from './options.ts';
import { print, printJson, printTable } from './output.ts';
import { withInstallation } from './session.ts';

interface CreateOptions {
  currency: string;
  timeZone: string;
  fiscalYearStart: number;
  json?: true;
}

export function addOrganizationCommand(program: Command): void {
  const organization = program.command('organization').description('make and list organizations');
  organization
    .command('create')
    .argument('<name>', 'its name, unique but for case and accents')
    .description('make an organization with standard stages and lead statuses and one administrator')
    .option('--currency <code>', 'ISO 4217 code of the currency it reports in', 'EUR')
    .option('--time-zone <zone>', 'IANA name of the time zone its days and quarters begin in', 'UTC')
    .option('--fiscal-year-start <month>', 'month its fiscal year begins, 1 to 12', wholeNumber(1, 12), 1)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s kontor -- organization create Hamburg --currency EUR --time-zone Europe/Berlin --fiscal-year-start 4',
    )
    .action(create);
  organization
    .command('list')
    .description('list the organizations, oldest first')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- organization list --json')
    .action(list);
}

async function create(name: string, options: CreateOptions): Promise<void> {
  await withInstallation(async ({ database }) => {
    const { createOrganization } = await import('../identity/organization.service.ts');
    const { adminId: _adminId, ...made } = await createOrganization(database, {
      name,
      currency: options.currency.toUpperCase(),
      timeZone: options.timeZone,
      fiscalYearStartMonth: options.fiscalYearStart,
    });
    const { encodeId } = await import('../graphql/ids.ts');
    const id = encodeId('Organization', made.id);
    if (options.json) printJson({ ...made, id });
    else print(`${id}  ${made.name}`);
  });
}

async function list(options: { json?: true }): Promise<void> {
  await withInstallation(async ({ owner }) => {
    const { listOrganizations } = await import('../identity/organization.service.ts');
    const { encodeId } = await import('../graphql/ids.ts');
    const rows = (await listOrganizations(owner)).map((organization) => ({
      ...organization,
      id: encodeId('Organization', organization.id),
    }));
    if (options.json) printJson(rows);
    else printTable(rows);
  });
}
