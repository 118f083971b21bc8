import sql, { raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { LeadStatusEntity, StageEntity } from './identity.entity.ts';

const inOrder = { orderBy: { position: 'asc', id: 'asc' }, refresh: true } as const;

/**
 * The rows `choose` takes of an ordered list of settings, kept as they are until the transaction ends: an administrator
 * who changes the list meanwhile waits. What has changed between being read and being kept is chosen again.
 */
async function held<Row extends { id: string; version: number }>(
  tx: Transaction,
  table: string,
  read: () => Promise<Row[]>,
  choose: (rows: Row[]) => Row[],
): Promise<Row[]> {
  for (;;) {
    const chosen = [...new Set(choose(await read()))];
    const ids = chosen.map(({ id }) => id);
    const versions = chosen.map(({ version }) => version);
    const kept = await tx.query(sql`
      select s.id from ${raw(table)} s
      join unnest(${ids}::uuid[], ${versions}::int[]) as seen (id, version) on seen.id = s.id and seen.version = s.version
      where s.organization_id = ${tx.tenant.organizationId} order by s.id for share of s`);
    if (kept.length === chosen.length) return chosen;
  }
}

/** Statuses that leads are about to get. */
export function heldLeadStatuses(
  tx: Transaction,
  choose: (statuses: LeadStatusEntity[]) => LeadStatusEntity[],
): Promise<LeadStatusEntity[]> {
  const { organizationId } = tx.tenant;
  return held(tx, 'lead_status', () => tx.em.find(LeadStatusEntity, { organizationId }, inOrder), choose);
}

/** The stage a deal is about to enter. Comes before the lock on the deal: stages are locked first. */
export async function heldStage(
  tx: Transaction,
  choose: (stages: StageEntity[]) => StageEntity,
): Promise<StageEntity> {
  const { organizationId } = tx.tenant;
  const read = () => tx.em.find(StageEntity, { organizationId }, inOrder);
  const [stage] = await held(tx, 'stage', read, (stages) => [choose(stages)]);
  return stage!;
}
