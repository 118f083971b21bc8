import sql from 'sql-template-tag';
import type { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import type { CustomFieldRule } from '../custom-fields/custom-values.ts';
import type { Transaction } from '../database/database.ts';
import { Judged } from '../graphql/judged.ts';
import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { MergePolicy } from './conversion.enums.ts';
import { type FieldMapping, STANDARD_MAPPINGS } from './field-mapping.ts';
import type { FieldMappingInput } from './field-mapping.inputs.ts';
import { type CustomDefinition, type KnownFields, knownFields, takes } from './mapped-fields.ts';

const MAX_SOURCES = 10;

const isOf =
  ({ target, field }: Pick<FieldMapping, 'target' | 'field'>) =>
  (other: Pick<FieldMapping, 'target' | 'field'>) =>
    other.target === target && other.field === field;

export const nameOf = ({ target, field }: Pick<FieldMapping, 'target' | 'field'>): string =>
  `${target.toLowerCase()}.${field}`;

/** All definitions of custom fields of the organisation. */
export function customDefinitions(tx: Transaction): Promise<CustomDefinition[]> {
  return tx.query<CustomDefinition>(sql`
    select record_type as "recordType", key, type, options from custom_field
    where organization_id = ${tx.tenant.organizationId} order by record_type, position, id`);
}

function notOneOf(path: string[], message: string, allowed: Iterable<string>): Refusal {
  return new Refusal({ code: UserErrorCode.INVALID_INPUT, message, path, allowed: [...allowed] });
}

/** What is wrong with where a field gets its value from; paths are of the mapping. */
function checkSources({ target, field, sources }: FieldMappingInput, known: KnownFields): void {
  const { kind } = known.targets[target].get(field)!;
  if (sources.length === 0 || sources.length > MAX_SOURCES)
    throw invalidInput('sources', `sources must be 1 to ${MAX_SOURCES} fields of the lead`);
  for (const [index, source] of sources.entries()) {
    const path = ['sources', String(index)];
    const possible = known.lead.get(source);
    if (!possible || !takes(kind, possible))
      throw notOneOf(
        path,
        `${field} of the ${target.toLowerCase()} can't take ${possible ? source : 'what is no field of a lead'}`,
        [...known.lead].filter(([, one]) => takes(kind, one)).map(([name]) => name),
      );
    if (sources.indexOf(source) < index) throw invalidInput(path, `${source} is a source already`);
  }
}

function checkFixed({ target, field, sources, policy }: FieldMappingInput, known: KnownFields): void {
  const { isFixed, isOptOut } = known.targets[target].get(field)!;
  const fixed = STANDARD_MAPPINGS.find(isOf({ target, field }));
  if (isFixed && fixed && JSON.stringify(fixed.sources) !== JSON.stringify(sources))
    throw invalidInput(
      'sources',
      `${nameOf(fixed)} is recognised or protected by law: it comes from ${fixed.sources.join(', ')}`,
    );
  if (isOptOut && policy && policy !== MergePolicy.FILL_EMPTY)
    throw invalidInput('policy', `${field} is taken over whenever the lead has it, and never taken back`);
}

/** A whole new mapping as it is kept; all that is wrong with any entry is refused together. */
export function readMappings(
  given: readonly FieldMappingInput[],
  custom: readonly CustomDefinition[],
): FieldMapping[] {
  const known = knownFields(custom);
  const taken: FieldMapping[] = [];
  const entries = given.map((entry, index) => {
    const { target, field, sources, policy } = entry;
    const judged = new Judged(['mappings', String(index)]);
    const fields = known.targets[target];
    judged.by(() => {
      if (!fields.has(field))
        throw notOneOf(['field'], `The ${target.toLowerCase()} has no such field to fill`, fields.keys());
      if (taken.some(isOf(entry)))
        throw invalidInput('field', `${nameOf(entry)} is that of another entry, too`);
      checkSources(entry, known);
      checkFixed(entry, known);
      taken.push({ target, field, sources: [...sources], policy: policy ?? MergePolicy.FILL_EMPTY });
    });
    return judged;
  });
  const errors = entries.flatMap((judged) => judged.errors);
  if (errors.length > 0) throw new Refusal(errors);
  const missing = STANDARD_MAPPINGS.filter(
    (mapping) => known.targets[mapping.target].get(mapping.field)?.isFixed && !taken.some(isOf(mapping)),
  );
  if (missing.length > 0)
    throw invalidInput('mappings', `${missing.map(nameOf).join(', ')} can't be left out`);
  return taken;
}

/** Which mappings would not work any more with other custom fields of a type of record, for people. */
export async function mappingsBrokenBy(
  tx: Transaction,
  stored: readonly FieldMapping[] | null,
  { recordType, fields }: { recordType: CustomRecordType; fields: CustomFieldRule[] },
): Promise<string[]> {
  if (stored === null) return [];
  const others = (await customDefinitions(tx)).filter((field) => field.recordType !== recordType);
  const known = knownFields([...others, ...fields.map((field) => ({ ...field, recordType }))]);
  return stored.flatMap((mapping) => {
    const target = known.targets[mapping.target].get(mapping.field);
    const isWhole =
      target &&
      mapping.sources.every((source) => {
        const kind = known.lead.get(source);
        return kind && takes(target.kind, kind);
      });
    return isWhole ? [] : [`${nameOf(mapping)} takes ${mapping.sources.join(', ')}`];
  });
}
