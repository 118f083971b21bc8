import type { Command } from 'commander';
import { CommandFailure } from './failure.ts';
import { jsonOption, organizationOption, roleOption, type RoleName, ROLES, wholeNumber } from './options.ts';
import { print, printJson, printTable, remark } from './output.ts';
import { organizationNamed, withInstallation } from './session.ts';

interface TokenOptions {
  role?: RoleName;
  organization: string;
  user?: string;
  name?: string;
  expiresInDays?: number;
  json?: true;
}

export function addTokenCommand(program: Command): void {
  const token = program
    .command('token')
    .enablePositionalOptions()
    .description('make a bearer token for a person of a role, for one person, or (SERVICE) for a program')
    .addOption(roleOption(ROLES, 'who the token acts as; not needed with --user'))
    .addOption(organizationOption())
    .option('--user <email>', 'the person the token is for')
    .option('--name <text>', 'what the token is for; the name a program acts under')
    .option(
      '--expires-in-days <days>',
      'ends the token after that time (else it holds until revoked)',
      wholeNumber(1, 3650),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The token goes to standard output, its id (for "token revoke" and "token list") to standard error.

Examples:
  TOKEN=$(npm run -s kontor -- token --role ADMIN)
  npm run -s kontor -- token --user anna@example.com --expires-in-days 90
  npm run -s kontor -- token --role SERVICE --name "Website forms" --json`,
    )
    .action((options: TokenOptions, command: Command) => {
      if (options.role === undefined && options.user === undefined)
        command.error("error: option '--role <role>' or '--user <email>' is needed");
      return makeToken(options);
    });
  token
    .command('list')
    .description('list the tokens that were made, without the tokens themselves')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- token list --organization Sample')
    .action(listAll);
  token
    .command('revoke')
    .argument('<id>', 'an id of `kontor token list`, or the token itself')
    .description('end a token for good; a running server knows within 10 seconds')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s kontor -- token revoke 0190f3a0-7f7b-7c3e-8a55-2f6f6b0c1d2e',
    )
    .action(revoke);
}

async function makeToken({ role, organization: name, user: email, ...options }: TokenOptions): Promise<void> {
  await withInstallation(async (installation) => {
    const organization = await organizationNamed(installation, name);
    const { issueToken } = await import('../identity/token.service.ts');
    const { Role } = await import('../identity/identity.enums.ts');
    const { token, id } = await issueToken(installation, {
      organizationId: organization.id,
      role: role && Role[role],
      email,
      name: options.name,
      expiresInDays: options.expiresInDays,
    });
    if (!options.json) {
      print(token);
      return remark(`id ${id} (token revoke ${id} ends it)`);
    }
    const { encodeId } = await import('../graphql/ids.ts');
    printJson({ token, id, organization: encodeId('Organization', organization.id) });
  });
}

async function listAll(options: { organization: string; json?: true }): Promise<void> {
  await withInstallation(async (installation) => {
    const { id } = await organizationNamed(installation, options.organization);
    const { listTokens } = await import('../identity/token.service.ts');
    const tokens = await listTokens(installation.database, id);
    if (options.json) printJson(tokens);
    else printTable(tokens.map((token) => ({ ...token })));
  });
}

async function revoke(given: string, options: { organization: string; json?: true }): Promise<void> {
  await withInstallation(async (installation) => {
    const { readToken } = await import('../identity/sign-in.ts');
    const { revokeToken } = await import('../identity/token.service.ts');
    const token = (await readToken(installation, given)) ?? {
      organizationId: (await organizationNamed(installation, options.organization)).id,
      id: given.toLowerCase(),
    };
    const { validate } = await import('uuid');
    if (!validate(token.id))
      throw new CommandFailure('That is neither the id of a token nor a token of this installation');
    if (!(await revokeToken(installation, token.organizationId, token.id)))
      throw new CommandFailure(`The organization has no token ${token.id}`);
    if (options.json) printJson({ revoked: token.id });
    else print(`revoked ${token.id}`);
  });
}
