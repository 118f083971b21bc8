import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { BatchMode, MAX_BATCH } from '../graphql/batch-mode.ts';
import { type BatchOutcome, BatchRefusal } from '../graphql/batch-refusal.ts';
import { invalidInput, Refusal, type UserErrorData } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { type BatchItem, errorsAt, readBatch } from './batch-items.ts';
import { lockBatch } from './batch-locks.ts';
import { type Batch, BatchRecords, type EarlierBatches } from './batch-records.ts';
import type { ConvertLeadsInput } from './conversion-batch.inputs.ts';
import { planConversion } from './conversion.plan.ts';
import {
  type ConvertedLead,
  requireConverter,
  writeLineage,
  writeRecords,
  type WrittenConversion,
} from './conversion.service.ts';
import { planAsFrozen } from './frozen-plan.ts';

export type ConversionBatchOutcome = BatchOutcome<ConvertedLead>;

/**
 * Converts up to 100 leads in one transaction, one after another in their order: each sees what those before it have
 * made, so that leads of one new company share the account. One outcome for each item.
 */
export function convertLeads(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadsInput,
  tokenSecret: Uint8Array,
): Promise<ConversionBatchOutcome[]> {
  requireConverter(principal);
  return once(tx, principal, 'convertLeads', input.idempotencyKey, input, async () => {
    const { length } = input.items;
    if (length === 0 || length > MAX_BATCH)
      throw invalidInput('items', `items must have 1 to ${MAX_BATCH} leads, not ${length}`);
    return convertBatch(tx, principal, organization, input, tokenSecret);
  });
}

/** The same without limits and idempotency; `earlier`: what batches before have made, where this one goes on with them. */
export async function convertBatch(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: Pick<ConvertLeadsInput, 'items' | 'mode' | 'shareOpportunity'>,
  tokenSecret: Uint8Array,
  earlier?: EarlierBatches,
): Promise<ConversionBatchOutcome[]> {
  const items = await readBatch(input, principal, organization, tokenSecret);
  const batch = await lockBatch(
    tx,
    items.flatMap(({ intended }) => intended ?? []),
  );
  if (earlier) batch.goOn(earlier);
  const isPerRecord = input.mode === BatchMode.PER_RECORD;
  const written = await convertItems({ tx, principal, organization, batch }, items, isPerRecord);
  if (!isPerRecord && items.some(({ errors }) => errors.length > 0))
    throw new BatchRefusal(
      items.map(({ errors }) => errors.map((error) => withoutMade(error, batch))),
      'converted',
    );
  const done = written.filter((one) => one !== undefined);
  if (done.length > 0) await writeLineage(tx, principal, done);
  return written.map((one, index) => one?.converted ?? { errors: items[index]!.errors });
}

interface Converting {
  tx: Transaction;
  principal: Principal;
  organization: Organization;
  batch: Batch;
}

/** What became of each item; nothing of a refused one, which has its errors afterwards. */
async function convertItems(
  converting: Converting,
  items: readonly BatchItem[],
  isPerRecord: boolean,
): Promise<(WrittenConversion | undefined)[]> {
  const { tx } = converting;
  const written: (WrittenConversion | undefined)[] = [];
  const at = new Date();
  if (isPerRecord) await tx.query(sql`savepoint lead`);
  for (const item of items) {
    if (item.errors.length > 0) {
      written.push(undefined);
      continue;
    }
    try {
      const one = await convertItem(converting, item, at);
      converting.batch.note(one, item.isSharing);
      written.push(one);
      if (isPerRecord) await tx.query(sql`release savepoint lead; savepoint lead`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      item.errors.push(...errorsAt(item, error));
      written.push(undefined);
      if (isPerRecord) await tx.query(sql`rollback to savepoint lead`);
    }
  }
  return written;
}

/**
 * Converts with an entity manager of its own in the batch's transaction: what a refused item had read or changed is
 * forgotten with it, and can't be written along with the next.
 */
async function convertItem(
  { tx: whole, principal, organization, batch }: Converting,
  { input, frozen, isSharing }: BatchItem,
  at: Date,
): Promise<WrittenConversion> {
  const tx = { ...whole, em: whole.em.fork({ keepTransactionContext: true }) };
  const records = new BatchRecords(tx, batch, isSharing);
  const plan = await (frozen
    ? planAsFrozen(records, principal, organization, frozen, input, at)
    : planConversion(records, principal, organization, input, at));
  return writeRecords(tx, principal, plan, at);
}

/** Candidates that the batch itself had made are gone with it. */
function withoutMade(error: UserErrorData, batch: Batch): UserErrorData {
  if (!error.candidates) return error;
  return { ...error, candidates: error.candidates.filter(({ id }) => !batch.made.has(id)) };
}
