import { encodeId } from '../graphql/ids.ts';
import { Role } from '../identity/identity.enums.ts';
import { listOrganizations } from '../identity/organization.service.ts';
import { issueToken } from '../identity/token.service.ts';
import { hasRecords, MAIN, SAMPLE } from './first-run.ts';
import type { Installation } from './installation.ts';
import type { PlaygroundSession } from './playground.ts';

const TOKEN_DAYS = 1;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Signs the playground's visitor in as the admin of every organisation: for the embedded mode, where that is the person
 * at this machine. Tokens are made when first needed and again after half their time. Opens on `Main` once it has
 * records, on `Sample` before.
 */
export function playgroundSession(installation: Installation): () => Promise<PlaygroundSession> {
  const tokens = new Map<string, { token: Promise<string>; renewAt: number }>();

  const tokenOf = (organizationId: string): Promise<string> => {
    const known = tokens.get(organizationId);
    if (known && known.renewAt > Date.now()) return known.token;
    const request = { organizationId, role: Role.ADMIN, name: 'Playground', expiresInDays: TOKEN_DAYS };
    const token = issueToken(installation, request).then((issued) => issued.token);
    token.catch(() => tokens.delete(organizationId));
    tokens.set(organizationId, { token, renewAt: Date.now() + (TOKEN_DAYS * MILLISECONDS_PER_DAY) / 2 });
    return token;
  };

  return async () => {
    const organizations = await Promise.all(
      (await listOrganizations(installation.owner)).map(async ({ id, name }) => ({
        id: encodeId('Organization', id),
        name,
        token: await tokenOf(id),
        hasRecords: await hasRecords(installation.database, id),
      })),
    );
    const named = (name: string) => organizations.find((organization) => organization.name === name);
    const filled = [named(MAIN), named(SAMPLE), ...organizations].find(
      (organization) => organization?.hasRecords,
    );
    return { organizations, selected: (filled ?? named(MAIN) ?? organizations[0])!.id };
  };
}
