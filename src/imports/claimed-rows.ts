/**
 * Which stored row each wanted one (by its key) is: the one that has its key, else the one that has its external id, as a
 * row keeps that when it names other records now. No row is two: one that another has by its key is nobody's by its id.
 */
export function claimedRows<Stored extends { id: string; externalId: string | null }>(
  wanted: ReadonlyMap<string, { externalId: string }>,
  stored: readonly Stored[],
  keyOf: (row: Stored) => string,
): Map<string, Stored> {
  const byKey = new Map(stored.map((row) => [keyOf(row), row]));
  const claimed = new Map<string, Stored>();
  for (const key of wanted.keys()) {
    const row = byKey.get(key);
    if (row) claimed.set(key, row);
  }
  const taken = new Set([...claimed.values()].map(({ id }) => id));
  const byExternalId = new Map(stored.map((row) => [row.externalId, row]));
  for (const [key, { externalId }] of wanted) {
    const row = byExternalId.get(externalId);
    if (row && !claimed.has(key) && !taken.has(row.id)) claimed.set(key, row);
  }
  return claimed;
}
