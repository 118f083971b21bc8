import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import type { TrackedState } from '../opportunities/opportunity-history.ts';
import { OpportunityVersionEntity } from '../opportunities/opportunity.entity.ts';
import { insertRows } from './bulk-write.ts';
import type { ChangedChain, KnownOpportunity } from './import-opportunities.ts';
import { lockKnown, queryInBatches } from './known-records.ts';
import type { Version } from './opportunity-chain.ts';

type VersionRow = Omit<TrackedState, 'amount'> & {
  opportunityId: string;
  amount: string | null;
  from: number;
};

/** The opportunities of these Salesforce ids, locked, with their histories. */
export async function lockKnownOpportunities(
  tx: Transaction,
  externalIds: Iterable<string>,
): Promise<Map<string, KnownOpportunity>> {
  const { organizationId } = tx.tenant;
  const known = await lockKnown<Pick<KnownOpportunity, 'pushCount' | 'createdAt' | 'createdAtEstimated'>>(
    tx,
    'opportunity',
    externalIds,
    `push_count as "pushCount", created_at_estimated as "createdAtEstimated",
      (extract(epoch from created_at) * 1000)::float8 as "createdAt"`,
  );
  const ids = [...known.values()].map(({ id }) => id);
  const versions = await queryInBatches(ids, (batch) =>
    tx.query<VersionRow>(sql`
      select opportunity_id as "opportunityId", stage_id as "stageId", amount, currency, probability,
        forecast_category as "forecastCategory", close_date::text as "closeDate", is_closed as "isClosed", is_won as "isWon",
        (extract(epoch from valid_from) * 1000)::float8 as "from"
      from opportunity_version
      where organization_id = ${organizationId} and opportunity_id = any(${batch}::uuid[])
      order by opportunity_id, valid_from`),
  );
  const chains = new Map<string, Version[]>(ids.map((id) => [id, []]));
  for (const { opportunityId, from, amount, ...state } of versions)
    chains
      .get(opportunityId)!
      .push({ from, state: { ...state, amount: amount === null ? null : BigInt(amount) } });
  // An import writes one audit entry for itself; whoever changes one opportunity writes one for it, as who changes only
  // the people in it does.
  const touched = await queryInBatches(ids, (batch) =>
    tx.query<{ id: string }>(sql`
      select distinct record_id as id from audit_entry
      where organization_id = ${organizationId} and record_id = any(${batch}::uuid[])
        and action not in ('addOpportunityContact', 'updateOpportunityContact', 'removeOpportunityContact')`),
  );
  const touchedIds = new Set(touched.map(({ id }) => id));
  return new Map(
    [...known].map(([externalId, record]) => [
      externalId,
      { ...record, chain: chains.get(record.id)!, isTouched: touchedIds.has(record.id) },
    ]),
  );
}

/** Stores histories anew; those of opportunities whose history stayed the same are not among them. */
export async function writeChains(tx: Transaction, changed: ChangedChain[]): Promise<void> {
  const { organizationId } = tx.tenant;
  const known = changed.filter(({ isNew }) => !isNew).map(({ opportunityId }) => opportunityId);
  await queryInBatches(known, (batch) =>
    tx.query(sql`
      delete from opportunity_version
      where organization_id = ${organizationId} and opportunity_id = any(${batch}::uuid[])`),
  );
  const rows = changed.flatMap(({ opportunityId, chain }) =>
    chain.map(({ from, state }, index) => {
      const next = chain[index + 1];
      return {
        id: uuidv7(),
        opportunityId,
        ...state,
        validFrom: new Date(from),
        validTo: next ? new Date(next.from) : null,
      };
    }),
  );
  await insertRows(tx, OpportunityVersionEntity, rows);
}
