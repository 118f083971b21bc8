import type { ConvertLeadsItem } from '../../src/conversion/conversion-batch.inputs.ts';
import type { StartConversionJobInput } from '../../src/conversion-jobs/job.inputs.ts';
import { runLines } from '../../src/conversion-jobs/job-run.ts';
import {
  cancelConversionJob,
  type Enqueue,
  revertConversionJob,
  startConversionJob,
} from '../../src/conversion-jobs/job.service.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { SECRET } from '../conversion/preview-sales.ts';
import type { Sales } from '../conversion/sales.ts';

/** For jobs that a test works off itself. */
export const nowhere: Enqueue = () => Promise.resolve();

export const start = (
  sales: Sales,
  items: ConvertLeadsItem[],
  more: Omit<StartConversionJobInput, 'items'> = {},
  { as = sales.admin, enqueue = nowhere }: { as?: Principal; enqueue?: Enqueue } = {},
): Promise<string> =>
  sales.world.database.write(as, (tx) => startConversionJob(tx, as, { items, ...more }, enqueue));

export const cancel = (sales: Sales, jobId: string): Promise<string> =>
  sales.world.database.write(sales.admin, (tx) =>
    cancelConversionJob(tx, sales.admin, { job: encodeId('ConversionJob', jobId) }),
  );

export const revertJob = (sales: Sales, jobId: string, enqueue = nowhere): Promise<string> =>
  sales.world.database.write(sales.admin, (tx) =>
    revertConversionJob(tx, sales.admin, { job: encodeId('ConversionJob', jobId) }, enqueue),
  );

/** Works off the next lines as a worker does; true when the job has ended. */
export const run = (sales: Sales, jobId: string, atOnce = 20): Promise<boolean> =>
  runLines(
    { database: sales.world.database, tokenSecret: SECRET },
    { organizationId: sales.organization.id, jobId },
    atOnce,
  );

export async function runToEnd(sales: Sales, jobId: string): Promise<void> {
  while (!(await run(sales, jobId)));
}

export const stateOf = async (sales: Sales, jobId: string) =>
  (await sales.row('conversion_job', jobId))['state'] as string;

/** The states of a job's lines, in their order. */
export async function linesOf(sales: Sales, jobId: string) {
  const rows = await sales.rows<{
    position: number;
    state: string;
    errors: { code: string; path: string[] }[];
  }>('conversion_job_line', `job_id = '${jobId}'`);
  return rows.toSorted((a, b) => a.position - b.position);
}

export async function countsOf(sales: Sales, jobId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await linesOf(sales, jobId)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}
