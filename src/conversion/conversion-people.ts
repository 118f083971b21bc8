import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
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
 * last accepted hand-off; else the lead's owner, unless that is the AE; else who converted it. Call it once the records
 * are written and a hand-off is decided, before the lead changes.
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
  const owner = lead.ownerId === aeId ? null : lead.ownerId;
  return { sdrId: handedOverBy ?? owner ?? principal.userId, aeId };
}
