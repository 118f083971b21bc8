import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { issueToken } from '../../src/identity/token.service.ts';
import type { Caller } from './graphql.ts';
import { type Home, openHome, type Running } from './processes.ts';
import { post } from './server.ts';
import type { World } from './world.ts';

/** A person's program that talks to a server process. */
export interface Remote extends Caller {
  url: string;
  token: string;
}

/** Server processes beside each other on a world's database. */
export interface Servers {
  running: Running[];
  /** The organisation's admin at each of them. */
  admins(organization: Organization & { adminId: string }): Promise<Remote[]>;
  close(): Promise<void>;
}

export async function startServers(world: World, count = 2): Promise<Servers> {
  const home: Home = await openHome({ DATABASE_URL: world.url, KONTOR_POOL_SIZE: '8' });
  const running = await Promise.all(Array.from({ length: count }, () => home.start('--empty')));
  return {
    running,
    async admins(organization) {
      const token = await tokenOf(world, organization);
      return running.map(({ url }) => remote(url, token, organization));
    },
    close: () => home.remove(),
  };
}

/** A token that servers on the world's database accept: signed with the secret kept there. */
export async function tokenOf(
  world: Pick<World, 'owner' | 'database'>,
  organization: Organization & { adminId: string },
): Promise<string> {
  const { rows } = await world.owner.query<{ token_secret: Buffer }>('select token_secret from installation');
  const store = { ...world, tokenSecret: new Uint8Array(rows[0]!.token_secret) };
  return (await issueToken(store, { organizationId: organization.id, role: Role.ADMIN })).token;
}

export function remote(url: string, token: string, organization: Organization & { adminId: string }): Remote {
  const principal: Principal = {
    ...{ organizationId: organization.id, userId: organization.adminId },
    ...{ kind: 'PERSON', role: Role.ADMIN, name: 'Admin', tokenId: organization.id },
  };
  return {
    url,
    token,
    principal,
    async send(query, variables) {
      const { data, errors = [] } = await post(url, token, { query, variables });
      return { data: data ?? null, errors: errors as unknown as readonly GraphQLError[] };
    },
  };
}

/** Sends an operation and hangs up after a while, whether it is answered by then or not. */
export async function sendAndHangUp(
  { url, token }: Remote,
  body: unknown,
  milliseconds: number,
): Promise<void> {
  const request = http.request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  request.on('error', () => undefined);
  await new Promise<void>((sent) => request.end(JSON.stringify(body), () => sent()));
  await sleep(milliseconds);
  request.destroy();
}
