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
import {
  type ConversionEffects,
  effectsSince,
  hasRowsOf,
  imagesAround,
  rememberEffects,
} from './conversion-effects.ts';
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
export function requireConverter(principal: Principal): void {
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

/** Writes what was planned under the locks. `proposedBy`: whose proposal was approved; null for a direct conversion. */
export async function execute(
  tx: Transaction,
  principal: Principal,
  plan: ConversionPlan,
  at: Date,
  proposedBy: ActorData | null = null,
): Promise<ConvertedLead> {
  const conversion = await writeRecords(tx, principal, plan, at, proposedBy);
  await writeLineage(tx, principal, [conversion]);
  return conversion.converted;
}

/** A conversion whose records are written: what is still to be told of it. */
export interface WrittenConversion {
  converted: ConvertedLead;
  plan: ConversionPlan;
  people: ConversionPeople;
  proposedBy: ActorData | null;
  at: Date;
  changes: Change[];
  effects: ConversionEffects;
  /** What the account was called before. */
  former: { domain?: string | null; matchKey?: string | null };
}

/** Writes everything later conversions of the same transaction may look at: the records, their links, the lead. */
export async function writeRecords(
  tx: Transaction,
  principal: Principal,
  plan: ConversionPlan,
  at: Date,
  proposedBy: ActorData | null = null,
): Promise<WrittenConversion> {
  if (!proposedBy) requireDirectConversions(plan);
  const leadId = plan.lead.id;
  const before = await imagesAround(tx, {
    leadId,
    accountId: plan.account.existing?.id ?? null,
    contactId: plan.contact.existing?.id ?? null,
    opportunityId: plan.opportunity?.existing?.id ?? null,
  });
  const former = { domain: plan.account.existing?.domain, matchKey: plan.account.existing?.matchKey };
  const { changes, ...targets } = await writeTargets(tx, plan, at);
  const conversionId = uuidv7();
  const converted: ConvertedLead = { conversionId, leadId, ...targets, warnings: plan.warnings };
  const turn = { takes: true, reason: 'The lead was converted' };
  const people = conversionPeople(principal, plan);
  const accepted = plan.handoff ? endHandoff(tx, principal, plan.lead, plan.handoff, turn, at) : {};
  changes.push(markConverted(tx, plan, accepted, { conversionId, ...targets }, at));
  await tx.em.flush();

  const { contactId, opportunityId } = converted;
  if (opportunityId) await addContactRole(tx, opportunityId, contactId, plan.opportunity?.role ?? null, at);
  // Locked, the lead can't get any more of them.
  if (hasRowsOf(before, 'activity', leadId)) await linkActivities(tx, converted, plan.ownerId, at);
  if (hasRowsOf(before, 'campaign_member', leadId)) await moveMemberships(tx, converted);
  const effects = await effectsSince(tx, before, converted);
  return { converted, plan, people, proposedBy, at, changes, effects, former };
}

/** Writes what is told of conversions, which none of the same transaction looks at: lineage, journal, matches. */
export async function writeLineage(
  tx: Transaction,
  principal: Principal,
  conversions: readonly WrittenConversion[],
): Promise<void> {
  for (const conversion of conversions) writeConversion(tx, principal, conversion);
  // MikroORM does not see our foreign keys: what others refer to goes first.
  await tx.em.flush();
  for (const { converted, plan, proposedBy, changes } of conversions) {
    const { conversionId } = converted;
    writeProvenance(tx, plan, conversionId);
    const details = { plan: planSummary(plan), policies: planPolicies(plan), proposedBy };
    recordConversion(tx, principal, { conversionId, action: 'convertLead', changes, details });
  }
  const direct = conversions.filter(({ proposedBy }) => !proposedBy);
  await expireProposals(
    tx,
    principal,
    direct.map(({ converted }) => converted.leadId),
    ['lead: converted meanwhile'],
    new Date(),
  );
  await tx.em.flush();
  for (const { converted, plan, former } of conversions) {
    const { existing, values } = plan.account;
    if (!existing || values.domain || values.name)
      await rematchLeadsOfAccount(tx, converted.accountId, former);
  }
  await rememberEffects(
    tx,
    conversions.map(({ converted, effects }) => ({ conversionId: converted.conversionId, effects })),
  );
}

function writeConversion(
  tx: Transaction,
  principal: Principal,
  { converted, plan: { account, contact, opportunity }, people, at }: WrittenConversion,
): void {
  const { conversionId, leadId, accountId, contactId, opportunityId } = converted;
  tx.em.create(LeadConversionEntity, {
    organizationId: tx.tenant.organizationId,
    id: conversionId,
    ...{ leadId, accountId, contactId, opportunityId, ...people },
    accountOutcome: account.outcome,
    contactOutcome: contact.outcome,
    opportunityOutcome: opportunity?.outcome ?? null,
    convertedAt: at,
    convertedById: principal.userId,
  });
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
