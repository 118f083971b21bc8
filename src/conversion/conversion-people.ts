import { Role } from '../identity/identity.enums.ts';
import type { Principal } from '../identity/principal.ts';
import type { ConversionPlan } from './conversion.plan.ts';

/** Who fed the lead to whoever sells, and who sells, as they were at the conversion. */
export interface ConversionPeople {
  sdrId: string | null;
  aeId: string | null;
}

/**
 * AE: the owner of the opportunity the lead started or joined, else of the account. SDR: who handed the lead over, by its
 * last accepted hand-off (a conversion by the receiver accepts a pending one); else an SDR who converted what was the AE's
 * lead; else the lead's owner; else who converted what was no person's.
 */
export function conversionPeople(principal: Principal, plan: ConversionPlan): ConversionPeople {
  const { lead, handoff, account, opportunity } = plan;
  const ownerOf = ({ existing }: { existing: { ownerId?: string | null } | null }) =>
    existing ? (existing.ownerId ?? null) : plan.ownerId;
  const aeId = (opportunity && ownerOf(opportunity)) ?? ownerOf(account);
  const accepted = handoff && handoff.toUserId === principal.userId ? handoff.fromUserId : null;
  const { ownerId = null } = lead;
  const converter = ownerId === aeId && principal.role === Role.SDR ? principal.userId : null;
  return { sdrId: accepted ?? plan.handedOverBy ?? converter ?? ownerId ?? principal.userId, aeId };
}
