import { ConversionTarget, MergePolicy } from './conversion.enums.ts';
import { columnOf, type CustomDefinition, knownFields, type TargetField } from './mapped-fields.ts';

/** Where a field of what a lead becomes gets its value from, as an organisation's setting. */
export interface FieldMapping {
  target: ConversionTarget;
  field: string;
  /** Fields of the lead; the first that has a value gives it. */
  sources: string[];
  /** Unless the call has one of its own. */
  policy: MergePolicy;
}

/** A mapping with what is to be known to carry it out. */
export interface ResolvedMapping extends FieldMapping, TargetField {
  /** The target's column; of a custom field its name. */
  to: string;
}

const standard = (target: ConversionTarget, fields: Record<string, string[]>): FieldMapping[] =>
  Object.entries(fields).map(([field, sources]) => ({
    ...{ target, field, sources },
    policy: MergePolicy.FILL_EMPTY,
  }));
const same = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, [field]]));
const address = same('street', 'city', 'state', 'postalCode', 'country');

/** What of a lead goes where, unless an organisation says otherwise. Other fields stay on the lead, which a conversion keeps. */
export const STANDARD_MAPPINGS: readonly FieldMapping[] = [
  ...standard(ConversionTarget.ACCOUNT, {
    name: ['company'],
    domain: ['website', 'email'],
    ...same('website', 'industry', 'employees', 'annualRevenue', 'phone'),
    ...address,
    ...same('rating'),
  }),
  ...standard(ConversionTarget.CONTACT, {
    ...same('lastName', 'firstName', 'title', 'email', 'phone', 'mobile'),
    ...address,
    ...same('source', 'description', 'doNotCall', 'emailOptOut'),
  }),
  ...standard(ConversionTarget.OPPORTUNITY, same('source', 'campaign')),
];

export type TargetMappings = Record<ConversionTarget, ResolvedMapping[]>;

/** The mappings of each target, of those an organisation has (null: the standard ones). */
export function mappingsByTarget(
  stored: readonly FieldMapping[] | null,
  custom: readonly CustomDefinition[],
): TargetMappings {
  const { targets } = knownFields(custom);
  const of = (target: ConversionTarget) =>
    (stored ?? STANDARD_MAPPINGS).flatMap((mapping): ResolvedMapping[] => {
      const known = mapping.target === target && targets[target].get(mapping.field);
      return known ? [{ ...mapping, ...known, to: columnOf(mapping.field) }] : [];
    });
  return {
    ACCOUNT: of(ConversionTarget.ACCOUNT),
    CONTACT: of(ConversionTarget.CONTACT),
    OPPORTUNITY: of(ConversionTarget.OPPORTUNITY),
  };
}
