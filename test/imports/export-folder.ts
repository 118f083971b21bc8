import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sql } from 'sql-template-tag';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { type ImportOptions, importSalesforce } from '../../src/imports/salesforce-import.ts';
import type { ImportResult } from '../../src/imports/import-report.ts';
import type { World } from '../support/world.ts';

export type Organization = Awaited<ReturnType<World['organization']>>;

/** A row as its cells; a table as its rows, whose header is the columns any of them has. */
export type Cells = Record<string, string>;

export function csv(rows: Cells[], columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(cell).join(',')}\n`)
    .join('');
}

/** Writes files into a new folder, calls `work`, and removes them. */
export async function withFolder<T>(
  files: Record<string, string | Buffer>,
  work: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'kontor-import-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export function administrator({ tenant }: Organization): Principal {
  return {
    ...tenant,
    kind: 'PERSON',
    role: Role.ADMIN,
    name: 'Administrator',
    tokenId: tenant.organizationId,
  };
}

/** Tables by their object: `{ Account: [{ Id: …, Name: … }] }` is `Account.csv`; a text is the file as it stands. */
export async function importTables(
  world: World,
  organization: Organization,
  tables: Record<string, Cells[] | string | Buffer>,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  const files = Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [`${name}.csv`, Array.isArray(table) ? csv(table) : table]),
  );
  return await withFolder(files, (dir) =>
    importSalesforce(world.database, organization, administrator(organization), { dir, ...options }),
  );
}

const TABLES = [
  ...[
    'app_user',
    'queue',
    'stage',
    'lead_status',
    'account',
    'contact',
    'opportunity',
    'opportunity_version',
  ],
  ...['opportunity_contact_role', 'lead', 'lead_conversion', 'audit_entry', 'outbox_event'],
  ...['campaign', 'campaign_member', 'activity'],
];

/** Rows as the application sees them; `$org` in the text stands for the organisation. */
export async function select<Row extends object = Record<string, unknown>>(
  world: World,
  { tenant }: Organization,
  text: string,
): Promise<Row[]> {
  const parts = text.split('$org');
  const statement = new Sql(
    parts,
    parts.slice(1).map(() => tenant.organizationId),
  );
  return await world.database.read(tenant, (snapshot) => snapshot.query<Row>(statement));
}

/** Every row of the organisation in every table an import may write, with versions and times. */
export async function dump(world: World, organization: Organization): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of TABLES)
    rows[table] = await select(
      world,
      organization,
      `select * from ${table} where organization_id = $org order by id`,
    );
  return rows;
}

/** One table's rows in the order of their Salesforce ids. */
export async function rowsOf(world: World, organization: Organization, table: string, columns: string) {
  const text = `select ${columns} from ${table} where organization_id = $org order by external_id`;
  return await select(world, organization, text);
}

/** A made-up Salesforce id: `sfId('001', 7)`. */
export function sfId(prefix: string, number: number): string {
  return `${prefix}0000000${String(number).padStart(5, '0')}AAA`;
}
