import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('without settings it serves an embedded database on loopback, and signs in on the playground', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    dataDir: path.join(root, '.kontor'),
    poolSize: 16,
    logLevel: 'info',
    allowPlaygroundSession: true,
    callerDirectory: process.cwd(),
  });
});

test('takes settings, and an empty one as absent', () => {
  const settings = {
    PORT: '8080',
    HOST: '',
    KONTOR_DATA_DIR: 'data',
    KONTOR_POOL_SIZE: '4',
    KONTOR_LOG_LEVEL: 'warn',
  };
  expect(readConfig({ ...settings, INIT_CWD: '/home/anna' })).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    dataDir: path.resolve('data'),
    poolSize: 4,
    logLevel: 'warn',
    callerDirectory: '/home/anna',
  });
});

test.each([
  { HOST: '0.0.0.0' },
  { HOST: 'localhost' },
  { HOST: '127.0.0.2' },
  { DATABASE_URL: 'postgres://localhost/kontor' },
])('nobody is signed in on the playground with %j', (settings) => {
  expect(readConfig(settings).allowPlaygroundSession).toBe(false);
});

test.each([
  [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536"'],
  [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535, not "-1"'],
  [{ PORT: '4e3' }, 'PORT must be a whole number from 0 to 65535, not "4e3"'],
  [{ KONTOR_POOL_SIZE: '0' }, 'KONTOR_POOL_SIZE must be a whole number from 1 to 1000, not "0"'],
  [
    { KONTOR_LOG_LEVEL: 'loud' },
    'KONTOR_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
  ],
  [
    { DATABASE_URL: 'mysql://kontor:geheim@db/kontor' },
    'DATABASE_URL must look like postgres://user:password@host:5432/database',
  ],
  [
    { DATABASE_URL: 'kontor:geheim' },
    'DATABASE_URL must look like postgres://user:password@host:5432/database',
  ],
])('%j is refused in one line that names it', (settings, message) => {
  expect(() => readConfig(settings)).toThrow(new Error(message));
});
