import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { readCustomValues } from '../custom-fields/custom-values.ts';
import { withCustomNames } from '../database/custom-names.ts';
import { ConversionTarget } from './conversion.enums.ts';
import type { CustomDefinition } from './mapped-fields.ts';
import { type Targets, under } from './targets.ts';

/** Custom fields the caller sets instead of the lead in each new record, by their names; null leaves one empty. */
export type CustomDrafts = Record<ConversionTarget, Record<string, unknown>>;

/** What an input says of custom fields of the new records, checked against those there are. */
export function readCustomDrafts(
  { account, contact, opportunity }: Targets,
  custom: readonly CustomDefinition[],
): CustomDrafts {
  const read = (type: ConversionTarget, target: { kind: string; custom?: unknown }) => {
    if (target.kind !== 'create') return {};
    const rules = custom.filter(({ recordType }) => recordType === CustomRecordType[type]);
    const fields = { rules, keys: rules.map(({ key }) => key) };
    const customFields = under([type.toLowerCase(), 'create'], () => readCustomValues(fields, target.custom));
    return withCustomNames({ customFields });
  };
  return {
    ACCOUNT: read(ConversionTarget.ACCOUNT, account),
    CONTACT: read(ConversionTarget.CONTACT, contact),
    OPPORTUNITY: read(ConversionTarget.OPPORTUNITY, opportunity),
  };
}
