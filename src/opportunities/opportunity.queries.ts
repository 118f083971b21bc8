import sql, { type Sql } from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { ListRow } from '../graphql/connection.ts';
import { money } from '../graphql/money.type.ts';
import { type ListSource, selectList } from '../graphql/page.ts';
import {
  type Opportunity,
  opportunityColumns,
  type OpportunityContactRole,
  type StageVisit,
  toOpportunity,
} from './opportunity.type.ts';

export function opportunitySource(organizationId: string, condition: Sql): ListSource {
  return {
    table: 'opportunity',
    columns: opportunityColumns,
    where: sql`t.organization_id = ${organizationId} and t.deleted_at is null and ${condition}`,
  };
}

export async function opportunitiesByIds(
  snapshot: Snapshot,
  organizationId: string,
  ids: readonly string[],
): Promise<Opportunity[]> {
  const rows = await snapshot.query<ListRow>(sql`
    select ${selectList(opportunityColumns)} from opportunity t
    where t.organization_id = ${organizationId} and t.id = any(${ids}::uuid[]) and t.deleted_at is null`);
  return rows.map(toOpportunity);
}

/** The opportunity of one of these external ids, in order of preference. */
export async function opportunityByExternalId(
  snapshot: Snapshot,
  organizationId: string,
  externalIds: readonly string[],
): Promise<Opportunity | null> {
  const row = await snapshot.one<ListRow>(sql`
    select ${selectList(opportunityColumns)} from opportunity t
    where t.organization_id = ${organizationId} and t.external_id = any(${externalIds}::text[]) and t.deleted_at is null
    order by array_position(${externalIds}::text[], t.external_id) limit 1`);
  return row ? toOpportunity(row) : null;
}

/** The roles of each opportunity, the primary one first. Deleted contacts are left out. */
export async function contactRolesOf(
  snapshot: Snapshot,
  organizationId: string,
  opportunityIds: readonly string[],
): Promise<OpportunityContactRole[][]> {
  const rows = await snapshot.query<OpportunityContactRole & { opportunityId: string }>(sql`
    select r.opportunity_id as "opportunityId", r.contact_id as "contactUuid", r.role, r.is_primary as "isPrimary"
    from opportunity_contact_role r
    join contact c on c.organization_id = ${organizationId} and c.id = r.contact_id and c.deleted_at is null
    where r.organization_id = ${organizationId} and r.opportunity_id = any(${opportunityIds}::uuid[])
    order by r.is_primary desc, r.created_at, r.id`);
  const byOpportunity = Map.groupBy(rows, (row) => row.opportunityId);
  return opportunityIds.map((id) => byOpportunity.get(id) ?? []);
}

/** The stage visits of each opportunity in time: consecutive versions in one stage are one visit, with its last state. */
export async function stageVisitsOf(
  snapshot: Snapshot,
  organizationId: string,
  opportunityIds: readonly string[],
): Promise<StageVisit[][]> {
  type Version = { opportunityId: string; stageUuid: string; amount: string | null; currency: string } & Omit<
    StageVisit,
    'amount'
  >;
  const versions = await snapshot.query<Version>(sql`
    select v.opportunity_id as "opportunityId", v.stage_id as "stageUuid", v.amount, v.currency, v.close_date as "closeDate",
      v.valid_from as "enteredAt", v.valid_to as "leftAt"
    from opportunity_version v
    where v.organization_id = ${organizationId} and v.opportunity_id = any(${opportunityIds}::uuid[])
    order by v.opportunity_id, v.valid_from`);
  const byOpportunity = Map.groupBy(versions, (version) => version.opportunityId);
  return opportunityIds.map((id) => {
    const visits: StageVisit[] = [];
    for (const { amount, currency, ...version } of byOpportunity.get(id) ?? []) {
      const state = { ...version, amount: money(amount, currency) };
      const last = visits.at(-1);
      if (last?.stageUuid === state.stageUuid)
        visits[visits.length - 1] = { ...state, enteredAt: last.enteredAt };
      else visits.push(state);
    }
    return visits;
  });
}
