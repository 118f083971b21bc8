import type { Caller, Data } from '../support/graphql.ts';
import type { Sales } from '../conversion/sales.ts';
import * as api from './api.ts';
import type { Fault, Prediction } from './model/records.ts';
import { comparable, stored } from './stored.ts';

/** How often each class of cases came: a property that never met them shows nothing. */
export class Seen {
  private readonly counts = new Map<string, number>();

  note(...labels: string[]): void {
    for (const label of labels) this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }

  missing(classes: string[]): string[] {
    return classes.filter((label) => !this.counts.has(label));
  }

  toString(): string {
    return JSON.stringify(Object.fromEntries([...this.counts].toSorted()), null, 1);
  }
}

/** The payload of an operation, or the code of its top-level error. */
export async function ask(
  caller: Caller,
  document: string,
  field: string,
  input: Data,
): Promise<Data | string> {
  const { data, errors } = await caller.send(document, { input });
  if (errors.length > 0) return (errors[0]!.extensions['code'] as string) ?? errors[0]!.message;
  return data![field] as Data;
}

/** Refused with one of the faults the model finds, and with nothing else. */
export function expectRefusal(payload: Data | string, faults: Fault[], seen: Seen): void {
  const errors = ((payload as Data)['userErrors'] as Data[]).map(api.faultOf);
  expect(errors).toHaveLength(1);
  expect(faults.map(api.sortedFault)).toContainEqual(errors[0]);
  seen.note(`refused: ${errors[0]!.code}`);
}

export function expectPlan(plan: Data, predicted: Prediction): void {
  const { outcomes } = predicted;
  expect({
    accountOutcome: plan['accountOutcome'],
    contactOutcome: plan['contactOutcome'],
    opportunityOutcome: plan['opportunityOutcome'],
  }).toEqual({
    accountOutcome: outcomes.account,
    contactOutcome: outcomes.contact,
    opportunityOutcome: outcomes.opportunity,
  });
  for (const [target, id] of [
    ['account', predicted.accountId],
    ['contact', predicted.contactId],
    ['opportunity', predicted.opportunityId],
  ] as const)
    if (outcomes[target] === 'CREATED' || id === null) expect(plan[target]).toBeNull();
    else expect(api.uuidOf(plan[target])).toBe(id);
  const fields = api.sortedFields(plan['fields']);
  expect(fields.every(({ reason }) => reason.length > 0)).toBe(true);
  expect(fields.map(({ reason: _reason, ...field }) => field)).toEqual(api.asPlan(predicted.fields));
}

/** What was answered and what is stored are what the model says, in everything. */
export async function expectConverted(
  payload: Data,
  predicted: Prediction,
  sales: Sales,
  seen: Seen,
): Promise<void> {
  expect(payload['userErrors']).toEqual([]);
  const ids = {
    account: api.uuidOf(payload['account'])!,
    contact: api.uuidOf(payload['contact'])!,
    opportunity: api.uuidOf(payload['opportunity']),
  };
  expect(comparable(await stored(sales))).toEqual(comparable(api.withIds(predicted.after, ids)));
  const { conversion, warnings } = payload;
  expect({
    account: conversion.accountOutcome,
    contact: conversion.contactOutcome,
    opportunity: conversion.opportunityOutcome,
  }).toEqual(predicted.outcomes);
  expect(api.sortedFields(conversion.fields)).toEqual(api.asProvenance(predicted.fields));
  expect((warnings as Data[]).map(api.faultOf)).toEqual(predicted.warnings.map(api.sortedFault));
  for (const [target, outcome] of Object.entries(predicted.outcomes))
    if (outcome) seen.note(`${target}: ${outcome}`);
  seen.note(...predicted.fields.map(({ outcome }) => `field: ${outcome}`));
  const custom = predicted.fields.filter(({ field }) => field.startsWith('custom.'));
  seen.note(...custom.map(({ outcome, isGiven }) => `custom field: ${isGiven ? 'given' : outcome}`));
  if (predicted.fields.some(({ otherSources }) => otherSources.length > 0)) seen.note('several sources');
  if (warnings.length > 0) seen.note('warned');
}
