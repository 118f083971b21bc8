import sql, { raw } from 'sql-template-tag';
import { lockCompany } from '../accounts/company-lock.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { longText, readFields } from '../graphql/input-rules.ts';
import { notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { matchLeads, rematchLeadsOfAccount } from '../leads/lead-matching.ts';
import { recordConversion } from './audit-record.ts';
import { type ConversionEffects, type EffectTable, imagesOf } from './conversion-effects.ts';
import { createdId, effectsOn, formerOf, revertBlockers, type Reverting } from './revert-blockers.ts';
import { undoEffects } from './revert-writes.ts';
import { revertedRecords } from './reverted-records.ts';
import type { RevertConversionInput } from './revert.inputs.ts';

export interface RevertedConversion {
  conversionId: string;
  leadId: string;
}

interface ConversionRow {
  lead_id: string;
  account_id: string | null;
  contact_id: string | null;
  opportunity_id: string | null;
  reverted_at: string | null;
  effects: ConversionEffects | null;
}

/**
 * Undoes a conversion exactly, or refuses to and changes nothing: what it wrote is put back, what it made is deleted,
 * the lead is open again. Locks in the order conversions lock: key, lead, company, account, contact, opportunity.
 */
export function revertConversion(
  tx: Transaction,
  principal: Principal,
  input: RevertConversionInput,
): Promise<RevertedConversion> {
  requireRight(principal, 'lead:convert');
  return once(tx, principal, 'revertConversion', input.idempotencyKey, input, async () => {
    const conversionId = decodeIdOrRefuse('LeadConversion', input.conversion, 'conversion');
    const { reason } = readFields(input, { reason: longText });
    const reverting = await lockConversion(tx, conversionId);
    const { leadId, effects } = reverting;
    const { blockers, isMerged } = await revertBlockers(tx, reverting, await imagesOf(tx, effects.changes));
    if (blockers.length > 0)
      throw new Refusal({
        code: UserErrorCode.REVERT_BLOCKED,
        message: isMerged
          ? 'A record of the conversion was merged since: neither that nor the conversion can be undone'
          : 'The conversion was built upon: undo that first',
        path: ['conversion'],
        blockers,
      });
    const at = new Date();
    await undoEffects(tx, effects.changes, at);
    await tx.query(sql`
      update lead_conversion set reverted_at = ${at}
      where organization_id = ${tx.tenant.organizationId} and id = ${conversionId}`);
    await matchAnew(tx, reverting);
    const changes = revertedRecords(tx, effects.changes, at);
    const action = 'revertConversion';
    recordConversion(tx, principal, { conversionId, action, changes, reason: reason ?? null });
    return { conversionId, leadId };
  });
}

async function readConversion(tx: Transaction, id: string): Promise<Reverting> {
  const [row] = await tx.query<ConversionRow>(sql`
    select lead_id, account_id, contact_id, opportunity_id, reverted_at, effects from lead_conversion
    where organization_id = ${tx.tenant.organizationId} and id = ${id}`);
  if (!row) throw notFound('conversion', 'There is no such conversion');
  const path = ['conversion'];
  if (row.reverted_at !== null)
    throw new Refusal({
      code: UserErrorCode.ALREADY_REVERTED,
      message: 'The conversion is undone already',
      path,
    });
  if (row.effects === null)
    throw new Refusal({
      code: UserErrorCode.REVERT_BLOCKED,
      message: 'What the conversion did is not known',
      path,
      blockers: [
        {
          type: 'LeadConversion',
          id,
          reason: 'The conversion was imported: what it wrote was never recorded',
          conversionId: id,
        },
      ],
    });
  return {
    conversionId: id,
    effects: row.effects,
    leadId: row.lead_id,
    accountId: row.account_id,
    contactId: row.contact_id,
    opportunityId: row.opportunity_id,
  };
}

/** The conversion, with everything locked that undoing it concerns; all there is of it is read under the locks. */
async function lockConversion(tx: Transaction, id: string): Promise<Reverting> {
  const found = await readConversion(tx, id);
  await lockLeads(tx, found);
  await holdFormer(tx, found);
  const made = effectsOn(found, 'account').find(({ before }) => before === null)?.after;
  if (made) await lockCompany(tx, { domain: made['domain'] ?? null, matchKey: made['match_key'] ?? null });
  for (const [table, id] of [
    ['account', found.accountId],
    ['contact', found.contactId],
    ['opportunity', found.opportunityId],
  ] as const)
    // Where a merge has put another record in its place, what was written is the former's.
    await lock(tx, table, effectsOn(found, table)[0]?.id ?? id);
  // Leads that were matched to the account while its lock was waited for.
  if (made) await lockLeads(tx, found);
  return readConversion(tx, id);
}

/** The status and the queue the lead gets back: nobody removes them meanwhile. */
async function holdFormer(tx: Transaction, reverting: Reverting): Promise<void> {
  const { organizationId } = tx.tenant;
  const { statusId, queueId } = formerOf(reverting);
  await tx.query(sql`
    select (select id from lead_status where organization_id = ${organizationId} and id = ${statusId}::uuid for share),
      (select id from queue where organization_id = ${organizationId} and id = ${queueId}::uuid for share)`);
}

/** The lead, and those matched to the account the conversion made, which they can't be any more. */
async function lockLeads(tx: Transaction, reverting: Reverting): Promise<void> {
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    select id from lead
    where organization_id = ${organizationId}
      and (id = ${reverting.leadId} or matched_account_id = ${createdId(reverting, 'account')}::uuid)
    order by id for update`);
}

/** `for update`: who is about to refer to the record waits until it is known whether it stays. */
async function lock(tx: Transaction, table: EffectTable, id: string | null): Promise<void> {
  if (id === null) return;
  await tx.query(sql`
    select id from ${raw(table)} where organization_id = ${tx.tenant.organizationId} and id = ${id} for update`);
}

/** Finds the accounts anew of all leads that the removed account, or one without its domain, leaves behind. */
async function matchAnew(tx: Transaction, reverting: Reverting): Promise<void> {
  const { organizationId } = tx.tenant;
  const removed = createdId(reverting, 'account');
  const [account] = effectsOn(reverting, 'account');
  const left = await tx.query<{ id: string }>(sql`
    select id from lead
    where organization_id = ${organizationId} and matched_account_id = ${removed}::uuid and not is_converted`);
  await tx.query(sql`
    update lead set matched_account_id = null, match_method = 'NONE', match_score = 0
    where organization_id = ${organizationId} and matched_account_id = ${removed}::uuid and is_converted`);
  await matchLeads(tx, [reverting.leadId, ...left.map(({ id }) => id)]);
  if (account && (account.before === null || 'domain' in account.before))
    await rematchLeadsOfAccount(tx, account.id, { domain: account.after?.['domain'] ?? null });
}
