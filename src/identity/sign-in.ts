import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Role } from './identity.enums.ts';
import type { Organization } from './organization.service.ts';
import type { Principal } from './principal.ts';

/** Where tokens are kept and what signs them; an `Installation` is one. */
export interface TokenStore {
  database: Database;
  tokenSecret: Uint8Array;
}

export const ISSUER = 'kontor';
export const ALGORITHM = 'HS256';
/** Longer than any token of ours: not worth a hash. */
const MAX_LENGTH = 1000;
/** A revoked token, a changed role, an inactive person, a changed setting counts after this time at the latest. */
const CACHED_MILLISECONDS = 10_000;

const claims = z.object({ org: z.uuid(), jti: z.uuid(), exp: z.number().optional() });

export interface TokenIdentity {
  organizationId: string;
  id: string;
  expiresAt: number | null;
}

/** The ids in a token we signed, expired or not; null for anything else. */
export async function readToken(
  { tokenSecret }: Pick<TokenStore, 'tokenSecret'>,
  bearer: string,
): Promise<TokenIdentity | null> {
  // Expiry is the caller's to judge: an expired token can still be revoked.
  const whenever = { currentDate: new Date(0) };
  try {
    const { payload } = await jwtVerify(bearer, tokenSecret, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      ...whenever,
    });
    const { org, jti, exp } = claims.parse(payload);
    return { organizationId: org, id: jti, expiresAt: exp === undefined ? null : exp * 1000 };
  } catch {
    return null;
  }
}

interface SignedIn {
  principal: Principal;
  expiresAt: number | null;
}

interface Caches {
  /** By the token's hash. Only tokens that hold are kept: inventing tokens can't push others out. */
  signedIn: LRUCache<string, SignedIn, { store: TokenStore; bearer: string }>;
  /** By the organisation's id. */
  organizations: LRUCache<string, Organization, { database: Database; principal: Principal }>;
}

const cachesOf = new WeakMap<Database, Caches>();

function caches(database: Database): Caches {
  let known = cachesOf.get(database);
  if (!known) {
    // A request that waits while the cache is cleared still gets its answer.
    const options = { max: 10_000, ttl: CACHED_MILLISECONDS, ignoreFetchAbort: true };
    known = {
      signedIn: new LRUCache({
        ...options,
        fetchMethod: (_hash, _stale, { context }) => signIn(context.store, context.bearer),
      }),
      organizations: new LRUCache({
        ...options,
        fetchMethod: (_id, _stale, { context }) => readOrganization(context.database, context.principal),
      }),
    };
    cachesOf.set(database, known);
  }
  return known;
}

/** Who a bearer token acts for, with the person's role of today; null when the token doesn't hold (any longer). */
export async function authenticate(store: TokenStore, bearer: string): Promise<Principal | null> {
  if (bearer.length > MAX_LENGTH) return null;
  const hash = createHash('sha256').update(bearer).digest('base64');
  const found = await caches(store.database).signedIn.fetch(hash, { context: { store, bearer } });
  return found && !isOver(found) ? found.principal : null;
}

/** The settings of the principal's organisation. */
export async function organizationSettings(database: Database, principal: Principal): Promise<Organization> {
  return await caches(database).organizations.forceFetch(principal.organizationId, {
    context: { database, principal },
  });
}

/** After a change of tokens, users or settings in this process, which should count at once. */
export function forgetSignedIn(database: Database): void {
  const known = cachesOf.get(database);
  known?.signedIn.clear();
  known?.organizations.clear();
}

const isOver = ({ expiresAt }: { expiresAt: number | null }) => expiresAt !== null && expiresAt <= Date.now();

async function signIn({ database, tokenSecret }: TokenStore, bearer: string): Promise<SignedIn | undefined> {
  const token = await readToken({ tokenSecret }, bearer);
  if (!token || isOver(token)) return undefined;
  const { organizationId, id, expiresAt } = token;
  const row = await database.read({ organizationId, userId: null }, (snapshot) =>
    snapshot.one<{ name: string; role: Role; userId: string | null }>(sql`
      select t.user_id as "userId", coalesce(u.role, t.role) as role, coalesce(u.name, t.name) as name
      from access_token t left join app_user u on u.organization_id = ${organizationId} and u.id = t.user_id
      where t.organization_id = ${organizationId} and t.id = ${id} and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > ${new Date()})
        and (t.user_id is null or (u.is_active and not u.is_placeholder))`),
  );
  if (!row) return undefined;
  const kind = row.userId === null ? 'SERVICE' : 'PERSON';
  return { principal: { organizationId, tokenId: id, kind, ...row }, expiresAt };
}

async function readOrganization(database: Database, principal: Principal): Promise<Organization | undefined> {
  return await database.read(principal, (snapshot) =>
    snapshot.one<Organization>(sql`
      select id, name, currency, time_zone as "timeZone", fiscal_year_start_month as "fiscalYearStartMonth"
      from organization where id = ${principal.organizationId}`),
  );
}
