import sql, { raw } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { Blocker, Reverting } from './revert-blockers.ts';

/** A merge that what a conversion wrote was part of: its record went into another, or others into its record. */
export interface EffectMerge {
  table: 'account' | 'contact';
  isSurvivors: boolean;
}

const NAMES = { account: 'name', contact: "concat_ws(' ', first_name, last_name)" };

/** A merge has mixed what a conversion wrote with what others did: nothing of it can be taken back by itself. */
export async function mergesSince(tx: Transaction, reverting: Reverting): Promise<Blocker[]> {
  const blockers: Blocker[] = [];
  for (const table of ['account', 'contact'] as const) {
    const merges = (reverting.effects.merges ?? []).filter((merge) => merge.table === table);
    const survivorId = table === 'account' ? reverting.accountId : reverting.contactId;
    if (merges.length === 0 || survivorId === null) continue;
    const [survivor] = await tx.query<{ name: string }>(sql`
      select ${raw(NAMES[table])} as name from ${raw(table)}
      where organization_id = ${tx.tenant.organizationId} and id = ${survivorId}`);
    const isGone = merges.some(({ isSurvivors }) => !isSurvivors);
    const what = isGone ? `The ${table} was merged into` : `Another ${table} was merged into`;
    blockers.push({
      type: table === 'account' ? 'Account' : 'Contact',
      id: survivorId,
      reason: `${what} ${survivor?.name ?? 'another'} since, which can't be undone`,
    });
  }
  return blockers;
}
