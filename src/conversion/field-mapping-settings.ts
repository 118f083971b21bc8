import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { changeTime } from '../database/versioned-update.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { lockedOrganization } from '../identity/organization-settings.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { type FieldMapping, STANDARD_MAPPINGS } from './field-mapping.ts';
import type { UpdateFieldMappingsInput } from './field-mapping.inputs.ts';
import { customDefinitions, nameOf, readMappings } from './field-mapping-rules.ts';

/** For the journal: `contact.phone` → what it takes, and its policy. */
function told(mappings: readonly FieldMapping[]): Record<string, string> {
  return Object.fromEntries(
    mappings.map((mapping) => [nameOf(mapping), `${mapping.sources.join(', ')}: ${mapping.policy}`]),
  );
}

/** Says what of a lead goes where from now on; conversions under way wait or are waited for. Returns the organisation's UUID. */
export function updateFieldMappings(
  tx: Transaction,
  principal: Principal,
  input: UpdateFieldMappingsInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateFieldMappings', input.idempotencyKey, input, async () => {
    if (input.mappings === undefined)
      throw invalidInput('mappings', 'mappings must be given: all of them, or null for the standard ones');
    const organization = await lockedOrganization(tx, input.ifVersion);
    const former = organization.fieldMappings ?? null;
    const mappings = input.mappings && readMappings(input.mappings, await customDefinitions(tx));
    const [before, after] = [told(former ?? STANDARD_MAPPINGS), told(mappings ?? STANDARD_MAPPINGS)];
    const isSame =
      JSON.stringify(before) === JSON.stringify(after) && (former === null) === (mappings === null);
    if (isSame) return organization.id;
    const at = changeTime(organization);
    organization.fieldMappings = mappings;
    organization.updatedAt = at;
    record(tx, principal, {
      ...{ recordType: 'Organization', recordId: organization.id, action: 'updateFieldMappings' },
      ...{ before, after, at },
    });
    return organization.id;
  });
}
