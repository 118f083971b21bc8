import { createHash } from 'node:crypto';
import { encodeId } from '../graphql/ids.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import type { DuplicateCandidateData } from '../graphql/user-error.ts';

/** Everything a plan says and rests on, as lines for people: two plans with the same lines do the same. */
export type PlanState = Record<string, string | null>;

export function planState(plan: ConversionPlan): PlanState {
  const { lead, account, contact, opportunity, status, handoff, candidates } = plan;
  // Who has to agree does not change what is done.
  const { reviewPolicy: _, ...settings } = plan.settings;
  const state: PlanState = {
    'lead: version': String(lead.version),
    'lead: status afterwards': status.name,
    'lead: pending hand-off': handoff && encodeId('LeadHandoff', handoff.id),
    ...target('account', 'Account', account.outcome, account.existing, account.existing?.name),
    ...target('contact', 'Contact', contact.outcome, contact.existing, contact.existing?.lastName),
    ...target(
      'opportunity',
      'Opportunity',
      opportunity?.outcome,
      opportunity?.existing,
      opportunity?.existing?.name,
    ),
    "opportunity: contact's role": opportunity?.role ?? null,
    'owner:': encodeId('User', plan.ownerId),
  };
  for (const { target, field, source, current, next, outcome } of [...plan.fields, ...plan.settled]) {
    const name = `${target.toLowerCase()}.${field}:`;
    Object.assign(state, {
      [`${name} of the lead`]: source,
      [`${name} now`]: current,
      [`${name} outcome`]: outcome,
      [name]: next,
    });
  }
  return {
    ...state,
    'account: candidates': listed(candidates.account),
    'contact: candidates': listed(candidates.contact),
    [SETTINGS]: createHash('sha256').update(JSON.stringify(settings)).digest('base64url'),
  };
}

/** Its value says nothing to people. */
const SETTINGS = 'organisation: settings';

function target(
  name: string,
  type: 'Account' | 'Contact' | 'Opportunity',
  outcome: string | undefined,
  existing: { id: string; version?: number } | null | undefined,
  label: string | undefined,
): PlanState {
  return {
    [`${name}: outcome`]: outcome ?? null,
    [`${name}:`]: existing ? `${label} (${encodeId(type, existing.id)})` : null,
    [`${name}: version`]: existing ? String(existing.version) : null,
  };
}

function listed(candidates: DuplicateCandidateData[]): string | null {
  const texts = candidates.map(({ kind, id, score }) => `${encodeId(kind, id)} ${score.toFixed(3)}`);
  return texts.length > 0 ? texts.join(', ') : null;
}

/** What differs, for people: `lead: version 3 → 4`. */
export function changesBetween(planned: PlanState, now: PlanState): string[] {
  const keys = new Set([...Object.keys(planned), ...Object.keys(now)]);
  return [...keys]
    .map((key) => ({ key, before: planned[key] ?? null, after: now[key] ?? null }))
    .filter(({ before, after }) => before !== after)
    .map(({ key, before, after }) =>
      key === SETTINGS ? `${key} changed` : `${key} ${before ?? '(none)'} → ${after ?? '(none)'}`,
    );
}
