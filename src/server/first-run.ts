import type pg from 'pg';
import sql from 'sql-template-tag';
import type { Database } from '../database/database.ts';
import { createOrganization, findOrganization, type Organization } from '../identity/organization.service.ts';
import { administratorOf } from '../identity/user.service.ts';
import type { Installation } from './installation.ts';

/** The organisation every command means when none is named. */
export const MAIN = 'Main';
export const SAMPLE = 'Sample';

/**
 * What became of the sample; remembered, so that one that was renamed or declined does not come back. `MAKING` stays
 * behind when a start was interrupted: the next one goes on.
 */
type SampleState = 'MAKING' | 'MADE' | 'DECLINED' | null;

type Parts = Pick<Installation, 'owner' | 'database'>;

/** Any number: processes that start at once do the first run one after the other. */
const FIRST_RUN_LOCK = 5_713_904_227;

/** An empty database gets the organisation every command works in. */
export async function ensureMain({ owner, database }: Parts): Promise<void> {
  if (!(await isEmpty(owner))) return;
  await alone(owner, () => makeMain(owner, database));
}

/**
 * An empty database gets the organisation `Main`, and `Sample` with generated records beside it as long as `Main` has
 * none; `sample: false` declines that once and for all. Does nothing on later starts.
 */
export async function firstRun(
  { owner, database }: Parts,
  { sample, onLog = () => undefined }: { sample: boolean; onLog?: (line: string) => void },
): Promise<void> {
  const isDone = (state: SampleState) => state === 'MADE' || state === 'DECLINED';
  if (!(await isEmpty(owner)) && isDone(await readSampleState(owner))) return;
  await alone(owner, async () => {
    await makeMain(owner, database);
    const state = await readSampleState(owner);
    if (isDone(state)) return;
    if (!sample) return await writeSampleState(owner, 'DECLINED');
    if (state === null && (await isSampleUnwanted(owner, database))) return;
    await writeSampleState(owner, 'MAKING');
    await fillSample(await sampleOrganization(owner, database), database, onLog);
    await writeSampleState(owner, 'MADE');
  });
}

/** Does the organisation have anything one would sell to? */
export async function hasRecords(database: Database, organizationId: string): Promise<boolean> {
  const rows = await database.read({ organizationId, userId: null }, (snapshot) =>
    snapshot.query(sql`
      select where exists (select from account where organization_id = ${organizationId})
        or exists (select from contact where organization_id = ${organizationId})
        or exists (select from opportunity where organization_id = ${organizationId})
        or exists (select from lead where organization_id = ${organizationId})`),
  );
  return rows.length > 0;
}

async function alone(owner: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [FIRST_RUN_LOCK]);
    await work();
    await client.query('select pg_advisory_unlock($1)', [FIRST_RUN_LOCK]);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function isEmpty(owner: pg.Pool): Promise<boolean> {
  return (await owner.query('select from organization limit 1')).rows.length === 0;
}

async function makeMain(owner: pg.Pool, database: Database): Promise<void> {
  if (await isEmpty(owner)) await createOrganization(database, { name: MAIN });
}

async function isSampleUnwanted(owner: pg.Pool, database: Database): Promise<boolean> {
  if (await findOrganization(owner, SAMPLE)) return true;
  const main = await findOrganization(owner, MAIN);
  return main !== undefined && (await hasRecords(database, main.id));
}

async function sampleOrganization(owner: pg.Pool, database: Database) {
  const begun = await findOrganization(owner, SAMPLE);
  if (!begun) return await createOrganization(database, { name: SAMPLE });
  return { ...begun, adminId: (await administratorOf(database, begun.id)).id };
}

/** The records are written in one transaction: they are all there, or none is. */
async function fillSample(
  organization: Organization & { adminId: string },
  database: Database,
  onLog: (line: string) => void,
): Promise<void> {
  if (await hasRecords(database, organization.id)) return;
  onLog('making the organisation Sample with invented records');
  const { generateSample } = await import('../sample/generate.ts');
  await generateSample(database, organization);
}

async function readSampleState(owner: pg.Pool): Promise<SampleState> {
  const { rows } = await owner.query<{ sample: SampleState }>('select sample from installation');
  return rows[0]?.sample ?? null;
}

async function writeSampleState(owner: pg.Pool, state: SampleState): Promise<void> {
  await owner.query('update installation set sample = $1', [state]);
}
