import { HandoffDecision } from '../handoffs/handoff.enums.ts';
import type { ConversionRow, HandoffRow, LeadRow, Setting, Team } from './draft.ts';
import { newRow } from './draft.ts';
import type { Random } from './random.ts';
import { BOUNCE_REASONS, HANDOFF_NOTES } from './sales-terms.ts';

/** How often a lead that came so far was handed over: converted, accepted by sales, only marketing-qualified, rejected. */
const HANDED_OVER = { converted: 0.6, accepted: 0.5, qualified: 0.7, rejected: 0.3 };

/**
 * Hand-offs of the SDRs' leads to AEs. An accepted lead is the AE's, who also converted it; sales accepted it (SAL) when
 * the AE did.
 */
export function createHandoffs(
  setting: Setting,
  team: Team,
  leads: LeadRow[],
  conversions: ConversionRow[],
): HandoffRow[] {
  const random = setting.random.stream('hand-offs');
  const conversionOf = new Map(conversions.map((conversion) => [conversion.leadId, conversion]));
  return leads.flatMap((lead) => {
    const conversion = conversionOf.get(lead.id);
    const { ownerId, mqlAt, salAt } = lead;
    if (!ownerId || !mqlAt) return [];
    const toUserId = conversion?.aeId ?? random.pick(team.aes).id;
    if (conversion || (salAt && lead.statusId !== setting.statuses.rejected)) {
      if (!random.chance(conversion ? HANDED_OVER.converted : HANDED_OVER.accepted)) return [];
      lead.ownerId = toUserId;
      if (conversion) conversion.convertedById = toUserId;
      const handed = handoff(setting, random, lead, { from: ownerId, to: toUserId, until: salAt! });
      return [decided(handed, HandoffDecision.ACCEPTED, salAt!, null)];
    }
    const isRejected = lead.statusId === setting.statuses.rejected;
    if (!random.chance(isRejected ? HANDED_OVER.rejected : HANDED_OVER.qualified)) return [];
    const until = isRejected ? lead.updatedAt : setting.calendar.today;
    const handed = handoff(setting, random, lead, { from: ownerId, to: toUserId, until });
    if (!isRejected) return [handed];
    const at = setting.calendar.between(random, handed.handedAt, until);
    return [decided(handed, HandoffDecision.BOUNCED, at, random.pick(BOUNCE_REASONS))];
  });
}

/** A pending one. */
function handoff(
  setting: Setting,
  random: Random,
  lead: LeadRow,
  { from, to, until }: { from: string; to: string; until: Date },
): HandoffRow {
  const at = setting.calendar.between(random, lead.mqlAt!, until);
  return {
    ...newRow(setting, random, at),
    ...{ leadId: lead.id, fromUserId: from, toUserId: to, handedAt: at },
    note: random.chance(0.6) ? random.pick(HANDOFF_NOTES) : null,
    ...{ decision: null, decidedAt: null, decidedById: null, reason: null },
  };
}

function decided(
  row: HandoffRow,
  decision: HandoffDecision,
  decidedAt: Date,
  reason: string | null,
): HandoffRow {
  return { ...row, decision, decidedAt, decidedById: row.toUserId, reason, updatedAt: decidedAt };
}
