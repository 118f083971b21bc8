import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import type { Change } from '../database/journal.ts';
import { Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { endHandoff } from '../handoffs/pending-handoff.ts';
import { ReviewPolicy } from '../identity/identity.enums.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { hasRight, requireRight } from '../identity/rights.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import { rematchLeadsOfAccount } from '../leads/lead-matching.ts';
import { recordConversion } from './audit-record.ts';
import type { ActorData } from './audit.type.ts';
import { ConversionFieldEntity, LeadConversionEntity } from './conversion.entity.ts';
import { imagesAround, rememberEffects } from './conversion-effects.ts';
import { FieldOutcome } from './conversion.enums.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import { type ConversionPlan, planConversion } from './conversion.plan.ts';
import { conversionPeople, type ConversionPeople } from './conversion-people.ts';
import { ConversionRecords } from './conversion-records.ts';
import { frozenPlanOf, planAsFrozen } from './frozen-plan.ts';
import { addContactRole, type Converted, linkActivities, moveMemberships } from './linked-records.ts';
import { planPolicies, planSummary } from './plan-summary.ts';
import { expireProposals } from './proposal-locks.ts';
import { writeTargets } from './target-writes.ts';

/** What a conversion made, as ids (UUIDs), and what it has to say. */
export interface ConvertedLead extends Converted {
  conversionId: string;
  warnings: UserErrorData[];
}

/**
 * Converts a lead: account, contact, opportunity, links, lineage and journal in one transaction, or a `Refusal` and
 * nothing. Safe in every race by row locks alone (see `ConversionRecords`), once per idempotency key.
 */
export function convertLead(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadInput,
): Promise<ConvertedLead> {
  requireConverter(principal);
  return once(tx, principal, 'convertLead', input.idempotencyKey, input, async () => {
    const at = new Date();
    const plan = await planConversion(new ConversionRecords(tx, true), principal, organization, input, at);
    return execute(tx, principal, plan, at);
  });
}

/** Converts a lead exactly as a preview showed it, or refuses with what has changed since. */
export function convertByPlan(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: ConvertLeadInput,
  tokenSecret: Uint8Array,
): Promise<ConvertedLead> {
  requireConverter(principal);
  return once(tx, principal, 'convertLead', input.idempotencyKey, input, async () => {
    const at = new Date();
    const frozen = await frozenPlanOf(input, principal, tokenSecret);
    const records = new ConversionRecords(tx, true);
    const plan = await planAsFrozen(records, principal, organization, frozen, input, at);
    return execute(tx, principal, plan, at);
  });
}

/** Who works leads without the right to convert them may have conversions reviewed by somebody with it. */
function requireConverter(principal: Principal): void {
  if (!hasRight(principal, 'lead:convert') && hasRight(principal, 'lead:write'))
    throw new Refusal({
      code: UserErrorCode.HUMAN_REVIEW_REQUIRED,
      message: `The role ${principal.role} can't convert leads: propose it (proposeConversion), for a person with the right lead:convert to approve`,
    });
  requireRight(principal, 'lead:convert');
}

/** The organisation may want two people to see every conversion. */
function requireDirectConversions({ settings }: ConversionPlan): void {
  if (settings.reviewPolicy === ReviewPolicy.REQUIRED)
    throw new Refusal({
      code: UserErrorCode.HUMAN_REVIEW_REQUIRED,
      message:
        'The organisation wants every conversion reviewed: propose it (proposeConversion), for another person to approve',
    });
}

/** Writes what was planned under the locks. `proposal`: the one that was approved; without, it is a direct conversion. */
export async function execute(
  tx: Transaction,
  principal: Principal,
  plan: ConversionPlan,
  at: Date,
  proposal: { proposedBy: ActorData } | null = null,
): Promise<ConvertedLead> {
  if (!proposal) requireDirectConversions(plan);
  const before = await imagesAround(tx, {
    leadId: plan.lead.id,
    accountId: plan.account.existing?.id ?? null,
    contactId: plan.contact.existing?.id ?? null,
    opportunityId: plan.opportunity?.existing?.id ?? null,
  });
  const former = { domain: plan.account.existing?.domain, matchKey: plan.account.existing?.matchKey };
  const { changes, ...targets } = await writeTargets(tx, plan, at);
  const converted: Converted = { leadId: plan.lead.id, ...targets };
  const { accountId, contactId, opportunityId } = converted;
  const turn = { takes: true, reason: 'The lead was converted' };
  const accepted = await endHandoff(tx, principal, plan.lead, turn, at);
  const people = await conversionPeople(tx, principal, plan, converted);
  const conversionId = writeConversion(tx, principal, plan, { ...converted, ...people }, at);
  changes.push(markConverted(tx, plan, accepted, { conversionId, ...targets }, at));
  await tx.em.flush();

  writeProvenance(tx, plan, conversionId);
  const details = {
    plan: planSummary(plan),
    policies: planPolicies(plan),
    proposedBy: proposal?.proposedBy ?? null,
  };
  recordConversion(tx, principal, { conversionId, action: 'convertLead', changes, details });
  if (!proposal) await expireProposals(tx, principal, plan.lead.id, ['lead: converted meanwhile'], at);
  if (opportunityId) await addContactRole(tx, opportunityId, contactId, plan.opportunity?.role ?? null, at);
  await linkActivities(tx, converted, plan.ownerId, at);
  await moveMemberships(tx, converted);
  const { existing, values: written } = plan.account;
  if (!existing || written.domain || written.name) await rematchLeadsOfAccount(tx, accountId, former);
  await tx.em.flush();
  await rememberEffects(tx, conversionId, before, converted);
  return { conversionId, ...converted, warnings: plan.warnings };
}

function writeConversion(
  tx: Transaction,
  principal: Principal,
  { account, contact, opportunity }: ConversionPlan,
  converted: Converted & ConversionPeople,
  at: Date,
): string {
  const id = uuidv7();
  tx.em.create(LeadConversionEntity, {
    organizationId: tx.tenant.organizationId,
    id,
    ...converted,
    accountOutcome: account.outcome,
    contactOutcome: contact.outcome,
    opportunityOutcome: opportunity?.outcome ?? null,
    convertedAt: at,
    convertedById: principal.userId,
  });
  return id;
}

function markConverted(
  tx: Transaction,
  { lead, status }: ConversionPlan,
  accepted: Partial<LeadEntity>,
  links: object,
  at: Date,
): Change {
  const columns = Object.keys(accepted) as (keyof LeadEntity)[];
  const former = Object.fromEntries(columns.map((column) => [column, lead[column]]));
  const before = { ...former, statusId: lead.statusId, isConverted: false };
  const after = { ...accepted, statusId: status.id, isConverted: true, convertedAt: at };
  tx.em.assign(lead, { ...after, updatedAt: at });
  return {
    recordType: 'Lead',
    recordId: lead.id,
    action: 'convertLead',
    before,
    after: { ...after, ...links },
    at,
  };
}

function writeProvenance(tx: Transaction, { fields }: ConversionPlan, conversionId: string): void {
  for (const { target, field, source, sourceField, next, outcome } of fields) {
    // The value considered: what was written, else what of the lead was not.
    const value = outcome === FieldOutcome.KEPT ? source : (next ?? source);
    tx.em.create(ConversionFieldEntity, {
      organizationId: tx.tenant.organizationId,
      id: uuidv7(),
      conversionId,
      target,
      field,
      sourceField: value === source ? sourceField : null,
      value,
      outcome,
    });
  }
}
