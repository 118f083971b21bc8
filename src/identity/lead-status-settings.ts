import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import { refuse } from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { LeadStatusEntity } from './identity.entity.ts';
import { lockedOrganization } from './organization-settings.ts';
import type { Principal } from './principal.ts';
import { requireRight } from './rights.ts';
import type { LeadStatusInput, UpdateLeadStatusesInput } from './settings.inputs.ts';
import { LEAD_STATUSES, makeRoom, type Placed, placeSteps, requireUnused } from './step-list.ts';

/** What a status is, beside its name and place. */
type StatusColumns = Pick<LeadStatusEntity, 'isConverted' | 'isClosed'>;

/** Ids of the statuses a lead has, deleted leads included. */
async function usedStatuses(tx: Transaction): Promise<Set<string>> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<{ id: string }>(sql`
    select s.id from lead_status s
    where s.organization_id = ${organizationId}
      and exists (select from lead where organization_id = ${organizationId} and status_id = s.id)`);
  return new Set(rows.map(({ id }) => id));
}

function statusColumns(
  given: LeadStatusInput,
  row: LeadStatusEntity | undefined,
  used: Set<string>,
): StatusColumns {
  const isConverted = given.isConverted ?? row?.isConverted ?? false;
  if (row && row.isConverted !== isConverted && used.has(row.id))
    throw invalidInput(
      'isConverted',
      `Leads have the status ${row.name}: whether it is for converted ones stays as it is`,
    );
  const former = row?.isConverted === isConverted ? row.isClosed : undefined;
  const isClosed = given.isClosed ?? former ?? isConverted;
  if (isConverted && !isClosed) throw refuse(['isClosed'], 'must be true for a status of converted leads');
  return { isConverted, isClosed };
}

function requireEveryKind(placed: Placed<LeadStatusEntity, StatusColumns>[]): void {
  if (!placed.some(({ columns }) => columns.isConverted))
    throw invalidInput('statuses', 'statuses must have one for converted leads');
  if (!placed.some(({ columns }) => !columns.isClosed))
    throw invalidInput('statuses', 'statuses must have an open one, where a new lead begins');
}

const told = ({ name, isConverted, isClosed }: StatusColumns & { name: string }) => ({
  name,
  isConverted,
  isClosed,
});

/** Replaces the statuses of leads by a whole new list. Returns the organisation's UUID. */
export function updateLeadStatuses(
  tx: Transaction,
  principal: Principal,
  input: UpdateLeadStatusesInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateLeadStatuses', input.idempotencyKey, input, async () => {
    const organization = await lockedOrganization(tx, input.ifVersion);
    const organizationId = organization.id;
    const orderBy = { position: 'asc', id: 'asc' } as const;
    const statuses = await tx.em.find(LeadStatusEntity, { organizationId }, { orderBy });
    const used = await usedStatuses(tx);
    const { placed, removed } = placeSteps(LEAD_STATUSES, statuses, input.statuses, (given, row) =>
      statusColumns(given, row, used),
    );
    requireEveryKind(placed);
    requireUnused(LEAD_STATUSES, removed, ({ id }) => used.has(id), 'leads');
    const before = statuses.map(told);
    await makeRoom(tx, LEAD_STATUSES, removed, placed);
    const at = changeTime(organization);
    let changed = removed.length > 0;
    for (const { row, columns } of placed) {
      if (row) changed = applyChanges(row, columns) !== null || changed;
      else {
        const key = { organizationId, id: uuidv7() };
        tx.em.create(LeadStatusEntity, { ...key, ...columns, createdAt: at, updatedAt: at });
        changed = true;
      }
    }
    if (!changed) return organizationId;
    organization.updatedAt = at;
    record(tx, principal, {
      recordType: 'Organization',
      recordId: organizationId,
      action: 'updateLeadStatuses',
      before: { statuses: before },
      after: { statuses: placed.map(({ columns }) => told(columns)) },
      at,
    });
    return organizationId;
  });
}
