import { v7 as uuidv7 } from 'uuid';
import { AccountEntity } from '../accounts/account.entity.ts';
import { accountKeys } from '../accounts/account.keys.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import { withCustomNames } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import type { Change } from '../database/journal.ts';
import { applyChanges } from '../database/versioned-update.ts';
import { OpportunityEntity } from '../opportunities/opportunity.entity.ts';
import { recordVersion } from '../opportunities/opportunity-history.ts';
import { opportunityKeys } from '../opportunities/opportunity.keys.ts';
import type { ConversionPlan } from './conversion.plan.ts';

const action = 'convertLead';

interface Writing {
  tx: Transaction;
  ownerId: string;
  at: Date;
  /** For the journal. */
  changes: Change[];
}

/** Writes account, contact and opportunity as planned, with its history; returns their ids and what changed. */
export async function writeTargets(tx: Transaction, plan: ConversionPlan, at: Date) {
  const writing: Writing = { tx, ownerId: plan.ownerId, at, changes: [] };
  const accountId = await writeAccount(writing, plan.account);
  const contactId = await writeContact(writing, plan.contact, accountId);
  const opportunityId = plan.opportunity && (await writeOpportunity(writing, plan.opportunity, accountId));
  return { accountId, contactId, opportunityId, changes: writing.changes };
}

/** Key, owner and times of a row of its own. */
function newRow({ tx, ownerId, at }: Writing) {
  return { organizationId: tx.tenant.organizationId, id: uuidv7(), ownerId, createdAt: at, updatedAt: at };
}

/** Sets columns of an existing row, if there are any to set. */
function change<Row extends { id: string; updatedAt: Date; customFields?: Record<string, unknown> }>(
  { changes }: Writing,
  recordType: string,
  row: Row,
  values: Partial<Row>,
): void {
  const change = applyChanges(row, values);
  if (change) changes.push({ recordType, recordId: row.id, action, ...change });
}

/** Writes a new row at once: MikroORM does not see our foreign keys, so what others refer to goes first. */
async function created(
  writing: Writing,
  recordType: string,
  recordId: string,
  after: object,
): Promise<string> {
  const { tx, changes, ownerId, at } = writing;
  changes.push({ recordType, recordId, action, after: { ...withCustomNames(after), ownerId }, at });
  await tx.em.flush();
  return recordId;
}

async function writeAccount(
  writing: Writing,
  { existing, values }: ConversionPlan['account'],
): Promise<string> {
  if (existing) {
    change(writing, 'Account', existing, values);
    Object.assign(existing, accountKeys(existing));
    return existing.id;
  }
  const columns = { ...values, name: values.name! };
  const row = { ...newRow(writing), ...columns, ...accountKeys(columns) };
  writing.tx.em.create(AccountEntity, row);
  return created(writing, 'Account', row.id, columns);
}

async function writeContact(
  writing: Writing,
  { existing, values }: ConversionPlan['contact'],
  accountId: string,
): Promise<string> {
  if (existing) {
    change(writing, 'Contact', existing, values);
    Object.assign(existing, contactKeys(existing));
    return existing.id;
  }
  const columns = { ...values, lastName: values.lastName!, accountId };
  const row = { ...newRow(writing), ...columns, ...contactKeys(columns) };
  writing.tx.em.create(ContactEntity, row);
  return created(writing, 'Contact', row.id, columns);
}

async function writeOpportunity(
  writing: Writing,
  { existing, values, created: fresh }: NonNullable<ConversionPlan['opportunity']>,
  accountId: string,
): Promise<string> {
  if (existing) {
    change(writing, 'Opportunity', existing, values);
    Object.assign(existing, opportunityKeys(existing));
    return existing.id;
  }
  const columns = { ...values, ...fresh, accountId };
  const row = writing.tx.em.create(OpportunityEntity, {
    ...newRow(writing),
    ...columns,
    ...opportunityKeys(columns),
  });
  await created(writing, 'Opportunity', row.id, columns);
  await recordVersion(writing.tx, row, writing.at);
  return row.id;
}
