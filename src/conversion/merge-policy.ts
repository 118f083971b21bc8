import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { ConversionTarget, MergePolicy } from './conversion.enums.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { TargetMappings } from './field-mapping.ts';

/** By target and field, of one call; what is not there has the policy of its mapping. */
export type MergePolicies = Record<ConversionTarget, ReadonlyMap<string, MergePolicy>>;

/** The input's policies: one for a field at most, and only for fields a lead can fill. */
export function readMergePolicies(
  { mergePolicy, overwriteLeadSource }: ConvertLeadInput,
  mappings: TargetMappings,
): MergePolicies {
  const policies = { ACCOUNT: new Map(), CONTACT: new Map(), OPPORTUNITY: new Map() } satisfies Record<
    ConversionTarget,
    Map<string, MergePolicy>
  >;
  if (overwriteLeadSource) policies.CONTACT.set('source', MergePolicy.OVERWRITE);
  for (const [index, { target, field, policy }] of (mergePolicy ?? []).entries()) {
    const path = ['mergePolicy', String(index), 'field'];
    const fields = mappings[target].map((mapping) => mapping.field);
    if (!fields.includes(field))
      throw new Refusal({
        code: UserErrorCode.INVALID_INPUT,
        message: `${field} is no field of the ${target.toLowerCase()} that a lead fills`,
        path,
        allowed: fields,
      });
    if (policies[target].has(field))
      throw invalidInput(
        path,
        `There is more than one policy for ${field} of the ${target.toLowerCase()}` +
          (overwriteLeadSource ? '; overwriteLeadSource is one, too' : ''),
      );
    policies[target].set(field, policy);
  }
  return policies;
}
