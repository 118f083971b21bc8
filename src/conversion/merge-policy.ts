import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { ConversionTarget, MergePolicy } from './conversion.enums.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import { ACCOUNT_FIELDS, CONTACT_FIELDS, OPPORTUNITY_FIELDS } from './field-mapping.ts';

/** By target and field; what is not there is only filled where it is empty. */
export type MergePolicies = Record<ConversionTarget, ReadonlyMap<string, MergePolicy>>;

const FIELDS: Record<ConversionTarget, string[]> = {
  ACCOUNT: ACCOUNT_FIELDS.map(({ to, field = to }) => field),
  CONTACT: CONTACT_FIELDS.map(({ to, field = to }) => field),
  OPPORTUNITY: OPPORTUNITY_FIELDS.map(({ to, field = to }) => field),
};

/** The input's policies: one for a field at most, and only for fields a lead can fill. */
export function readMergePolicies({ mergePolicy, overwriteLeadSource }: ConvertLeadInput): MergePolicies {
  const policies = { ACCOUNT: new Map(), CONTACT: new Map(), OPPORTUNITY: new Map() } satisfies Record<
    ConversionTarget,
    Map<string, MergePolicy>
  >;
  if (overwriteLeadSource) policies.CONTACT.set('source', MergePolicy.OVERWRITE);
  for (const [index, { target, field, policy }] of (mergePolicy ?? []).entries()) {
    const path = ['mergePolicy', String(index), 'field'];
    if (!FIELDS[target].includes(field))
      throw new Refusal({
        code: UserErrorCode.INVALID_INPUT,
        message: `${field} is no field of the ${target.toLowerCase()} that a lead fills`,
        path,
        allowed: FIELDS[target],
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
