import type { ConvertLeadsInput } from '../../src/conversion/conversion-batch.inputs.ts';
import { type ConversionBatchOutcome, convertLeads } from '../../src/conversion/conversion-batch.service.ts';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
import type { ConvertedLead } from '../../src/conversion/conversion.service.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { BatchRefusal } from '../../src/graphql/batch-refusal.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { SECRET } from './preview-sales.ts';
import type { Sales } from './sales.ts';

export type Item = Omit<ConvertLeadInput, 'lead'>;

/** The items of a batch of these leads, all asked for the same. */
export const itemsOf = (leadIds: readonly string[], input: Item = {}) =>
  leadIds.map((id) => ({ input: { lead: encodeId('Lead', id), ...input } }));

export function convertMany(
  sales: Sales,
  input: ConvertLeadsInput,
  as: Principal = sales.admin,
): Promise<ConversionBatchOutcome[]> {
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return convertLeads(tx, as, sales.organization, input, SECRET);
  });
}

/** The outcomes of a batch that was refused as a whole; fails when it was not, or when anything was written. */
export async function abortedBatch(
  sales: Sales,
  input: ConvertLeadsInput,
): Promise<ConversionBatchOutcome[]> {
  const before = await sales.everything();
  const error: unknown = await convertMany(sales, input).then(
    () => new Error('It was converted'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof BatchRefusal)) throw error;
  expect(await sales.everything()).toEqual(before);
  return error.outcomes;
}

export const convertedOf = (outcomes: readonly ConversionBatchOutcome[]): ConvertedLead[] =>
  outcomes.filter((outcome): outcome is ConvertedLead => !('errors' in outcome));

/** Of each refused item its place, code and path. */
export const errorsOf = (outcomes: readonly ConversionBatchOutcome[]) =>
  outcomes.flatMap((outcome, index) =>
    'errors' in outcome
      ? outcome.errors.map(({ code, path }) => [index, code, path?.join('.') ?? null] as const)
      : [],
  );

/** Every conversion made is whole, and nothing of a refused one is there. */
export async function expectSound(sales: Sales): Promise<void> {
  const found = await checkOrganization(sales.world.database, sales.organization.id);
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
}
