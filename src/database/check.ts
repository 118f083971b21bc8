import sql from 'sql-template-tag';
import { encodeId, type NodeType } from '../graphql/ids.ts';
import { type Invariant, invariants } from './check-invariants.ts';
import { derivedColumns, wrongKeys } from './check-keys.ts';
import type { Database } from './database.ts';
import type { Snapshot } from './snapshot.ts';

/** An invariant that some records of an organisation break. */
export interface Violation extends Pick<Invariant, 'name' | 'sentence' | 'severity'> {
  count: number;
  /** Public ids of some of the records. */
  examples: string[];
}

const EXAMPLES = 5;

/** How many invariants a check looks at in each organisation. */
export const INVARIANT_COUNT = invariants.length + derivedColumns.length;

/** Looks at every invariant in one instant of one organisation, and returns those that do not hold. */
export async function checkOrganization(database: Database, organizationId: string): Promise<Violation[]> {
  return await database.read({ organizationId, userId: null }, async (snapshot) => {
    // Somebody waits for the answer of a check; of a large organisation it takes longer than a request may.
    await snapshot.query(sql`select set_config('statement_timeout', '0', true)`);
    const found: Violation[] = [];
    for (const invariant of invariants) found.push(await violationsOf(snapshot, organizationId, invariant));
    for (const derived of derivedColumns) {
      const wrong = await wrongKeys(snapshot, organizationId, derived);
      found.push({
        name: `${derived.table}-keys`,
        sentence: `The normalised columns of ${derived.table} are what its texts give.`,
        severity: 'error',
        count: wrong.length,
        examples: publicIds(derived.recordType, wrong.slice(0, EXAMPLES)),
      });
    }
    return found.filter(({ count }) => count > 0);
  });
}

async function violationsOf(
  snapshot: Snapshot,
  organizationId: string,
  { name, sentence, severity, recordType, violations }: Invariant,
): Promise<Violation> {
  const counted = await snapshot.one<{ count: number; examples: string[] | null }>(sql`
    select count(*)::int as count, (array_agg(id order by id))[1:${EXAMPLES}] as examples
    from (${violations(organizationId)}) violation`);
  const { count = 0, examples } = counted ?? {};
  return { name, sentence, severity, count, examples: publicIds(recordType, examples ?? []) };
}

const publicIds = (type: NodeType, ids: string[]) => ids.map((id) => encodeId(type, id));
