import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPostmaster } from '../../src/database/embedded-server.ts';
import { kontor } from '../support/command.ts';

let base: string;
let dataDir: string;
beforeAll(() => {
  // Root's PostgreSQL runs as another user, who has to get there.
  base = fs.mkdtempSync(path.join(process.getuid?.() === 0 ? '/tmp' : os.tmpdir(), 'kontor-test-cli-'));
  fs.chmodSync(base, 0o755);
  dataDir = path.join(base, 'data');
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

test('without a server and without any settings but a folder, commands share one database and leave nothing running', async () => {
  const settings = { KONTOR_DATA_DIR: dataDir };
  const token = await kontor(settings, 'token', '--role', 'ADMIN');
  expect(token.code).toBe(0);
  expect(token.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(findPostmaster(path.join(dataDir, 'postgres/cluster'))).toBeUndefined();

  const made = await kontor(settings, 'organization', 'create', 'Hamburg');
  expect([made.code, made.stderr]).toEqual([0, '']);
  const both = await Promise.all([
    kontor(settings, 'organization', 'list', '--json'),
    kontor(settings, 'token', 'list', '--json'),
  ]);
  const [organizations, tokens] = both.map(({ stdout }) => JSON.parse(stdout) as Record<string, string>[]);
  expect(organizations!.map(({ name }) => name)).toEqual(['Main', 'Hamburg']);
  expect(tokens!.map(({ role }) => role)).toEqual(['ADMIN']);
  expect(findPostmaster(path.join(dataDir, 'postgres/cluster'))).toBeUndefined();
});

test('a folder that can not be is told in one line', async () => {
  const file = path.join(base, 'file');
  fs.writeFileSync(file, '');
  const { code, stdout, stderr } = await kontor({ KONTOR_DATA_DIR: path.join(file, 'data') }, 'check');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^kontor: Can't write to the data directory [^\n]+ set KONTOR_DATA_DIR to one you own\.\n$/,
  );
});
