import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseUses, processIdentity } from '../../src/database/embedded-lease.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kontor-test-embedded-'));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

test('only one of many works alone at a time, and each gets a turn', async () => {
  const log: string[] = [];
  const turns = [1, 2, 3, 4, 5].map((turn) =>
    new DatabaseUses(dataDir).alone(async () => {
      log.push(`${turn} in`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`${turn} out`);
    }),
  );
  await Promise.all(turns);

  expect(log).toHaveLength(10);
  for (let at = 0; at < log.length; at += 2) expect(log[at + 1]).toBe(log[at]?.replace('in', 'out'));
});

test('a lock is freed when the work fails', async () => {
  const uses = new DatabaseUses(dataDir);
  await expect(uses.alone(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await uses.alone(() => Promise.resolve('next'))).toBe('next');
});

test('waiting for a lock that a living process keeps ends with its number', async () => {
  const uses = new DatabaseUses(dataDir);
  const release = uses.tryLock();
  await expect(uses.alone(() => Promise.resolve(), 0)).rejects.toThrow(
    `Process ${process.pid} has been starting or stopping the database in ${dataDir} for too long`,
  );
  release?.();
});

test.each([
  ['a process that is gone', (mark: string) => mark.replace(/^\d+/, '999999999')],
  [
    'an earlier process with a number that is in use again',
    (mark: string) => mark.replace(/\|[^|]+/, '|earlier'),
  ],
  ['the users of the directory this one was copied from', (mark: string) => mark.replace(/\d+$/, '1')],
])('locks and leases of %s count for nothing', (_whose, changed) => {
  const uses = new DatabaseUses(dataDir);
  uses.join();
  uses.tryLock();
  expect(uses.anyLeft()).toBe(true);
  expect(uses.tryLock()).toBeUndefined();

  const entries = fs.readdirSync(path.join(dataDir, 'use')).map((name) => path.join(dataDir, 'use', name));
  for (const entry of entries) {
    const mark = fs.readlinkSync(entry);
    fs.rmSync(entry);
    fs.symlinkSync(changed(mark), entry);
  }
  expect(uses.anyLeft()).toBe(false);
  expect(uses.tryLock()).toBeInstanceOf(Function);
});

test('a process keeps its identity as long as it lives', () => {
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
  expect(processIdentity(process.pid)).not.toBe(processIdentity(process.ppid));
  expect(processIdentity(999_999_999)).toBeUndefined();
});
