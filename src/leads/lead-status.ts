import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { LeadStatusEntity } from '../identity/identity.entity.ts';

function leadStatuses(tx: Transaction): Promise<LeadStatusEntity[]> {
  const { organizationId } = tx.tenant;
  return tx.em.find(LeadStatusEntity, { organizationId }, { orderBy: { position: 'asc', id: 'asc' } });
}

/** The status of a new lead that names none: the first open one. */
export async function defaultLeadStatus(tx: Transaction): Promise<LeadStatusEntity> {
  const statuses = (await leadStatuses(tx)).filter((status) => !status.isConverted);
  const status = statuses.find(({ isClosed }) => !isClosed) ?? statuses[0];
  if (!status) throw invalidInput('status', 'The organisation has no status for unconverted leads');
  return status;
}

/** The status of that name, whatever case and accents. One for converted leads is refused, unless the lead has it (`currentId`). */
export async function leadStatusNamed(
  tx: Transaction,
  name: string | null,
  currentId?: string,
): Promise<LeadStatusEntity> {
  const statuses = await leadStatuses(tx);
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
