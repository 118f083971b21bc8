import sql, { join, raw } from 'sql-template-tag';
import { customName, isCustom } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import type { EffectMerge } from './merge-blockers.ts';

/**
 * A row as its columns' text; of a changed row, only the columns in question. Each custom field is a column of its own,
 * `custom.role`, with its value as JSON: what somebody does to another one since is no business of an undoing.
 */
export type Image = Record<string, string | null>;

/** The tables a conversion writes rows of, besides its own; in the order they are undone. */
export type EffectTable =
  | 'lead'
  | 'account'
  | 'contact'
  | 'opportunity'
  | 'activity'
  | 'campaign_member'
  | 'opportunity_contact_role'
  | 'lead_handoff';

/** What a conversion did to one row: made it (nothing before), deleted it (nothing after), or changed these columns. */
export interface Effect {
  table: EffectTable;
  id: string;
  before: Image | null;
  after: Image | null;
}

/** All a conversion did, as it is kept to be undone exactly. */
export interface ConversionEffects {
  /** When it wrote, by the database's clock with its targets locked: tells which of two conversions came later. */
  at: string;
  changes: Effect[];
  /** Merges since, of its account or contact. */
  merges?: EffectMerge[];
}

/** What a conversion is going to touch; null for what it will make. */
export interface Touched {
  leadId: string;
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
}

export interface Images {
  at: string;
  rows: Map<string, { table: EffectTable; id: string; image: Image }>;
}

/** Differ after every write and are nobody's data, or (`custom_fields`) are told one by one. */
const BOOKKEEPING = new Set(['version', 'updated_at', 'custom_fields']);

const IMAGE = raw(`(select jsonb_object_agg(key, value) from (
        select key, value from jsonb_each_text(to_jsonb(t) - 'custom_fields')
        union all select '${customName('')}' || key, value::text from jsonb_each(to_jsonb(t) -> 'custom_fields')) i)`);

async function images(tx: Transaction, conditions: [EffectTable, ReturnType<typeof sql>][]): Promise<Images> {
  const { organizationId } = tx.tenant;
  const arms = conditions.map(
    ([table, condition]) => sql`
      select ${table}::text as "table", t.id, ${IMAGE} as image, clock_timestamp()::text as at
      from ${raw(table)} t where t.organization_id = ${organizationId} and ${condition}`,
  );
  const rows = await tx.query<{ table: EffectTable; id: string; image: Image; at: string }>(
    join(arms, ' union all '),
  );
  return {
    at: rows[0]?.at ?? '',
    rows: new Map(rows.map(({ table, id, image }) => [`${table} ${id}`, { table, id, image }])),
  };
}

/** Every row a conversion of these may write, as it is now. */
export function imagesAround(
  tx: Transaction,
  { leadId, accountId, contactId, opportunityId }: Touched,
): Promise<Images> {
  return images(tx, [
    ['lead', sql`t.id = ${leadId}`],
    ['account', sql`t.id = ${accountId}::uuid`],
    ['contact', sql`t.id = ${contactId}::uuid`],
    ['opportunity', sql`t.id = ${opportunityId}::uuid`],
    ['activity', sql`t.lead_id = ${leadId}`],
    ['campaign_member', sql`(t.lead_id = ${leadId} or t.contact_id = ${contactId}::uuid)`],
    [
      'opportunity_contact_role',
      sql`t.opportunity_id = ${opportunityId}::uuid and t.contact_id = ${contactId}::uuid`,
    ],
    ['lead_handoff', sql`t.lead_id = ${leadId}`],
  ]);
}

/** Are there rows of the table that belong to the lead? */
export function hasRowsOf(images: Images, table: EffectTable, leadId: string): boolean {
  return [...images.rows.values()].some((row) => row.table === table && row.image['lead_id'] === leadId);
}

/** The rows that effects are about, as they are now. */
export function imagesOf(tx: Transaction, effects: readonly Effect[]): Promise<Images> {
  const byTable = Map.groupBy(effects, ({ table }) => table);
  return images(
    tx,
    [...byTable].map(([table, of]) => [table, sql`t.id = any(${of.map(({ id }) => id)}::uuid[])`]),
  );
}

/** The columns of `after` whose text differs; bookkeeping apart. A custom field that is not there is empty. */
export function changedColumns(before: Image, after: Image): string[] {
  return Object.keys(after).filter(
    (column) => !BOOKKEEPING.has(column) && (before[column] ?? null) !== (after[column] ?? null),
  );
}

/** The custom fields with a value that another image has none of. */
export function addedCustom(before: Image, after: Image): string[] {
  return Object.keys(after).filter((column) => isCustom(column) && !(column in before));
}

const only = (image: Image, columns: string[]): Image =>
  Object.fromEntries(columns.map((column) => [column, image[column] ?? null]));

const lasting = (image: Image) =>
  only(
    image,
    Object.keys(image).filter((column) => !BOOKKEEPING.has(column)),
  );

function effectsBetween(before: Images, after: Images): Effect[] {
  const effects: Effect[] = [];
  for (const [key, { table, id, image }] of before.rows) {
    const now = after.rows.get(key)?.image;
    const columns = now ? changedColumns(image, now) : [];
    // tells, when it is undone, which campaign it was about
    if (table === 'campaign_member' && columns.length > 0) columns.push('campaign_id');
    if (!now) effects.push({ table, id, before: image, after: null });
    else if (columns.length > 0)
      effects.push({ table, id, before: only(image, columns), after: only(now, columns) });
  }
  for (const [key, { table, id, image }] of after.rows)
    if (!before.rows.has(key)) effects.push({ table, id, before: null, after: lasting(image) });
  return effects;
}

/** What was done since `before`. */
export async function effectsSince(
  tx: Transaction,
  before: Images,
  touched: Touched,
): Promise<ConversionEffects> {
  const after = await imagesAround(tx, touched);
  return { at: after.at, changes: effectsBetween(before, after) };
}

/** Keeps with conversions what they did, so that they can be undone exactly. */
export async function rememberEffects(
  tx: Transaction,
  effects: readonly { conversionId: string; effects: ConversionEffects }[],
): Promise<void> {
  const rows = JSON.stringify(effects.map(({ conversionId: id, effects: of }) => ({ id, of })));
  await tx.query(sql`
    update lead_conversion c set effects = b.of
    from jsonb_to_recordset(${rows}::jsonb) as b (id uuid, of jsonb)
    where c.organization_id = ${tx.tenant.organizationId} and c.id = b.id`);
}
