import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedDatabaseError, errorCode } from './embedded-error.ts';

/**
 * Who uses an embedded database, and who may start or stop it: files that stay right when their writer is
 * killed. Each entry is a symbolic link whose target names its process: made in one step, never half written.
 */
export class DatabaseUses {
  private readonly dir: string;
  private readonly mark: string;

  constructor(dataDir: string) {
    this.dir = path.join(dataDir, 'use');
    fs.mkdirSync(this.dir, { recursive: true });
    this.mark = [process.pid, processIdentity(process.pid), this.inode()].join('|');
  }

  /** Runs `work` while no other process starts, stops, joins or leaves this database. */
  async alone<T>(work: () => Promise<T>, patienceMs = 180_000): Promise<T> {
    const deadline = Date.now() + patienceMs;
    let release = this.tryLock();
    while (!release) {
      if (Date.now() > deadline) {
        const holder = this.lockHolder();
        throw new EmbeddedDatabaseError(
          `Process ${holder} has been starting or stopping the database in ${path.dirname(this.dir)} for too long; end it and try again.`,
        );
      }
      await sleep(25);
      release = this.tryLock();
    }
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Notes one use by this process; the returned function ends it. */
  join(): () => void {
    const lease = path.join(this.dir, `user.${randomUUID()}`);
    fs.symlinkSync(this.mark, lease);
    return () => fs.rmSync(lease, { force: true });
  }

  /** Whether a living process still uses the database; leases of dead ones are dropped. */
  anyLeft(): boolean {
    let living = 0;
    for (const name of this.entries('user.')) {
      if (this.isLiving(this.target(name))) living += 1;
      else fs.rmSync(path.join(this.dir, name), { force: true });
    }
    return living > 0;
  }

  /**
   * Takes the lock, or returns undefined when a living process holds it. Locks are numbered and the highest
   * number holds: a dead holder is succeeded by the next number, which only one process can make, so that two
   * processes that find the same dead holder can't both replace it.
   */
  tryLock(): (() => void) | undefined {
    const last = this.lastLock();
    if (this.isLiving(this.target(`lock.${last}`))) return undefined;
    const mine = last + 1;
    if (!this.place(this.mark, mine)) return undefined;
    if (this.lastLock() > mine) {
      // We were slow: others took and freed the lock since we looked.
      this.remove(mine);
      return undefined;
    }
    for (const name of this.entries('lock.')) if (lockNumber(name) < mine) this.remove(lockNumber(name));
    return () => {
      if (this.place('free', mine + 1)) this.remove(mine);
    };
  }

  private place(mark: string, number: number): boolean {
    try {
      fs.symlinkSync(mark, path.join(this.dir, `lock.${number}`));
      return true;
    } catch (error) {
      // Taken by another process; or the data directory was deleted while we used it.
      if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  private remove(number: number): void {
    fs.rmSync(path.join(this.dir, `lock.${number}`), { force: true });
  }

  private lastLock(): number {
    return Math.max(0, ...this.entries('lock.').map(lockNumber));
  }

  private lockHolder(): string {
    return this.target(`lock.${this.lastLock()}`)?.split('|')[0] ?? 'unknown';
  }

  private entries(prefix: string): string[] {
    return fs.existsSync(this.dir) ? fs.readdirSync(this.dir).filter((name) => name.startsWith(prefix)) : [];
  }

  private target(name: string): string | undefined {
    try {
      return fs.readlinkSync(path.join(this.dir, name));
    } catch {
      return undefined;
    }
  }

  /** Entries that came along when the directory was copied speak of the original's users, not of ours. */
  private isLiving(mark: string | undefined): boolean {
    const [pid, identity, inode] = mark?.split('|') ?? [];
    return inode === this.inode() && identity !== '' && identity === processIdentity(Number(pid));
  }

  private inode(): string {
    return String(fs.statSync(this.dir, { throwIfNoEntry: false })?.ino);
  }
}

function lockNumber(name: string): number {
  return Number(name.slice('lock.'.length));
}

/** Tells a process from a later one with the same number; undefined when it is gone (or only a zombie). */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command's name, which may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined;
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
  } catch {
    return fs.existsSync('/proc/self/stat') ? undefined : identityWithoutProc(pid);
  }
}

function identityWithoutProc(pid: number): string | undefined {
  const [state, ...start] = describeProcess(pid, 'state=,lstart=')?.split(/\s+/) ?? [];
  return !state || state.startsWith('Z') ? undefined : start.join(' ');
}

/** What `ps` says of a process, where there is no /proc (macOS). */
export function describeProcess(pid: number, format: string): string | undefined {
  try {
    return execFileSync('/bin/ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
