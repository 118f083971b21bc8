import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCheckCommand } from './cli/check.ts';
import { exitCodeOf, failureLine } from './cli/failure.ts';
import { addImportCommand } from './cli/import.ts';
import { addMigrateCommand } from './cli/migrate.ts';
import { addOrganizationCommand } from './cli/organization.ts';
import { addSampleCommand } from './cli/sample.ts';
import { addSchemaCommand } from './cli/schema.ts';
import { addServeCommand } from './cli/serve.ts';
import { addTokenCommand } from './cli/token.ts';
import { addUserCommand } from './cli/user.ts';
import { isDebugging } from './config.ts';

// The commands' files hold their options and texts; what they work with is loaded when one of them runs.
const program = new Command('kontor')
  .description(
    'Kontor on the command line. It works beside a running server and without one, on the same database.',
  )
  .version(version(), '-V, --version', 'print the version')
  .enablePositionalOptions()
  .exitOverride()
  .configureOutput({
    outputError: (text, write) =>
      write(`${failureLine({ message: text.replace(/^error: /, '') })} (see --help)\n`),
  })
  .addHelpText(
    'after',
    `
Examples:
  TOKEN=$(npm run -s kontor -- token --role ADMIN)
  npm run -s kontor -- import salesforce --dir ./export
  npm run -s kontor -- check

Results are printed on standard output, as JSON with --json. A failure is one line on standard error and exit code 1,
a command that was not understood exit code 2. PORT, HOST, DATABASE_URL, KONTOR_DATA_DIR, KONTOR_POOL_SIZE and
KONTOR_LOG_LEVEL are read from the environment.`,
  );
addServeCommand(program);
addTokenCommand(program);
addOrganizationCommand(program);
addUserCommand(program);
addImportCommand(program);
addSampleCommand(program);
addMigrateCommand(program);
addCheckCommand(program);
addSchemaCommand(program);

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** `kontor schema | head` closes the pipe early: that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!isReported(error)) process.stderr.write(`${failureLine(error)}\n`);
  if (process.exitCode === 1 && isDebugging()) process.stderr.write(`${(error as Error).stack}\n`);
}

/** Commander has already told what it did not understand. */
function isReported(error: unknown): boolean {
  return error instanceof Error && error.name === 'CommanderError';
}
