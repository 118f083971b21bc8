import DataLoader from 'dataloader';
import sql from 'sql-template-tag';
import type { Context } from '../graphql/context.ts';
import { AGREEING, COMPANY_COLUMNS, sameCompany, similarCompany } from './account-evidence.ts';

/** Accounts of one way of matching that are still listed. */
export const MAX_TIED = 20;

/** An account that may be a lead's, by the best reason for it. */
export interface AccountEvidence {
  accountUuid: string;
  /** The same number, the same way of matching; a lower one decides over a higher one. */
  tier: number;
  score: number;
}

/** What speaks for which account, best first: one statement for all leads of an operation. */
export function loadAccountEvidence(context: Context, leadUuid: string): Promise<AccountEvidence[]> {
  return context
    .loader<string, AccountEvidence[]>(
      'account evidence',
      () => new DataLoader((leads) => accountEvidence(context, leads)),
    )
    .load(leadUuid);
}

async function accountEvidence(
  { snapshot, organization: { id } }: Context,
  leads: readonly string[],
): Promise<AccountEvidence[][]> {
  const rows = await snapshot.query<AccountEvidence & { lead: string }>(sql`
    with open_lead as materialized (
      select ${COMPANY_COLUMNS} from lead
      where organization_id = ${id} and id = any(${leads}::uuid[]) and deleted_at is null and not is_converted
    ),
    found as materialized (${sameCompany(id, sql`open_lead`, sql`order by name_key, id limit ${MAX_TIED}`)}
      union all ${similarCompany(id, sql`open_lead`)}
    ),
    best as (
      select distinct on (lead_id, account_id) lead_id, account_id, tier, score from found
      order by lead_id, account_id, tier, score desc
    )
    select lead_id as lead, account_id as "accountUuid", tier, score from best
    order by lead_id, tier, score desc, account_id`);
  const byLead = Map.groupBy(rows, ({ lead }) => lead);
  return leads.map((lead) => byLead.get(lead) ?? []);
}

/** What of each lead agrees with the account it is matched to: one statement for all leads of an operation. */
export function loadMatchedOn(context: Context, leadUuid: string): Promise<string[]> {
  return context
    .loader<string, string[]>('matched on', () => new DataLoader((leads) => matchedOn(context, leads)))
    .load(leadUuid);
}

async function matchedOn(
  { snapshot, organization: { id } }: Context,
  leads: readonly string[],
): Promise<string[][]> {
  const rows = await snapshot.query<{ lead: string; fields: string[] }>(sql`
    select l.id as lead, ${AGREEING} as fields from lead l
    join account a on a.organization_id = ${id} and a.id = l.matched_account_id
    where l.organization_id = ${id} and l.id = any(${leads}::uuid[])`);
  const byLead = new Map(rows.map(({ lead, fields }) => [lead, fields]));
  return leads.map((lead) => byLead.get(lead) ?? []);
}
