import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { rememberRemoved } from '../database/removed-import.ts';
import {
  applyChanges,
  changeTime,
  flushWithExternalId,
  forUpdate,
  requireVersion,
} from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  asGiven,
  businessInstant,
  liesAhead,
  readFields,
  required,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import { invalidInput, notFound } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf, ownerOfNew } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { type HeldLead, heldLeads } from '../leads/held-people.ts';
import { ActivityEntity } from './activity.entity.ts';
import { type ActivityDirection, type ActivityType, MAX_MINUTES } from './activity.enums.ts';
import type {
  ActivityFields,
  CreateActivityInput,
  RemoveActivityInput,
  UpdateActivityInput,
} from './activity.inputs.ts';
import { heldLinks, namedLinks } from './activity-links.ts';

/** The columns an input sets by itself, without looking anything up. */
function activityColumns(input: ActivityFields & { type?: ActivityType | null }) {
  return readFields(input, {
    type: required(asGiven<ActivityType>()),
    subject: shortText,
    direction: asGiven<ActivityDirection>(),
    minutes: wholeNumber({ min: 0, max: MAX_MINUTES }),
    occurredAt: required(businessInstant),
    isOpen: required(asGiven<boolean>()),
    externalId: shortText,
  });
}

/** Only what is still to be done may lie ahead. */
function requireDoneInPast(isOpen: boolean, occurredAt: Date): void {
  if (!isOpen && liesAhead(occurredAt))
    throw invalidInput('occurredAt', 'occurredAt lies in the future: what is to come is open (isOpen)');
}

/** Makes an activity. Returns its UUID. */
export function createActivity(
  tx: Transaction,
  principal: Principal,
  input: CreateActivityInput,
): Promise<string> {
  requireRight(principal, 'activity:write');
  return once(tx, principal, 'createActivity', input.idempotencyKey, input, async () => {
    const at = new Date();
    const fields = { occurredAt: at, isOpen: false, ...activityColumns(input), type: input.type };
    requireDoneInPast(fields.isOpen, fields.occurredAt);
    const named = namedLinks({ contact: null, ...input })!;
    const links = await heldLinks(tx, named, await heldLeads(tx, named.lead ? [named.lead] : []));
    const columns = { ...fields, ...links, ownerId: await ownerOfNew(tx, principal, input.owner) };
    const id = uuidv7();
    const { organizationId } = tx.tenant;
    tx.em.create(ActivityEntity, { organizationId, id, ...columns, createdAt: at, updatedAt: at });
    await flushWithExternalId(tx);
    record(tx, principal, {
      ...{ recordType: 'Activity', recordId: id, action: 'createActivity' },
      ...{ after: columns, at },
    });
    return id;
  });
}

/**
 * An activity, locked to be changed, with its lead and others held before: a conversion of the lead links its activities,
 * and keeps what they were.
 */
async function heldActivity(
  tx: Transaction,
  input: { activity: string; ifVersion?: number | null },
  others: string[] = [],
  hold: (leads: Map<string, HeldLead>) => Promise<void> = async () => undefined,
): Promise<ActivityEntity> {
  const id = decodeIdOrRefuse('Activity', input.activity, 'activity');
  const key = { organizationId: tx.tenant.organizationId, id };
  for (;;) {
    const [known] = await tx.query<{ leadId: string | null }>(sql`
      select lead_id as "leadId" from activity where organization_id = ${key.organizationId} and id = ${id}`);
    if (!known) throw notFound('activity', 'There is no such activity');
    await hold(await heldLeads(tx, known.leadId ? [...others, known.leadId] : others));
    const activity = await tx.em.findOne(ActivityEntity, key, { ...forUpdate, refresh: true });
    if (!activity || (activity.leadId ?? null) !== known.leadId) continue;
    requireVersion(activity, input.ifVersion);
    return activity;
  }
}

/** Changes what the input gives. Returns the activity's UUID. */
export function updateActivity(
  tx: Transaction,
  principal: Principal,
  input: UpdateActivityInput,
): Promise<string> {
  requireRight(principal, 'activity:write');
  return once(tx, principal, 'updateActivity', input.idempotencyKey, input, async () => {
    const fields = activityColumns(input);
    const named = namedLinks(input);
    let links = {};
    const activity = await heldActivity(tx, input, named?.lead ? [named.lead] : [], async (leads) => {
      if (named) links = await heldLinks(tx, named, leads);
    });
    const at = changeTime(activity);
    const { isOpen = activity.isOpen ?? false } = fields;
    const isDoneEarly = !isOpen && activity.isOpen && liesAhead(activity.occurredAt);
    const occurredAt = fields.occurredAt ?? (isDoneEarly ? at : undefined);
    requireDoneInPast(isOpen, occurredAt ?? activity.occurredAt);
    const isSameTime = occurredAt && +occurredAt === +activity.occurredAt;
    const columns = {
      ...fields,
      ...links,
      occurredAt: isSameTime ? undefined : occurredAt,
      ownerId: await ownerOf(tx, input.owner),
    };
    const changes = applyChanges(activity, columns, at);
    const { id } = activity;
    if (!changes) return id;
    await flushWithExternalId(tx);
    record(tx, principal, { recordType: 'Activity', recordId: id, action: 'updateActivity', ...changes });
    return id;
  });
}

/** Removes an activity; what it was stays in the journal. Returns its UUID. */
export function removeActivity(
  tx: Transaction,
  principal: Principal,
  input: RemoveActivityInput,
): Promise<string> {
  requireRight(principal, 'activity:write');
  return once(tx, principal, 'removeActivity', input.idempotencyKey, input, async () => {
    const activity = await heldActivity(tx, input);
    const { id, type, subject, direction, minutes, occurredAt, isOpen } = activity;
    const { leadId, contactId, accountId, opportunityId, ownerId, externalId, createdAt } = activity;
    const at = new Date();
    tx.em.remove(activity);
    await rememberRemoved(tx, 'Activity', externalId, at);
    const before = {
      ...{ type, subject, direction, minutes, occurredAt, isOpen },
      ...{ leadId, contactId, accountId, opportunityId, ownerId, externalId, createdAt },
    };
    record(tx, principal, {
      ...{ recordType: 'Activity', recordId: id, action: 'removeActivity' },
      ...{ before, at },
    });
    return id;
  });
}
