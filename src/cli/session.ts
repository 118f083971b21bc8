import { type Config, isDebugging, readConfig } from '../config.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import type { Installation } from '../server/installation.ts';
import { CommandFailure } from './failure.ts';

/** Opens the configured database for the time of one command. The server may run beside it, or not. */
export async function withInstallation<T>(
  work: (installation: Installation, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig();
  const { openInstallation } = await import('../server/installation.ts');
  const onLog = (line: string) => void (isDebugging() && process.stderr.write(`${line}\n`));
  // By exit, so that an embedded database nobody else uses is turned off, too.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => process.exit(code));
  const installation = await openInstallation(config, { onLog });
  try {
    const { ensureMain } = await import('../server/first-run.ts');
    await ensureMain(installation);
    return await work(installation, config);
  } finally {
    await installation.close();
  }
}

/** The organisation of that name; names differ neither by case nor by accents. */
export async function organizationNamed({ owner }: Installation, name: string): Promise<Organization> {
  const { findOrganization, listOrganizations } = await import('../identity/organization.service.ts');
  const found = await findOrganization(owner, name);
  if (found) return found;
  const names = (await listOrganizations(owner)).map((organization) => organization.name);
  throw new CommandFailure(`There is no organization "${name}"; there are: ${names.join(', ')}`);
}

/** Whoever may run commands on the database acts as the organisation's administrator. */
export async function asAdministrator(
  { database }: Installation,
  organizationId: string,
): Promise<Principal> {
  const { administratorOf } = await import('../identity/user.service.ts');
  const { id, name, role } = await administratorOf(database, organizationId);
  return { organizationId, userId: id, kind: 'PERSON', role, name, tokenId: '' };
}
