import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findPostmaster, type Postmaster } from '../../src/database/embedded-server.ts';

const userScript = fileURLToPath(new URL('./embedded-user.ts', import.meta.url));
export const checkout = path.resolve(path.dirname(userScript), '../..');
export const weAreRoot = process.getuid?.() === 0;

/** A process that has the database open. */
export interface DatabaseUser {
  url: string;
  process: ChildProcess;
  query(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface Identity {
  uid: number;
  gid: number;
}

/** Directories, processes and servers of one test; `clear` removes them all. */
export class EmbeddedWorld {
  /** Everybody may pass through it. */
  readonly root: string;
  readonly systemDir: string;
  private readonly processes: ChildProcess[] = [];

  constructor() {
    this.root = fs.realpathSync(
      fs.mkdtempSync(path.join(weAreRoot ? '/tmp' : os.tmpdir(), 'kontor-test-embedded-')),
    );
    fs.chmodSync(this.root, 0o755);
    this.systemDir = path.join(this.root, 'system');
  }

  directory(name: string, mode = 0o755, owner?: Identity): string {
    const dir = path.join(this.root, name);
    fs.mkdirSync(dir, { recursive: true });
    if (owner) fs.chownSync(dir, owner.uid, owner.gid);
    fs.chmodSync(dir, mode);
    return dir;
  }

  /** Starts a process that opens the database; its first line is the answer. */
  start(dataDir: string, settings: Record<string, string> = {}, as?: Identity): ChildProcess {
    const options = { dataDir, systemDir: this.systemDir, settings: { fsync: 'off', ...settings }, ...as };
    const child = spawn(process.execPath, ['--import', 'tsx', userScript, JSON.stringify(options)], {
      cwd: checkout,
      stdio: ['pipe', 'pipe', 'inherit'],
      // A group of its own, as a terminal gives to what it runs.
      detached: true,
    });
    this.processes.push(child);
    return child;
  }

  async open(dataDir: string, settings: Record<string, string> = {}, as?: Identity): Promise<DatabaseUser> {
    return databaseUser(this.start(dataDir, settings, as));
  }

  /** The message of the error that opening ends with. */
  async refusal(dataDir: string, settings: Record<string, string> = {}, as?: Identity): Promise<string> {
    const answer = await firstLine(this.start(dataDir, settings, as));
    return answer.error ?? `no error, but ${answer.url}`;
  }

  async clear(): Promise<void> {
    for (const child of this.processes) await killed(child, 'SIGKILL');
    for (const cluster of this.clusters(this.root)) {
      const running = findPostmaster(cluster);
      if (running) process.kill(running.pid, 'SIGKILL');
      while (running && findPostmaster(cluster)) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }

  private clusters(dir: string): string[] {
    if (fs.existsSync(path.join(dir, 'PG_VERSION'))) return [dir];
    return fs
      .readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => this.clusters(path.join(dir, entry.name)));
  }
}

export async function databaseUser(child: ChildProcess): Promise<DatabaseUser> {
  const { url, error } = await firstLine(child);
  if (!url) throw new Error(error ?? 'The process ended without an answer.');
  return {
    url,
    process: child,
    query: (sql) => query(url, sql),
    stop: async () => {
      child.stdin?.write('stop\n');
      if (child.exitCode === null) await once(child, 'exit');
    },
    kill: (signal) => killed(child, signal),
  };
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that is killed under us is what some tests are about.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export function serverOf(dataDir: string): Postmaster | undefined {
  return findPostmaster(path.join(dataDir, 'postgres/cluster'));
}

async function firstLine(child: ChildProcess): Promise<{ url?: string; error?: string }> {
  if (!child.stdout) return {};
  for await (const line of createInterface({ input: child.stdout }))
    return JSON.parse(line) as { url?: string };
  return {};
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
