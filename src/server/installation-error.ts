import pg from 'pg';
import { migrations } from '../../migrations/index.ts';

/** Kontor can't work with this database as it is; the message is one line and says what to do. */
export class InstallationError extends Error {
  override name = 'InstallationError';
}

const OLDEST_POSTGRESQL = 15;
const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
];

/** Refuses a server that is too old, and a database that a newer Kontor has changed. */
export async function checkVersions(client: pg.ClientBase, applied: string[]): Promise<void> {
  const { rows } = await client.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  const [server] = rows;
  if (server && server.number < OLDEST_POSTGRESQL * 10_000) {
    throw new InstallationError(
      `Kontor needs PostgreSQL ${OLDEST_POSTGRESQL} or newer, this server is ${server.name}`,
    );
  }
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new InstallationError(
      `The database was migrated by a newer Kontor (${unknown.join(', ')}): start that version, or restore a backup made before`,
    );
  }
}

/** What PostgreSQL or the network said, as one line for the person who starts Kontor; never with the password. */
export async function explained(error: unknown, url: string): Promise<Error> {
  const { code, message } = error as { code?: string; message?: string };
  const { host, database, user } = new pg.Client({ connectionString: url });
  const server = `${host}:${new URL(url).port || '5432'}`;
  const because = (text: string) => new InstallationError(text, { cause: error });

  if (code !== undefined && UNREACHABLE.includes(code)) {
    return because(`No PostgreSQL answers at ${server} (${code}): is it running, and is DATABASE_URL right?`);
  }
  if (
    message === 'timeout expired' ||
    message?.startsWith('Connection terminated due to connection timeout')
  ) {
    return because(`No PostgreSQL answers at ${server} within 10 seconds: is DATABASE_URL right?`);
  }
  if (code === '28P01' || message?.includes('client password must be a string')) {
    return because(`PostgreSQL at ${server} refuses the password of "${user}": correct DATABASE_URL`);
  }
  if (code === '28000') return because(`PostgreSQL at ${server} refuses the login: ${message}`);
  if (code === '3D000') {
    return because(
      `There is no database "${database}" at ${server}; an administrator makes it with: create database ${quoted(database)} owner ${quoted(user)};`,
    );
  }
  if (code === '42P07') {
    return because(
      `The database "${database}" holds tables of another program (${message}): give Kontor an empty one`,
    );
  }
  if (code === '42501') return because(await missingRights(url, message ?? 'permission denied'));
  return error instanceof Error ? error : because(String(error));
}

/** The SQL that gives the login what migrations need: the two roles, and a database of its own. */
async function missingRights(url: string, message: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ login: string; database: string; owns: boolean; roles: string[] }>(`
      select current_user as login, current_database() as database,
        (select pg_has_role(current_user, datdba, 'usage') from pg_database where datname = current_database()) as owns,
        array(select rolname::text from pg_roles where rolname in ('kontor_app', 'kontor_search')) as roles`);
    const { login, database, owns, roles } = rows[0]!;
    const statements = [
      ...['kontor_app', 'kontor_search']
        .filter((role) => !roles.includes(role))
        .map((role) => `create role ${role} nologin;`),
      `grant kontor_app, kontor_search to ${quoted(login)};`,
      ...(owns ? [] : [`alter database ${quoted(database)} owner to ${quoted(login)};`]),
    ];
    return `The login "${login}" may not set up Kontor (${message}); an administrator has to run: ${statements.join(' ')}`;
  } finally {
    await client.end();
  }
}

const quoted = (name: string | undefined) => pg.escapeIdentifier(name ?? '');
