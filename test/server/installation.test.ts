import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Config, readConfig } from '../../src/config.ts';
import { openInstallation } from '../../src/server/installation.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const config = (url: string): Config => readConfig({ DATABASE_URL: url, KONTOR_POOL_SIZE: '2' });

function changed(change: (url: URL) => void): string {
  const url = new URL(world.url);
  change(url);
  return url.href;
}

/** Why it does not open: one line, and never the password. */
async function refusal(url: string): Promise<string> {
  const installation = await openInstallation(config(url)).catch((error: Error) => error);
  if (!(installation instanceof Error)) {
    await installation.close();
    return 'opened';
  }
  expect(installation.message).not.toContain('\n');
  expect(installation.message).not.toContain(new URL(url).password || '-none-');
  return installation.message;
}

test('opens a migrated database without migrating again, with the secret kept in it', async () => {
  const installation = await openInstallation(config(world.url));
  try {
    expect([installation.embedded, installation.migrated]).toEqual([false, []]);
    const { rows } = await world.owner.query('select token_secret from installation');
    expect(Buffer.from(installation.tokenSecret)).toEqual(rows[0].token_secret);
    expect(installation.tokenSecret).toHaveLength(32);
  } finally {
    await installation.close();
  }
});

describe('says in one line why it does not open', () => {
  test('nobody answers', async () => {
    expect(await refusal('postgres://kontor:geheim@127.0.0.1:1/kontor')).toBe(
      'No PostgreSQL answers at 127.0.0.1:1 (ECONNREFUSED): is it running, and is DATABASE_URL right?',
    );
  });

  test('the password is wrong', async () => {
    const url = changed((other) => (other.password = 'geheim'));
    expect(await refusal(url)).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+ refuses the password of "kontor"/);
  });

  test('the database is missing', async () => {
    const url = changed((other) => (other.pathname = '/nirgends'));
    expect(await refusal(url)).toMatch(
      /^There is no database "nirgends" at .*: create database "nirgends" owner "kontor";$/,
    );
  });

  test('a newer Kontor has migrated it', async () => {
    await world.owner.query(`insert into schema_migration (name) values ('0999-from-the-future')`);
    try {
      expect(await refusal(world.url)).toMatch(
        /^The database was migrated by a newer Kontor \(0999-from-the-future\)/,
      );
    } finally {
      await world.owner.query(`delete from schema_migration where name = '0999-from-the-future'`);
    }
  });

  test('a table of an organisation does not force row-level security', async () => {
    await world.owner.query('alter table lead no force row level security');
    await world.owner.query('create table leftover (organization_id uuid)');
    try {
      expect(await refusal(world.url)).toBe(
        'Refusing to serve, organisations would not be kept apart: table lead does not force row-level security ' +
          '(alter table lead force row level security); table leftover does not force row-level security ' +
          '(alter table leftover force row level security)',
      );
    } finally {
      await world.owner.query('alter table lead force row level security');
      await world.owner.query('drop table leftover');
    }
  });

  test('the application role owns something', async () => {
    await world.owner.query('grant create on schema public to kontor_app');
    await world.owner.query('create table owned (id uuid)');
    await world.owner.query('alter table owned owner to kontor_app');
    try {
      expect(await refusal(world.url)).toMatch(/: kontor_app owns 1 object\(s\) of this database/);
    } finally {
      await world.owner.query('set role kontor_app; drop table if exists owned; reset role');
      await world.owner.query('revoke create on schema public from kontor_app');
    }
  });

  test('it holds the tables of another program', async () => {
    const name = `other_${randomUUID().replaceAll('-', '')}`;
    await world.owner.query(`create database ${name}`);
    const url = changed((other) => (other.pathname = `/${name}`));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('create table account (id int)');
    await other.end();
    try {
      expect(await refusal(url)).toMatch(
        /holds tables of another program \(.*account.*\): give Kontor an empty one$/,
      );
    } finally {
      await world.owner.query(`drop database ${name} with (force)`);
    }
  });
});

test('a login that may not create roles is told the SQL an administrator has to run, and that SQL is enough', async () => {
  const name = `plain_${randomUUID().replaceAll('-', '')}`;
  const { owner } = world;
  await owner.query(`create role ${name} login password 'geheim'`);
  await owner.query(`create database ${name}`);
  const url = changed((other) => {
    other.username = name;
    other.password = 'geheim';
    other.pathname = `/${name}`;
  });
  try {
    const message = await refusal(url);
    const told = /^The login "(\w+)" may not set up Kontor \(.*\); an administrator has to run: (.*)$/.exec(
      message,
    );
    expect([message, told?.[1]]).toEqual([message, name]);
    expect(told![2]).toBe(
      `grant kontor_app, kontor_search to "${name}"; alter database "${name}" owner to "${name}";`,
    );
    await owner.query(`grant ${name} to current_user with inherit true`);
    await owner.query(told![2]!);
    expect(await refusal(url)).toBe('opened');
  } finally {
    await owner.query(`drop database ${name} with (force)`);
    await owner.query(`drop role ${name}`);
  }
});
