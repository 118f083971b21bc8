import type { Database } from '../database/database.ts';
import { isConnectionLost } from '../database/database.ts';
import type { JobMessage, JobQueue } from '../database/job-queue.ts';
import { failNextLine, runLines } from './job-run.ts';

/** Lines of one transaction: fewer locks for less long than a client's batch of 100 has. */
const LINES = 20;
/** Transactions before another job has its turn. */
const TURNS = 25;

/** Time-outs, locks, deadlocks, full disks and memory: they pass, and the queue asks again. */
const PASSING = /^(57014|55P03|40001|40P01|53...)$/;

function isPassing(error: unknown): boolean {
  return isConnectionLost(error) || PASSING.test(String((error as { code?: unknown }).code));
}

interface Parts {
  database: Database;
  tokenSecret: Uint8Array;
}

/** Has this process work jobs off, beside any others that do. */
export function workConversionJobs(
  queue: JobQueue,
  parts: Parts,
  onError: (error: unknown) => void,
): Promise<void> {
  return queue.work(async (message, isEnding) => {
    for (let turn = 0; turn < TURNS && !isEnding(); turn++)
      if (await runSome(parts, message, onError)) return;
    // Not to its end: back into the queue, behind those that wait.
    await parts.database.write({ organizationId: message.organizationId, userId: null }, (tx) =>
      queue.enqueue(tx, message),
    );
  });
}

/** Works off the next lines; true when the job has ended. A line that can't be done must not keep the others from it. */
async function runSome(
  parts: Parts,
  message: JobMessage,
  onError: (error: unknown) => void,
): Promise<boolean> {
  try {
    return await runLines(parts, message, LINES);
  } catch (error) {
    if (isPassing(error)) throw error;
    onError(error);
  }
  try {
    return await runLines(parts, message, 1);
  } catch (error) {
    if (isPassing(error)) throw error;
    onError(error);
    await failNextLine(parts.database, message);
    return false;
  }
}
