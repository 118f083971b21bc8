import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import { readFields, required, shortText } from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { endHandoffByChange } from '../handoffs/pending-handoff.ts';
import { LeadStatusEntity } from '../identity/identity.entity.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import type { LeadEntity } from './lead.entity.ts';
import { LeadMilestone } from './lead.enums.ts';
import type { QualifyLeadInput } from './lead-qualification.inputs.ts';
import { enteredStatus, firstOpenStatus, leadStatus } from './lead-status.ts';
import { lockedLead } from './locked-lead.ts';

/**
 * A lead that skips a milestone has passed it at that moment: so no step of the funnel counts more leads than the one
 * before it.
 */
const PASSED = {
  [LeadMilestone.MQL]: ['mqlAt'],
  [LeadMilestone.SAL]: ['mqlAt', 'salAt'],
  [LeadMilestone.SQL]: ['mqlAt', 'salAt', 'sqlAt'],
} as const;

async function reached(
  tx: Transaction,
  lead: LeadEntity,
  milestone: keyof typeof PASSED,
  at: Date,
): Promise<Partial<LeadEntity>> {
  const missing = PASSED[milestone].filter((column) => !lead[column]);
  if (missing.length === 0) return {};
  const { organizationId } = tx.tenant;
  const status = await tx.em.findOneOrFail(LeadStatusEntity, { organizationId, id: lead.statusId });
  if (status.isClosed)
    throw invalidInput('milestone', `The lead is closed (${status.name}): recycle it before it is qualified`);
  return Object.fromEntries(missing.map((column) => [column, at]));
}

async function disqualified(
  tx: Transaction,
  lead: LeadEntity,
  reason: string | undefined,
): Promise<Partial<LeadEntity>> {
  if (reason === undefined) throw invalidInput('reason', 'reason must have a value: why is it disqualified?');
  const status = await leadStatus(tx, (statuses) => {
    const possible = statuses.filter(({ isClosed, isConverted }) => isClosed && !isConverted);
    const chosen = possible.find(({ id }) => id === lead.statusId) ?? possible[0];
    if (!chosen)
      throw invalidInput('milestone', 'The organisation has no closed status for unconverted leads');
    return chosen;
  });
  return { statusId: status.id, disqualifiedReason: reason };
}

async function recycled(tx: Transaction): Promise<Partial<LeadEntity>> {
  return enteredStatus(await leadStatus(tx, firstOpenStatus));
}

/** Notes a milestone, a disqualification or a recycling; a repeated one changes nothing. Returns the lead's UUID. */
export function qualifyLead(tx: Transaction, principal: Principal, input: QualifyLeadInput): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'qualifyLead', input.idempotencyKey, input, async () => {
    const { milestone } = input;
    const { reason } = readFields({ reason: input.reason ?? undefined }, { reason: required(shortText) });
    const lead = await lockedLead(tx, input);
    const at = changeTime(lead);
    const columns =
      milestone === LeadMilestone.DISQUALIFIED
        ? await disqualified(tx, lead, reason)
        : milestone === LeadMilestone.RECYCLED
          ? await recycled(tx)
          : await reached(tx, lead, milestone, at);
    if (milestone === LeadMilestone.DISQUALIFIED)
      await endHandoffByChange(tx, principal, lead, { closed: reason }, at);
    const changes = applyChanges(lead, columns, at);
    if (!changes) return lead.id;
    const after = { milestone, ...(reason !== undefined && { reason }), ...changes.after };
    record(tx, principal, {
      recordType: 'Lead',
      recordId: lead.id,
      action: 'qualifyLead',
      before: changes.before,
      after,
      at,
    });
    return lead.id;
  });
}
