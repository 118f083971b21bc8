import type { Transaction } from '../database/database.ts';
import { type Change, record } from '../database/journal.ts';
import type { Principal } from '../identity/principal.ts';

/** Writes a conversion's own journal entry and event: all its records before and after in one. */
export function recordConversion(
  tx: Transaction,
  principal: Principal,
  conversionId: string,
  action: 'convertLead' | 'revertConversion',
  changes: readonly Change[],
  also: Record<string, unknown> = {},
): void {
  const part = (name: 'before' | 'after') =>
    Object.fromEntries(
      changes
        .filter((change) => change[name] !== undefined && change[name] !== null)
        .map((change) => [change.recordType.toLowerCase(), change[name]]),
    );
  const { at } = changes.at(-1)!;
  const after = { ...part('after'), ...also };
  record(tx, principal, {
    recordType: 'LeadConversion',
    recordId: conversionId,
    action,
    before: part('before'),
    after,
    at,
  });
}
