import { encodeId } from '../graphql/ids.ts';
import type { DuplicateCandidateData } from '../graphql/user-error.ts';
import type { MatchMethod } from '../leads/lead.enums.ts';
import { type ConversionOutcome, type ConversionTarget, MergePolicy } from './conversion.enums.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import { mappingsByTarget } from './field-mapping.ts';
import type { PlannedField } from './merge.ts';

interface PlannedRecord {
  outcome: ConversionOutcome;
  /** Public id of the record to join; null for a new one. */
  record: string | null;
}

export interface CandidateSummary {
  /** Public id. */
  record: string;
  score: number;
  matchedOn: string[];
  method: MatchMethod;
}

/** A plan as it is kept, by a proposal to be shown and by the journal for good: JSON, with public ids. */
export interface PlanSummary {
  account: PlannedRecord;
  contact: PlannedRecord;
  opportunity: (PlannedRecord & { role: string | null }) | null;
  /** Name of the lead's status afterwards. */
  convertedStatus: string;
  /** Every field considered, then what else new records get: by the input, or by default. */
  fields: PlannedField[];
  candidates: { account: CandidateSummary[]; contact: CandidateSummary[] };
}

/** The rules a plan was made by. */
export interface PlanPolicies {
  merge: {
    /** For every field without a policy of its own, by the call or the organisation's mapping. */
    default: MergePolicy;
    fields: { target: ConversionTarget; field: string; policy: MergePolicy }[];
  };
  duplicate: string;
  similar: string;
  allowDuplicate: boolean;
  review: string;
}

function candidates(found: DuplicateCandidateData[]): CandidateSummary[] {
  return found.map(({ kind, id, score, matchedOn, method }) => ({
    record: encodeId(kind, id),
    score,
    matchedOn,
    method,
  }));
}

function planned(
  type: 'Account' | 'Contact' | 'Opportunity',
  { outcome, existing }: { outcome: ConversionOutcome; existing: { id: string } | null },
): PlannedRecord {
  return { outcome, record: existing && encodeId(type, existing.id) };
}

export function planSummary(plan: ConversionPlan): PlanSummary {
  const { account, contact, opportunity, status, fields, settled } = plan;
  return {
    account: planned('Account', account),
    contact: planned('Contact', contact),
    opportunity: opportunity && { ...planned('Opportunity', opportunity), role: opportunity.role },
    convertedStatus: status.name,
    fields: [...fields, ...settled],
    candidates: {
      account: candidates(plan.candidates.account),
      contact: candidates(plan.candidates.contact),
    },
  };
}

export function planPolicies({ policies, settings, allowDuplicate }: ConversionPlan): PlanPolicies {
  const mappings = mappingsByTarget(settings.fieldMappings, settings.customFields);
  const targets = Object.entries(policies) as [ConversionTarget, ReadonlyMap<string, MergePolicy>][];
  const fields = targets.flatMap(([target, called]) => {
    const ofOrganization = mappings[target]
      .filter(({ policy }) => policy !== MergePolicy.FILL_EMPTY)
      .map(({ field, policy }): [string, MergePolicy] => [field, policy]);
    return [...new Map([...ofOrganization, ...called])].map(([field, policy]) => ({ target, field, policy }));
  });
  return {
    merge: { default: MergePolicy.FILL_EMPTY, fields },
    duplicate: settings.duplicatePolicy,
    similar: settings.similarPolicy,
    allowDuplicate,
    review: settings.reviewPolicy,
  };
}
