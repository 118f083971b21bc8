import sql, { raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { required, shortText } from '../graphql/input-rules.ts';
import { Judged } from '../graphql/judged.ts';
import { invalidInput, notFound, Refusal } from '../graphql/user-error.ts';
import type { StepInput } from './settings.inputs.ts';

/** An ordered list of settings: the stages of deals, the statuses of leads. */
interface StepList {
  type: 'Stage' | 'LeadStatus';
  table: 'stage' | 'lead_status';
  /** The input's field. */
  field: 'stages' | 'statuses';
}
export const STAGES: StepList = { type: 'Stage', table: 'stage', field: 'stages' };
export const LEAD_STATUSES: StepList = { type: 'LeadStatus', table: 'lead_status', field: 'statuses' };

const MAX_STEPS = 100;

interface Step {
  id: string;
  name: string;
  nameKey: string;
}

/** One entry of a new list: the row it means, if there is one, and the columns it is to have. */
export interface Placed<Row, Columns> {
  row: Row | undefined;
  columns: Columns & { name: string; nameKey: string; position: number };
}

/** Leads and deals that are about to get a step wait from here on (`held-settings.ts`); those that refer to one don't. */
export async function lockSteps(tx: Transaction, { table }: StepList): Promise<void> {
  await tx.query(sql`
    select id from ${raw(table)} where organization_id = ${tx.tenant.organizationId} order by id for no key update`);
}

/**
 * What a new list makes of the rows: which go on under which columns, which are new (no `row`), which are left out. All
 * that is wrong with any entry is refused together.
 */
export function placeSteps<Row extends Step, Given extends StepInput, Columns>(
  { type, field }: StepList,
  rows: Row[],
  given: Given[],
  columnsOf: (given: Given, row: Row | undefined) => Columns,
): { placed: Placed<Row, Columns>[]; removed: Row[] } {
  if (given.length > MAX_STEPS) throw invalidInput(field, `${field} can have at most ${MAX_STEPS} entries`);
  const entries = given.map((step, index) => ({ step, judged: new Judged([field, String(index)]) }));
  const known = new Map(rows.map((row) => [row.id, row]));
  const named = new Set(
    entries.map(({ step, judged }) => step.id && judged.by(() => decodeIdOrRefuse(type, step.id!, 'id'))),
  );
  const names = new Set<string>();
  const taken = new Set<string>();

  const rowOf = ({ id, name }: Given): Row | undefined => {
    if (id == null) return rows.find((row) => !named.has(row.id) && row.nameKey === textKey(name));
    const row = known.get(decodeIdOrRefuse(type, id, 'id'));
    if (!row) throw notFound('id', `There is no such entry of ${field}`);
    if (taken.has(row.id)) throw invalidInput('id', 'id is that of another entry, too');
    return row;
  };

  const placed = entries.map(({ step, judged }, index) => {
    // a malformed id says nothing else of the entry
    if (judged.errors.length > 0) return undefined;
    const name = judged.by(() => required(shortText)(step.name, ['name']));
    const row = judged.by(() => rowOf(step));
    if (row) taken.add(row.id);
    else if (step.id != null) return undefined;
    const columns = judged.by(() => columnsOf(step, row));
    if (name === undefined || columns === undefined) return undefined;
    const nameKey = textKey(name);
    judged.by(() => {
      if (names.has(nameKey)) throw invalidInput('name', `name is that of another entry, too: ${name}`);
    });
    names.add(nameKey);
    return { row, columns: { ...columns, name, nameKey, position: index + 1 } };
  });
  const errors = entries.flatMap(({ judged }) => judged.errors);
  if (errors.length > 0) throw new Refusal(errors);
  return {
    placed: placed.filter((one) => one !== undefined),
    removed: rows.filter((row) => !taken.has(row.id)),
  };
}

/** Removes rows nobody refers to, and frees the names of those that get another one: names may be swapped. */
export async function makeRoom<Row extends Step>(
  tx: Transaction,
  { table, field }: StepList,
  removed: Row[],
  placed: Placed<Row, unknown>[],
): Promise<void> {
  const { organizationId } = tx.tenant;
  const renamed = placed.flatMap(({ row, columns }) =>
    row && row.nameKey !== columns.nameKey ? row.id : [],
  );
  const gone = removed.map(({ id }) => id);
  try {
    if (gone.length > 0)
      await tx.query(
        sql`delete from ${raw(table)} where organization_id = ${organizationId} and id = any(${gone}::uuid[])`,
      );
  } catch (error) {
    if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION)
      throw invalidInput(field, 'An entry that is left out is in use, so it stays: rename it instead');
    throw error;
  }
  if (renamed.length > 0)
    await tx.query(sql`
      update ${raw(table)} set name_key = id::text
      where organization_id = ${organizationId} and id = any(${renamed}::uuid[])`);
}

const FOREIGN_KEY_VIOLATION = '23503';

/** Refuses to leave out what is in use. */
export function requireUnused<Row extends Step>(
  { field }: StepList,
  removed: Row[],
  isUsed: (row: Row) => boolean,
  users: string,
): void {
  const names = removed.filter(isUsed).map(({ name }) => name);
  if (names.length > 0)
    throw invalidInput(
      field,
      `${names.join(', ')}: in use by ${users}, so not to be left out; it can be renamed`,
    );
}
