import 'reflect-metadata';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pg from 'pg';
import { readConfig } from '../src/config.ts';
import { convertLeads } from '../src/conversion/conversion-batch.service.ts';
import { convertLead } from '../src/conversion/conversion.service.ts';
import { openEmbeddedDatabase } from '../src/database/embedded.ts';
import { MAX_BATCH } from '../src/graphql/batch-mode.ts';
import { encodeId } from '../src/graphql/ids.ts';
import { Role } from '../src/identity/identity.enums.ts';
import { createOrganization } from '../src/identity/organization.service.ts';
import type { Principal } from '../src/identity/principal.ts';
import { createLeads } from '../src/leads/lead-batch.service.ts';
import { openInstallation } from '../src/server/installation.ts';

/** Leads of one company; a batch of 100 makes ten accounts. */
const LEADS_PER_COMPANY = 10;

function positive(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('must be a whole number above 0');
  return Number(text);
}

const { batches, connections } = new Command('npm run bench:conversions --')
  .description('Conversions per second and statements per conversion, one at a time and in batches of 100.')
  .option('--batches <number>', 'batches of 100 leads; as many leads are converted singly', positive, 10)
  .option('--connections <number>', 'conversions (or batches) at once, in the second rounds', positive, 4)
  .parse()
  .opts<{ batches: number; connections: number }>();

// Root's PostgreSQL runs as another user, who may not get into root's own temporary directory.
const temporary = process.getuid?.() === 0 ? '/tmp' : os.tmpdir();
const base = fs.mkdtempSync(path.join(temporary, 'kontor-bench-'));
fs.chmodSync(base, 0o755);
const embedded = await openEmbeddedDatabase({
  dataDir: path.join(base, 'data'),
  systemDir: path.join(base, 'system'),
});
const installation = await openInstallation({ ...readConfig({}), databaseUrl: embedded.url });
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
} finally {
  await installation.close();
  await embedded.stop();
  fs.rmSync(base, { recursive: true, force: true, maxRetries: 10 });
}

async function measure() {
  const { database, tokenSecret } = installation;
  const { id, adminId, ...settings } = await createOrganization(database, { name: 'Bench' });
  const organization = { id, ...settings };
  const admin: Principal = {
    ...{ organizationId: id, userId: adminId, kind: 'PERSON', role: Role.ADMIN },
    ...{ name: 'Bench', tokenId: 'bench' },
  };
  let companies = 0;

  /** 100 new leads, not converted. */
  const hundred = async (): Promise<string[]> => {
    const items = Array.from({ length: MAX_BATCH }, (_, index) => {
      if (index % LEADS_PER_COMPANY === 0) companies++;
      const company = `Company ${companies.toString(36).padStart(6, '0')}`;
      const email = `p${index}@c${companies}.example`;
      return { input: { lastName: `Person ${companies} ${index}`, company, email } };
    });
    const made = await database.write(admin, (tx) => createLeads(tx, admin, organization, { items }));
    return made.flatMap((outcome) => ('id' in outcome ? encodeId('Lead', outcome.id) : []));
  };
  const single = (lead: string) =>
    database.write(admin, (tx) => convertLead(tx, admin, organization, { lead }));
  const batch = (leads: readonly string[]) =>
    database.write(admin, (tx) => {
      const items = leads.map((lead) => ({ input: { lead } }));
      return convertLeads(tx, admin, organization, { items }, tokenSecret);
    });

  /** Works the list off, so many at once; conversions per second and statements per conversion. */
  const timed = async (atOnce: number, sets: string[][], work: (set: string[]) => Promise<unknown>) => {
    const conversions = sets.flat().length;
    let statements = 0;
    const { query } = pg.Client.prototype;
    pg.Client.prototype.query = function counting(this: pg.Client, ...sent: unknown[]) {
      statements++;
      return Reflect.apply(query, this, sent) as never;
    } as typeof query;
    const left = sets.values();
    const begun = performance.now();
    try {
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const set of left) await work(set);
        }),
      );
    } finally {
      pg.Client.prototype.query = query;
    }
    const seconds = (performance.now() - begun) / 1000;
    return {
      conversions,
      conversionsPerSecond: Math.round(conversions / seconds),
      statementsPerConversion: Math.round((statements / conversions) * 10) / 10,
    };
  };
  const hundreds = async () => {
    const made: string[][] = [];
    for (let index = 0; index < batches; index++) made.push(await hundred());
    return made;
  };
  const oneByOne = async () => (await hundreds()).flat().map((lead) => [lead]);
  await timed(1, (await oneByOne()).slice(0, MAX_BATCH), ([lead]) => single(lead!));
  return {
    machine: { cpus: os.cpus().length, node: process.version },
    single: await timed(1, await oneByOne(), ([lead]) => single(lead!)),
    [`single, ${connections} at once`]: await timed(connections, await oneByOne(), ([lead]) => single(lead!)),
    batched: await timed(1, await hundreds(), batch),
    [`batched, ${connections} at once`]: await timed(connections, await hundreds(), batch),
  };
}
