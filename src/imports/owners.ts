import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { textKeyOrNull } from '../database/text-key.ts';
import { QueueEntity, UserEntity } from '../identity/identity.entity.ts';
import { Role } from '../identity/identity.enums.ts';
import type { DraftTable } from './drafts.ts';
import type { ImportReport } from './import-report.ts';
import { isQueueId } from './salesforce-id.ts';
import type { UserDraft } from './user-rows.ts';

/** Salesforce id → our id. */
export interface Owners {
  users: Map<string, string>;
  queues: Map<string, string>;
}

/** Finds or makes whoever owns something in the files: people we don't know become placeholders, who can't sign in. */
export async function resolveOwners(
  tx: Transaction,
  ownerIds: ReadonlySet<string>,
  people: DraftTable<UserDraft>,
  report: ImportReport,
  now: Date,
): Promise<Owners> {
  const ids = [...ownerIds];
  const userIds = ids.filter((id) => !isQueueId(id));
  const owners = {
    users: await resolveUsers(tx, userIds, people, report, now),
    queues: await resolveQueues(tx, ids.filter(isQueueId), report, now),
  };
  const idle = [...people.drafts.keys()].filter((id) => !ownerIds.has(id)).length;
  if (idle > 0) report.note(`${idle} users of ${people.file} own nothing here and were left out`);
  // Before the rows that name them, which are written past the entity manager.
  await tx.em.flush();
  return owners;
}

async function resolveUsers(
  tx: Transaction,
  ids: string[],
  people: DraftTable<UserDraft>,
  report: ImportReport,
  now: Date,
): Promise<Map<string, string>> {
  const { organizationId } = tx.tenant;
  const emailKeys = ids.flatMap((id) => textKeyOrNull(people.drafts.get(id)?.email) ?? []);
  const known = await tx.em.find(UserEntity, {
    organizationId,
    $or: [{ externalId: { $in: ids } }, { emailKey: { $in: emailKeys } }],
  });
  const byExternalId = new Map(known.map((user) => [user.externalId, user]));
  const byEmail = new Map(known.map((user) => [user.emailKey, user]));

  const found = new Map<string, string>();
  for (const id of ids) {
    const draft = people.drafts.get(id);
    const emailKey = textKeyOrNull(draft?.email);
    const namesake = emailKey === null ? undefined : byEmail.get(emailKey);
    const user = byExternalId.get(id);
    const email = namesake && namesake !== user ? null : (draft?.email ?? null);
    if (user) {
      found.set(id, user.id);
      report.count(
        'users',
        draft && user.isPlaceholder && refresh(user, draft, email, now) ? 'updated' : 'unchanged',
      );
    } else if (namesake && !namesake.externalId) {
      Object.assign(namesake, { externalId: id, updatedAt: now });
      found.set(id, namesake.id);
      report.count('users', 'updated');
    } else {
      const added = tx.em.create(UserEntity, {
        organizationId,
        id: uuidv7(),
        name: draft?.name ?? `Salesforce user ${id}`,
        email,
        emailKey: textKeyOrNull(email),
        role: Role.AE,
        isActive: draft?.isActive ?? true,
        isPlaceholder: true,
        externalId: id,
        createdAt: draft?.createdAt ?? now,
        updatedAt: now,
      });
      if (email !== null) byEmail.set(emailKey, added);
      if (namesake)
        report.note('{n} users share their e-mail address with another and were imported without');
      found.set(id, added.id);
      report.count('users', 'created');
    }
  }
  return found;
}

/** A placeholder follows its row until it becomes a person of Kontor; whether anything changed. */
function refresh(user: UserEntity, draft: UserDraft, email: string | null, now: Date): boolean {
  const next = {
    name: draft.name ?? user.name,
    email: email ?? user.email ?? null,
    isActive: draft.isActive,
  };
  if (user.name === next.name && (user.email ?? null) === next.email && user.isActive === next.isActive)
    return false;
  Object.assign(user, next, { emailKey: textKeyOrNull(next.email), updatedAt: now });
  return true;
}

async function resolveQueues(
  tx: Transaction,
  ids: string[],
  report: ImportReport,
  now: Date,
): Promise<Map<string, string>> {
  const { organizationId } = tx.tenant;
  const known = await tx.em.find(QueueEntity, { organizationId, externalId: { $in: ids } });
  const found = new Map(known.map((queue) => [queue.externalId!, queue.id]));
  report.count('users', 'unchanged', found.size);
  for (const id of ids) {
    if (found.has(id)) continue;
    const name = `Salesforce queue ${id}`;
    const queue = { organizationId, id: uuidv7(), name, externalId: id, createdAt: now, updatedAt: now };
    found.set(id, tx.em.create(QueueEntity, queue).id);
    report.count('users', 'created');
  }
  return found;
}
