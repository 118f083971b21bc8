import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Database, Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { encodeId } from '../graphql/ids.ts';
import { UserEntity } from './identity.entity.ts';
import { Role } from './identity.enums.ts';
import type { Principal } from './principal.ts';
import { teamSpelled, updateUser } from './team.service.ts';

/** A program is no user: it has a token of the role SERVICE. */
export type PersonRole = Exclude<Role, Role.SERVICE>;

export interface UserInput {
  email: string;
  name: string;
  role: PersonRole;
  /** The team metrics count the person for. */
  team?: string | undefined;
}

export interface User {
  id: string;
  name: string;
  email: string | null;
  role: PersonRole;
  team: string | null;
  isActive: boolean;
  /** Known only from an import as somebody's owner: can't sign in. */
  isPlaceholder: boolean;
}

/** Something about users or tokens that won't do; the message is one line. */
export class IdentityError extends Error {
  override name = 'IdentityError';
}

function validated({ email, name, role, team }: UserInput): UserInput {
  const address = email.trim();
  if (!z.email().safeParse(address).success || address.length > 254)
    throw new IdentityError(`email: "${email}" is no e-mail address`);
  if (!name.trim() || name.length > 200) throw new IdentityError('name: 1 to 200 characters');
  if (team !== undefined && (!team.trim() || team.length > 255))
    throw new IdentityError('team: 1 to 255 characters');
  return { email: address, name: name.trim(), role, team: team?.trim() };
}

/** A new person; a placeholder that an import left with this e-mail address becomes the person, with all it owns. */
export async function createUser(
  database: Database,
  organizationId: string,
  input: UserInput,
): Promise<User> {
  const { email, name, role, team: given = null } = validated(input);
  return await database.write({ organizationId, userId: null }, async (tx) => {
    await lockUsers(tx);
    const known = await findByEmail(tx, email);
    if (known && !known.isPlaceholder) throw new IdentityError(`email: ${email} is a user already`);
    const team = await teamSpelled(tx, given, null);
    if (!known) return asUser(addUser(tx, { name, email, role, team }));
    const signsIn = { isActive: true, isPlaceholder: false };
    Object.assign(known, { name, email, role, ...(team && { team }), ...signsIn, updatedAt: new Date() });
    return asUser(known);
  });
}

/** Puts the person of an e-mail address in a team; null: in none. */
export async function setTeam(
  database: Database,
  principal: Principal,
  email: string,
  team: string | null,
): Promise<User> {
  return await database.write(principal, async (tx) => {
    const user = await findByEmail(tx, email);
    if (!user) throw new IdentityError(noUserOf(email));
    await updateUser(tx, principal, { user: encodeId('User', user.id), team });
    return asUser(user);
  });
}

const noUserOf = (email: string) =>
  `No user has the e-mail address ${email}: kontor user list shows all, kontor user create adds one`;

export async function listUsers(database: Database, organizationId: string): Promise<User[]> {
  return await database.read({ organizationId, userId: null }, (snapshot) =>
    snapshot.query<User>(sql`
      select id, name, email, role, team, is_active as "isActive", is_placeholder as "isPlaceholder"
      from app_user where organization_id = ${organizationId} order by is_placeholder, created_at, id`),
  );
}

/** The organisation's first administrator: in whose name work is done that a command line or a first start asks for. */
export async function administratorOf(database: Database, organizationId: string): Promise<User> {
  const users = await listUsers(database, organizationId);
  const admin = users.find(
    ({ role, isActive, isPlaceholder }) => role === Role.ADMIN && isActive && !isPlaceholder,
  );
  if (!admin)
    throw new IdentityError('The organization has no active administrator: kontor user create adds one');
  return admin;
}

/** The person behind an e-mail address, as one who may sign in. */
export async function signableUser(tx: Transaction, email: string): Promise<UserEntity> {
  const user = await findByEmail(tx, email);
  if (!user || user.isPlaceholder) throw new IdentityError(noUserOf(email));
  if (!user.isActive) throw new IdentityError(`The user ${email} is inactive`);
  return user;
}

/** The organisation's first active person of a role; made, named after the role, when there is none. */
export async function firstUserOfRole(tx: Transaction, role: PersonRole): Promise<UserEntity> {
  await lockUsers(tx);
  const { organizationId } = tx.tenant;
  const [first] = await tx.em.find(
    UserEntity,
    { organizationId, role, isActive: true, isPlaceholder: false },
    { orderBy: { createdAt: 'asc', id: 'asc' }, limit: 1 },
  );
  if (first) return first;
  const added = addUser(tx, { name: role, email: null, role });
  // Before whatever refers to it: MikroORM doesn't see our foreign keys.
  await tx.em.flush();
  return added;
}

function addUser(
  tx: Transaction,
  user: { name: string; email: string | null; role: PersonRole; team?: string | null },
): UserEntity {
  const at = new Date();
  return tx.em.create(UserEntity, {
    organizationId: tx.tenant.organizationId,
    id: uuidv7(),
    ...user,
    emailKey: user.email && textKey(user.email),
    createdAt: at,
    updatedAt: at,
  });
}

function findByEmail(tx: Transaction, email: string): Promise<UserEntity | null> {
  const { organizationId } = tx.tenant;
  return tx.em.findOne(UserEntity, { organizationId, emailKey: textKey(email) });
}

/** Two processes that look for the same person and don't find it wait for each other here. */
async function lockUsers(tx: Transaction): Promise<void> {
  await tx.query(sql`select id from organization where id = ${tx.tenant.organizationId} for no key update`);
}

function asUser({ id, name, email = null, role, team = null, ...user }: UserEntity): User {
  const { isActive = true, isPlaceholder = false } = user;
  return { id, name, email, role, team, isActive, isPlaceholder };
}
