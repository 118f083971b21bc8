import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import sql from 'sql-template-tag';
import { openEmbeddedDatabase } from '../src/database/embedded.ts';
import { readConfig } from '../src/config.ts';
import { Role } from '../src/identity/identity.enums.ts';
import type { Tenant } from '../src/database/tenant.ts';
import { createOrganization } from '../src/identity/organization.service.ts';
import { issueToken } from '../src/identity/token.service.ts';
import { type Installation, openInstallation } from '../src/server/installation.ts';
import { fill } from './fill.ts';

const CONTACTS_PER_ACCOUNT = 10;
const OPPORTUNITIES_PER_ACCOUNT = 20;
/** The other organisation's share: its rows lie between ours in every table and index. */
const OTHER_SHARE = 0.1;

/** An account's place in the list by name: a page starts after it. */
export interface Start {
  nameKey: string;
  id: string;
}

export interface BenchDatabase {
  url: string;
  token: string;
  /** The other organisation's, which has a tenth as many rows. */
  otherToken: string;
  organizationId: string;
  rows: { accounts: number; contacts: number; opportunities: number };
  version: string;
  starts: Start[];
  close(): Promise<void>;
}

// Root's PostgreSQL runs as another user, who may not get into root's own temporary directory.
const temporary = process.getuid?.() === 0 ? '/tmp' : os.tmpdir();

/** A PostgreSQL of the benchmark's own, filled; in `directory` if given, where it is kept for the next run. */
export async function openBenchDatabase(
  { accounts, pages, directory }: { accounts: number; pages: number; directory?: string },
  onLog: (line: string) => void,
): Promise<BenchDatabase> {
  const base = directory ?? fs.mkdtempSync(path.join(temporary, 'kontor-bench-'));
  fs.mkdirSync(base, { recursive: true });
  fs.chmodSync(base, 0o755);
  const embedded = await openEmbeddedDatabase({
    dataDir: path.join(base, 'data'),
    systemDir: path.join(base, 'system'),
    // For the fill; reading is the same. Autovacuum must not start in the middle of a round.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_wal_size: '8GB',
      autovacuum: 'off',
    },
  });
  const owner = new pg.Pool({ connectionString: embedded.url, max: 2 });
  owner.on('error', (error) => onLog(error.message));
  const installation = await openInstallation({ ...readConfig({}), databaseUrl: embedded.url });
  try {
    const [organizationId, otherId] = await filled(installation, owner, accounts, onLog);
    const { token } = await issueToken(installation, { organizationId, role: Role.ADMIN });
    const other = await issueToken(installation, { organizationId: otherId, role: Role.ADMIN });
    const { rows } = await owner.query<{ server_version: string }>('show server_version');
    return {
      url: embedded.url,
      token,
      otherToken: other.token,
      organizationId,
      rows: {
        accounts,
        contacts: accounts * CONTACTS_PER_ACCOUNT,
        opportunities: accounts * OPPORTUNITIES_PER_ACCOUNT,
      },
      version: rows[0]!.server_version,
      starts: await chooseStarts(installation, organizationId, accounts, pages),
      async close() {
        await embedded.stop();
        if (!directory) fs.rmSync(base, { recursive: true, force: true, maxRetries: 10 });
      },
    };
  } finally {
    await installation.close();
    await owner.end();
  }
}

/** The organisation with that many accounts and the one with a tenth, which are made if they are not there. */
async function filled(
  { database }: Installation,
  owner: pg.Pool,
  accounts: number,
  onLog: (line: string) => void,
): Promise<[ours: string, others: string]> {
  const name = `Bench ${accounts}`;
  const { rows } = await owner.query<{ id: string }>(
    'select id from organization where name = any($1) order by name',
    [[name, `${name}, others`]],
  );
  if (rows.length === 2) return [rows[0]!.id, rows[1]!.id];
  const begun = performance.now();
  const tenant = async (organization: string): Promise<Tenant> => {
    const { id, adminId } = await createOrganization(database, { name: organization });
    return { organizationId: id, userId: adminId };
  };
  const others = await tenant(`${name}, others`);
  const ours = await tenant(name);
  const perAccount = { contacts: CONTACTS_PER_ACCOUNT, opportunities: OPPORTUNITIES_PER_ACCOUNT };
  await fill(owner, [
    [others, { ...perAccount, accounts: Math.ceil(accounts * OTHER_SHARE), versions: false }],
    [ours, { ...perAccount, accounts, versions: false }],
  ]);
  onLog(`Filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return [ours.organizationId, others.organizationId];
}

/** The same pages for all servers, spread over the whole list by a fixed stride in no order. */
async function chooseStarts(
  { database }: Installation,
  organizationId: string,
  accounts: number,
  pages: number,
): Promise<Start[]> {
  const list = await database.read({ organizationId, userId: null }, (snapshot) =>
    snapshot.query<Start>(sql`
      select name_key as "nameKey", id from account where organization_id = ${organizationId} and deleted_at is null
      order by name_key, id limit ${accounts - 20}`),
  );
  if (list.length === 0) throw new Error('The kept database was not filled to the end: remove it');
  return Array.from({ length: pages }, (_, index) => list[(index * 7919) % list.length]!);
}
