import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { findBinaries, installedPackage } from '../../src/database/embedded-binaries.ts';
import { checkout, EmbeddedWorld, serverOf, weAreRoot } from './embedded-world.ts';

/** An ordinary user; initdb wants one with an entry in /etc/passwd. */
const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(fs.readFileSync('/etc/passwd', 'utf8'));
const ordinary = { uid: Number(nobody?.[1]), gid: Number(nobody?.[2]) };

const asRoot = weAreRoot ? describe : describe.skip;
const reachable = weAreRoot && nobody !== null && everybodyMayEnter(checkout);

let world: EmbeddedWorld;
beforeEach(() => {
  world = new EmbeddedWorld();
});
afterEach(() => world.clear());

asRoot('root, with a clone that the system user of PostgreSQL cannot enter (skipped unless root)', () => {
  test('keeps the database elsewhere and finds it again', async () => {
    const dataDir = path.join(world.directory('private', 0o700), 'data');
    const first = await world.open(dataDir);
    await first.query('create table kept as select 1 as one');
    expect(fs.existsSync(path.join(dataDir, 'postgres'))).toBe(false);
    const second = await world.open(dataDir);
    expect(second.url).toBe(first.url);
    await first.stop();
    await second.stop();

    const third = await world.open(dataDir);
    expect(await third.query('select one from kept')).toEqual([{ one: 1 }]);
  });

  test('starts empty when the clone was deleted and made anew', async () => {
    const dataDir = path.join(world.directory('private', 0o700), 'data');
    const first = await world.open(dataDir);
    await first.query('create table kept as select 1 as one');
    await first.stop();
    fs.rmSync(dataDir, { recursive: true });

    const second = await world.open(dataDir);
    expect(await second.query(`select to_regclass('kept') as kept`)).toEqual([{ kept: null }]);
  });

  test('takes the database along when the clone moves, and leaves it to the original when copied', async () => {
    const [before, after, copy] = ['before', 'after', 'copy'].map((name) => path.join(world.root, name));
    if (!before || !after || !copy) throw new Error('three names give three paths');
    world.directory('before', 0o700);
    const first = await world.open(before);
    await first.query('create table kept as select 1 as one');
    await first.stop();

    fs.renameSync(before, after);
    const moved = await world.open(after);
    expect(await moved.query('select one from kept')).toEqual([{ one: 1 }]);

    fs.cpSync(after, copy, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(copy, 0o700);
    const copied = await world.open(copy);
    expect(new URL(copied.url).port).not.toBe(new URL(moved.url).port);
    expect(await copied.query(`select to_regclass('kept') as kept`)).toEqual([{ kept: null }]);
  });

  test('takes the database out of the clone when it becomes private', async () => {
    const clone = world.directory('clone');
    const dataDir = path.join(clone, 'data');
    const first = await world.open(dataDir);
    await first.query('create table kept as select 1 as one');
    await first.stop();
    fs.chmodSync(clone, 0o700);

    const second = await world.open(dataDir);
    expect(await second.query('select one from kept')).toEqual([{ one: 1 }]);
  });

  test('refuses a system directory that others can write to', async () => {
    fs.chmodSync(world.directory('system'), 0o777);
    const dataDir = path.join(world.directory('private', 0o700), 'data');

    expect(await world.refusal(dataDir)).toMatch(/system must be a directory only root can write to/);
  });
});

asRoot('the PostgreSQL of npm (skipped unless root)', () => {
  test('is copied to where its user can run it, also when npm ran no install scripts', async () => {
    const installed = path.join(world.directory('private', 0o700), 'package');
    fs.cpSync(await installedPackage(), installed, { recursive: true, verbatimSymlinks: true });
    for (const name of fs.readdirSync(path.join(installed, 'native/bin'))) {
      fs.chmodSync(path.join(installed, 'native/bin', name), 0o600);
    }
    for (const entry of fs.readdirSync(path.join(installed, 'native/lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) fs.rmSync(path.join(installed, 'native/lib', entry.name));
    }
    const copies = world.directory('copies');

    const binaries = findBinaries(installed, ordinary, () => copies);
    expect(binaries.major).toBe('18');
    expect(binaries.postgres.startsWith(`${copies}/postgresql-18.`)).toBe(true);
    expect(fs.readdirSync(copies)).toHaveLength(1);
    expect(findBinaries(installed, ordinary, () => copies)).toEqual(binaries);
  });
});

(reachable ? describe : describe.skip)(
  'an ordinary user (skipped unless root, in a clone that everybody may enter)',
  () => {
    test('runs the database under the own name, and root may use it as well', async () => {
      const dataDir = path.join(world.directory('own', 0o700, ordinary), 'data');
      const first = await world.open(dataDir, {}, ordinary);
      await first.query('create table kept as select 1 as one');
      expect(fs.statSync(path.join(dataDir, 'postgres/cluster')).uid).toBe(ordinary.uid);
      await first.stop();
      fs.chmodSync(path.join(dataDir, '..'), 0o755);
      fs.chmodSync(dataDir, 0o755);

      const root = await world.open(dataDir);
      const again = await world.open(dataDir, {}, ordinary);
      await root.stop();
      expect(await again.query('select one from kept')).toEqual([{ one: 1 }]);
      await again.stop();
      expect(serverOf(dataDir)).toBeUndefined();
    });

    test('is told when the data directory or its database belongs to somebody else', async () => {
      const locked = path.join(world.directory('locked', 0o755), 'data');
      expect(await world.refusal(locked, {}, ordinary)).toMatch(
        /^EmbeddedDatabaseError: Can't write to the data directory .*locked\/data \(EACCES\): set KONTOR_DATA_DIR/,
      );

      const dataDir = world.directory('roots');
      await (await world.open(dataDir)).stop();
      expect(await world.refusal(dataDir, {}, ordinary)).toMatch(/EmbeddedDatabaseError: Can't write to /);
    });
  },
);

function everybodyMayEnter(dir: string): boolean {
  const above = path.dirname(dir);
  return (fs.statSync(dir).mode & 0o001) !== 0 && (above === dir || everybodyMayEnter(above));
}
