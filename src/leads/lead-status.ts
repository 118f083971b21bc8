import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { heldLeadStatuses } from '../identity/held-settings.ts';
import type { LeadStatusEntity } from '../identity/identity.entity.ts';

/** The status of a new or recycled lead that names none, of all in their order: the first open one. */
export function firstOpenStatus(statuses: LeadStatusEntity[]): LeadStatusEntity {
  const possible = statuses.filter((status) => !status.isConverted);
  const status = possible.find(({ isClosed }) => !isClosed) ?? possible[0];
  if (!status) throw invalidInput('status', 'The organisation has no status for unconverted leads');
  return status;
}

/** The status of that name, whatever case and accents. One for converted leads is refused, unless the lead has it (`currentId`). */
export function statusNamed(
  statuses: LeadStatusEntity[],
  name: string | null,
  currentId?: string,
): LeadStatusEntity {
  const status = name === null ? undefined : statuses.find(({ nameKey }) => nameKey === textKey(name));
  if (status && (!status.isConverted || status.id === currentId)) return status;
  if (name === null) throw invalidInput('status', 'status must have a value');
  throw new Refusal({
    code: UserErrorCode.INVALID_INPUT,
    message: status
      ? `${status.name} is for converted leads: convertLead sets it`
      : `status is none of the organisation's: ${name}`,
    path: ['status'],
    allowed: statuses.filter(({ isConverted }) => !isConverted).map((possible) => possible.name),
  });
}

/** What a lead gets with a status: an open one is not disqualified. */
export function enteredStatus(status: LeadStatusEntity) {
  return { statusId: status.id, ...(!status.isClosed && { disqualifiedReason: null }) };
}

/** One status a lead is about to get. */
export async function leadStatus(
  tx: Transaction,
  choose: (statuses: LeadStatusEntity[]) => LeadStatusEntity,
): Promise<LeadStatusEntity> {
  const [status] = await heldLeadStatuses(tx, (statuses) => [choose(statuses)]);
  return status!;
}
