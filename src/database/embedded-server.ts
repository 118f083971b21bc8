import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, serverEnvironment } from './embedded-binaries.ts';
import { EmbeddedDatabaseError, errorCode } from './embedded-error.ts';
import { type DatabaseHome, giveToOwnerOf } from './embedded-home.ts';
import { describeProcess, processIdentity } from './embedded-lease.ts';

export interface Postmaster {
  pid: number;
  port: number;
}

export interface ServerOptions {
  binaries: Binaries;
  home: DatabaseHome;
  logFile: string;
  superuserPassword: string;
  preferredPort: number;
  settings: Record<string, string>;
}

export const superuser = 'postgres';
const patienceMs = 60_000;
const logLimitBytes = 8 * 1024 * 1024;

const defaultSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  // What clients write in numbers is known to the planner soon: until then metrics over it could take seconds.
  autovacuum_naptime: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A statement that fails holds people's data, and so does what PostgreSQL says in detail: neither is for a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

export function clusterOf(home: DatabaseHome): string {
  return path.join(home.dir, 'cluster');
}

/** Makes the cluster if there is none yet. A killed attempt leaves an unfinished directory, never half a cluster. */
export function initialiseCluster({ binaries, home, superuserPassword, settings }: ServerOptions): void {
  const cluster = clusterOf(home);
  if (fs.existsSync(cluster)) {
    const found = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
    if (found === binaries.major) {
      // Copying a clone loosens it, and PostgreSQL refuses what others can read.
      fs.chmodSync(cluster, 0o700);
      return;
    }
    throw new EmbeddedDatabaseError(
      `${cluster} was made by PostgreSQL ${found} and this Kontor brings ${binaries.major}: set KONTOR_DATA_DIR to another directory, or serve the old one yourself and set DATABASE_URL.`,
    );
  }
  for (const name of fs.readdirSync(home.dir)) {
    if (name.startsWith('unfinished.'))
      fs.rmSync(path.join(home.dir, name), { recursive: true, force: true });
  }
  const unfinished = path.join(home.dir, `unfinished.${randomUUID()}`);
  const passwordFile = `${unfinished}.password`;
  fs.writeFileSync(passwordFile, `${superuserPassword}\n`, { mode: 0o600, flag: 'wx' });
  if (home.account) fs.lchownSync(passwordFile, home.account.uid, home.account.gid);
  try {
    // pg_trgm asks the C library which characters are letters, and plain C knows no "ü".
    const failure =
      runInitdb(binaries, home, unfinished, passwordFile, 'C.UTF-8', settings) &&
      runInitdb(binaries, home, unfinished, passwordFile, 'C', settings);
    if (failure) {
      throw new EmbeddedDatabaseError(`The database could not be made in ${home.dir}: ${lastLines(failure)}`);
    }
    fs.renameSync(unfinished, cluster);
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Returns what went wrong, or undefined. */
function runInitdb(
  { initdb, libraries }: Binaries,
  { account }: DatabaseHome,
  directory: string,
  passwordFile: string,
  characterType: string,
  settings: Record<string, string>,
): string | undefined {
  const run = spawnSync(
    initdb,
    [
      `--pgdata=${directory}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      `--lc-ctype=${characterType}`,
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(settings['fsync'] === 'off' ? ['--no-sync'] : []),
    ],
    { ...account, env: serverEnvironment(libraries), cwd: '/', encoding: 'utf8' },
  );
  return run.status === 0 ? undefined : (run.error?.message ?? run.stderr);
}

/** The living server of this cluster, if there is one, whoever started it. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const file = path.join(cluster, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return processIdentity(pid) !== undefined && servesCluster(pid, cluster) ? { pid, port } : undefined;
}

/** A stale postmaster.pid may name a process that has nothing to do with us. A postmaster works in its cluster. */
function servesCluster(pid: number, cluster: string): boolean {
  if (!fs.existsSync('/proc/self/cwd')) {
    return describeProcess(pid, 'args=')?.includes(cluster) ?? false;
  }
  try {
    const [theirs, ours] = [fs.statSync(`/proc/${pid}/cwd`), fs.statSync(cluster)];
    return theirs.ino === ours.ino && theirs.dev === ours.dev;
  } catch {
    return false;
  }
}

export async function startPostmaster(options: ServerOptions): Promise<Postmaster> {
  const cluster = clusterOf(options.home);
  // Its writer is gone (the caller looked), but PostgreSQL refuses to start when another process has its number.
  fs.rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
  keepLogSmall(options.logFile);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const port = await freePort(options.preferredPort);
    const logStart = fs.statSync(options.logFile).size;
    const child = spawnPostgres(options, port);
    const failed = await untilReady(options, { pid: child.pid ?? 0, port }, deadline, () => child.failed);
    if (!failed) return { pid: child.pid ?? 0, port };

    const log = fs.readFileSync(options.logFile).subarray(logStart).toString();
    // Somebody took the port meanwhile; or processes of a killed server are still on their way out.
    const passing = /could not create any TCP\/IP sockets|shared memory block .* is still in use/.test(log);
    if (!passing || Date.now() > deadline) {
      throw new EmbeddedDatabaseError(
        `PostgreSQL did not start: ${[failed, lastLines(log)].filter(Boolean).join(': ')} (log: ${options.logFile})`,
      );
    }
    await sleep(200);
  }
}

function spawnPostgres({ binaries, home, logFile, settings }: ServerOptions, port: number) {
  const given = Object.entries({ ...defaultSettings, ...settings });
  const log = fs.openSync(logFile, 'a');
  // Detached: Ctrl-C reaches the whole process group, and we want to shut down after our own work is done.
  const child = spawn(
    binaries.postgres,
    [
      '-D',
      clusterOf(home),
      '-p',
      String(port),
      ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...home.account,
      env: serverEnvironment(binaries.libraries),
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  fs.closeSync(log);
  child.unref();
  const state = { pid: child.pid, failed: undefined as string | undefined };
  child.on('error', (error) => (state.failed = error.message));
  child.on('exit', (code, signal) => (state.failed = `it ended with ${signal ?? code}`));
  return state;
}

/** Waits out start, crash recovery and a shutdown under way; returns why the server can't be used, if so. */
export async function untilReady(
  { superuserPassword }: Pick<ServerOptions, 'superuserPassword'>,
  { pid, port }: Postmaster,
  deadline = Date.now() + patienceMs,
  failed: () => string | undefined = () =>
    processIdentity(pid) === undefined ? 'it was shutting down' : undefined,
): Promise<string | undefined> {
  for (;;) {
    const failure = failed();
    if (failure) return failure;
    try {
      await asSuperuser(port, superuserPassword, async () => undefined);
      return undefined;
    } catch (error) {
      if (errorCode(error) === '28P01') return 'the password in connection.json is not its password';
      if (Date.now() > deadline) return `no answer on port ${port} within ${patienceMs / 1000} s: ${error}`;
    }
    await sleep(50);
  }
}

export async function asSuperuser<T>(
  port: number,
  password: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Fast shutdown: open transactions are rolled back, everything committed is kept. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const running = findPostmaster(cluster);
  if (!running) return;
  process.kill(running.pid, 'SIGINT');
  const deadline = Date.now() + patienceMs;
  while (findPostmaster(cluster)?.pid === running.pid) {
    // It writes everything to disk first; whatever it is stuck on, the log brings it back at the next start.
    if (Date.now() > deadline) process.kill(running.pid, 'SIGQUIT');
    await sleep(25);
  }
}

async function freePort(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 200; port += 1) if (await isFree(port)) return port;
  throw new EmbeddedDatabaseError(`No free port between ${preferred} and ${preferred + 199} on 127.0.0.1.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const trial = net.createServer();
    trial.once('error', () => resolve(false));
    trial.listen({ port, host: '127.0.0.1', exclusive: true }, () => trial.close(() => resolve(true)));
  });
}

function keepLogSmall(logFile: string): void {
  const size = fs.statSync(logFile, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    fs.writeFileSync(logFile, '', { mode: 0o600 });
    giveToOwnerOf(path.dirname(logFile), logFile);
  } else if (size > logLimitBytes) {
    fs.copyFileSync(logFile, `${logFile}.1`);
    fs.truncateSync(logFile);
  }
}

function lastLines(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /FATAL|PANIC|error|HINT|DETAIL|No space left/.test(line));
  return (telling.length > 0 ? telling : lines.filter((line) => line !== '')).slice(-3).join(' / ');
}
