import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findPostmaster } from '../../src/database/embedded-server.ts';
import { databaseUser, EmbeddedWorld, query, serverOf } from './embedded-world.ts';

let world: EmbeddedWorld;
beforeEach(() => {
  world = new EmbeddedWorld();
});
afterEach(() => world.clear());

describe('a fresh data directory', () => {
  test('gets a UTF-8 database whose owner is no superuser but can make roles, schemas and extensions', async () => {
    const user = await world.open(path.join(world.root, 'data'));

    await user.query('create database other');
    await user.query(
      'create role clerk nologin; create extension pg_trgm; create extension btree_gin; create extension unaccent',
    );
    await user.query('create schema books; set role clerk');

    expect(
      await user.query(
        `select current_database() as database, pg_get_userbyid(datdba) as owner, rolsuper as superuser,
          pg_encoding_to_char(encoding) as encoding, current_setting('timezone') as zone,
          lower('ÄÖÜ') as lower, word_similarity('müller', 'Müller GmbH') as similarity
        from pg_database join pg_roles on rolname = current_user where datname = current_database()`,
      ),
    ).toEqual([
      {
        database: 'kontor',
        owner: 'kontor',
        superuser: false,
        encoding: 'UTF8',
        zone: 'UTC',
        lower: 'äöü',
        similarity: 1,
      },
    ]);
  });

  test('keeps its passwords to its owner and lets nobody in without', async () => {
    const dataDir = path.join(world.root, 'data');
    const user = await world.open(dataDir);
    const stranger = new URL(user.url);
    stranger.password = 'guess';

    expect(fs.statSync(path.join(dataDir, 'connection.json')).mode & 0o777).toBe(0o600);
    await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('has a log without the data of statements that failed', async () => {
    const dataDir = path.join(world.root, 'data');
    const user = await world.open(dataDir);
    await user.query('create table person (email text unique)');
    const insert = `insert into person values ('ada@fjordlicht.example')`;
    await user.query(insert);

    await expect(user.query(insert)).rejects.toThrow('duplicate key');

    const log = fs.readFileSync(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key value violates unique constraint "person_email_key"');
    expect(log).not.toContain('fjordlicht');
  });

  test('is set up once when several processes open it in the same moment', async () => {
    const dataDir = path.join(world.root, 'data');
    const users = await Promise.all([1, 2, 3, 4].map(() => world.open(dataDir)));

    expect(new Set(users.map((user) => user.url)).size).toBe(1);
    await Promise.all(users.map((user) => user.stop()));
    expect(serverOf(dataDir)).toBeUndefined();
  });

  test('is set up anew when the first attempt was killed half way', async () => {
    const dataDir = path.join(world.root, 'data');
    const home = path.join(dataDir, 'postgres');
    const first = world.start(dataDir);
    while (!fs.existsSync(home) || !fs.readdirSync(home).some((name) => name.startsWith('unfinished.'))) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(fs.readdirSync(home)).not.toContain('cluster');

    const user = await world.open(dataDir);
    expect(await user.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(fs.readdirSync(home)).toEqual(['cluster']);
  });
});

describe('several users', () => {
  test('share the server, and only the last one stops it', async () => {
    const dataDir = path.join(world.root, 'data');
    const first = await world.open(dataDir);
    const server = serverOf(dataDir);
    const second = await world.open(dataDir);

    expect(second.url).toBe(first.url);
    await first.stop();
    expect(serverOf(dataDir)).toEqual(server);
    expect(await second.query('select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(serverOf(dataDir)).toBeUndefined();
  });

  test('of different data directories have different servers', async () => {
    const [one, two] = [path.join(world.root, 'one'), path.join(world.root, 'two')];
    const users = await Promise.all([world.open(one), world.open(two)]);
    await users[0].query(`create table belongs as select 'one' as it`);
    await users[1].query(`create table belongs as select 'two' as it`);

    expect(await users[0].query('select it from belongs')).toEqual([{ it: 'one' }]);
    expect(await users[1].query('select it from belongs')).toEqual([{ it: 'two' }]);
    expect(serverOf(one)?.pid).not.toBe(serverOf(two)?.pid);
  });

  test('who are interrupted from the terminal can still finish their work', async () => {
    const dataDir = path.join(world.root, 'data');
    const user = await world.open(dataDir);

    process.kill(-(user.process.pid ?? NaN), 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await user.query('select 1 as one')).toEqual([{ one: 1 }]);
    await user.stop();
    expect(serverOf(dataDir)).toBeUndefined();
  });

  test('who exit without stopping leave no server behind', async () => {
    const dataDir = path.join(world.root, 'data');
    const user = await world.open(dataDir);
    const exited = once(user.process, 'exit');
    user.process.stdin?.write('exit\n');
    await exited;

    while (serverOf(dataDir)) await new Promise((resolve) => setTimeout(resolve, 20));
    const next = await world.open(dataDir);
    expect(await next.query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('after a crash', () => {
  test('of the user, the next one takes up the running server and stops it in the end', async () => {
    const dataDir = path.join(world.root, 'data');
    const first = await world.open(dataDir);
    const server = serverOf(dataDir);
    await first.kill('SIGKILL');
    expect(serverOf(dataDir)).toEqual(server);

    const second = await world.open(dataDir);
    expect(serverOf(dataDir)).toEqual(server);
    await second.stop();
    expect(serverOf(dataDir)).toBeUndefined();
  });

  test('of the server, the next start recovers what was committed', async () => {
    const dataDir = path.join(world.root, 'data');
    const first = await world.open(dataDir, { fsync: 'on' });
    await first.query('create table kept as select generate_series(1, 1000) as n');
    process.kill(serverOf(dataDir)?.pid ?? NaN, 'SIGKILL');
    await first.kill('SIGKILL');

    const second = await world.open(dataDir);
    expect(await second.query('select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  test('of both, a new process with the old number of the server does not get in the way', async () => {
    const dataDir = path.join(world.root, 'data');
    const cluster = path.join(dataDir, 'postgres/cluster');
    await (await world.open(dataDir)).stop();
    // The same system user as the server: PostgreSQL itself would take it for a living postmaster.
    const { uid, gid } = fs.statSync(cluster);
    const stranger = spawn('/bin/sleep', ['60'], { uid, gid, cwd: '/' });
    const stale = [stranger.pid, cluster, 1_700_000_000, 54_321, '', '127.0.0.1', '  1234  5', 'ready   '];
    fs.writeFileSync(path.join(cluster, 'postmaster.pid'), `${stale.join('\n')}\n`);

    const user = await world.open(dataDir);
    expect(await user.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBeNull();
    await user.stop();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});

describe('a data directory', () => {
  test('that was copied while in use gets a server and data of its own', async () => {
    const [original, copy] = [path.join(world.root, 'original'), path.join(world.root, 'copy')];
    const first = await world.open(original);
    await first.query(`create table belongs as select 'original' as it`);
    fs.cpSync(original, copy, { recursive: true, verbatimSymlinks: true });

    const second = await world.open(copy);
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    await second.query(`update belongs set it = 'copy'`);
    expect(await first.query('select it from belongs')).toEqual([{ it: 'original' }]);
    await second.stop();
    expect(serverOf(copy)).toBeUndefined();
    expect(await first.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('that was moved under a running server keeps it', async () => {
    const [before, after] = [path.join(world.root, 'before'), path.join(world.root, 'after')];
    const first = await world.open(before);
    await first.query(`create table belongs as select 'me' as it`);
    await first.kill('SIGKILL');
    fs.renameSync(before, after);

    const second = await world.open(after);
    expect(await second.query('select it from belongs')).toEqual([{ it: 'me' }]);
    await second.stop();
    expect(findPostmaster(path.join(after, 'postgres/cluster'))).toBeUndefined();
  });

  test('of another PostgreSQL version is refused with the way out', async () => {
    const dataDir = path.join(world.root, 'data');
    await (await world.open(dataDir)).stop();
    fs.writeFileSync(path.join(dataDir, 'postgres/cluster/PG_VERSION'), '15\n');

    expect(await world.refusal(dataDir)).toMatch(
      /^EmbeddedDatabaseError: .* was made by PostgreSQL 15 and this Kontor brings 18: set KONTOR_DATA_DIR/,
    );
  });

  test('whose passwords are lost is refused, not set up anew', async () => {
    const dataDir = path.join(world.root, 'data');
    await (await world.open(dataDir)).stop();
    fs.rmSync(path.join(dataDir, 'connection.json'));

    expect(await world.refusal(dataDir)).toMatch(/connection\.json is missing/);
  });
});

test('a server whose port somebody else took in the meantime moves to another one', async () => {
  const dataDir = path.join(world.root, 'data');
  const first = await world.open(dataDir);
  const port = Number(new URL(first.url).port);
  await first.stop();
  const other = net.createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  try {
    const second = await world.open(dataDir);
    expect(Number(new URL(second.url).port)).not.toBe(port);
    expect(await second.query('select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    other.close();
  }
});

test('a server that cannot start is reported with its own words, and the next attempt is free to go', async () => {
  const dataDir = path.join(world.root, 'data');

  expect(await world.refusal(dataDir, { max_connections: 'many' })).toMatch(
    /^EmbeddedDatabaseError: PostgreSQL did not start: .*max_connections.*postgres\.log\)$/,
  );
  const user = await databaseUser(world.start(dataDir));
  expect(await user.query('select 1 as one')).toEqual([{ one: 1 }]);
});
