import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import type { ConversionJobLineState } from './job.enums.ts';
import { type ConversionJob, jobColumns, lineColumns, toJob } from './job.type.ts';

/** Jobs are listed latest first, lines in the order of the input. */
export const jobOrder: Order[] = [
  { field: 'CREATED_AT', descending: true, by: { column: 't.created_at', type: 'timestamptz' } },
];
export const lineOrder: Order[] = [
  { field: 'POSITION', descending: false, by: { column: 't.position', type: 'integer' } },
];

export function jobSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'conversion_job',
    columns: jobColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export function lineSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'conversion_job_line',
    columns: lineColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

export async function jobsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<ConversionJob[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(jobColumns)} from conversion_job t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[])`);
  return rows.map(toJob);
}

/** How many lines of a job are how far. */
export interface JobProgress {
  total: number;
  converted: number;
  reverted: number;
  refused: number;
  cancelled: number;
  pending: number;
}

/** The lines of each job counted, in one statement for all jobs of an operation. */
export function loadProgress(context: Context, jobId: string): Promise<JobProgress> {
  return context
    .loader(
      'ConversionJob.progress',
      () =>
        new DataLoader<string, JobProgress>(async (ids) => {
          const rows = await context.snapshot.query<{
            jobId: string;
            state: ConversionJobLineState;
            count: number;
          }>(sql`
            select l.job_id as "jobId", l.state, count(*)::int as count from conversion_job_line l
            where l.organization_id = ${context.organization.id} and l.job_id = any(${ids}::uuid[])
            group by l.job_id, l.state`);
          return ids.map((id) => progressOf(rows.filter((row) => row.jobId === id)));
        }),
    )
    .load(jobId);
}

function progressOf(rows: { state: ConversionJobLineState; count: number }[]): JobProgress {
  const of = (...states: `${ConversionJobLineState}`[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    converted: of('CONVERTED'),
    reverted: of('REVERTED'),
    refused: of('REFUSED', 'FAILED'),
    cancelled: of('CANCELLED'),
    pending: of('PENDING'),
  };
}
