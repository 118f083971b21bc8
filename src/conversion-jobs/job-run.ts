import sql from 'sql-template-tag';
import type { EarlierBatches } from '../conversion/batch-records.ts';
import { convertBatch } from '../conversion/conversion-batch.service.ts';
import type { ConvertLeadsItem } from '../conversion/conversion-batch.inputs.ts';
import type { OpportunityTarget } from '../conversion/conversion.inputs.ts';
import { revertConversion } from '../conversion/revert.service.ts';
import type { Database, Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import type { JobMessage } from '../database/job-queue.ts';
import { BatchMode } from '../graphql/batch-mode.ts';
import { encodeId } from '../graphql/ids.ts';
import { Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import type { Role } from '../identity/identity.enums.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { hasRight } from '../identity/rights.ts';
import { ConversionJobLineState as LineState } from './job.enums.ts';

interface Job {
  id: string;
  kind: 'CONVERT' | 'REVERT';
  state: string;
  share_opportunity: OpportunityTarget | null;
  reason: string | null;
  user_id: string;
  user_name: string;
  user_role: Role;
  is_active: boolean;
}

interface Line {
  id: string;
  position: number;
  input: Pick<ConvertLeadsItem, 'input' | 'role'> | null;
  conversion_id: string | null;
}

interface Done {
  id: string;
  state: LineState;
  conversionId: string | null;
  errors: UserErrorData[];
}

/**
 * Works off the next lines of a job in one transaction, which marks them as done: whatever dies, no line is done twice and
 * none is lost. True when the job has ended.
 */
export function runLines(
  { database, tokenSecret }: { database: Database; tokenSecret: Uint8Array },
  { organizationId, jobId }: JobMessage,
  atOnce: number,
): Promise<boolean> {
  return database.write({ organizationId, userId: null }, async (tx) => {
    // What is done twice finds its lines done.
    tx.isRepeatable = true;
    const job = await lockJob(tx, jobId);
    if (!job || (job.state !== 'QUEUED' && job.state !== 'RUNNING')) return true;
    const principal = actingFor(job, organizationId);
    if (!job.is_active || !hasRight(principal, 'lead:convert')) {
      await refuseRest(tx, principal, job);
      return true;
    }
    const lines = await nextLines(tx, jobId, job.kind === 'CONVERT' ? atOnce : 1);
    if (lines.length === 0) {
      await end(tx, principal, job, 'SUCCEEDED');
      return true;
    }
    if (job.state === 'QUEUED') await begin(tx, jobId);
    const done =
      job.kind === 'CONVERT'
        ? await convertLines(tx, principal, job, lines, tokenSecret)
        : await revertLine(tx, principal, job, lines[0]!);
    await markDone(tx, done);
    return false;
  });
}

/** Sets aside the line that stands first, which a defect keeps from being done. */
export async function failNextLine(database: Database, { organizationId, jobId }: JobMessage): Promise<void> {
  await database.write({ organizationId, userId: null }, async (tx) => {
    await lockJob(tx, jobId);
    const lines = await nextLines(tx, jobId, 1);
    await markDone(
      tx,
      lines.map(({ id, conversion_id: conversionId }) => ({
        id,
        conversionId,
        state: LineState.FAILED,
        errors: [],
      })),
    );
  });
}

async function lockJob(tx: Transaction, id: string): Promise<Job | undefined> {
  const { organizationId } = tx.tenant;
  const [job] = await tx.query<Job>(sql`
    select j.id, j.kind, j.state, j.share_opportunity, j.reason,
      u.id as user_id, u.name as user_name, u.role as user_role, u.is_active
    from conversion_job j join app_user u on u.organization_id = ${organizationId} and u.id = j.created_by_id
    where j.organization_id = ${organizationId} and j.id = ${id} for update of j`);
  return job;
}

/** The person who started the job, with the role of now. */
function actingFor(
  { id, user_id: userId, user_name: name, user_role: role }: Job,
  organizationId: string,
): Principal {
  return { organizationId, userId, name, role, kind: 'PERSON', tokenId: `job:${id}` };
}

function nextLines(tx: Transaction, jobId: string, count: number): Promise<Line[]> {
  return tx.query<Line>(sql`
    select l.id, l.position, l.input, l.conversion_id from conversion_job_line l
    where l.organization_id = ${tx.tenant.organizationId} and l.job_id = ${jobId} and l.state = 'PENDING'
    order by l.position limit ${count} for update`);
}

async function begin(tx: Transaction, jobId: string): Promise<void> {
  await tx.query(sql`
    update conversion_job set state = 'RUNNING', started_at = ${new Date()}
    where organization_id = ${tx.tenant.organizationId} and id = ${jobId}`);
}

async function end(
  tx: Transaction,
  principal: Principal,
  { id, state: before }: Job,
  state: 'SUCCEEDED' | 'FAILED',
): Promise<void> {
  const at = new Date();
  await tx.query(sql`
    update conversion_job set state = ${state}, finished_at = ${at}, started_at = coalesce(started_at, ${at})
    where organization_id = ${tx.tenant.organizationId} and id = ${id}`);
  record(tx, principal, {
    ...{ recordType: 'ConversionJob', recordId: id, action: 'endConversionJob', at },
    ...{ before: { state: before }, after: { state } },
  });
}

/** Who started the job may not do it any longer: that is said of each line left. */
async function refuseRest(tx: Transaction, principal: Principal, job: Job): Promise<void> {
  const why = job.is_active ? `has the role ${job.user_role} now` : 'is inactive now';
  const error: UserErrorData = {
    code: UserErrorCode.HUMAN_REVIEW_REQUIRED,
    message: `${job.user_name}, who started the job, ${why}: a person with the right lead:convert has to`,
    path: null,
  };
  await tx.query(sql`
    update conversion_job_line set state = 'REFUSED', errors = ${JSON.stringify([error])}::jsonb
    where organization_id = ${tx.tenant.organizationId} and job_id = ${job.id} and state = 'PENDING'`);
  await end(tx, principal, job, 'FAILED');
}

async function convertLines(
  tx: Transaction,
  principal: Principal,
  job: Job,
  lines: readonly Line[],
  tokenSecret: Uint8Array,
): Promise<Done[]> {
  const { organizationId } = tx.tenant;
  const [organization] = await tx.query<Organization>(sql`
    select id, name, currency, time_zone as "timeZone", fiscal_year_start_month as "fiscalYearStartMonth"
    from organization where id = ${organizationId}`);
  const input = {
    items: lines.map((line) => line.input!),
    mode: BatchMode.PER_RECORD,
    shareOpportunity: job.share_opportunity,
  };
  const earlier = await madeBefore(tx, job);
  const outcomes = await convertBatch(tx, principal, organization!, input, tokenSecret, earlier);
  return outcomes.map((outcome, index) => {
    const { id, position } = lines[index]!;
    if (!('errors' in outcome))
      return { id, state: LineState.CONVERTED, conversionId: outcome.conversionId, errors: [] };
    const errors = outcome.errors.map((error) => ({ ...error, path: pathInJob(error.path, position) }));
    return { id, state: LineState.REFUSED, conversionId: null, errors };
  });
}

/** Lines before have made accounts and contacts, and opportunities that are shared. */
async function madeBefore(tx: Transaction, job: Job): Promise<EarlierBatches> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<{
    accountId: string | null;
    contactId: string | null;
    opportunityId: string | null;
    sharedAt: string | null;
  }>(sql`
    select case when c.account_outcome = 'CREATED' then c.account_id end as "accountId",
      case when c.contact_outcome = 'CREATED' then c.contact_id end as "contactId",
      c.opportunity_id as "opportunityId",
      case when l.input -> 'input' ->> 'opportunity' is null and l.input -> 'input' ->> 'planToken' is null then c.account_id end as "sharedAt"
    from conversion_job_line l
    join lead_conversion c on c.organization_id = ${organizationId} and c.id = l.conversion_id
    where l.organization_id = ${organizationId} and l.job_id = ${job.id} and l.state = 'CONVERTED' and c.reverted_at is null
    order by l.position`);
  const isSharing = job.share_opportunity !== null && !job.share_opportunity.none;
  return {
    made: rows.flatMap(({ accountId, contactId }) => [accountId ?? [], contactId ?? []].flat()),
    shared: rows.flatMap(({ sharedAt, opportunityId }) =>
      isSharing && sharedAt && opportunityId ? [[sharedAt, opportunityId] as const] : [],
    ),
  };
}

/** From the root of the job's input, where the transaction had only some of its items. */
function pathInJob(path: string[] | null | undefined, position: number): string[] | null {
  if (!path) return null;
  return path[0] === 'items' ? ['items', String(position), ...path.slice(2)] : path;
}

async function revertLine(tx: Transaction, principal: Principal, job: Job, line: Line): Promise<Done[]> {
  const { id, conversion_id: conversionId } = line;
  const conversion = encodeId('LeadConversion', conversionId!);
  await tx.query(sql`savepoint line`);
  try {
    const own = { ...tx, em: tx.em.fork({ keepTransactionContext: true }) };
    await revertConversion(own, principal, { conversion, reason: job.reason });
    await own.em.flush();
    return [{ id, conversionId, state: LineState.REVERTED, errors: [] }];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await tx.query(sql`rollback to savepoint line`);
    return [{ id, conversionId, state: LineState.REFUSED, errors: error.errors }];
  }
}

async function markDone(tx: Transaction, done: readonly Done[]): Promise<void> {
  await tx.query(sql`
    update conversion_job_line l set state = b.state, conversion_id = b."conversionId", errors = b.errors
    from jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as b (id uuid, state text, "conversionId" uuid, errors jsonb)
    where l.organization_id = ${tx.tenant.organizationId} and l.id = b.id`);
}
