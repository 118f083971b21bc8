import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { Role } from '../identity/identity.enums.ts';
import type { Principal } from '../identity/principal.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import type { Converted } from './linked-records.ts';

/** Who fed the lead to whoever sells, and who sells, as they were at the conversion. */
export interface ConversionPeople {
  sdrId: string | null;
  aeId: string | null;
}

interface KnownPeople {
  handedOverBy: string | null;
  accountOwner: string | null;
  opportunityOwner: string | null;
}

/**
 * AE: the owner of the opportunity the lead started or joined, else of the account. SDR: who handed the lead over, by its
 * last accepted hand-off; else an SDR who converted what was the AE's lead; else the lead's owner; else who converted what
 * was no person's. Call it once the records are written and a hand-off is decided, before the lead changes.
 */
export async function conversionPeople(
  tx: Transaction,
  principal: Principal,
  { lead }: ConversionPlan,
  { accountId, opportunityId }: Converted,
): Promise<ConversionPeople> {
  await tx.em.flush();
  const { organizationId } = tx.tenant;
  const [known] = await tx.query<KnownPeople>(sql`
    select
      (select from_user_id from lead_handoff
       where organization_id = ${organizationId} and lead_id = ${lead.id} and decision = 'ACCEPTED'
       order by handed_at desc, id desc limit 1) as "handedOverBy",
      (select owner_id from account where organization_id = ${organizationId} and id = ${accountId}) as "accountOwner",
      (select owner_id from opportunity
       where organization_id = ${organizationId} and id = ${opportunityId}::uuid) as "opportunityOwner"`);
  const { handedOverBy, accountOwner, opportunityOwner } = known!;
  const aeId = opportunityOwner ?? accountOwner;
  const { ownerId = null } = lead;
  const converter = ownerId === aeId && principal.role === Role.SDR ? principal.userId : null;
  return { sdrId: handedOverBy ?? converter ?? ownerId ?? principal.userId, aeId };
}
