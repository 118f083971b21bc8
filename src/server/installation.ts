import pg from 'pg';
import { migrations } from '../../migrations/index.ts';
import type { Config } from '../config.ts';
import { Database } from '../database/database.ts';
import { checkApplicationRole } from '../database/roles-check.ts';
import type { StatementObserver } from '../database/tenant.ts';
import { checkVersions, explained, InstallationError } from './installation-error.ts';

/** One database with Kontor's schema, ready to be worked with. */
export interface Installation {
  /** Connections of the role that owns the tables: for what concerns all organisations. */
  owner: pg.Pool;
  /** Connections of the application's role, which sees one organisation at a time. */
  database: Database;
  /** Signs bearer tokens. */
  tokenSecret: Uint8Array;
  /** Is the database the embedded one, which only this machine's user reaches? */
  embedded: boolean;
  /** The migrations this opening has run. */
  migrated: string[];
  close(): Promise<void>;
}

export interface InstallationOptions {
  onLog?: (line: string) => void;
  observe?: StatementObserver;
}

/**
 * Opens the configured database, the embedded one if none is configured; migrates it if need be and refuses to work on
 * one that would not keep organisations apart. What goes wrong is thrown as one line that says what to do.
 */
export async function openInstallation(
  config: Config,
  { onLog = () => undefined, observe }: InstallationOptions = {},
): Promise<Installation> {
  const embedded = config.databaseUrl === undefined ? await openEmbedded(config.dataDir, onLog) : undefined;
  const url = config.databaseUrl ?? embedded!.url;
  const opened: (() => Promise<void>)[] = [async () => embedded?.stop()];
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const migrated = await bringUpToDate(url);
    for (const name of migrated) onLog(`migrated: ${name}`);
    const owner = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 10_000 });
    // An idle connection that dies is replaced at the next query; without a listener it would end the process.
    owner.on('error', (error) => onLog(`lost a connection to the database (${error.message})`));
    opened.push(() => owner.end());
    const database = await Database.open(url, { poolSize: config.poolSize, observe });
    opened.push(() => database.close());
    await checkApplicationRole(database.pool);
    const tokenSecret = await readTokenSecret(owner);
    return { owner, database, tokenSecret, embedded: embedded !== undefined, migrated, close };
  } catch (error) {
    await close();
    throw await explained(error, url);
  }
}

async function openEmbedded(dataDir: string, onLog: (line: string) => void) {
  const { openEmbeddedDatabase } = await import('../database/embedded.ts');
  return await openEmbeddedDatabase({ dataDir, onLog });
}

/** Runs the missing migrations, if any, and returns their names: a look at the list is much cheaper than the migrator. */
async function bringUpToDate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const applied = await appliedMigrations(client);
    await checkVersions(client, applied);
    if (migrations.every(({ name }) => applied.includes(name)) && (await hasTokenSecret(client))) return [];
  } finally {
    await client.end();
  }
  const { migrate } = await import('../database/migrate.ts');
  return await migrate(url);
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query(
    `select from pg_class where oid = to_regclass('schema_migration')`,
  );
  if (found.length === 0) return [];
  const { rows } = await client.query<{ name: string }>('select name from schema_migration order by id');
  return rows.map(({ name }) => name);
}

async function hasTokenSecret(client: pg.Client): Promise<boolean> {
  return (await client.query('select from installation')).rows.length > 0;
}

async function readTokenSecret(owner: pg.Pool): Promise<Uint8Array> {
  const { rows } = await owner.query<{ token_secret: Buffer }>('select token_secret from installation');
  if (!rows[0]) throw new InstallationError('The table "installation" is empty: restore it from a backup');
  return new Uint8Array(rows[0].token_secret);
}
