import { SignJWT } from 'jose';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database/database.ts';
import { AccessTokenEntity } from './identity.entity.ts';
import { Role } from './identity.enums.ts';
import { ALGORITHM, forgetSignedIn, ISSUER, type TokenStore } from './sign-in.ts';
import { firstUserOfRole, IdentityError, signableUser } from './user.service.ts';

export interface TokenRequest {
  organizationId: string;
  /** Not needed with `email`; of both, the person must have the role. */
  role?: Role;
  /** The person; without, a person of the role. */
  email?: string;
  /** What the token is for; the name a program acts under. */
  name?: string;
  expiresInDays?: number;
}

export interface IssuedToken {
  token: string;
  id: string;
  role: Role;
  userId: string | null;
  expiresAt: Date | null;
}

export interface TokenRow {
  id: string;
  role: Role;
  name: string;
  user: string | null;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

const MILLISECONDS_PER_DAY = 86_400_000;
const MAX_DAYS = 3650;

/** A bearer token for a person, or with the role SERVICE for a program. It carries ids only, nothing personal. */
export async function issueToken(store: TokenStore, request: TokenRequest): Promise<IssuedToken> {
  const { organizationId, expiresInDays } = request;
  if (expiresInDays !== undefined && !(expiresInDays > 0 && expiresInDays <= MAX_DAYS))
    throw new IdentityError(`expiresInDays: more than 0, at most ${MAX_DAYS}`);
  const id = uuidv7();
  const createdAt = new Date();
  const expiresAt =
    expiresInDays === undefined ? null : new Date(createdAt.getTime() + expiresInDays * MILLISECONDS_PER_DAY);

  const { role, userId } = await store.database.write({ organizationId, userId: null }, async (tx) => {
    const holder = await holderOf(tx, request);
    const name = request.name?.trim() || (holder.userId === null ? 'Service' : 'Token');
    tx.em.create(AccessTokenEntity, { organizationId, id, ...holder, name, createdAt, expiresAt });
    return holder;
  });
  const jwt = new SignJWT({ org: organizationId })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setJti(id)
    .setIssuedAt(createdAt);
  if (expiresAt) jwt.setExpirationTime(expiresAt);
  return { token: await jwt.sign(store.tokenSecret), id, role, userId, expiresAt };
}

async function holderOf(
  tx: Transaction,
  { role, email }: TokenRequest,
): Promise<{ role: Role; userId: string | null }> {
  if (role === Role.SERVICE) {
    if (email !== undefined)
      throw new IdentityError('A SERVICE token is a program’s, not a person’s: leave out the e-mail');
    return { role, userId: null };
  }
  if (email !== undefined) {
    const user = await signableUser(tx, email);
    if (role !== undefined && role !== user.role)
      throw new IdentityError(`The user ${email} has the role ${user.role}, not ${role}`);
    return { role: user.role, userId: user.id };
  }
  if (role === undefined) throw new IdentityError('A token needs a role or an e-mail address');
  return { role, userId: (await firstUserOfRole(tx, role)).id };
}

/** All tokens of an organisation, newest first; the tokens themselves are not kept anywhere. */
export async function listTokens(database: Database, organizationId: string): Promise<TokenRow[]> {
  return await database.read({ organizationId, userId: null }, (snapshot) =>
    snapshot.query<TokenRow>(sql`
      select t.id, coalesce(u.role, t.role) as role, t.name, coalesce(u.email, u.name) as "user",
        t.created_at as "createdAt", t.expires_at as "expiresAt", t.revoked_at as "revokedAt"
      from access_token t left join app_user u on u.organization_id = ${organizationId} and u.id = t.user_id
      where t.organization_id = ${organizationId} order by t.created_at desc, t.id desc`),
  );
}

/** Ends a token for good; false when the organisation has no such token. */
export async function revokeToken(store: TokenStore, organizationId: string, id: string): Promise<boolean> {
  const revoked = await store.database.write({ organizationId, userId: null }, (tx) =>
    tx.query(sql`
      update access_token set revoked_at = coalesce(revoked_at, ${new Date()})
      where organization_id = ${organizationId} and id = ${id} returning id`),
  );
  forgetSignedIn(store.database);
  return revoked.length > 0;
}
