import sql, { raw } from 'sql-template-tag';
import { AccountEntity } from '../accounts/account.entity.ts';
import { accountKeys } from '../accounts/account.keys.ts';
import { companyLockKeys, lockCompanyKeys, lockMerges } from '../accounts/company-lock.ts';
import { ConversionTarget, FieldOutcome } from '../conversion/conversion.enums.ts';
import { NO_SOURCE } from '../conversion/merge.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { requireVersion } from '../database/versioned-update.ts';
import { encodeId } from '../graphql/ids.ts';
import type { UserErrorData } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { rematchLeadsOfAccount } from '../leads/lead-matching.ts';
import { accountMergeFields, possibleParents } from './account-fields.ts';
import { mergeFields, type MergedField, readChoices } from './merge-fields.ts';
import { type MergeRequest, readMergeRequest, requestedRows } from './merge-request.ts';
import { type MergePlan, mergeRows } from './merge-writes.ts';
import { mergeLineage } from './merged-lineage.ts';
import type { MergeAccountsInput } from './merge.inputs.ts';
import { countMoved, type MergeCounts, movedByAccounts } from './moved-records.ts';
import { contactsToMerge } from './same-person.queries.ts';

/** What a merge did, or would do; ids are UUIDs. */
export interface MergeResult {
  survivorId: string;
  fields: MergedField[];
  moved: MergeCounts;
  warnings: UserErrorData[];
}

interface AccountMergePlan extends MergePlan<AccountEntity> {
  fields: MergedField[];
  warnings: UserErrorData[];
}

/** What `mergeAccounts` would do now. Writes nothing, so it runs in a read-only transaction, too. */
export async function previewAccountMerge(
  tx: Transaction,
  principal: Principal,
  input: MergeAccountsInput,
): Promise<MergeResult> {
  requireRight(principal, 'record:merge');
  return resultOf(await planMerge(tx, input, false));
}

/**
 * Merges accounts into one: its empty fields are filled, everything that hangs on the others goes to it, and they are
 * kept as deleted rows that lead to it. Locks: key, merges of the organisation, leads, companies, accounts; contacts and
 * opportunities behind them.
 */
export function mergeAccounts(
  tx: Transaction,
  principal: Principal,
  input: MergeAccountsInput,
): Promise<MergeResult> {
  requireRight(principal, 'record:merge');
  return once(tx, principal, 'mergeAccounts', input.idempotencyKey, input, async () => {
    await lockMerges(tx);
    const plan = await planMerge(tx, input, true);
    const { survivor, duplicates, values } = plan;
    const former = duplicates.map(({ domain, matchKey }) => ({ domain, matchKey }));
    const own = { domain: survivor.domain, matchKey: survivor.matchKey };
    await moveRecords(
      tx,
      survivor.id,
      duplicates.map(({ id }) => id),
    );
    await mergeRows(tx, principal, 'mergeAccounts', plan, accountKeys({ ...survivor, ...values }));
    for (const before of [own, ...former]) await rematchLeadsOfAccount(tx, survivor.id, before);
    return resultOf(plan);
  });
}

function resultOf({ survivor, fields, moved, warnings }: AccountMergePlan): MergeResult {
  return { survivorId: survivor.id, fields, moved: countMoved(moved), warnings };
}

async function planMerge(
  tx: Transaction,
  input: MergeAccountsInput,
  lock: boolean,
): Promise<AccountMergePlan> {
  const request = await readMergeRequest(tx, 'account', input);
  const rows = lock
    ? await lockedAccounts(tx, request)
    : await requestedRows(tx, AccountEntity, 'account', request, false);
  const [survivor, ...duplicates] = rows;
  requireVersion(survivor, input.ifVersion);
  const parents = await possibleParents(tx, rows);
  const mergeable = accountMergeFields(rows, parents);
  const { values, fields } = mergeFields({
    ...{ target: ConversionTarget.ACCOUNT, fields: mergeable, survivor, duplicates },
    idOf: ({ id }) => encodeId('Account', id),
    choices: readChoices('Account', input.fields, mergeable, rows),
  });
  if (survivor.parentId && !parents.has(survivor.id)) {
    fields.push(lostParent(survivor.parentId, values.parentId ?? null));
    values.parentId ??= null;
  }
  return {
    ...{ survivor, duplicates, values, fields },
    moved: await movedByAccounts(tx, request.survivorId, request.duplicateIds),
    warnings: await contactsToMerge(tx, [request.survivorId, ...request.duplicateIds]),
  };
}

/** The survivor belonged to one of its duplicates. */
function lostParent(current: string, next: string | null): MergedField {
  const shown = (id: string | null) => id && encodeId('Account', id);
  return {
    ...{ target: ConversionTarget.ACCOUNT, field: 'parent', ...NO_SOURCE, duplicate: null },
    ...{ current: shown(current), next: shown(next), outcome: FieldOutcome.OVERWRITTEN },
    reason: 'The survivor would belong to itself',
  };
}

async function lockedAccounts(
  tx: Transaction,
  request: MergeRequest,
): Promise<[AccountEntity, ...AccountEntity[]]> {
  const { organizationId } = tx.tenant;
  await lockLeads(tx, request.duplicateIds);
  const companies = await tx.query<{ domain: string | null; matchKey: string }>(sql`
    select domain, match_key as "matchKey" from account
    where organization_id = ${organizationId} and id = any(${[request.survivorId, ...request.duplicateIds]}::uuid[])`);
  await lockCompanyKeys(tx, companies.flatMap(companyLockKeys));
  const { survivorId, duplicateIds } = request;
  await tx.query(sql`
    select id from account
    where organization_id = ${organizationId} and (id = any(${[survivorId, ...duplicateIds]}::uuid[])
      or parent_id = any(${duplicateIds}::uuid[])) and deleted_at is null
    order by id for update`);
  const rows = await requestedRows(tx, AccountEntity, 'account', request, true);
  // Leads that were matched to a duplicate while its lock was waited for.
  await lockLeads(tx, request.duplicateIds);
  return rows;
}

async function lockLeads(tx: Transaction, accountIds: readonly string[]): Promise<void> {
  await tx.query(sql`
    select id from lead
    where organization_id = ${tx.tenant.organizationId} and matched_account_id = any(${accountIds}::uuid[])
      and deleted_at is null
    order by id for update`);
}

/** Has everything that refers to the duplicates refer to the survivor. */
async function moveRecords(tx: Transaction, survivorId: string, duplicateIds: string[]): Promise<void> {
  const { organizationId } = tx.tenant;
  const at = new Date();
  const changed = sql`updated_at = greatest(${at}::timestamptz, updated_at + interval '1 ms'), version = version + 1`;
  const duplicates = sql`any(${duplicateIds}::uuid[])`;
  for (const table of ['contact', 'opportunity'])
    await tx.query(sql`
      select id from ${raw(table)}
      where organization_id = ${organizationId} and account_id = ${duplicates} and deleted_at is null
      order by id for no key update`);
  await tx.query(sql`
    update account set parent_id = ${survivorId}, ${changed}
    where organization_id = ${organizationId} and parent_id = ${duplicates} and deleted_at is null
      and id <> ${survivorId} and id <> all(${duplicateIds}::uuid[])`);
  await tx.query(sql`
    update contact set account_id = ${survivorId}, ${changed}
    where organization_id = ${organizationId} and account_id = ${duplicates} and deleted_at is null`);
  await tx.query(sql`
    update opportunity set account_id = ${survivorId}, ${changed}
    where organization_id = ${organizationId} and account_id = ${duplicates} and deleted_at is null`);
  await tx.query(sql`
    update activity set account_id = ${survivorId}, ${changed}
    where organization_id = ${organizationId} and account_id = ${duplicates}`);
  // No edit of the lead, as matching is none.
  await tx.query(sql`
    update lead set matched_account_id = ${survivorId}
    where organization_id = ${organizationId} and matched_account_id = ${duplicates} and deleted_at is null`);
  await mergeLineage(tx, 'account', survivorId, duplicateIds);
}
