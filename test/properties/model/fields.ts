import type { Lead, MergePolicy, PlannedField, Target, Value, Wish } from './records.ts';
import { domainOf, isSameText } from './likeness.ts';

type Columns = Record<string, Value>;

interface Mapped {
  field: string;
  /** What the lead has for it; null: nothing. */
  from(lead: Lead): Value;
  /** A column that goes with it: the currency of an amount. */
  with?: string;
}

const ADDRESS = ['street', 'city', 'state', 'postalCode', 'country'] as const;
const CONSENT = new Set(['doNotCall', 'emailOptOut']);

const same = (...fields: (keyof Lead & string)[]): Mapped[] =>
  fields.map((field) => ({ field, from: (lead) => lead[field] as Value }));

/** Which field of a record each field of a lead goes to. */
const MAPPING: Record<Target, Mapped[]> = {
  ACCOUNT: [
    { field: 'name', from: (lead) => lead.company },
    { field: 'domain', from: (lead) => domainOf(lead.website) ?? domainOf(lead.email) },
    ...same('website', 'industry', 'employees', 'phone', 'rating', ...ADDRESS),
    { field: 'annualRevenue', from: (lead) => lead.annualRevenue, with: 'annualRevenueCurrency' },
  ],
  CONTACT: same(
    ...(['firstName', 'lastName', 'title', 'email', 'phone', 'mobile', 'source', 'description'] as const),
    ...(['doNotCall', 'emailOptOut'] as const),
    ...ADDRESS,
  ),
  OPPORTUNITY: [
    { field: 'source', from: (lead) => lead.source },
    { field: 'campaign', from: (lead) => lead.campaignId },
  ],
};

/** Where a record keeps a field. */
export const columnOf = (field: string): string => (field === 'campaign' ? 'campaignId' : field);

export const isMapped = (target: Target, field: string): boolean =>
  MAPPING[target].some((mapped) => mapped.field === field);

/** An opt-out that was not said is no value. */
const said = (field: string, value: Value): Value => (CONSENT.has(field) && value === false ? null : value);

const isEmpty = (value: Value | undefined): boolean => value === undefined || value === null || value === '';

export interface Merged {
  fields: PlannedField[];
  /** The columns to write. */
  columns: Columns;
}

/** A new record: the draft's value, else the lead's. */
export function fieldsOfNew(target: Target, lead: Lead, draft: Columns): Merged {
  const fields: PlannedField[] = [];
  const columns: Columns = {};
  for (const mapped of MAPPING[target]) {
    const { field } = mapped;
    const given = draft[field];
    const own = said(field, mapped.from(lead));
    const next = given === undefined ? own : given === '' ? null : given;
    if (isEmpty(own) && isEmpty(next)) continue;
    fields.push({
      ...{ target, field, source: own, current: null, next },
      outcome: next === null ? 'DROPPED' : 'FILLED',
    });
    if (next !== null) columns[columnOf(field)] = next;
    if (mapped.with && next !== null) columns[mapped.with] = lead[mapped.with as keyof Lead] as Value;
  }
  return { fields, columns };
}

/** No opportunity: what would have gone into it goes nowhere. */
export function fieldsOfNone(lead: Lead): PlannedField[] {
  return MAPPING.OPPORTUNITY.map(({ field, from }) => ({ field, source: from(lead) }))
    .filter(({ source }) => !isEmpty(source))
    .map((one) => ({ ...one, target: 'OPPORTUNITY', current: null, next: null, outcome: 'DROPPED' }));
}

/** An existing record: its empty fields are filled, unless a policy says otherwise. */
export function fieldsOfExisting(
  target: Target,
  lead: Lead,
  record: Columns & { updatedAt: number },
  wish: Wish,
  isDomainTaken: (domain: string) => boolean,
): Merged {
  const fields: PlannedField[] = [];
  const columns: Columns = {};
  for (const mapped of MAPPING[target]) {
    const { field } = mapped;
    const source = said(field, mapped.from(lead));
    const current = said(field, record[columnOf(field)] ?? null);
    if (isEmpty(source)) continue;
    const policy = CONSENT.has(field) ? 'FILL_EMPTY' : policyFor(target, field, wish);
    const replaces = policy === 'OVERWRITE' || (policy === 'NEWEST' && lead.updatedAt > record.updatedAt);
    const isBarred = field === 'domain' && isDomainTaken(source as string);
    const outcome = ((): PlannedField['outcome'] => {
      if (isEmpty(current)) {
        const isMixed = !replaces && isOfAnother(field, lead, record);
        return policy === 'KEEP' || isBarred || isMixed ? 'DROPPED' : 'FILLED';
      }
      return replaces && source !== current && !isBarred ? 'OVERWRITTEN' : 'KEPT';
    })();
    const next = outcome === 'FILLED' || outcome === 'OVERWRITTEN' ? source : current;
    fields.push({ target, field, source, current, next, outcome });
    if (next !== current) {
      columns[columnOf(field)] = next;
      if (mapped.with) columns[mapped.with] = lead[mapped.with as keyof Lead] as Value;
    }
  }
  return { fields, columns };
}

function policyFor(
  target: Target,
  field: string,
  { mergePolicy = [], overwriteLeadSource }: Wish,
): MergePolicy {
  const given = mergePolicy.find((one) => one.target === target && one.field === field)?.policy;
  if (given) return given;
  return overwriteLeadSource && target === 'CONTACT' && field === 'source' ? 'OVERWRITE' : 'FILL_EMPTY';
}

const isAddress = (field: string): boolean => (ADDRESS as readonly string[]).includes(field);

/** Parts of two addresses, or of two names, make none: the lead's fills gaps only where it contradicts nothing. */
function isOfAnother(field: string, lead: Lead, record: Columns): boolean {
  if (field === 'firstName') return !isSameText(lead.lastName, record['lastName'] as string);
  if (!isAddress(field)) return false;
  return ADDRESS.some((part) => {
    const there = record[part];
    return typeof there === 'string' && there !== '' && !isSameText(lead[part] ?? '', there);
  });
}
