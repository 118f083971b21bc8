import { CompiledQuery } from 'kysely';
import { type EntityManager, IsolationLevel, MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { entities } from './entities.ts';
import { Snapshot } from './snapshot.ts';
import type { StatementObserver, Tenant } from './tenant.ts';

/** The role requests run as: owns nothing, can't bypass row-level security (migration 0001). */
export const APP_ROLE = 'kontor_app';

/**
 * How our connections plan. Pages are read by index from memory or solid state disks: with PostgreSQL's costs of a turning
 * disk, its one plan for all cursors looks dearer than it is, and each page of a long list would be planned anew.
 */
export const PLANNING = '-c jit=off -c random_page_cost=1.1';

/** A running write: one transaction of one organisation. */
export interface Transaction {
  em: EntityManager;
  tenant: Tenant;
  /** Set where running it twice does nothing twice (an idempotency key): then a lost connection is tried again, too. */
  isRepeatable: boolean;
  /** Rows as MikroORM's connection parses them: timestamps as text, numeric and bigint as text. */
  query<Row extends object>(statement: Sql): Promise<Row[]>;
}

/** Failures that say "run it again": serialization, deadlock, and Citus's commit on a lost shard. */
function isRetryable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    code === '40001' ||
    code === '40P01' ||
    (code === 'XX000' && !!message?.includes('could not commit transaction for shard'))
  );
}

const LOST_CONNECTION = /^(08...|53300|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE)$/;

/** The database went away, or could not be reached: whether a commit under way has happened is not known. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    (code !== undefined && LOST_CONNECTION.test(code)) ||
    /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect/.test(
      message ?? '',
    )
  );
}

/** PostgreSQL's `query_canceled`: the statement ran into the time-out, or somebody ended it by hand. */
export function isTimedOut(error: unknown): boolean {
  return (error as { code?: string }).code === '57014';
}

const MAX_ATTEMPTS = 5;
/** No statement takes longer. */
const STATEMENT_MILLISECONDS = 30_000;

export interface DatabaseOptions {
  poolSize?: number;
  /** After which a statement is ended; tests have no time. */
  statementMilliseconds?: number;
  observe?: StatementObserver;
}

/** The application's connections, all in the role `kontor_app`: snapshots to read, transactions to write. */
export class Database {
  /** Called for every statement; tests set it. */
  observe: StatementObserver | undefined;

  private constructor(
    private readonly orm: MikroORM,
    readonly pool: pg.Pool,
    observe: StatementObserver | undefined,
  ) {
    this.observe = observe;
  }

  static async open(url: string, options: DatabaseOptions = {}): Promise<Database> {
    const { poolSize = 16, statementMilliseconds = STATEMENT_MILLISECONDS } = options;
    const orm = await MikroORM.init({
      clientUrl: url,
      entities,
      pool: { min: 0, max: poolSize },
      driverOptions: {
        options: `-c role=${APP_ROLE} -c timezone=UTC ${PLANNING} -c statement_timeout=${statementMilliseconds} -c idle_in_transaction_session_timeout=60000`,
        connectionTimeoutMillis: 10_000,
        // Statements are sent as they come, not each after the answer to the one before: see Snapshot.
        pipeline: true,
        application_name: 'kontor',
      },
      forceUtcTimezone: true,
      forceEntityConstructor: false,
      logger: () => undefined,
    });
    const pool: pg.Pool = await orm.em.getConnection().getNativeClient();
    return new Database(orm, pool, options.observe);
  }

  /** A snapshot to read through; close it. */
  snapshot(tenant: Tenant): Snapshot {
    return new Snapshot(this.pool, tenant, this.observe && ((...statement) => this.observe?.(...statement)));
  }

  async read<T>(tenant: Tenant, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const snapshot = this.snapshot(tenant);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.close();
    }
  }

  /**
   * Runs `work` in one READ COMMITTED transaction of the organisation; what it throws rolls everything back. Tried again
   * with a fresh entity manager when PostgreSQL says so, so `work` must keep nothing from an earlier attempt. After a lost
   * connection only where nothing can be done twice: before `work` began, or when it says so (`isRepeatable`).
   */
  async write<T>(tenant: Tenant, work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let tx: Transaction | undefined;
      try {
        return await this.attempt(tenant, (begun) => work((tx = begun)));
      } catch (error) {
        const isSafe = isRetryable(error) || (isConnectionLost(error) && (tx?.isRepeatable ?? true));
        if (attempt >= MAX_ATTEMPTS || !isSafe) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      }
    }
  }

  /** Runs what a write would do up to its first statement that writes: a read-only transaction, all of one instant. */
  plan<T>(tenant: Tenant, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.attempt(tenant, work, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  }

  private attempt<T>(
    tenant: Tenant,
    work: (tx: Transaction) => Promise<T>,
    options: { isolationLevel: IsolationLevel; readOnly?: boolean } = {
      isolationLevel: IsolationLevel.READ_COMMITTED,
    },
  ): Promise<T> {
    const em = this.orm.em.fork();
    em.setSessionContext({
      variables: { 'app.organization_id': tenant.organizationId, 'app.user_id': tenant.userId ?? '' },
    });
    return em.transactional(
      (inner) =>
        work({
          em: inner,
          tenant,
          isRepeatable: false,
          query: async <Row extends object>(statement: Sql) => {
            this.observe?.(statement.text, statement.values, tenant);
            const compiled = CompiledQuery.raw(statement.text, [...statement.values]);
            return (await inner.getKysely().executeQuery(compiled)).rows as Row[];
          },
        }),
      options,
    );
  }

  /**
   * After a bulk write: lets PostgreSQL learn what the tables hold now. Until its autovacuum comes by it plans for what
   * they held before, and a metric over a fresh import could take seconds instead of milliseconds. As the owner, whom
   * the connection belongs to (of tables that are not its own PostgreSQL leaves them out); a failure changes nothing.
   */
  async learnStatistics(): Promise<void> {
    const tables = [...this.orm.getMetadata().getAll().values()].map(({ tableName }) => tableName);
    await this.pool.query(`set role none; analyze ${tables.join(', ')}; reset role`).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.orm.close(true);
  }
}
