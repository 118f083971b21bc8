import type { Command } from 'commander';
import { jsonOption } from './options.ts';
import { print, printJson } from './output.ts';
import { withInstallation } from './session.ts';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the newest schema (the server and every command do it, too)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  DATABASE_URL=postgres://kontor:…@db/kontor npm run -s kontor -- migrate',
    )
    .action((options: { json?: true }) =>
      withInstallation(async ({ migrated }) => {
        if (options.json) printJson({ migrated });
        else print(migrated.length > 0 ? migrated.join('\n') : 'The schema is up to date.');
      }),
    );
}
