import type { Command } from 'commander';
import { CommandFailure } from './failure.ts';
import { jsonOption, organizationOption } from './options.ts';
import { printJson, printTable } from './output.ts';
import { withInstallation } from './session.ts';

export function addSampleCommand(program: Command): void {
  program
    .command('sample')
    .description(
      'fill an organization with invented records, the same ones on the same day; makes it if need be',
    )
    .addOption(organizationOption('Sample'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- sample --organization Training')
    .action(fill);
}

async function fill(options: { organization: string; json?: true }): Promise<void> {
  await withInstallation(async ({ owner, database }) => {
    const { createOrganization, findOrganization } = await import('../identity/organization.service.ts');
    const { administratorOf } = await import('../identity/user.service.ts');
    const { hasRecords } = await import('../server/first-run.ts');
    const found = await findOrganization(owner, options.organization);
    if (found && (await hasRecords(database, found.id)))
      throw new CommandFailure(
        `The organization "${found.name}" has records already: name an empty or a new one`,
      );
    const organization = found
      ? { ...found, adminId: (await administratorOf(database, found.id)).id }
      : await createOrganization(database, { name: options.organization });
    const { generateSample } = await import('../sample/generate.ts');
    const counts = await generateSample(database, organization);
    if (options.json) printJson({ organization: organization.name, ...counts });
    else printTable(Object.entries(counts).map(([records, made]) => ({ records, made })));
  });
}
