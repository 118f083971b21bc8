import DataLoader from 'dataloader';
import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { type ListSource, type Order, selectList } from '../graphql/page.ts';
import { type ConversionProposal, proposalColumns, toProposal } from './proposal.type.ts';

const proposedAt = { column: 't.proposed_at', type: 'timestamptz' } as const;
/** Those to decide are worked off from the oldest; what is over is looked up from the latest. */
export const longestWaiting: Order[] = [{ field: 'PROPOSED_AT', descending: false, by: proposedAt }];
export const latestProposed: Order[] = [{ field: 'PROPOSED_AT', descending: true, by: proposedAt }];

export function proposalSource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'conversion_proposal',
    columns: proposalColumns,
    where: sql`t.organization_id = ${organizationId} and ${condition}`,
  };
}

async function proposalsWhere(
  snapshot: Snapshot,
  organizationId: string,
  condition: Sql,
): Promise<ConversionProposal[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(proposalColumns)} from conversion_proposal t
    where t.organization_id = ${organizationId} and ${condition}`);
  return rows.map(toProposal);
}

export function proposalsByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<ConversionProposal[]> {
  return proposalsWhere(snapshot, organizationId, sql`t.id = any(${ids}::uuid[])`);
}

type Reference = 'leadUuid' | 'conversionUuid';

/** The one proposal each of many records has, if any. */
function loadBy(
  context: Context,
  reference: Reference,
  among: (ids: readonly string[]) => Sql,
  id: string,
): Promise<ConversionProposal | null> {
  return context
    .loader(
      `proposal by ${reference}`,
      () =>
        new DataLoader<string, ConversionProposal | null>(async (ids) => {
          const found = await proposalsWhere(context.snapshot, context.organization.id, among(ids));
          const byReference = new Map(found.map((proposal) => [proposal[reference], proposal]));
          return ids.map((one) => byReference.get(one) ?? null);
        }),
    )
    .load(id);
}

/** The proposal a conversion was made by. */
export function loadProposalOf(context: Context, conversionId: string): Promise<ConversionProposal | null> {
  return loadBy(context, 'conversionUuid', (ids) => sql`t.conversion_id = any(${ids}::uuid[])`, conversionId);
}

/** The proposal about a lead that waits for its review. */
export function loadOpenProposal(context: Context, leadId: string): Promise<ConversionProposal | null> {
  return loadBy(
    context,
    'leadUuid',
    (ids) => sql`t.state = 'OPEN' and t.lead_id = any(${ids}::uuid[])`,
    leadId,
  );
}
