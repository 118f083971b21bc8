import 'reflect-metadata';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { authenticate } from '../../src/identity/sign-in.ts';
import { kontor as run, type Outcome } from '../support/command.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kontor-cli-'));
});
afterAll(async () => {
  await world.close();
  fs.rmSync(folder, { recursive: true });
});

const kontor = (...words: string[]) => run({ DATABASE_URL: world.url }, ...words);

async function principalOf(token: string) {
  const { rows } = await world.owner.query('select token_secret from installation');
  return await authenticate({ ...world, tokenSecret: new Uint8Array(rows[0].token_secret) }, token);
}

function expectFailure(outcome: Outcome, code: number, line: string | RegExp): void {
  expect(outcome).toEqual({ code, stdout: '', stderr: expect.stringMatching(/^kontor: [^\n]+\n$/) });
  if (typeof line === 'string') expect(outcome.stderr).toBe(`kontor: ${line}\n`);
  else expect(outcome.stderr).toMatch(line);
}

/** First of the file: the database is still empty. */
test('on an empty database the first command makes Main, and nothing else', async () => {
  const outcomes = await Promise.all([
    kontor('organization', 'list', '--json'),
    kontor('organization', 'list', '--json'),
  ]);
  for (const { code, stdout, stderr } of outcomes) {
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        id: expect.stringMatching(/^org_[0-9a-z]{26}$/),
        name: 'Main',
        currency: 'EUR',
        timeZone: 'UTC',
        fiscalYearStartMonth: 1,
      },
    ]);
  }
});

describe('token', () => {
  test('prints the token alone, and beside it the id to revoke it by', async () => {
    const { code, stdout, stderr } = await kontor('token', '--role', 'ADMIN');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const principal = await principalOf(stdout.trim());
    expect(principal).toMatchObject({ role: Role.ADMIN, kind: 'PERSON' });
    const id = principal!.tokenId;
    expect(stderr).toBe(`id ${id} (token revoke ${id} ends it)\n`);
  });

  test('prints token, id and organization as JSON', async () => {
    const { stdout, stderr } = await kontor('token', '--role', 'service', '--name', 'Forms', '--json');
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(['token', 'id', 'organization']);
    expect(stderr).toBe('');
    const principal = await principalOf(result.token);
    expect(result.id).toBe(principal!.tokenId);
    expect(principal).toMatchObject({ role: Role.SERVICE, kind: 'SERVICE', name: 'Forms' });
    expect(parseId(result.organization)).toEqual({ type: 'Organization', uuid: principal!.organizationId });
  });

  test('can be listed and revoked, by its id and by itself', async () => {
    const [first, second] = await Promise.all([
      kontor('token', '--role', 'SERVICE', '--name', 'First', '--expires-in-days', '30'),
      kontor('token', '--role', 'SERVICE', '--name', 'Second'),
    ]);
    const listed = async () =>
      JSON.parse((await kontor('token', 'list', '--json')).stdout) as Record<string, string>[];
    const { id, expiresAt } = (await listed()).find(({ name }) => name === 'First')!;
    expect(Date.parse(expiresAt!)).toBeGreaterThan(Date.now() + 29 * 86_400_000);

    expect(await kontor('token', 'revoke', id!)).toEqual({ code: 0, stdout: `revoked ${id}\n`, stderr: '' });
    expect((await kontor('token', 'revoke', second.stdout.trim())).code).toBe(0);
    expect(await principalOf(first.stdout.trim())).toBeNull();
    expect(await principalOf(second.stdout.trim())).toBeNull();
    const revoked = (await listed()).filter((token) => token['revokedAt'] !== null);
    expect(revoked.map(({ name }) => name).sort()).toEqual(['First', 'Second']);

    expectFailure(await kontor('token', 'revoke', 'abc'), 1, /neither the id of a token nor a token/);
    const unknown = '01a20a33-5b8f-75bb-b379-48a5afeddd45';
    expectFailure(await kontor('token', 'revoke', unknown), 1, `The organization has no token ${unknown}`);
  });

  test('needs a role that exists, or a person who does', async () => {
    expectFailure(await kontor('token'), 2, /'--role <role>' or '--user <email>' is needed/);
    expectFailure(
      await kontor('token', '--role', 'BOSS'),
      2,
      /Allowed are ADMIN, SDR, AE, MARKETER, ANALYST, SERVICE/,
    );
    expectFailure(
      await kontor('token', '--user', 'a@b.test'),
      1,
      /^kontor: No user has the e-mail address a@b.test/,
    );
    expectFailure(
      await kontor('token', '--role', 'ADMIN', '--organization', 'Nowhere'),
      1,
      /^kontor: There is no organization "Nowhere"; there are: Main/,
    );
  });
});

test('people are added, listed and get tokens', async () => {
  const made = await kontor(
    'user',
    'create',
    'anna@kontor.test',
    '--name',
    'Anna Kröger',
    '--role',
    'AE',
    '--json',
  );
  expect(JSON.parse(made.stdout)).toEqual({
    id: expect.stringMatching(/^usr_/),
    name: 'Anna Kröger',
    email: 'anna@kontor.test',
    role: 'AE',
    team: null,
    isActive: true,
    isPlaceholder: false,
  });
  const { stdout } = await kontor('user', 'list', '--json');
  expect(JSON.parse(stdout)).toContainEqual(JSON.parse(made.stdout));
  const { stdout: token } = await kontor('token', '--user', 'Anna@Kontor.test');
  expect(await principalOf(token.trim())).toMatchObject({ name: 'Anna Kröger', role: Role.AE });

  const again = ['user', 'create', 'anna@kontor.test', '--name', 'A', '--role', 'AE'];
  expectFailure(await kontor(...again), 1, 'email: anna@kontor.test is a user already');
  expectFailure(
    await kontor('user', 'create', 'anna', '--name', 'A', '--role', 'AE'),
    1,
    /is no e-mail address/,
  );
  expectFailure(
    await kontor('user', 'create', 'b@kontor.test', '--name', 'B', '--role', 'SERVICE'),
    2,
    /Allowed are/,
  );
});

test('people are put in teams and taken out of them', async () => {
  await kontor('user', 'create', 'carl@kontor.test', '--name', 'Carl', '--role', 'AE');
  const moved = await kontor('user', 'update', 'Carl@kontor.test', '--team', 'Enterprise', '--json');
  expect(JSON.parse(moved.stdout)).toMatchObject({ name: 'Carl', team: 'Enterprise' });
  const colleague = ['user', 'create', 'ben@kontor.test', '--name', 'Ben', '--role', 'AE', '--json'];
  const ben = await kontor(...colleague, '--team', 'enterprise');
  expect(JSON.parse(ben.stdout)).toMatchObject({ team: 'Enterprise' });
  const left = await kontor('user', 'update', 'ben@kontor.test', '--no-team', '--json');
  expect(JSON.parse(left.stdout)).toMatchObject({ team: null });
  expectFailure(
    await kontor('user', 'update', 'ben@kontor.test'),
    2,
    /'--team <name>' or '--no-team' is needed/,
  );
  expectFailure(
    await kontor('user', 'update', 'no@kontor.test', '--no-team'),
    1,
    /No user has the e-mail address/,
  );
});

test('organizations are made with their settings, once', async () => {
  const words = ['organization', 'create', 'Hamburg', '--currency', 'usd', '--time-zone', 'Europe/Berlin'];
  const { code, stdout } = await kontor(...words, '--fiscal-year-start', '4', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    id: expect.stringMatching(/^org_/),
    name: 'Hamburg',
    currency: 'USD',
    timeZone: 'Europe/Berlin',
    fiscalYearStartMonth: 4,
  });
  expectFailure(await kontor(...words), 1, 'name: Hamburg exists already');
  expectFailure(await kontor('organization', 'create', 'X', '--currency', 'XXQ'), 1, /no ISO 4217 code/);
  expectFailure(await kontor('organization', 'create', 'X', '--fiscal-year-start', '13'), 2, /from 1 to 12/);
  expect((await kontor('organization', 'list')).stdout).toMatch(
    /^id +name +.*\norg_.* Main .*\norg_.* Hamburg /,
  );
});

test('an import tells what went in and which rows did not; --strict fails and writes nothing', async () => {
  const write = (file: string, ...lines: string[]) =>
    fs.writeFileSync(path.join(folder, file), [...lines, ''].join('\n'));
  write('Account.csv', 'Id,Name', '0015g00000Xa1aAAAR,Alster Optik', '0015g00000Xa1aBAAR,');
  await world.organization({ name: 'Imported' });
  const words = ['import', 'salesforce', '--dir', folder, '--organization', 'imported'];

  const strict = await kontor(...words, '--strict');
  expect(strict.code).toBe(1);
  expect(strict.stderr).toMatch(/^kontor: Nothing was imported: 1 bad row\(s\) in strict mode[^\n]+\n$/);

  const { code, stdout, stderr } = await kontor(...words);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^records +created +updated +unchanged +rejected +deleted\n/);
  expect(stdout).toMatch(/\naccounts +1 +0 +0 +1 +0\n/);
  expect(stdout).toMatch(/\nAccount\.csv:3 Name: /);

  const { types, rejected } = JSON.parse((await kontor(...words, '--json')).stdout);
  expect(types.accounts).toEqual({ created: 0, updated: 0, unchanged: 1, rejected: 1 });
  expect(rejected).toEqual([expect.objectContaining({ file: 'Account.csv', line: 3, column: 'Name' })]);
  expectFailure(await kontor('import', 'salesforce'), 2, /'--dir <folder>' not specified/);
});

test('the sample goes into a new or an empty organization, not into one with records', async () => {
  const { code, stdout } = await kontor('sample', '--organization', 'Training', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ organization: 'Training', accounts: 60, opportunities: 220 });
  expectFailure(await kontor('sample', '--organization', 'Training'), 1, /"Training" has records already/);
});

test('migrate says that nothing is to be done', async () => {
  expect(await kontor('migrate')).toEqual({ code: 0, stdout: 'The schema is up to date.\n', stderr: '' });
  expect(JSON.parse((await kontor('migrate', '--json')).stdout)).toEqual({ migrated: [] });
});

test('check passes, and fails when records contradict each other', async () => {
  const ok = await kontor('check');
  expect([ok.code, ok.stderr]).toEqual([0, '']);
  expect(ok.stdout).toMatch(/^Main: all \d+ invariants hold\n/);

  const { id } = await world.organization({ name: 'Broken' });
  const client = await world.owner.connect();
  await client.query(`set app.organization_id = '${id}'`);
  await client.query(
    `insert into account (organization_id, id, name, name_key, match_key, created_at, updated_at)
     values ($1, $1, 'Alster Optik', 'wrong', 'alster optik', now(), now())`,
    [id],
  );
  client.release(true);
  const { code, stdout, stderr } = await kontor('check', '--json');
  expect([code, stderr]).toEqual([1, 'kontor: 1 invariant(s) violated\n']);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    violations: [{ organization: 'Broken', name: 'account-keys', count: 1 }],
  });
});

describe('the program itself', () => {
  const nowhere = { DATABASE_URL: 'postgres://kontor:secret@127.0.0.1:1/kontor' };

  test('tells its version, its commands and an example for each, without a database', async () => {
    const manifest = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(nowhere, '--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const commands = [
      'serve',
      'token',
      'token list',
      'token revoke',
      'organization create',
      'organization list',
    ];
    commands.push(
      'user create',
      'user update',
      'user list',
      'import salesforce',
      'sample',
      'migrate',
      'check',
      'schema',
    );
    const helps = await Promise.all(commands.map((command) => run(nowhere, ...command.split(' '), '--help')));
    commands.forEach((command, index) => {
      const { code, stdout } = helps[index]!;
      expect([command, code]).toEqual([command, 0]);
      expect(stdout).toMatch(new RegExp(`^Usage: kontor ${command} `));
      expect(stdout).toMatch(new RegExp(`Examples?:\\n.*npm run -s kontor -- ${command.split(' ')[0]}`));
    });
    const { stdout } = await run(nowhere, '--help');
    for (const command of commands) expect(stdout).toContain(`\n  ${command.split(' ')[0]}`);
  });

  test('prints the schema without a database', async () => {
    const { code, stdout, stderr } = await run(nowhere, 'schema');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\ntype Query \{\n/);
  });

  test('refuses what it does not understand', async () => {
    expectFailure(
      await run(nowhere, 'chek'),
      2,
      /unknown command 'chek' \(Did you mean check\?\) \(see --help\)/,
    );
    expectFailure(await run(nowhere, 'check', '--jason'), 2, /unknown option '--jason'/);
    const { code, stdout } = await run(nowhere);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('says in one line what is wrong with the settings or the database, with the stack only when debugging', async () => {
    const settings = { ...nowhere, PORT: 'http', KONTOR_POOL_SIZE: '0' };
    expectFailure(
      await run(settings, 'check'),
      1,
      'PORT must be a whole number from 0 to 65535, not "http"; KONTOR_POOL_SIZE must be a whole number from 1 to 1000, not "0"',
    );
    expectFailure(
      await run(nowhere, 'check'),
      1,
      /^kontor: No PostgreSQL answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    );
    const debugged = await run({ ...nowhere, KONTOR_LOG_LEVEL: 'debug' }, 'check');
    expect(debugged.stderr).toMatch(/^kontor: No PostgreSQL answers.*\nInstallationError: .*\n {4}at /);
    expect(debugged.stderr).not.toContain('secret');
  });
});
