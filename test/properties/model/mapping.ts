import { domainOf } from './likeness.ts';
import type { Lead, Mapping, Settings, Target, Value } from './records.ts';

export const ADDRESS = ['street', 'city', 'state', 'postalCode', 'country'];
export const CONSENT = new Set(['doNotCall', 'emailOptOut']);

const mapping = (target: Target, fields: Record<string, string[]>): Mapping[] =>
  Object.entries(fields).map(([field, sources]) => ({ target, field, sources, policy: 'FILL_EMPTY' }));
const same = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, [field]]));

/** Which field of a record each field of a lead goes to, unless the organisation says otherwise. */
export const STANDARD: Mapping[] = [
  ...mapping('ACCOUNT', {
    ...{ name: ['company'], domain: ['website', 'email'] },
    ...same('website', 'industry', 'employees', 'phone', 'rating', 'annualRevenue', ...ADDRESS),
  }),
  ...mapping('CONTACT', {
    ...same('firstName', 'lastName', 'title', 'email', 'phone', 'mobile', 'source', 'description'),
    ...same('doNotCall', 'emailOptOut', ...ADDRESS),
  }),
  ...mapping('OPPORTUNITY', same('source', 'campaign')),
];

export const mappingsOf = ({ mappings }: Settings, target: Target): Mapping[] =>
  (mappings ?? STANDARD).filter((one) => one.target === target);

/** Where a record keeps a field. */
export const columnOf = (field: string): string => (field === 'campaign' ? 'campaignId' : field);

export const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === null || value === '';

/** An opt-out that was not said is no value. */
export const said = (field: string, value: Value): Value =>
  CONSENT.has(field) && value === false ? null : value;

export interface Offer {
  /** Null: the lead has nothing for the field. */
  value: Value;
  sourceField: string | null;
  otherSources: string[];
}

/** What a lead has for a field. */
export function offerOf(lead: Lead, { field, sources }: Mapping): Offer {
  const values = sources.map((source): [string, Value] => {
    const value = (lead as unknown as Record<string, Value>)[columnOf(source)] ?? null;
    if (field === 'domain') return [source, domainOf(value as string | null)];
    // numbers of custom fields are exact: texts
    if (field.startsWith('custom.') && typeof value === 'number') return [source, String(value)];
    return [source, said(field, value)];
  });
  const [first, ...others] = values.filter(([, value]) => !isEmpty(value));
  return {
    value: first?.[1] ?? null,
    sourceField: first?.[0] ?? null,
    otherSources: others.map(([source]) => source),
  };
}
