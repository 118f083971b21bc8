import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { findBinaries, installedPackage } from './embedded-binaries.ts';
import { EmbeddedDatabaseError, errorCode } from './embedded-error.ts';
import { findHome, makeSystemDir, writeAtomically } from './embedded-home.ts';
import { DatabaseUses } from './embedded-lease.ts';
import {
  asSuperuser,
  clusterOf,
  findPostmaster,
  initialiseCluster,
  type ServerOptions,
  startPostmaster,
  stopPostmaster,
  untilReady,
} from './embedded-server.ts';

export { EmbeddedDatabaseError } from './embedded-error.ts';

export interface EmbeddedDatabase {
  /** `postgres://kontor:…@127.0.0.1:…/kontor`; the role owns the database and may create roles and databases. */
  url: string;
  /** Ends our use; the last user stops the server. */
  stop(): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  dataDir: string;
  onLog?: (line: string) => void;
  /** Server settings besides ours, for example `{ fsync: 'off' }` for data nobody will miss. */
  settings?: Record<string, string>;
  /** Where root keeps what PostgreSQL's user can't reach in the data directory. */
  systemDir?: string;
}

/** What the data directory remembers between starts (readable by its owner only). */
interface Connection {
  port: number;
  superuserPassword: string;
  password: string;
}

/**
 * A PostgreSQL server of our own for one data directory. Any number of processes may open it at the same time;
 * the first one starts the server and the last one stops it. A server that outlived its users is taken up again.
 */
export async function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { systemDir = '/var/lib/kontor', settings = {}, onLog = () => undefined } = options;
  if (process.platform === 'win32') {
    throw new EmbeddedDatabaseError('The embedded PostgreSQL does not run on Windows: set DATABASE_URL.');
  }
  const dataDir = makeDataDir(options.dataDir);
  const uses = new DatabaseUses(dataDir);
  return uses.alone(async () => {
    const home = findHome(dataDir, systemDir);
    const cluster = clusterOf(home);
    const connection = readConnection(dataDir, cluster);
    const leave = uses.join();
    try {
      const port = (await attach(cluster, connection)) ?? (await start());
      await prepareDatabase(port, connection);
      return lease(dataDir, cluster, uses, leave, port, connection);
    } catch (error) {
      leave();
      if (!uses.anyLeft()) await stopPostmaster(cluster);
      throw error;
    }

    async function start(): Promise<number> {
      const binaries = findBinaries(await installedPackage(), home.account, () =>
        home.account ? makeSystemDir(systemDir) : dataDir,
      );
      const server: ServerOptions = {
        binaries,
        home,
        settings,
        logFile: path.join(dataDir, 'postgres.log'),
        superuserPassword: connection.superuserPassword,
        preferredPort: connection.port,
      };
      initialiseCluster(server);
      const { port } = await startPostmaster(server);
      if (port !== connection.port) remember(dataDir, { ...connection, port });
      onLog(`PostgreSQL ${binaries.major} serves ${cluster} on port ${port}`);
      return port;
    }
  });
}

function makeDataDir(given: string): string {
  const dataDir = path.resolve(given);
  try {
    if (!fs.existsSync(dataDir)) {
      fs.mkdirSync(dataDir, { recursive: true });
      // Root's PostgreSQL runs as another user, who must get through; secrets have modes of their own.
      fs.chmodSync(dataDir, process.getuid?.() === 0 ? 0o755 : 0o700);
    }
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    return fs.realpathSync(dataDir);
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `Can't write to the data directory ${dataDir} (${errorCode(error) ?? error}): set KONTOR_DATA_DIR to one you own.`,
    );
  }
}

function readConnection(dataDir: string, cluster: string): Connection {
  const file = path.join(dataDir, 'connection.json');
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')) as Connection;
  if (fs.existsSync(cluster)) {
    throw new EmbeddedDatabaseError(
      `${file} is missing, and with it the password of the database in ${cluster}: put it back, or set KONTOR_DATA_DIR.`,
    );
  }
  const spread = createHash('sha256').update(dataDir).digest().readUInt16BE() % 1000;
  return remember(dataDir, {
    port: 54_320 + spread,
    superuserPassword: randomBytes(24).toString('base64url'),
    password: randomBytes(24).toString('base64url'),
  });
}

function remember(dataDir: string, connection: Connection): Connection {
  writeAtomically(path.join(dataDir, 'connection.json'), JSON.stringify(connection));
  return connection;
}

/** The port of a server that runs already; waits while one starts, and until one that shuts down is gone. */
async function attach(cluster: string, connection: Connection): Promise<number | undefined> {
  const running = findPostmaster(cluster);
  if (!running) return undefined;
  const failed = await untilReady(connection, running);
  if (!failed) return running.port;
  if (!findPostmaster(cluster)) return undefined;
  throw new EmbeddedDatabaseError(`PostgreSQL (process ${running.pid}) can't be reached: ${failed}`);
}

/** The superuser only makes the owner: superusers bypass row-level security, so Kontor never works as one. */
async function prepareDatabase(port: number, { superuserPassword, password }: Connection): Promise<void> {
  await asSuperuser(port, superuserPassword, async (client) => {
    const role = await client.query(`select from pg_roles where rolname = 'kontor'`);
    if (role.rowCount === 0) {
      await client.query(
        `create role kontor login createrole createdb password ${client.escapeLiteral(password)}`,
      );
    }
    // Lets the owner act as the roles it makes.
    await client.query(`alter role kontor set createrole_self_grant = 'set'`);
    const database = await client.query(`select from pg_database where datname = 'kontor'`);
    if (database.rowCount === 0) await client.query('create database kontor owner kontor');
  });
}

function lease(
  dataDir: string,
  cluster: string,
  uses: DatabaseUses,
  leave: () => void,
  port: number,
  { password }: Connection,
): EmbeddedDatabase {
  // A process that exits without stop() still turns off the light, if nobody else is coming or going.
  const onExit = () => {
    leave();
    if (uses.tryLock() && !uses.anyLeft()) signalPostmaster(cluster);
  };
  process.once('exit', onExit);
  let stopping: Promise<void> | undefined;
  return {
    url: `postgres://kontor:${password}@127.0.0.1:${port}/kontor`,
    stop: () => {
      process.off('exit', onExit);
      stopping ??= fs.existsSync(dataDir)
        ? uses.alone(async () => {
            leave();
            if (!uses.anyLeft()) await stopPostmaster(cluster);
          })
        : Promise.resolve();
      return stopping;
    },
  };
}

function signalPostmaster(cluster: string): void {
  const running = findPostmaster(cluster);
  if (running) process.kill(running.pid, 'SIGINT');
}
