import type DataLoader from 'dataloader';
import type { Database, Transaction } from '../database/database.ts';
import type { Snapshot } from '../database/snapshot.ts';
import type { JobQueue } from '../database/job-queue.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import type { Selection } from './selection.ts';

/**
 * What every resolver of one operation shares. Reads go through one snapshot and its loaders, so that a whole response
 * is of one instant; a write has its own transaction and is followed by a fresh snapshot.
 */
export class Context {
  /** When the operation began: one "now" for all of a response. */
  readonly now = new Date();
  /** What the operation asks for; unknown: everything. */
  selection: Selection | undefined;
  private reading: Snapshot | undefined;
  private loaders = new Map<string, unknown>();
  private closed = false;
  /** The operation only reads, so it is broken off when its client goes; a mutation goes on as if it were still there. */
  isQuery = false;

  constructor(
    readonly principal: Principal,
    readonly organization: Organization,
    readonly database: Database,
    /** The installation's, to sign what clients are to bring back unchanged. */
    readonly tokenSecret: Uint8Array,
    /** Where jobs are handed to be run; a process that serves nobody else has none. */
    readonly jobs: JobQueue | null = null,
    /** Tells that nobody waits for the answer any longer. A signal, since Apollo copies the context. */
    private readonly gone: AbortSignal | null = null,
  ) {}

  get snapshot(): Snapshot {
    if (!this.reading) {
      this.reading = this.database.snapshot(this.principal);
      // a late sibling of a failed field may be the first to read: nobody would end what it opens
      if (this.closed) void this.reading.close();
      if (this.isQuery) this.endWithClient(this.reading);
    }
    return this.reading;
  }

  /** The loader of that name in this snapshot. A name tells everything the loader depends on, arguments included. */
  loader<K, V>(name: string, create: () => DataLoader<K, V>): DataLoader<K, V> {
    let loader = this.loaders.get(name) as DataLoader<K, V> | undefined;
    if (!loader) this.loaders.set(name, (loader = create()));
    return loader;
  }

  /** Runs a write; what is read afterwards is read anew. */
  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.database.write(this.principal, work);
    } finally {
      // also after a refusal: what it refers to may be younger than an earlier mutation's snapshot
      await this.renew();
    }
  }

  /** The first error of a statement: the transaction is aborted, the operation has failed. */
  get failure(): Error | undefined {
    return this.reading?.failure;
  }

  private endWithClient(reading: Snapshot): void {
    if (this.gone?.aborted) reading.abandon();
    else this.gone?.addEventListener('abort', () => reading.abandon(), { once: true });
  }

  /** Ends reading: lets the running statement end, refuses later ones, gives the connection back. */
  async close(): Promise<void> {
    this.closed = true;
    await this.reading?.close();
  }

  private async renew(): Promise<void> {
    const { reading } = this;
    this.reading = undefined;
    this.loaders = new Map();
    await reading?.close();
  }
}
