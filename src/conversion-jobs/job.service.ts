import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { requireConverter } from '../conversion/conversion.service.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import type { JobMessage } from '../database/job-queue.ts';
import { isStorable, NOT_STORABLE } from '../database/storable-text.ts';
import { clientRefErrors } from '../graphql/client-ref.ts';
import { decodeIdOrRefuse, encodeId, parseId } from '../graphql/ids.ts';
import { longText, readFields } from '../graphql/input-rules.ts';
import { invalidInput, notFound, Refusal } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { ConversionJobKind, MAX_LINES } from './job.enums.ts';
import type {
  CancelConversionJobInput,
  RevertConversionJobInput,
  StartConversionJobInput,
} from './job.inputs.ts';

/** Hands a job to whoever works it off, if and when the transaction commits. */
export type Enqueue = (tx: Transaction, message: JobMessage) => Promise<void>;

interface NewLine {
  clientRef?: string | null;
  input?: unknown;
  leadId: string | null;
  conversionId?: string;
}

/** Writes a job with its lines and hands it over; answers with its UUID. */
export function startConversionJob(
  tx: Transaction,
  principal: Principal,
  input: StartConversionJobInput,
  enqueue: Enqueue,
): Promise<string> {
  requireConverter(principal);
  return once(tx, principal, 'startConversionJob', input.idempotencyKey, input, async () => {
    const { items, shareOpportunity = null } = input;
    if (items.length === 0 || items.length > MAX_LINES)
      throw invalidInput('items', `items must have 1 to ${MAX_LINES} leads, not ${items.length}`);
    requireText(shareOpportunity, ['shareOpportunity']);
    for (const [index, item] of items.entries()) requireText(item, ['items', String(index)]);
    const badRefs = items.flatMap(({ clientRef }, index) => clientRefErrors(clientRef, index));
    if (badRefs.length > 0) throw new Refusal(badRefs);
    const lines = items.map(({ clientRef, ...item }) => {
      const lead = parseId(item.input.lead);
      return { clientRef, input: item, leadId: lead?.type === 'Lead' ? lead.uuid : null };
    });
    return writeJob(tx, principal, { kind: ConversionJobKind.CONVERT, shareOpportunity }, lines, enqueue);
  });
}

/** Texts that PostgreSQL's JSON could not keep. */
function requireText(value: unknown, path: string[]): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) throw invalidInput(path, `It ${NOT_STORABLE}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      requireText(key, path);
      requireText(part, [...path, key]);
    }
  }
}

/** Stops a job between two of its lines; one that has ended stays as it is. */
export async function cancelConversionJob(
  tx: Transaction,
  principal: Principal,
  input: CancelConversionJobInput,
): Promise<string> {
  requireConverter(principal);
  const id = decodeIdOrRefuse('ConversionJob', input.job, 'job');
  const { state } = await lockJob(tx, id);
  if (state !== 'QUEUED' && state !== 'RUNNING') return id;
  const at = new Date();
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    update conversion_job set state = 'CANCELLED', finished_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`);
  await tx.query(sql`
    update conversion_job_line set state = 'CANCELLED'
    where organization_id = ${organizationId} and job_id = ${id} and state = 'PENDING'`);
  record(tx, principal, {
    ...{ recordType: 'ConversionJob', recordId: id, action: 'cancelConversionJob', at },
    ...{ before: { state }, after: { state: 'CANCELLED' } },
  });
  return id;
}

/** Makes the job that undoes another's conversions; one that is under way already is the answer. */
export async function revertConversionJob(
  tx: Transaction,
  principal: Principal,
  input: RevertConversionJobInput,
  enqueue: Enqueue,
): Promise<string> {
  requireConverter(principal);
  const id = decodeIdOrRefuse('ConversionJob', input.job, 'job');
  const { reason = null } = readFields({ reason: input.reason }, { reason: longText });
  const { state, kind } = await lockJob(tx, id);
  if (kind !== 'CONVERT')
    throw invalidInput('job', 'The job undoes another one: convert the leads again instead');
  if (state === 'QUEUED' || state === 'RUNNING')
    throw invalidInput('job', 'The job is under way: cancel it, or wait for its end');
  const { organizationId } = tx.tenant;
  const [underway] = await tx.query<{ id: string }>(sql`
    select id from conversion_job
    where organization_id = ${organizationId} and reverts_id = ${id} and state in ('QUEUED', 'RUNNING')`);
  if (underway) return underway.id;
  const lines = await tx.query<{ clientRef: string | null; leadId: string; conversionId: string }>(sql`
    select l.client_ref as "clientRef", c.lead_id as "leadId", c.id as "conversionId" from conversion_job_line l
    join lead_conversion c on c.organization_id = ${organizationId} and c.id = l.conversion_id
    where l.organization_id = ${organizationId} and l.job_id = ${id} and c.reverted_at is null
    order by c.effects ->> 'at' desc, l.position desc`);
  if (lines.length > 0)
    return writeJob(tx, principal, { kind: ConversionJobKind.REVERT, revertsId: id, reason }, lines, enqueue);
  // Undone already: by the latest job that did it, if one did.
  const [former] = await tx.query<{ id: string }>(sql`
    select id from conversion_job where organization_id = ${organizationId} and reverts_id = ${id}
    order by created_at desc, id desc limit 1`);
  if (!former) throw invalidInput('job', 'The job has no conversion that stands');
  return former.id;
}

async function lockJob(tx: Transaction, id: string): Promise<{ state: string; kind: string }> {
  const [job] = await tx.query<{ state: string; kind: string }>(sql`
    select state, kind from conversion_job where organization_id = ${tx.tenant.organizationId} and id = ${id} for update`);
  if (!job) throw notFound('job', 'There is no such job');
  return job;
}

interface NewJob {
  kind: ConversionJobKind;
  shareOpportunity?: object | null;
  revertsId?: string;
  reason?: string | null;
}

async function writeJob(
  tx: Transaction,
  principal: Principal,
  { kind, shareOpportunity, revertsId, reason }: NewJob,
  lines: readonly NewLine[],
  enqueue: Enqueue,
): Promise<string> {
  const { organizationId } = tx.tenant;
  const [id, at] = [uuidv7(), new Date()];
  await tx.query(sql`
    insert into conversion_job (organization_id, id, kind, state, share_opportunity, reason, reverts_id, created_by_id, created_at)
    values (${organizationId}, ${id}, ${kind}, 'QUEUED', ${shareOpportunity ? JSON.stringify(shareOpportunity) : null}::jsonb,
      ${reason ?? null}, ${revertsId ?? null}, ${principal.userId}, ${at})`);
  const rows = JSON.stringify(lines.map((line) => ({ id: uuidv7(), ...line })));
  await tx.query(sql`
    insert into conversion_job_line (organization_id, id, job_id, position, client_ref, input, lead_id, state, conversion_id)
    select ${organizationId}, (b.line ->> 'id')::uuid, ${id}, b.place - 1, b.line ->> 'clientRef', nullif(b.line -> 'input', 'null'),
      (b.line ->> 'leadId')::uuid, 'PENDING', (b.line ->> 'conversionId')::uuid
    from jsonb_array_elements(${rows}::jsonb) with ordinality as b (line, place)`);
  record(tx, principal, {
    ...{ recordType: 'ConversionJob', recordId: id, at },
    action: kind === ConversionJobKind.CONVERT ? 'startConversionJob' : 'revertConversionJob',
    after: {
      ...{ kind, total: lines.length },
      ...(revertsId && { reverts: encodeId('ConversionJob', revertsId), reason }),
    },
  });
  await enqueue(tx, { organizationId, jobId: id });
  return id;
}
