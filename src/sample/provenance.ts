import { type ConversionTarget, FieldOutcome } from '../conversion/conversion.enums.ts';
import { STANDARD_MAPPINGS } from '../conversion/field-mapping.ts';
import { fromMinor } from '../graphql/money.ts';
import { type ConversionFieldRow, type ConversionRow, type LeadRow, newKey, type Setting } from './draft.ts';
import type { Random } from './random.ts';

type Value = string | number | bigint | boolean | null;

/** What became of one field of a lead in one of its targets. */
export interface FieldFate {
  field: string;
  value: Exclude<Value, null>;
  outcome: FieldOutcome;
}

/** Nothing worth telling: no text, no number, a flag that is not set. */
function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || value === '' || value === false;
}

/** A conversion's merge: fields that are empty in the target take the lead's value, the others stay. */
export function fillEmpty<Field extends string>(
  target: Record<Field, Value>,
  lead: Partial<Record<Field, unknown>>,
  fields: readonly Field[],
  /** Fields the lead calls otherwise. */
  renamed: Partial<Record<Field, Value>>,
): FieldFate[] {
  return fields.flatMap((field): FieldFate[] => {
    const value = (field in renamed ? renamed[field] : lead[field]) as Value | undefined;
    if (value === null || value === undefined || isEmpty(value)) return [];
    if (!isEmpty(target[field])) return [{ field, value, outcome: FieldOutcome.KEPT }];
    target[field] = value;
    return [{ field, value, outcome: FieldOutcome.FILLED }];
  });
}

export function provenance(
  setting: Setting,
  random: Random,
  conversion: ConversionRow,
  target: ConversionTarget,
  lead: LeadRow,
  fates: FieldFate[],
): ConversionFieldRow[] {
  const sourceOf = (field: string) =>
    STANDARD_MAPPINGS.find((mapping) => mapping.target === target && mapping.field === field)?.sources.find(
      (source) => source === 'campaign' || !isEmpty(lead[source as keyof LeadRow] as Value),
    ) ?? null;
  return fates.map(({ field, value, outcome }) => ({
    ...newKey(setting, random, conversion.convertedAt),
    conversionId: conversion.id,
    target,
    field,
    sourceField: sourceOf(field),
    value: typeof value === 'bigint' ? fromMinor(value, setting.organization.currency) : String(value),
    outcome,
  }));
}
