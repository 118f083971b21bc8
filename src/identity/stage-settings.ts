import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import { readFields, refuse, wholeNumber } from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { StageEntity } from './identity.entity.ts';
import { lockedOrganization } from './organization-settings.ts';
import type { Principal } from './principal.ts';
import { requireRight } from './rights.ts';
import type { StageInput, UpdateStagesInput } from './settings.inputs.ts';
import { lockSteps, makeRoom, type Placed, placeSteps, requireUnused, STAGES } from './step-list.ts';

/** What a stage is, beside its name and place. */
type StageColumns = Pick<StageEntity, 'probability' | 'forecastCategory' | 'isClosed' | 'isWon'>;

/** Ids of stages a deal is in, deleted deals included, and of those one ever was in. */
interface StageUse {
  now: Set<string>;
  ever: Set<string>;
}

async function stageUse(tx: Transaction, stages: StageEntity[]): Promise<StageUse> {
  const { organizationId } = tx.tenant;
  const ids = stages.map(({ id }) => id);
  const rows = await tx.query<{ id: string; now: boolean; past: boolean }>(sql`
    select s.id,
      exists (select from opportunity where organization_id = ${organizationId} and stage_id = s.id) as now,
      exists (select from opportunity_version where organization_id = ${organizationId} and stage_id = s.id) as past
    from stage s where s.organization_id = ${organizationId} and s.id = any(${ids}::uuid[])`);
  const which = (test: (row: (typeof rows)[number]) => boolean) =>
    new Set(rows.filter(test).map(({ id }) => id));
  return { now: which(({ now }) => now), ever: which(({ now, past }) => now || past) };
}

function stageColumns(given: StageInput, row: StageEntity | undefined, { now }: StageUse): StageColumns {
  const isWon = given.isWon ?? row?.isWon ?? false;
  const isClosed = given.isClosed ?? row?.isClosed ?? isWon;
  if (isWon && !isClosed) throw refuse(['isClosed'], 'must be true for a stage that is won');
  // what another kind of stage had says nothing of this one
  const same = row && row.isWon === isWon && row.isClosed === isClosed ? row : undefined;
  if (row && !same && now.has(row.id))
    throw invalidInput(
      row.isClosed === isClosed ? 'isWon' : 'isClosed',
      `Deals are in ${row.name}: whether it is closed and won stays as it is`,
    );
  const { probability = same?.probability ?? (isClosed ? (isWon ? 100 : 0) : undefined) } = readFields(
    { probability: given.probability ?? undefined },
    { probability: wholeNumber({ min: 0, max: 100 }) },
  );
  if (probability == null) throw refuse(['probability'], 'must be given for a new open stage');
  const standard = isWon
    ? ForecastCategory.CLOSED
    : isClosed
      ? ForecastCategory.OMITTED
      : ForecastCategory.PIPELINE;
  const forecastCategory = given.forecastCategory ?? same?.forecastCategory ?? standard;
  const isNew = forecastCategory !== same?.forecastCategory;
  if (isNew && (forecastCategory === ForecastCategory.CLOSED) !== isWon)
    throw refuse(['forecastCategory'], 'is CLOSED for a stage that is won, and only for one');
  return { probability, forecastCategory, isClosed, isWon };
}

function requireEveryKind(placed: Placed<StageEntity, StageColumns>[]): void {
  const has = (isClosed: boolean, isWon: boolean) =>
    placed.some(({ columns }) => columns.isClosed === isClosed && columns.isWon === isWon);
  if (!has(false, false))
    throw invalidInput('stages', 'stages must have an open one, where a new deal begins');
  if (!has(true, true)) throw invalidInput('stages', 'stages must have one for deals that are won');
  if (!has(true, false)) throw invalidInput('stages', 'stages must have one for deals that are lost');
}

/** Deals carry their stage's place, so that a list in that order has an index. No edit of theirs: their versions stay. */
async function moveDeals(tx: Transaction, placed: Placed<StageEntity, StageColumns>[]): Promise<void> {
  const moved = placed.flatMap(({ row, columns: { position } }) =>
    row && row.position !== position ? [{ id: row.id, position }] : [],
  );
  if (moved.length === 0) return;
  const ids = moved.map(({ id }) => id);
  const positions = moved.map(({ position }) => position);
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    update opportunity set stage_position = moved.position
    from unnest(${ids}::uuid[], ${positions}::int[]) as moved (id, position)
    where organization_id = ${organizationId} and stage_id = moved.id and stage_position <> moved.position`);
}

const told = ({ name, probability, forecastCategory, isClosed, isWon }: StageColumns & { name: string }) => ({
  name,
  probability,
  forecastCategory,
  isClosed,
  isWon,
});

/** Replaces the stages of the sales process by a whole new list. Returns the organisation's UUID. */
export function updateStages(
  tx: Transaction,
  principal: Principal,
  input: UpdateStagesInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateStages', input.idempotencyKey, input, async () => {
    const organization = await lockedOrganization(tx, input.ifVersion);
    const organizationId = organization.id;
    await lockSteps(tx, STAGES);
    const orderBy = { position: 'asc', id: 'asc' } as const;
    const stages = await tx.em.find(StageEntity, { organizationId }, { orderBy });
    const use = await stageUse(tx, stages);
    const { placed, removed } = placeSteps(STAGES, stages, input.stages, (given, row) =>
      stageColumns(given, row, use),
    );
    requireEveryKind(placed);
    requireUnused(STAGES, removed, ({ id }) => use.ever.has(id), 'deals, now or in their history');
    const before = stages.map(told);
    // Before the stages are renamed, which waits for whoever writes a deal: that one may wait for no deal of ours.
    await moveDeals(tx, placed);
    await makeRoom(tx, STAGES, removed, placed);
    const at = changeTime(organization);
    let changed = removed.length > 0;
    for (const { row, columns } of placed) {
      if (row) changed = applyChanges(row, columns) !== null || changed;
      else {
        const key = { organizationId, id: uuidv7() };
        tx.em.create(StageEntity, { ...key, ...columns, createdAt: at, updatedAt: at });
        changed = true;
      }
    }
    if (!changed) return organizationId;
    organization.updatedAt = at;
    record(tx, principal, {
      recordType: 'Organization',
      recordId: organizationId,
      action: 'updateStages',
      before: { stages: before },
      after: { stages: placed.map(({ columns }) => told(columns)) },
      at,
    });
    return organizationId;
  });
}
