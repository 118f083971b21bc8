import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { textKey } from '../database/text-key.ts';
import { applyChanges, forUpdate, found, requireVersion } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { readFields, shortText } from '../graphql/input-rules.ts';
import { UserEntity } from './identity.entity.ts';
import type { Principal } from './principal.ts';
import { requireRight } from './rights.ts';
import type { UpdateUserInput } from './user.inputs.ts';

/**
 * A team as its people spell it: metrics group by the text, and "enterprise" is no other team than "Enterprise". The lock
 * on the organisation keeps two who are put in a new team from spelling it in two ways.
 */
export async function teamSpelled(
  tx: Transaction,
  team: string | null,
  of: string | null,
): Promise<string | null> {
  if (team === null) return null;
  const { organizationId } = tx.tenant;
  await tx.query(sql`select id from organization where id = ${organizationId} for no key update`);
  const teams = await tx.query<{ team: string }>(sql`
    select team from app_user
    where organization_id = ${organizationId} and team is not null and id is distinct from ${of}::uuid
    group by team order by min(created_at), team`);
  return teams.find((known) => textKey(known.team) === textKey(team))?.team ?? team;
}

/** Changes the team of a person. Returns the UUID. */
export function updateUser(tx: Transaction, principal: Principal, input: UpdateUserInput): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateUser', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('User', input.user, 'user');
    const { team: given } = readFields(input, { team: shortText });
    const team = given === undefined ? undefined : await teamSpelled(tx, given, id);
    const { organizationId } = tx.tenant;
    const user = found(await tx.em.findOne(UserEntity, { organizationId, id }, forUpdate), 'user');
    requireVersion(user, input.ifVersion);
    const changes = applyChanges<UserEntity>(user, { team });
    if (changes)
      record(tx, principal, { recordType: 'User', recordId: id, action: 'updateUser', ...changes });
    return id;
  });
}
