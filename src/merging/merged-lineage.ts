import sql, { raw } from 'sql-template-tag';
import type { EffectTable } from '../conversion/conversion-effects.ts';
import type { Transaction } from '../database/database.ts';
import type { MergeableTable } from './survivor.queries.ts';

/** What of a conversion's effects a merge of its account or contact may have built upon. */
const TOUCHED: Record<MergeableTable, EffectTable[]> = {
  account: ['account'],
  contact: ['contact', 'campaign_member', 'opportunity_contact_role'],
};

/**
 * Has conversions into the duplicates lead to the survivor. Those, and those that wrote to the survivor, remember the
 * merge with their effects: what they wrote stands in another record now, or beside what came from others, so that it
 * can't be undone by itself any more (`mergesSince`).
 */
export async function mergeLineage(
  tx: Transaction,
  table: MergeableTable,
  survivorId: string,
  duplicateIds: readonly string[],
): Promise<void> {
  const { organizationId } = tx.tenant;
  const column = raw(`${table}_id`);
  const remembered = (isSurvivors: boolean) => {
    const mark = JSON.stringify([{ table, isSurvivors }]);
    return sql`jsonb_set(c.effects, '{merges}', coalesce(c.effects -> 'merges', '[]') || ${mark}::jsonb)`;
  };
  await tx.query(sql`
    update lead_conversion c set effects = ${remembered(true)}
    where c.organization_id = ${organizationId} and c.${column} = ${survivorId} and c.effects is not null
      and c.reverted_at is null and exists (
        select from jsonb_array_elements(c.effects -> 'changes') e where e ->> 'table' = any(${TOUCHED[table]}::text[]))`);
  // nothing comes of the effects where there are none
  await tx.query(sql`
    update lead_conversion c set ${column} = ${survivorId}, effects = ${remembered(false)}
    where c.organization_id = ${organizationId} and c.${column} = any(${duplicateIds}::uuid[])`);
}
