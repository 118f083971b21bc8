import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { decodeIdOrRefuse, parseId } from '../graphql/ids.ts';
import { notFound } from '../graphql/user-error.ts';

type Given = string | null | undefined;

/**
 * The campaigns that inputs name, looked up at once: campaigns are never removed. Each is answered for by itself:
 * `undefined` when an input says nothing, null when it says none.
 */
export async function campaignsNamed(
  tx: Transaction,
  given: readonly Given[],
): Promise<(campaign: Given) => string | null | undefined> {
  const named = given.flatMap((id) => (id && parseId(id)?.uuid) || []);
  const rows =
    named.length === 0
      ? []
      : await tx.query<{ id: string }>(sql`
          select id from campaign
          where organization_id = ${tx.tenant.organizationId} and id = any(${named}::uuid[])`);
  const known = new Set(rows.map(({ id }) => id));
  return (campaign) => {
    if (campaign === undefined || campaign === null) return campaign;
    const id = decodeIdOrRefuse('Campaign', campaign, 'campaign');
    if (!known.has(id)) throw notFound('campaign', 'There is no such campaign');
    return id;
  };
}

/** The campaign an input names. */
export async function campaignNamed(tx: Transaction, campaign: Given): Promise<string | null | undefined> {
  return (await campaignsNamed(tx, [campaign]))(campaign);
}
