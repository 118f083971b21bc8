import { isSameText } from './likeness.ts';
import { ADDRESS, columnOf, CONSENT, isEmpty, mappingsOf, offerOf, said } from './mapping.ts';
import type { Lead, Mapping, MergePolicy, PlannedField, Settings, Target, Value, Wish } from './records.ts';

type Columns = Record<string, Value>;

export interface Merged {
  fields: PlannedField[];
  /** The columns to write. */
  columns: Columns;
}

/** A field without a source: a default, or what the input gives. */
export function fieldWithout(target: Target, field: string, next: Value, isGiven: boolean): PlannedField {
  return {
    ...{ target, field, next, isGiven, source: null, sourceField: null, otherSources: [], current: null },
    outcome: 'FILLED',
  };
}

/** A new record: the draft's value, else the lead's. */
export function fieldsOfNew(target: Target, lead: Lead, draft: Columns, settings: Settings): Merged {
  const fields: PlannedField[] = [];
  const columns: Columns = {};
  const mappings = mappingsOf(settings, target);
  for (const mapping of mappings) {
    const { field } = mapping;
    const { value: source, ...from } = offerOf(lead, mapping);
    const given = draft[field];
    const next = given === undefined ? source : isEmpty(given) ? null : given;
    if (isEmpty(source) && isEmpty(next)) continue;
    const outcome = next === null ? 'DROPPED' : 'FILLED';
    fields.push({
      target,
      field,
      source,
      ...from,
      current: null,
      next,
      outcome,
      isGiven: given !== undefined,
    });
    if (next !== null) Object.assign(columns, written(mapping, lead, next));
  }
  for (const [field, given] of Object.entries(draft)) {
    if (!field.startsWith('custom.') || isEmpty(given)) continue;
    if (mappings.some((mapping) => mapping.field === field)) continue;
    fields.push(fieldWithout(target, field, given, true));
    columns[field] = given;
  }
  return { fields, columns };
}

/** No opportunity: what would have gone into it goes nowhere. */
export function fieldsOfNone(lead: Lead, settings: Settings): PlannedField[] {
  return mappingsOf(settings, 'OPPORTUNITY').flatMap((mapping) => {
    const { value: source, ...from } = offerOf(lead, mapping);
    const { target, field } = mapping;
    return isEmpty(source)
      ? []
      : [{ target, field, source, ...from, current: null, next: null, outcome: 'DROPPED', isGiven: false }];
  });
}

/** An existing record: its empty fields are filled, unless a policy says otherwise. */
export function fieldsOfExisting(
  target: Target,
  lead: Lead,
  record: Columns & { updatedAt: number },
  wish: Wish,
  settings: Settings,
  isDomainTaken: (domain: string) => boolean,
): Merged {
  const fields: PlannedField[] = [];
  const columns: Columns = {};
  for (const mapping of mappingsOf(settings, target)) {
    const { field } = mapping;
    const { value: source, ...from } = offerOf(lead, mapping);
    const current = said(field, record[columnOf(field)] ?? null);
    if (isEmpty(source)) continue;
    const policy = policyFor(mapping, wish);
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
    fields.push({ target, field, source, ...from, current, next, outcome, isGiven: false });
    if (next !== current) Object.assign(columns, written(mapping, lead, next));
  }
  return { fields, columns };
}

/** An amount goes with its currency. */
function written({ field }: Mapping, lead: Lead, next: Value): Columns {
  return {
    [columnOf(field)]: next,
    ...(field === 'annualRevenue' && { annualRevenueCurrency: lead.annualRevenueCurrency }),
  };
}

/** The call's policy goes before the organisation's; consent knows none. */
function policyFor(mapping: Mapping, { mergePolicy = [], overwriteLeadSource }: Wish): MergePolicy {
  const { target, field } = mapping;
  if (CONSENT.has(field)) return 'FILL_EMPTY';
  const given = mergePolicy.find((one) => one.target === target && one.field === field)?.policy;
  if (given) return given;
  return overwriteLeadSource && target === 'CONTACT' && field === 'source' ? 'OVERWRITE' : mapping.policy;
}

/** Parts of two addresses, or of two names, make none: the lead's fills gaps only where it contradicts nothing. */
function isOfAnother(field: string, lead: Lead, record: Columns): boolean {
  if (field === 'firstName') return !isSameText(lead.lastName, record['lastName'] as string);
  if (!ADDRESS.includes(field)) return false;
  return ADDRESS.some((part) => {
    const there = record[part];
    const own = (lead as unknown as Record<string, string | null>)[part] ?? '';
    return typeof there === 'string' && there !== '' && !isSameText(own, there);
  });
}
