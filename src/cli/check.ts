import type { Command } from 'commander';
import { CommandFailure } from './failure.ts';
import { jsonOption } from './options.ts';
import { print, printJson } from './output.ts';
import { withInstallation } from './session.ts';

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('look for records that contradict each other; changes nothing, exit code 1 if there are any')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- check --json')
    .action(check);
}

async function check(options: { json?: true }): Promise<void> {
  await withInstallation(async ({ owner, database }) => {
    const { listOrganizations } = await import('../identity/organization.service.ts');
    const { checkOrganization, INVARIANT_COUNT } = await import('../database/check.ts');
    const results = [];
    for (const { id, name } of await listOrganizations(owner))
      results.push({ organization: name, violations: await checkOrganization(database, id) });

    const all = results.flatMap(({ organization, violations }) =>
      violations.map((violation) => ({ organization, ...violation })),
    );
    const errors = all.filter(({ severity }) => severity === 'error');
    if (options.json) printJson({ ok: errors.length === 0, invariants: INVARIANT_COUNT, violations: all });
    else {
      for (const { organization, violations } of results)
        if (violations.length === 0) print(`${organization}: all ${INVARIANT_COUNT} invariants hold`);
      for (const { organization, severity, name, sentence, count, examples } of all)
        print(
          `${organization}: ${severity} ${name}, ${count} record(s): ${sentence} Not so: ${examples.join(', ')}`,
        );
    }
    if (errors.length > 0) throw new CommandFailure(`${errors.length} invariant(s) violated`);
  });
}
