import type { Command } from 'commander';
import type { User, UserInput } from '../identity/user.service.ts';
import { jsonOption, organizationOption, PERSON_ROLES, type PersonRoleName, roleOption } from './options.ts';
import { print, printJson, printTable } from './output.ts';
import { asAdministrator, organizationNamed, withInstallation } from './session.ts';

interface CreateOptions {
  name: string;
  role: PersonRoleName;
  team?: string;
  organization: string;
  json?: true;
}

interface UpdateOptions {
  /** `false`: none. */
  team?: string | false;
  organization: string;
  json?: true;
}

export function addUserCommand(program: Command): void {
  const user = program.command('user').description('add, change and list the people of an organization');
  user
    .command('create')
    .argument('<email>', 'e-mail address; a person known only from an import is found by it and taken over')
    .description('add a person')
    .requiredOption('--name <name>', "the person's name")
    .addOption(roleOption(PERSON_ROLES, 'what the person does').makeOptionMandatory())
    .option('--team <name>', 'the team metrics count the person for')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s kontor -- user create anna@example.com --name "Anna Kröger" --role AE',
    )
    .action(create);
  user
    .command('update')
    .argument('<email>', 'e-mail address of the person')
    .description('put a person in a team, or take them out of theirs')
    .option('--team <name>', 'the team metrics count the person for')
    .option('--no-team', 'in no team')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- user update anna@example.com --team Enterprise')
    .action((email: string, options: UpdateOptions, command: Command) => {
      if (options.team === undefined) command.error("error: option '--team <name>' or '--no-team' is needed");
      return update(email, options);
    });
  user
    .command('list')
    .description('list the people of an organization; placeholders are known only from an import')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- user list')
    .action(list);
}

async function create(email: string, { name, role, team, ...options }: CreateOptions): Promise<void> {
  await withInstallation(async (installation) => {
    const organization = await organizationNamed(installation, options.organization);
    const { createUser } = await import('../identity/user.service.ts');
    const { Role } = await import('../identity/identity.enums.ts');
    const input: UserInput = { email, name, role: Role[role], team };
    await printUser(await createUser(installation.database, organization.id, input), options);
  });
}

async function update(email: string, { team, ...options }: UpdateOptions): Promise<void> {
  await withInstallation(async (installation) => {
    const { id } = await organizationNamed(installation, options.organization);
    const { setTeam } = await import('../identity/user.service.ts');
    const principal = await asAdministrator(installation, id);
    await printUser(await setTeam(installation.database, principal, email, team || null), options);
  });
}

async function printUser(made: User, options: { json?: true }): Promise<void> {
  const [user] = await withPublicIds([made]);
  if (options.json) printJson(user);
  else print(`${user!.id}  ${user!.name}`);
}

async function list(options: { organization: string; json?: true }): Promise<void> {
  await withInstallation(async (installation) => {
    const { id } = await organizationNamed(installation, options.organization);
    const { listUsers } = await import('../identity/user.service.ts');
    const users = await withPublicIds(await listUsers(installation.database, id));
    if (options.json) printJson(users);
    else printTable(users);
  });
}

async function withPublicIds(users: User[]) {
  const { encodeId } = await import('../graphql/ids.ts');
  return users.map((user) => ({ ...user, id: encodeId('User', user.id) }));
}
