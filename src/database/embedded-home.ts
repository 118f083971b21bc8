import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedDatabaseError, errorCode } from './embedded-error.ts';

/** The system user PostgreSQL runs as; undefined: the one we are. PostgreSQL refuses to run as root. */
export type Account = { uid: number; gid: number } | undefined;

export interface DatabaseHome {
  /** Holds the cluster; owned by the account. */
  dir: string;
  account: Account;
}

/**
 * Where the cluster of a data directory lives: inside it, or (we are root, and PostgreSQL's user can't get
 * there) in the system directory, under an id that the data directory remembers.
 */
export function findHome(dataDir: string, systemDir: string): DatabaseHome {
  const inside = path.join(dataDir, 'postgres');
  const pointer = path.join(dataDir, 'database.json');
  if (fs.existsSync(pointer)) return outsideHome(dataDir, pointer);
  if (process.getuid?.() !== 0) return { dir: ownDirectory(inside, undefined), account: undefined };

  const account = ownerOf(inside) ?? systemAccount();
  if (canEnter(dataDir, account)) return { dir: ownDirectory(inside, account), account };
  const dir = path.join(makeSystemDir(systemDir), randomUUID());
  if (fs.existsSync(inside)) moveDirectory(inside, dir);
  else ownDirectory(dir, account);
  claim(dir, dataDir, pointer);
  return { dir, account };
}

function outsideHome(dataDir: string, pointer: string): DatabaseHome {
  const { home } = readJson(pointer) as { home: string };
  if (process.getuid?.() !== 0) {
    throw new EmbeddedDatabaseError(
      `The database of ${dataDir} was made by root and lives in ${home}: start as root, or set KONTOR_DATA_DIR to another directory.`,
    );
  }
  const account = ownerOf(home) ?? systemAccount();
  const owner = fs.existsSync(`${home}.json`)
    ? (readJson(`${home}.json`) as { dataDir: string }).dataDir
    : dataDir;
  if (owner === dataDir) return { dir: ownDirectory(home, account), account };
  const ownersPointer = path.join(owner, 'database.json');
  const copied = fs.existsSync(ownersPointer) && (readJson(ownersPointer) as { home: string }).home === home;
  // A copy of another clone must not write into its original's database; a moved one takes its database along.
  const dir = copied ? path.join(path.dirname(home), randomUUID()) : home;
  ownDirectory(dir, account);
  claim(dir, dataDir, pointer);
  return { dir, account };
}

/** Ties a home and a data directory to each other. The note lies beside the home: PostgreSQL's user can't change it. */
function claim(home: string, dataDir: string, pointer: string): void {
  writeAtomically(`${home}.json`, JSON.stringify({ dataDir }));
  writeAtomically(pointer, JSON.stringify({ home }));
}

/** Makes the directory ours (0700) in the name of the account. */
function ownDirectory(dir: string, account: Account): string {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (account && fs.statSync(dir).uid === 0) giveAll(dir, account);
    fs.accessSync(dir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    return dir;
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `Can't write to ${dir} (${errorCode(error) ?? error}): start as the user who made it, or set KONTOR_DATA_DIR to another directory.`,
    );
  }
}

/** More than the directory itself only when root copied a clone without keeping its owners. */
function giveAll(dir: string, account: { uid: number; gid: number }): void {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, entry.name);
    if (entry.isDirectory()) giveAll(at, account);
    else fs.lchownSync(at, account.uid, account.gid);
  }
  fs.lchownSync(dir, account.uid, account.gid);
}

function moveDirectory(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    throw new EmbeddedDatabaseError(
      `PostgreSQL's user can no longer enter ${path.dirname(from)}: give it access (chmod a+x on the directory and its parents) or set KONTOR_DATA_DIR.`,
    );
  }
}

/** A place outside of every clone, for root only; anybody else's directory of that name is refused. */
export function makeSystemDir(systemDir: string): string {
  fs.mkdirSync(systemDir, { recursive: true });
  const found = fs.lstatSync(systemDir);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new EmbeddedDatabaseError(`${systemDir} must be a directory only root can write to.`);
  }
  if ((found.mode & 0o055) !== 0o055) fs.chmodSync(systemDir, 0o755);
  return systemDir;
}

function ownerOf(dir: string): Account {
  const found = fs.statSync(dir, { throwIfNoEntry: false });
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

function systemAccount(): Account {
  const known = ['postgres', '_postgres', 'kontor'];
  const found = findAccount(known);
  if (found) return found;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'kontor']);
  const account = findAccount([...known, 'nobody']);
  if (account) return account;
  throw new EmbeddedDatabaseError(
    'PostgreSQL refuses to run as root and no other system user was found: start as an ordinary user, or set DATABASE_URL.',
  );
}

function findAccount(names: string[]): Account {
  const lines = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  const users = new Map(lines.map((line) => line.split(':')).map((fields) => [fields[0], fields]));
  for (const name of names) {
    const [uid, gid] = (users.get(name)?.slice(2, 4) ?? []).map(Number);
    // A negative number (macOS's nobody) can't be given to a child process.
    if (uid !== undefined && gid !== undefined && uid > 0 && gid >= 0) return { uid, gid };
  }
  return undefined;
}

/** Whether the account may pass through a directory and everything above it. */
function canEnter(dir: string, account: Account): boolean {
  if (!account) return true;
  for (let at = fs.realpathSync(dir); ; at = path.dirname(at)) {
    const { uid, gid, mode } = fs.statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** Readers see the old or the new content, never half; the file belongs to the directory's owner. */
export function writeAtomically(file: string, content: string): void {
  const fresh = `${file}.${process.pid}`;
  fs.writeFileSync(fresh, `${content}\n`, { mode: 0o600 });
  giveToOwnerOf(path.dirname(file), fresh);
  fs.renameSync(fresh, file);
}

/** Root leaves nothing in a user's data directory that the user can't use afterwards. */
export function giveToOwnerOf(dir: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = fs.statSync(dir);
  fs.chownSync(file, uid, gid);
}
