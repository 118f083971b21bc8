import { leadDomain } from '../accounts/company.ts';
import { CustomFieldType, CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import type { CustomFieldRule } from '../custom-fields/custom-values.ts';
import { customKey, customName, isCustom } from '../database/custom-names.ts';
import { ConversionTarget } from './conversion.enums.ts';

type KindName =
  | 'text'
  | 'longText'
  | 'phone'
  | 'email'
  | 'website'
  | 'domain'
  | 'wholeNumber'
  | 'number'
  | 'money'
  | 'flag'
  | 'boolean'
  | 'date'
  | 'picklist'
  | 'campaign';

/** What a field holds; a picklist also which values. */
export interface Kind {
  name: KindName;
  options?: readonly string[];
}

/** Which kinds of lead fields a field can take its value from, so that it always fits. */
const TAKES: Record<KindName, readonly KindName[]> = {
  text: ['text', 'phone', 'email', 'website', 'picklist'],
  longText: ['longText', 'text', 'phone', 'email', 'website', 'picklist'],
  phone: ['phone'],
  email: ['email'],
  website: ['website'],
  domain: ['website', 'email'],
  wholeNumber: ['wholeNumber'],
  number: ['number', 'wholeNumber'],
  money: ['money'],
  flag: ['flag'],
  boolean: ['boolean', 'flag'],
  date: ['date'],
  picklist: ['picklist'],
  campaign: ['campaign'],
};

export function takes(target: Kind, source: Kind): boolean {
  if (!TAKES[target.name].includes(source.name)) return false;
  return target.name !== 'picklist' || source.options!.every((option) => target.options!.includes(option));
}

/**
 * Fields of one thing. A target keeps its own when it has any that differs from the lead's: half of one address and half
 * of another, or one person's first name with another's last name, would be nobody's.
 */
export type Whole = 'address' | 'name';

export interface TargetField {
  kind: Kind;
  whole?: Whole;
  /** A wish to be left alone: taken over, never taken back. */
  isOptOut?: true;
  /** Records are recognised by it, or the law wants it: it comes from where the standard mapping says. */
  isFixed?: true;
}

const of = (name: KindName, more: Omit<TargetField, 'kind'> = {}): TargetField => ({
  kind: { name },
  ...more,
});
const address = Object.fromEntries(
  ['street', 'city', 'state', 'postalCode', 'country'].map((field) => [
    field,
    of('text', { whole: 'address' }),
  ]),
);

const LEAD_FIELDS: Record<string, KindName> = {
  ...{ company: 'text', firstName: 'text', lastName: 'text', title: 'text', industry: 'text' },
  ...{ rating: 'text', source: 'text', description: 'longText' },
  ...{ email: 'email', phone: 'phone', mobile: 'phone', website: 'website' },
  ...{ employees: 'wholeNumber', score: 'wholeNumber', annualRevenue: 'money' },
  ...{ street: 'text', city: 'text', state: 'text', postalCode: 'text', country: 'text' },
  ...{ doNotCall: 'flag', emailOptOut: 'flag', campaign: 'campaign' },
};

const TARGET_FIELDS: Record<ConversionTarget, Record<string, TargetField>> = {
  ACCOUNT: {
    name: of('text', { isFixed: true }),
    domain: of('domain', { isFixed: true }),
    ...{ website: of('website'), industry: of('text'), employees: of('wholeNumber') },
    ...{ annualRevenue: of('money'), phone: of('phone') },
    ...address,
    ...{ rating: of('text'), description: of('longText') },
  },
  CONTACT: {
    lastName: of('text', { whole: 'name', isFixed: true }),
    firstName: of('text', { whole: 'name', isFixed: true }),
    ...{ title: of('text'), email: of('email', { isFixed: true }), phone: of('phone'), mobile: of('phone') },
    ...address,
    ...{ source: of('text'), description: of('longText') },
    doNotCall: of('flag', { isOptOut: true, isFixed: true }),
    emailOptOut: of('flag', { isOptOut: true, isFixed: true }),
  },
  OPPORTUNITY: {
    ...{ source: of('text'), campaign: of('campaign') },
    ...{ nextStep: of('text'), description: of('longText') },
  },
};

export interface CustomDefinition extends CustomFieldRule {
  recordType: CustomRecordType;
}

const KIND_OF: Record<CustomFieldType, KindName> = {
  [CustomFieldType.TEXT]: 'text',
  [CustomFieldType.NUMBER]: 'number',
  [CustomFieldType.BOOLEAN]: 'boolean',
  [CustomFieldType.DATE]: 'date',
  [CustomFieldType.PICKLIST]: 'picklist',
};

/** Every field there is, standard ones by the API's names and custom ones as `custom.<key>`. */
export interface KnownFields {
  lead: ReadonlyMap<string, Kind>;
  targets: Record<ConversionTarget, ReadonlyMap<string, TargetField>>;
}

export function knownFields(custom: readonly CustomDefinition[]): KnownFields {
  const customOf = (type: CustomRecordType | ConversionTarget) =>
    custom
      .filter(({ recordType }) => recordType === type)
      .map(({ key, type, options }): [string, Kind] => [customName(key), { name: KIND_OF[type], options }]);
  const target = (type: ConversionTarget) =>
    new Map([
      ...Object.entries(TARGET_FIELDS[type]),
      ...customOf(type).map(([name, kind]): [string, TargetField] => [name, { kind }]),
    ]);
  return {
    lead: new Map([
      ...Object.entries(LEAD_FIELDS).map(([field, name]): [string, Kind] => [field, { name }]),
      ...customOf(CustomRecordType.LEAD),
    ]),
    targets: {
      ACCOUNT: target(ConversionTarget.ACCOUNT),
      CONTACT: target(ConversionTarget.CONTACT),
      OPPORTUNITY: target(ConversionTarget.OPPORTUNITY),
    },
  };
}

/** The column of a standard field; a custom one keeps its name. */
export const columnOf = (field: string): string => (field === 'campaign' ? 'campaignId' : field);

type Row = object & { customFields?: Record<string, unknown> };

/** What a row has under a column, or under the name of a custom field. */
export function valueOf(row: Row, name: string): unknown {
  if (!isCustom(name)) return (row as Record<string, unknown>)[name];
  const key = customKey(name);
  return row.customFields && Object.hasOwn(row.customFields, key) ? row.customFields[key] : undefined;
}

/** A lead's value as a field of that kind stores it. */
export function leadValue(lead: Row, source: string, { kind, isOptOut }: TargetField): unknown {
  const value = valueOf(lead, columnOf(source));
  if (kind.name === 'domain') return leadDomain({ [source]: value as string | null });
  if (kind.name === 'number' && typeof value === 'number') return String(value);
  return isOptOut && !value ? null : value;
}
