import { encodeId, parseId } from '../../src/graphql/ids.ts';
import type { Data } from '../support/graphql.ts';
import { type Fault, type Id, NEW, type PlannedField, type Value, type Wish } from './model/records.ts';

/** Between the model's words and the API's. */

const ERRORS = `userErrors { __typename code message path
  ... on DuplicateFoundError { candidates { record { id } } }
  ... on LeadConvertedError { conversion { id } } }`;

export const PREVIEW = `query ($input: ConvertLeadInput!) { previewLeadConversion(input: $input) {
  plan { planToken accountOutcome account { id } contactOutcome contact { id } opportunityOutcome opportunity { id }
    fields { target field source sourceField otherSources { field } current next outcome reason } }
  ${ERRORS} } }`;

export const CONVERT = `mutation ($input: ConvertLeadInput!) { convertLead(input: $input) {
  lead { isConverted } account { id } contact { id } opportunity { id }
  conversion { id accountOutcome contactOutcome opportunityOutcome fields { target field sourceField value outcome } }
  warnings { code path ... on DuplicateFoundError { candidates { record { id } } } }
  ${ERRORS} } }`;

function money({ minor, currency }: { minor: bigint; currency: string }) {
  return { amount: decimal(minor), currency };
}

/** The scenes' currencies have cents. */
function decimal(minor: bigint): string {
  const digits = minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function asInput(wish: Wish): Data {
  const { lead, account, contact, opportunity, owner, ...rest } = wish;
  const deal = opportunity && 'create' in opportunity ? opportunity.create : undefined;
  return {
    ...rest,
    lead: encodeId('Lead', lead),
    ...(account && {
      account: 'existing' in account ? { existing: encodeId('Account', account.existing) } : account,
    }),
    ...(contact && {
      contact: 'existing' in contact ? { existing: encodeId('Contact', contact.existing) } : contact,
    }),
    ...(opportunity && { opportunity }),
    ...(opportunity &&
      'existing' in opportunity && {
        opportunity: {
          existing: { ...opportunity.existing, id: encodeId('Opportunity', opportunity.existing.id) },
        },
      }),
    ...(deal && { opportunity: { create: { ...deal, ...(deal.amount && { amount: money(deal.amount) }) } } }),
    ...(owner && { owner: encodeId('User', owner) }),
  };
}

export const uuidOf = (record: { id: string } | null): Id | null =>
  record ? parseId(record.id)!.uuid : null;

/** An error or warning in the model's form. */
export function faultOf(error: Data): Fault {
  const candidates = error['candidates'] as { record: { id: string } }[] | undefined;
  return {
    code: error['code'] as string,
    path: ((error['path'] as string[] | null) ?? []).join('.'),
    ...(candidates && { candidates: candidates.map(({ record }) => uuidOf(record)!).toSorted() }),
  };
}

export const sortedFault = (fault: Fault): Fault => ({
  ...fault,
  ...(fault.candidates && { candidates: fault.candidates.toSorted() }),
});

const MONEY = new Set(['annualRevenue', 'amount']);

function shown(field: string, value: Value): string | null {
  if (value === null) return null;
  if (MONEY.has(field)) return decimal(value as bigint);
  return field === 'owner' ? encodeId('User', value as string) : String(value);
}

const byField = (a: Data, b: Data) =>
  `${a['target']} ${a['field']}` < `${b['target']} ${b['field']}` ? -1 : 1;

/** The plan's fields as the API shows them. */
export function asPlan(fields: PlannedField[]): Data[] {
  return fields
    .map(({ target, field, source, sourceField, otherSources, current, next, outcome }) => ({
      ...{ target, field, outcome, sourceField },
      otherSources: otherSources.map((other) => ({ field: other })),
      ...{ source: shown(field, source), current: shown(field, current), next: shown(field, next) },
    }))
    .toSorted(byField);
}

const DEFAULTED = new Set(['owner', 'name', 'stage', 'closeDate', 'amount']);

/** The provenance of a conversion: fields that a lead fills, with what was offered for them. */
export function asProvenance(fields: PlannedField[]): Data[] {
  return fields
    .filter(({ target, field }) => field !== 'owner' && !(target === 'OPPORTUNITY' && DEFAULTED.has(field)))
    .map(({ target, field, source, sourceField, current, next, outcome }) => {
      const value = current === null && next !== null ? next : source;
      return {
        ...{ target, field, outcome, value: shown(field, value) },
        sourceField: value === source ? sourceField : null,
      };
    })
    .toSorted(byField);
}

export const sortedFields = (fields: Data[]): Data[] => fields.toSorted(byField);

/** Puts the ids of new records where the model has names for them. */
export function withIds<T>(predicted: T, ids: { account: Id; contact: Id; opportunity: Id | null }): T {
  const known = new Map<unknown, Id | null>([
    [NEW.ACCOUNT, ids.account],
    [NEW.CONTACT, ids.contact],
    [NEW.OPPORTUNITY, ids.opportunity],
  ]);
  const replace = (value: unknown): unknown => {
    if (known.has(value)) return known.get(value);
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  };
  return replace(predicted) as T;
}
