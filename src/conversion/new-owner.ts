import { encodeId } from '../graphql/ids.ts';
import { Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf } from '../identity/record-owner.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { ConversionOutcome, ConversionTarget, FieldOutcome } from './conversion.enums.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import type { ConversionRecords } from './conversion-records.ts';
import { NO_SOURCE, type PlannedField } from './merge.ts';

/**
 * A lead nobody owns goes to the person who converts it, as a record one makes does; one that was handed to that person,
 * too.
 */
export async function newOwner(
  records: ConversionRecords,
  principal: Pick<Principal, 'userId'>,
  { lead, handoff }: Pick<ConversionPlan, 'lead' | 'handoff'>,
  owner: string | null | undefined,
): Promise<string> {
  const receiver = handoff?.toUserId === principal.userId ? principal.userId : null;
  const ownerId = (await ownerOf(records.tx, owner)) ?? receiver ?? lead.ownerId;
  if (ownerId) return ownerId;
  if (!lead.queueId && principal.userId !== null) return principal.userId;
  throw new Refusal({
    code: UserErrorCode.OWNER_REQUIRED,
    message: `${lead.queueId ? 'The lead belongs to a queue' : 'Nobody owns the lead'}: name the owner of the new records`,
    path: ['owner'],
  });
}

/** The owner of each record that is to be created. */
export function ownerFields(
  { input, lead }: { input: ConvertLeadInput; lead: LeadEntity },
  ownerId: string,
  { account, contact, opportunity }: Pick<ConversionPlan, 'account' | 'contact' | 'opportunity'>,
): PlannedField[] {
  const ownDefault = lead.ownerId === ownerId ? "Default: the lead's owner" : 'Default: who converts';
  const reason = input.owner ? 'The input gives the value' : ownDefault;
  const plans = { ACCOUNT: account, CONTACT: contact, OPPORTUNITY: opportunity };
  return Object.values(ConversionTarget)
    .filter((target) => plans[target]?.outcome === ConversionOutcome.CREATED)
    .map((target) => ({
      ...{ target, field: 'owner', ...NO_SOURCE, current: null, next: encodeId('User', ownerId) },
      ...{ outcome: FieldOutcome.FILLED, reason },
    }));
}
