import sql, { raw, type Sql } from 'sql-template-tag';

/** Tables whose records can be merged. */
export type MergeableTable = 'account' | 'contact';

/** A transaction or a snapshot. */
interface Reader {
  query<Row extends object>(statement: Sql): Promise<Row[]>;
}

/** The record each merged-away one of these ids went into; ids that name no merged-away record are left out. */
export async function survivorsOf(
  reader: Reader,
  organizationId: string,
  table: MergeableTable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await reader.query<{ id: string; survivor: string }>(sql`
    select m.id, m.merged_into_id as survivor from ${raw(table)} m
    where m.organization_id = ${organizationId} and m.id = any(${ids}::uuid[]) and m.merged_into_id is not null`);
  return new Map(rows.map(({ id, survivor }) => [id, survivor]));
}

/** The record a merged-away one went into; null for an id of anything else. */
export async function survivorOf(
  reader: Reader,
  organizationId: string,
  table: MergeableTable,
  id: string,
): Promise<string | null> {
  return (await survivorsOf(reader, organizationId, table, [id])).get(id) ?? null;
}

/**
 * What `find` gives of an id or, when that was merged away, of its survivor; null when there is neither. Asked only where
 * nothing was found: who waited for the record's lock while it was merged sees the merge then.
 */
export async function orSurvivor<T>(
  reader: Reader,
  organizationId: string,
  table: MergeableTable,
  id: string,
  find: (id: string) => Promise<T | null>,
): Promise<T | null> {
  for (let asked: string | null = id; asked !== null;) {
    const record = await find(asked);
    if (record !== null) return record;
    asked = await survivorOf(reader, organizationId, table, asked);
  }
  return null;
}

/** Records by ids; one that was merged away is its survivor, with the id it was asked by as `askedUuid`. */
export async function withSurvivors<T extends { uuid: string; askedUuid?: string }>(
  reader: Reader,
  organizationId: string,
  table: MergeableTable,
  ids: readonly string[],
  byIds: (ids: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const records = await byIds(ids);
  if (records.length === ids.length) return records;
  const found = new Set(records.map(({ uuid }) => uuid));
  const missing = ids.filter((id) => !found.has(id));
  const survivors = await survivorsOf(reader, organizationId, table, missing);
  if (survivors.size === 0) return records;
  const byId = new Map(
    (await byIds([...new Set(survivors.values())])).map((record) => [record.uuid, record]),
  );
  for (const [askedUuid, survivor] of survivors) {
    const record = byId.get(survivor);
    if (record) records.push({ ...record, askedUuid });
  }
  return records;
}
