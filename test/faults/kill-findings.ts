import sql from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { parseId } from '../../src/graphql/ids.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import type { Installation } from '../../src/server/installation.ts';
import type { clientOf, Entry, Ledger } from './kill-clients.ts';

/** What was found in the database, against what clients were told. */
export interface Findings {
  acknowledged: number;
  reverted: number;
  /** Told to a client, and not there. */
  lost: string[];
  /** There in part, or twice, or never told although every client got its answer in the end. */
  partial: string[];
  /** Asked again with its key, another answer came. */
  changed: string[];
}

/** How many keys are asked again at each look. */
const REPEATED = 12;

export async function verify(
  { database }: Installation,
  { id: organizationId }: Organization,
  client: () => ReturnType<typeof clientOf>,
  { entries }: Ledger,
  so: Findings,
): Promise<Findings> {
  const { conversions, orphans } = await withPatience(() =>
    database.read({ organizationId, userId: null }, async (snapshot) => ({
      conversions: await snapshot.query<{
        id: string;
        lead_id: string;
        account_id: string;
        is_reverted: boolean;
      }>(sql`
        select id, lead_id, account_id, reverted_at is not null as is_reverted from lead_conversion
        where organization_id = ${organizationId}`),
      // a lead that is converted without a conversion, or the other way round
      orphans: await snapshot.query<{ id: string }>(sql`
        select lead.id from lead where lead.organization_id = ${organizationId}
        and lead.is_converted <> exists (select from lead_conversion conversion
          where conversion.organization_id = ${organizationId} and conversion.lead_id = lead.id
          and conversion.reverted_at is null)`),
    })),
  );
  const stored = new Map(conversions.map((row) => [row.id, row]));
  const lost = entries
    .filter(({ told, isReverted }) => {
      const row = stored.get(uuid(told['conversion']));
      return !row || row.lead_id !== uuid(told['lead']) || (isReverted && !row.is_reverted);
    })
    .map(({ told }) => told['conversion'].id as string);
  const told = new Set(entries.map((entry) => uuid(entry.told['conversion'])));
  const untold = conversions.filter(({ id }) => !told.has(id)).map(({ id }) => `never told: ${id}`);
  const violations = await withPatience(() => checkOrganization(database, organizationId));
  return {
    acknowledged: entries.length,
    reverted: entries.filter(({ isReverted }) => isReverted).length,
    lost: [...new Set([...so.lost, ...lost])],
    partial: [
      ...new Set([
        ...so.partial,
        ...untold,
        ...orphans.map(({ id }) => `half: ${id}`),
        ...violations.map(({ name, examples }) => `${name}: ${examples.join(' ')}`),
      ]),
    ],
    changed: [...so.changed, ...(await changedAnswers(entries, client()))],
  };
}

/** Of some keys, those that answer with another conversion than at first. */
async function changedAnswers(entries: Entry[], client: ReturnType<typeof clientOf>): Promise<string[]> {
  const changed: string[] = [];
  for (let index = 0; index < Math.min(REPEATED, entries.length); index++) {
    const entry = entries[Math.floor(Math.random() * entries.length)]!;
    const again = await client.repeat(entry);
    // what was undone has no account any more, but is the same conversion
    const parts = entry.isReverted ? ['conversion', 'lead'] : Object.keys(entry.told);
    if (parts.some((part) => JSON.stringify(again[part]) !== JSON.stringify(entry.told[part])))
      changed.push(`${entry.input.idempotencyKey}: ${JSON.stringify(again)}`);
  }
  return changed;
}

const uuid = (record: { id: string }): string => parseId(record.id)!.uuid;

/** The connections of a pool may have died with the database; the next ones live. */
async function withPatience<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
