import type { Command } from 'commander';
import type { User } from '../identity/user.service.ts';
import { jsonOption, organizationOption, PERSON_ROLES, type PersonRoleName, roleOption } from './options.ts';
import { print, printJson, printTable } from './output.ts';
import { organizationNamed, withInstallation } from './session.ts';

interface CreateOptions {
  name: string;
  role: PersonRoleName;
  organization: string;
  json?: true;
}

export function addUserCommand(program: Command): void {
  const user = program.command('user').description('add and list the people of an organization');
  user
    .command('create')
    .argument('<email>', 'e-mail address; a person known only from an import is found by it and taken over')
    .description('add a person')
    .requiredOption('--name <name>', "the person's name")
    .addOption(roleOption(PERSON_ROLES, 'what the person does').makeOptionMandatory())
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s kontor -- user create anna@example.com --name "Anna Kröger" --role AE',
    )
    .action(create);
  user
    .command('list')
    .description('list the people of an organization; placeholders are known only from an import')
    .addOption(organizationOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npm run -s kontor -- user list')
    .action(list);
}

async function create(email: string, { name, role, ...options }: CreateOptions): Promise<void> {
  await withInstallation(async (installation) => {
    const organization = await organizationNamed(installation, options.organization);
    const { createUser } = await import('../identity/user.service.ts');
    const { Role } = await import('../identity/identity.enums.ts');
    const made = await createUser(installation.database, organization.id, { email, name, role: Role[role] });
    const [user] = await withPublicIds([made]);
    if (options.json) printJson(user);
    else print(`${user!.id}  ${user!.name}`);
  });
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
