import sql, { join, raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { EffectMerge } from './merge-blockers.ts';

/** A row as its columns' text; of a changed row, only the columns in question. */
export type Image = Record<string, string | null>;

/** The tables a conversion writes rows of, besides its own; in the order they are undone. */
export type EffectTable =
  | 'lead'
  | 'account'
  | 'contact'
  | 'opportunity'
  | 'activity'
  | 'campaign_member'
  | 'opportunity_contact_role';

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
interface Touched {
  leadId: string;
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
}

export interface Images {
  at: string;
  rows: Map<string, { table: EffectTable; id: string; image: Image }>;
}

/** Differ after every write, and are nobody's data. */
const BOOKKEEPING = new Set(['version', 'updated_at']);

const IMAGE = raw('(select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t)))');

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
  ]);
}

/** The rows that effects are about, as they are now. */
export function imagesOf(tx: Transaction, effects: readonly Effect[]): Promise<Images> {
  const byTable = Map.groupBy(effects, ({ table }) => table);
  return images(
    tx,
    [...byTable].map(([table, of]) => [table, sql`t.id = any(${of.map(({ id }) => id)}::uuid[])`]),
  );
}

/** The columns whose text differs; bookkeeping apart. */
export function changedColumns(before: Image, after: Image): string[] {
  return Object.keys(after).filter((column) => !BOOKKEEPING.has(column) && before[column] !== after[column]);
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

/** Keeps with a conversion what it did since `before`, so that it can be undone exactly. */
export async function rememberEffects(
  tx: Transaction,
  conversionId: string,
  before: Images,
  touched: Touched,
): Promise<void> {
  const after = await imagesAround(tx, touched);
  const effects: ConversionEffects = { at: after.at, changes: effectsBetween(before, after) };
  await tx.query(sql`
    update lead_conversion set effects = ${JSON.stringify(effects)}::jsonb
    where organization_id = ${tx.tenant.organizationId} and id = ${conversionId}`);
}
