import sql from 'sql-template-tag';
import { lockMerges } from '../accounts/company-lock.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import { contactKeys, personName } from '../contacts/contact.keys.ts';
import { ConversionTarget } from '../conversion/conversion.enums.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { requireVersion } from '../database/versioned-update.ts';
import { encodeId } from '../graphql/ids.ts';
import { Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import type { MergeResult } from './merge-accounts.service.ts';
import { mergeMemberships, mergeRoles } from './merge-links.ts';
import {
  column,
  type MergedField,
  type MergeField,
  mergeFields,
  ownFields,
  readChoices,
  whole,
  wish,
} from './merge-fields.ts';
import { type MergeRequest, readMergeRequest, requestedRows } from './merge-request.ts';
import { type MergePlan, mergeRows } from './merge-writes.ts';
import { mergeLineage } from './merged-lineage.ts';
import type { MergeContactsInput } from './merge.inputs.ts';
import { countMoved, movedByContacts } from './moved-records.ts';

interface ContactMergePlan extends MergePlan<ContactEntity> {
  fields: MergedField[];
}

/** What contacts are merged in; the survivor keeps its external id, and those of the duplicates lead to it. */
function contactMergeFields(rows: readonly ContactEntity[]): MergeField<ContactEntity>[] {
  return [
    whole('name', ['firstName', 'lastName'], personName),
    whole('account', ['accountId'], ({ accountId }) => (accountId ? encodeId('Account', accountId) : null)),
    column('email'),
    column('phone'),
    column('mobile'),
    column('title'),
    column('source'),
    column('description'),
    whole('address', ['street', 'city', 'state', 'postalCode', 'country']),
    wish('doNotCall'),
    wish('emailOptOut'),
    column('buyingRole'),
    whole('owner', ['ownerId'], ({ ownerId }) => (ownerId ? encodeId('User', ownerId) : null)),
    ...ownFields(rows),
  ];
}

/** What `mergeContacts` would do now. Writes nothing, so it runs in a read-only transaction, too. */
export async function previewContactMerge(
  tx: Transaction,
  principal: Principal,
  input: MergeContactsInput,
): Promise<MergeResult> {
  requireRight(principal, 'record:merge');
  return resultOf(await planMerge(tx, input, false));
}

/**
 * Merges contacts of one account into one: its empty fields are filled, opt-outs of any stay, deals and campaigns have
 * it once, and the others are kept as deleted rows that lead to it.
 */
export function mergeContacts(
  tx: Transaction,
  principal: Principal,
  input: MergeContactsInput,
): Promise<MergeResult> {
  requireRight(principal, 'record:merge');
  return once(tx, principal, 'mergeContacts', input.idempotencyKey, input, async () => {
    await lockMerges(tx);
    const plan = await planMerge(tx, input, true);
    const { survivor, duplicates, values } = plan;
    const duplicateIds = duplicates.map(({ id }) => id);
    await mergeRoles(tx, survivor.id, duplicateIds);
    await mergeMemberships(tx, survivor.id, duplicateIds);
    await moveActivities(tx, survivor.id, duplicateIds);
    await mergeLineage(tx, 'contact', survivor.id, duplicateIds);
    await mergeRows(tx, principal, 'mergeContacts', plan, contactKeys({ ...survivor, ...values }));
    return resultOf(plan);
  });
}

function resultOf({ survivor, fields, moved }: ContactMergePlan): MergeResult {
  return { survivorId: survivor.id, fields, moved: countMoved(moved), warnings: [] };
}

async function planMerge(
  tx: Transaction,
  input: MergeContactsInput,
  lock: boolean,
): Promise<ContactMergePlan> {
  const request = await readMergeRequest(tx, 'contact', input);
  if (lock) await lockAround(tx, request);
  const rows = await requestedRows(tx, ContactEntity, 'contact', request, lock);
  const [survivor, ...duplicates] = rows;
  requireVersion(survivor, input.ifVersion);
  requireOneAccount(rows);
  const mergeable = contactMergeFields(rows);
  const { values, fields } = mergeFields({
    ...{ target: ConversionTarget.CONTACT, fields: mergeable, survivor, duplicates },
    idOf: ({ id }) => encodeId('Contact', id),
    choices: readChoices('Contact', input.fields, mergeable, rows),
  });
  return { survivor, duplicates, values, fields, moved: await movedByContacts(tx, request.duplicateIds) };
}

/** People at two companies are two contacts, or the accounts are to be merged first. */
function requireOneAccount([survivor, ...duplicates]: [ContactEntity, ...ContactEntity[]]): void {
  const accountId = [survivor, ...duplicates].find((one) => one.accountId)?.accountId ?? null;
  const index = duplicates.findIndex((one) => one.accountId && one.accountId !== accountId);
  if (index >= 0)
    throw new Refusal({
      code: UserErrorCode.CONTACT_NOT_IN_ACCOUNT,
      message: `${personName(duplicates[index]!)} is at another account: merge the accounts or move the contact first`,
      path: ['duplicates', String(index)],
    });
}

/** The accounts stay while one of them may get the survivor; the deals wait while their roles are merged. */
async function lockAround(tx: Transaction, { survivorId, duplicateIds }: MergeRequest): Promise<void> {
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    select id from account
    where organization_id = ${organizationId} and id in (
      select account_id from contact
      where organization_id = ${organizationId} and id = any(${[survivorId, ...duplicateIds]}::uuid[]))
    order by id for share`);
}

async function moveActivities(tx: Transaction, survivorId: string, duplicateIds: string[]): Promise<void> {
  await tx.query(sql`
    update activity set contact_id = ${survivorId}, version = version + 1,
      updated_at = greatest(${new Date()}::timestamptz, updated_at + interval '1 ms')
    where organization_id = ${tx.tenant.organizationId} and contact_id = any(${duplicateIds}::uuid[])`);
}
