import { encodeId, type NodeType } from '../../src/graphql/ids.ts';
import { Refusal, type UserErrorData } from '../../src/graphql/user-error.ts';
import type { Principal } from '../../src/identity/principal.ts';
import {
  mergeAccounts,
  type MergeResult,
  previewAccountMerge,
} from '../../src/merging/merge-accounts.service.ts';
import { mergeContacts, previewContactMerge } from '../../src/merging/merge-contacts.service.ts';
import type { MergeInput } from '../../src/merging/merge.inputs.ts';
import type { Sales } from '../conversion/sales.ts';

type More = Partial<MergeInput>;

export const acc = (id: string) => encodeId('Account', id);
export const con = (id: string) => encodeId('Contact', id);

const input = (type: NodeType, survivor: string, duplicates: string[], more: More) => ({
  survivor: encodeId(type, survivor),
  duplicates: duplicates.map((id) => encodeId(type, id)),
  ...more,
});

export function merge(
  sales: Sales,
  survivor: string,
  duplicates: string[],
  more: More = {},
  as: Principal = sales.admin,
): Promise<MergeResult> {
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return mergeAccounts(tx, as, input('Account', survivor, duplicates, more));
  });
}

export function previewMerge(
  sales: Sales,
  survivor: string,
  duplicates: string[],
  more: More = {},
): Promise<MergeResult> {
  return sales.world.database.plan(sales.admin, (tx) =>
    previewAccountMerge(tx, sales.admin, input('Account', survivor, duplicates, more)),
  );
}

export function mergePeople(
  sales: Sales,
  survivor: string,
  duplicates: string[],
  more: More = {},
  as: Principal = sales.admin,
): Promise<MergeResult> {
  return sales.world.database.write(as, (tx) =>
    mergeContacts(tx, as, input('Contact', survivor, duplicates, more)),
  );
}

export function previewPeople(
  sales: Sales,
  survivor: string,
  duplicates: string[],
  more: More = {},
): Promise<MergeResult> {
  return sales.world.database.plan(sales.admin, (tx) =>
    previewContactMerge(tx, sales.admin, input('Contact', survivor, duplicates, more)),
  );
}

/** The one error a merge is refused with; fails when it is not, or when anything was written. */
export async function refusedMerge(sales: Sales, work: () => Promise<unknown>): Promise<UserErrorData> {
  const before = await sales.everything();
  const error: unknown = await work().then(
    () => new Error('It was merged'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refusal)) throw error;
  expect(await sales.everything()).toEqual(before);
  expect(error.errors).toHaveLength(1);
  return error.errors[0]!;
}

/** `[field, source, current, next, outcome]` of each value considered. */
export const told = ({ fields }: MergeResult) =>
  fields.map(({ field, source, current, next, outcome }) => [field, source, current, next, outcome]);
