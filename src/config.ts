import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that is set from outside. */
export interface Config {
  port: number;
  host: string;
  /** A PostgreSQL of one's own; absent: the embedded one, in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Connections of one process to the database. */
  poolSize: number;
  logLevel: LogLevel;
  /** The playground signs its visitor in: only where nobody but this machine's user can come. */
  allowPlaygroundSession: boolean;
  /** Where the command was typed: npm runs scripts in the project's folder. */
  callerDirectory: string;
}

/** A setting nobody can work with; the message is one line and names the variable. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const LOOPBACK = '127.0.0.1';
const root = fileURLToPath(new URL('..', import.meta.url));

function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `must be a whole number from ${least} to ${most}, not "${String(input)}"`,
    })
    .transform(Number);
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}

const variables = z.object({
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().default(LOOPBACK),
  // The value isn't repeated: it holds a password.
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'must look like postgres://user:password@host:5432/database')
    .optional(),
  KONTOR_DATA_DIR: z.string().default(path.join(root, '.kontor')),
  KONTOR_POOL_SIZE: wholeNumber(1, 1000).default(16),
  KONTOR_LOG_LEVEL: z
    .enum(LOG_LEVELS, {
      error: ({ input }) => `must be one of ${LOG_LEVELS.join(', ')}, not "${String(input)}"`,
    })
    .default('info'),
  INIT_CWD: z.string().optional(),
});

/** The settings from the environment, the only place that reads it. An empty variable counts as absent. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(problems.join('; '));
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    dataDir: path.resolve(data.KONTOR_DATA_DIR),
    poolSize: data.KONTOR_POOL_SIZE,
    logLevel: data.KONTOR_LOG_LEVEL,
    allowPlaygroundSession: data.DATABASE_URL === undefined && data.HOST === LOOPBACK,
    callerDirectory: data.INIT_CWD ?? process.cwd(),
  };
}

/** Read apart from the rest, so that a failure over a bad setting can be told, too. */
export function isDebugging(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.KONTOR_LOG_LEVEL === 'debug' || environment.KONTOR_LOG_LEVEL === 'trace';
}
