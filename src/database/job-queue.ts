import { PgBoss } from 'pg-boss';
import type { Sql } from 'sql-template-tag';
import type { Database, Transaction } from './database.ts';

/** What waits in the queue: ids only, since its tables are no tenant's. */
export interface JobMessage {
  organizationId: string;
  jobId: string;
}

const QUEUE = 'conversion-job';
/** Messages worked off at once in one process: requests come first. */
const CONCURRENCY = 2;
/** So long may work under way take to end when the process is told to. */
const STOP_MILLISECONDS = 4_000;

/** Work that outlives its request, on pg-boss: handed over in the transaction that asks for it, taken up by any process. */
export class JobQueue {
  private constructor(private readonly boss: PgBoss) {}

  static async open(database: Database, onWarning: (line: string) => void): Promise<JobQueue> {
    let isLost = false;
    const boss = new PgBoss({
      db: {
        executeSql: async (text, values) => {
          const { rows } = await database.pool.query(text, values as unknown[]);
          isLost = false;
          return { rows: rows ?? [] };
        },
      },
      schema: 'pgboss',
      migrate: false,
      schedule: false,
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
    });
    boss.on('error', (error: Error) => {
      // It asks again and again while the database is away: told once.
      if (!isLost) onWarning(`the job queue is not served for now (${error.message})`);
      isLost = true;
    });
    await boss.start();
    return new JobQueue(boss);
  }

  /** Hands work over, if and when the transaction commits. */
  async enqueue(tx: Transaction, message: JobMessage): Promise<void> {
    const db = {
      executeSql: async (text: string, values: unknown[] = []) => ({
        rows: await tx.query({ text, values } as Sql),
      }),
    };
    await this.boss.send(QUEUE, message, { db });
  }

  /** Takes up messages; one whose handler fails, or whose process dies, is taken up again. */
  async work(handle: (message: JobMessage, isEnding: () => boolean) => Promise<void>): Promise<void> {
    const options = { pollingIntervalSeconds: 1, localConcurrency: CONCURRENCY };
    await this.boss.work<JobMessage>(QUEUE, options, async ([job]) => {
      if (job) await handle(job.data, () => job.signal.aborted || this.isEnding);
    });
  }

  private isEnding = false;

  async stop(): Promise<void> {
    this.isEnding = true;
    await this.boss.stop({ graceful: true, timeout: STOP_MILLISECONDS });
  }
}
