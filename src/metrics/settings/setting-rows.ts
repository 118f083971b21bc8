import type { Transaction } from '../../database/database.ts';
import { record } from '../../database/journal.ts';
import { forUpdate } from '../../database/versioned-update.ts';
import { decodeIdOrRefuse, type NodeType } from '../../graphql/ids.ts';
import { Judged } from '../../graphql/judged.ts';
import { invalidInput, notFound, Refusal } from '../../graphql/user-error.ts';
import type { OrganizationEntity } from '../../identity/identity.entity.ts';
import type { Principal } from '../../identity/principal.ts';

/** Rows that one change of targets or rates can have. */
export const MAX_ROWS = 500;

function requireRows(field: string, { length }: readonly unknown[]): void {
  if (length === 0 || length > MAX_ROWS)
    throw invalidInput(field, `${field} must have 1 to ${MAX_ROWS} entries, not ${length}`);
}

/** Each entry of a list by the rule, with its place in the input; all that is wrong with any is refused together. */
export function judgedRows<Given, Row>(
  field: string,
  entries: readonly Given[],
  rule: (entry: Given, judged: Judged, index: number) => Row,
): Row[] {
  requireRows(field, entries);
  const errors: Judged[] = [];
  const rows = entries.map((entry, index) => {
    const judged = new Judged([field, String(index)]);
    errors.push(judged);
    return rule(entry, judged, index);
  });
  const all = errors.flatMap((judged) => judged.errors);
  if (all.length > 0) throw new Refusal(all);
  return rows;
}

/** The rows behind the ids of a list, locked; those that are not there are refused together. */
export async function rowsToRemove<Row extends { id: string }>(
  type: NodeType,
  field: string,
  given: readonly string[],
  find: (ids: string[], options: typeof lockedById) => Promise<Row[]>,
): Promise<Row[]> {
  const ids = judgedRows(field, given, (id, judged) => judged.by(() => decodeIdOrRefuse(type, id, [])) ?? '');
  const rows = await find([...new Set(ids)], lockedById);
  const known = new Set(rows.map(({ id }) => id));
  judgedRows(field, ids, (id, judged) =>
    judged.by(() => {
      if (!known.has(id)) throw notFound([], 'There is none of this id');
    }),
  );
  return rows;
}

const lockedById = { ...forUpdate, orderBy: { id: 'asc' } } as const;

/** Such rows are settings: the organisation's version tells of a change, and its journal (of those that changed). */
export function recordRows(
  tx: Transaction,
  principal: Principal,
  organization: OrganizationEntity,
  change: { action: string; before: object; after: object; at: Date },
): void {
  organization.updatedAt = change.at;
  record(tx, principal, { recordType: 'Organization', recordId: organization.id, ...change });
}
