import sql, { raw } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import { encodeId } from '../graphql/ids.ts';
import type { MergedRecord } from './merge.type.ts';
import type { MergeableTable } from './survivor.queries.ts';

const MAX_MERGED = 100;

const NAMES = {
  account: { type: 'Account', name: raw('m.name') },
  contact: { type: 'Contact', name: raw("concat_ws(' ', m.first_name, m.last_name)") },
} as const;

/** What was merged into each record, latest first. */
export async function mergedInto(
  snapshot: Snapshot,
  organizationId: string,
  table: MergeableTable,
  ids: readonly string[],
): Promise<MergedRecord[][]> {
  const { type, name } = NAMES[table];
  const rows = await snapshot.query<MergedRecord & { survivor: string }>(sql`
    select merged.* from unnest(${ids}::uuid[]) asked (id) cross join lateral (
      select m.merged_into_id as survivor, m.id, ${name} as name, m.external_id as "externalId",
        m.deleted_at as "mergedAt", m.merged_by_id as "mergedByUuid"
      from ${raw(table)} m
      where m.organization_id = ${organizationId} and m.merged_into_id = asked.id
      order by m.deleted_at desc, m.id desc limit ${MAX_MERGED}) merged`);
  const bySurvivor = Map.groupBy(rows, ({ survivor }) => survivor);
  return ids.map((id) => (bySurvivor.get(id) ?? []).map((row) => ({ ...row, id: encodeId(type, row.id) })));
}
