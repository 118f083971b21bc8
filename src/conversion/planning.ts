import type { ConvertLeadInput } from './conversion.inputs.ts';
import { ConversionOutcome } from './conversion.enums.ts';
import type { ConversionPlan } from './conversion.plan.ts';
import type { ConversionRecords } from './conversion-records.ts';
import type { CustomDrafts } from './custom-drafts.ts';
import type { TargetMappings } from './field-mapping.ts';

/** What becomes of one record: `existing` is null for a new one, `values` are the columns to write. */
export interface RecordPlan<Row> {
  outcome: ConversionOutcome;
  existing: Row | null;
  values: Partial<Row>;
}

/** What the parts of a plan are made of, and add to. */
export interface Planning extends Pick<
  ConversionPlan,
  'lead' | 'settings' | 'policies' | 'fields' | 'settled' | 'candidates' | 'warnings'
> {
  records: ConversionRecords;
  input: ConvertLeadInput;
  mappings: TargetMappings;
  customDrafts: CustomDrafts;
}

export function outcomeOf(existing: object | null, values: object): ConversionOutcome {
  if (!existing) return ConversionOutcome.CREATED;
  return Object.keys(values).length > 0 ? ConversionOutcome.MERGED : ConversionOutcome.ATTACHED;
}
