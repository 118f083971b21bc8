import sql, { raw } from 'sql-template-tag';
import { ActivityEntity } from '../activities/activity.entity.ts';
import type { ActivityLinks } from '../activities/activity-links.ts';
import type { Transaction } from '../database/database.ts';
import { removedHere } from '../database/removed-import.ts';
import type { ActivityDraft } from './activity-rows.ts';
import { type ConvertedPerson, convertedPeople } from './converted-people.ts';
import { RowProblem } from './csv-table.ts';
import type { DraftTable } from './drafts.ts';
import { type KnownRecord, LinkTarget, lockKnown, queryInBatches } from './known-records.ts';
import { ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  type: ['TaskSubtype', 'Type'],
  direction: ['TaskSubtype', 'Type', 'CallType'],
  subject: ['Subject'],
  minutes: ['CallDurationInSeconds', 'DurationInMinutes'],
  occurredAt: [],
  isOpen: [],
  leadId: [],
  contactId: [],
  accountId: [],
  opportunityId: [],
  ownerId: ['OwnerId'],
};

export type KnownActivity = KnownRecord & ActivityLinks;

/** Activities of these Salesforce ids, locked; those removed here count as deleted. */
export async function lockKnownActivities(
  tx: Transaction,
  externalIds: string[],
): Promise<Map<string, KnownActivity>> {
  const known = await lockKnown<ActivityLinks>(
    tx,
    'activity',
    externalIds,
    'lead_id as "leadId", contact_id as "contactId", account_id as "accountId", opportunity_id as "opportunityId"',
  );
  const unknown = externalIds.filter((externalId) => !known.has(externalId));
  for (const externalId of await removedHere(tx, 'Activity', unknown))
    known.set(externalId, { id: externalId, externalId, isDeleted: true, ...NOWHERE });
  return known;
}

const NOWHERE: ActivityLinks = { leadId: null, contactId: null, accountId: null, opportunityId: null };

/** Where an activity's links lead. */
export interface ActivityTargets {
  leads: LinkTarget;
  contacts: LinkTarget;
  accounts: LinkTarget;
  opportunities: LinkTarget;
}

/** By the first letters of their ids; of other objects Kontor has no records. */
const OBJECTS: Record<string, { to: keyof ActivityTargets; column: keyof ActivityLinks }> = {
  '00Q': { to: 'leads', column: 'leadId' },
  '003': { to: 'contacts', column: 'contactId' },
  '001': { to: 'accounts', column: 'accountId' },
  '006': { to: 'opportunities', column: 'opportunityId' },
};

/** Tasks or events. */
export async function importActivities(
  run: Run,
  table: DraftTable<ActivityDraft>,
  known: ReadonlyMap<string, KnownActivity>,
  targets: ActivityTargets,
): Promise<void> {
  const world = await worldOf(run.tx, table, targets);
  const target = { entity: ActivityEntity, table, known, sources: SOURCES };
  await writeRecords(run, target, table.drafts.values(), (draft, _id, before) => {
    const { type, direction, subject, minutes, occurredAt, isOpen, isCopy } = draft;
    if (isCopy) {
      run.report.note(`{n} rows of ${table.file} are invitations of the same event, or plan a series (IsChild, IsRecurrence), and were left out`); // prettier-ignore
      return undefined;
    }
    const named = linksOf(run, draft, targets);
    return {
      ...{ type, direction, subject, minutes, occurredAt, isOpen },
      ...settledLinks(named, occurredAt, before, world),
      ownerId: ownerUser(run, draft.ownerId),
    };
  });
}

/** What the row names, as columns. What is deleted, or of a kind we have not, is left out as long as something remains. */
function linksOf({ report }: Run, draft: ActivityDraft, targets: ActivityTargets): ActivityLinks {
  const links = { ...NOWHERE };
  for (const [column, externalId] of [
    ['WhoId', draft.whoId],
    ['WhatId', draft.whatId],
  ] as const) {
    if (externalId === null) continue;
    const object = OBJECTS[externalId.slice(0, 3)];
    if (!object)
      report.note(`{n} ${column}s of activities name records of kinds that Kontor has not, and were left out`); // prettier-ignore
    else if (targets[object.to].isDeleted(externalId))
      report.note('{n} links of activities name deleted records and were left empty');
    else links[object.column] = targets[object.to].resolve(column, externalId);
  }
  if (Object.values(links).every((id) => id === null))
    throw new RowProblem('WhoId', 'and WhatId name no lead, contact, account or opportunity');
  return links;
}

/** What is to be known of the records that a file's activities belong to, by our ids. */
interface LinkedWorld {
  people: ReadonlyMap<string, ConvertedPerson>;
  accountOfContact: ReadonlyMap<string, string | null>;
  accountOfDeal: ReadonlyMap<string, string | null>;
}

async function worldOf(
  tx: Transaction,
  { drafts }: DraftTable<ActivityDraft>,
  targets: ActivityTargets,
): Promise<LinkedWorld> {
  const rows = [...drafts.values()];
  const idsOf = (to: keyof ActivityTargets) =>
    new Set(rows.flatMap(({ whoId, whatId }) => [targets[to].find(whoId), targets[to].find(whatId)]).filter((id) => id !== undefined)); // prettier-ignore
  const people = await convertedPeople(tx, idsOf('leads'));
  const contacts = new Set([...idsOf('contacts'), ...[...people.values()].map(({ contactId }) => contactId)]);
  return {
    people,
    accountOfContact: await accountsOf(tx, 'contact', contacts),
    accountOfDeal: await accountsOf(tx, 'opportunity', idsOf('opportunities')),
  };
}

async function accountsOf(
  tx: Transaction,
  table: 'contact' | 'opportunity',
  ids: Iterable<string>,
): Promise<Map<string, string | null>> {
  const rows = await queryInBatches(ids, (batch) =>
    tx.query<{ id: string; accountId: string | null }>(sql`
      select id, account_id as "accountId" from ${raw(table)}
      where organization_id = ${tx.tenant.organizationId} and id = any(${batch}::uuid[])`),
  );
  return new Map(rows.map(({ id, accountId }) => [id, accountId]));
}

/**
 * A converted lead is its contact, and before its conversion both; one that was converted here while it had the activity
 * keeps what the conversion linked.
 * The account is the deal's, else the contact's: as it was when the activity was first brought, as people change companies.
 */
function settledLinks(
  named: ActivityLinks,
  occurredAt: Date,
  before: KnownActivity | undefined,
  { people, accountOfContact, accountOfDeal }: LinkedWorld,
): ActivityLinks {
  const { leadId, opportunityId } = named;
  const converted = leadId === null ? undefined : people.get(leadId);
  if (before && converted && before.leadId === leadId) {
    const { contactId, accountId, opportunityId: deal } = before;
    return { leadId, contactId, accountId, opportunityId: deal };
  }
  const contactId = named.contactId ?? converted?.contactId ?? null;
  const isSame = before && before.contactId === contactId && before.opportunityId === opportunityId;
  const derived = accountOfDeal.get(opportunityId ?? '') ?? accountOfContact.get(contactId ?? '') ?? null;
  return {
    // what was done with the lead is told of the lead, too: how soon somebody answered, say
    leadId: converted && occurredAt >= converted.convertedAt ? null : leadId,
    contactId,
    accountId:
      named.accountId ?? (isSame && (contactId ?? opportunityId) !== null ? before.accountId : derived),
    opportunityId,
  };
}
