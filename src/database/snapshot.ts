import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { requestCancel } from './cancel-request.ts';
import { rowTypes } from './row-types.ts';
import type { StatementObserver, Tenant } from './tenant.ts';
import { bindTenant } from './tenant.ts';

/** More shapes than this run unnamed, so that a client inventing filters can't fill every backend with plans. */
const MAX_NAMED_STATEMENTS = 500;
const statementNames = new Map<string, string>();

function statementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MAX_NAMED_STATEMENTS) return known;
  const name = createHash('sha1').update(text).digest('base64url').slice(0, 20);
  statementNames.set(text, name);
  return name;
}

export class SnapshotClosedError extends Error {
  override name = 'SnapshotClosedError';
}

/** Whoever asked has gone. */
export class AbandonedError extends Error {
  override name = 'AbandonedError';
}

/**
 * One read-only REPEATABLE READ transaction, opened at the first statement: everything read through it is of one
 * instant and of one organisation. Statements share one connection, which runs them one after another as they were sent
 * without a wait between them. `close` lets the sent ones end, refuses every later one, and only then gives the connection
 * back: graphql-js answers while siblings of a failed non-null field still run, and a late statement must never run in
 * somebody else's transaction.
 */
export class Snapshot {
  /** The first error of a statement: it has aborted the transaction, so the whole operation fails with it. */
  failure: Error | undefined;
  private client: Promise<pg.PoolClient> | undefined;
  private begun: Promise<unknown> | undefined;
  private readonly running = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly tenant: Tenant,
    private readonly observe: StatementObserver | undefined,
  ) {}

  query<Row extends object>(statement: Sql): Promise<Row[]> {
    if (this.closing) return Promise.reject(new SnapshotClosedError('The operation has ended'));
    const result = this.run<Row>(statement);
    this.running.add(result.catch(() => undefined));
    return result;
  }

  async one<Row extends object>(statement: Sql): Promise<Row | undefined> {
    return (await this.query<Row>(statement))[0];
  }

  /** Nobody waits for what it reads: ends the running statement, refuses every later one. */
  abandon(): void {
    // once it is closing the connection may be somebody else's already
    if (this.failure || this.closing) return;
    this.failure = new AbandonedError('The client has gone');
    void this.client?.then(requestCancel, () => undefined);
  }

  close(): Promise<void> {
    this.closing ??= Promise.all(this.running).then(() => this.release());
    return this.closing;
  }

  private async run<Row extends object>(statement: Sql): Promise<Row[]> {
    try {
      if (this.failure) throw this.failure;
      this.client ??= this.begin();
      const client = await this.client;
      if (this.closing) throw new SnapshotClosedError('The operation has ended');
      if (this.failure) throw this.failure;
      const text = statement.text;
      this.observe?.(text, statement.values, this.tenant);
      const [result] = await Promise.all([
        client.query<Row>({ name: statementName(text), text, values: statement.values, types: rowTypes }),
        this.begun,
      ]);
      return result.rows;
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }

  /** The first statement goes out right behind `begin`; should that fail, so does the statement. */
  private async begin(): Promise<pg.PoolClient> {
    const begin = `begin isolation level repeatable read read only; ${bindTenant(this.tenant)}`;
    const client = await this.pool.connect();
    this.begun = client.query(begin);
    this.begun.catch((error: Error) => (this.failure ??= error));
    return client;
  }

  private async release(): Promise<void> {
    const client = await this.client?.catch(() => undefined);
    if (!client) return;
    // a request to cancel may still be on its way: it must not meet somebody else's statement
    if (this.failure instanceof AbandonedError) return client.release(true);
    try {
      await client.query(this.failure ? 'rollback' : 'commit');
      client.release();
    } catch {
      client.release(true);
    }
  }
}
